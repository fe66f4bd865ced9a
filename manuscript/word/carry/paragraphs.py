"""Paragraphs of an edited copy that are gone, new or moved as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from manuscript.word.carry.changes import Change
from manuscript.word.carry.phrase import Phrases
from manuscript.word.carry.record import Record
from manuscript.word.carry.reprint import Reprint
from manuscript.word.compare import (
    BIBLIOGRAPHY,
    COMPUTED,
    FRONT,
    PICTURE_MEND,
    TABLE_MEND,
    Layout,
    Note,
    Printed,
    Word,
    joined,
    made_by,
    place_of,
    shown,
)
from manuscript.word.package import PICTURE, EditedDocument, Paragraph

_CLOSING_FENCE: Final = re.compile(r"^:{3,}[ \t]*$", re.MULTILINE)
_LINE_END: Final = re.compile(r"\r?\n")
_BLANK_LINES: Final = re.compile(r"\r?\n(?:[ \t]*\r?\n)*")
_DIVISION: Final = re.compile(r"\A(?:[ \t]*\r?\n)*:{3,}[ \t]*$", re.MULTILINE)


def shape_of(paragraph: Paragraph) -> str:
    """Return the mark of a heading or of an item of a list; none for others."""
    if paragraph.heading:
        return "#" * min(paragraph.heading, 6) + " "
    if paragraph.bullet:
        mark = "- " if paragraph.bullet == "bullet" else "1. "
        return "    " * paragraph.level + mark
    return ""


class Paragraphs:
    """Takes paragraphs out of the sources, and sets them in.

    Parameters
    ----------
    edited : EditedDocument
    words : sequence of list of Word
        Of each of its paragraphs.
    gone : iterable of Printed
        Paragraphs that the copy does not have, or not where they stood.
    texts : mapping of str to str
        Texts of the files of the document.
    phrases : Phrases
    reprint : Reprint
    record : Record
        Takes down what was done.
    """

    def __init__(
        self,
        edited: EditedDocument,
        words: Sequence[list[Word]],
        gone: Iterable[Printed],
        texts: Mapping[str, str],
        phrases: Phrases,
        reprint: Reprint,
        record: Record,
    ) -> None:
        self._edited = edited
        self._words = words
        self._gone = {tuple(printed.keys): printed for printed in gone}
        self._here = {tuple(word.key for word in each) for each in words}
        self._texts = texts
        self._phrases = phrases
        self._reprint = reprint
        self._record = record
        self._moving: dict[tuple[str, ...], tuple[Change, Note]] = {}
        self._placed: set[tuple[str, ...]] = set()
        self._tables: dict[tuple[bool, int], list[list[Word]]] = {}

    def take_out(self, printed: Printed) -> None:
        """Take out a paragraph that stood here."""
        quoted = shown(printed.words)
        layout = printed.layout
        if printed.paragraph.cell:
            self._in_table(printed.paragraph, printed.words, new=False)
            return
        moved = tuple(printed.keys) in self._here
        what = f"{'moved from here' if moved else 'deleted'}: {quoted}"
        words = joined(printed.words)
        if layout is None or layout.passage.kind in ("caption", *FRONT):
            mend = "delete it by hand, with what it belongs to"
            if moved:
                mend = "move its cell or division by hand"
            elif layout is None:
                mend = made_by(printed)
            both = words, words if moved else ""
            self._record.note("refused", printed, what, mend, words=both)
            return
        note = Note("edit", place_of(printed), f"paragraph {what}", gone=words)
        self._record.notes.append(note)
        if not moved:
            computed = [piece for piece in layout.pieces if piece.kind in COMPUTED]
            self._record.note_gone(printed, computed)
        file = layout.passage.file
        space = _LINE_END if layout.passage.kind == "item" else _BLANK_LINES
        after = space.match(self._texts[file], layout.end)
        end = after.end() if after else layout.end
        change = Change(file, layout.start, end, "")
        self._record.changes.append(change)
        if moved:
            self._moving[tuple(printed.keys)] = (change, note)

    def set_in(
        self, waiting: Iterable[int], before: Printed | None, after: Printed | None
    ) -> None:
        """Set in new or moved paragraphs, by their neighbours.

        Parameters
        ----------
        waiting : iterable of int
            Indices of paragraphs of the copy.
        before, after : Printed, optional
            Those that stand around them.
        """
        anchor = before.layout if before else None
        follows = after.layout if after else None
        if follows and follows.passage.kind in (*FRONT, "caption"):
            follows = None
        if anchor and anchor.passage.kind in FRONT:
            anchor = None
        if after and after.paragraph.style == BIBLIOGRAPHY:
            anchor = follows = None
        # What stands at the end of a division may belong below it.
        if anchor and follows and follows.passage.within != anchor.passage.within:
            ended = _DIVISION.match(self._texts[anchor.passage.file][anchor.end :])
            same = follows.passage.file == anchor.passage.file
            anchor = None if ended and same else anchor
        last_shape = ""
        if anchor and anchor.passage.kind == "item":
            last_shape = "- "
        for index in waiting:
            paragraph = self._edited.paragraphs[index]
            if paragraph.cell:
                self._in_table(paragraph, self._words[index], new=True)
                continue
            placed = bool(anchor or follows)
            markdown = self._markdown(index, before or after, placed)
            if not markdown:
                continue
            words = self._words[index]
            moved = self._moved(words)
            how = "paragraph moved" if moved else "new paragraph"
            note = Note(
                *("edit", place_of(anchor or follows)),
                f"{how} after this: {shown(words)}",
                author=", ".join(paragraph.authors),
                came=joined(words),
            )
            self._record.notes.append(note)
            item = bool(paragraph.bullet)
            if anchor:
                space = "\n" if item and last_shape else "\n\n"
                new = f"{space}{markdown}"
                if anchor.passage.kind == "item" and not item:
                    new += "\n"
                at = self._after(anchor)
                self._record.changes.append(Change(anchor.passage.file, at, at, new))
            elif follows:
                new = f"{markdown}\n\n"
                if item and follows.passage.kind == "item":
                    new = f"{markdown}\n"
                at = follows.start
                self._record.changes.append(Change(follows.passage.file, at, at, new))
            last_shape = "- " if item else ""

    def _in_table(self, paragraph: Paragraph, words: list[Word], *, new: bool) -> None:
        self._tables.setdefault((new, paragraph.cell[0]), []).append(words)

    def finish(self) -> None:
        """Leave what found no new place, and note cells of a table together."""
        for keys, (change, note) in self._moving.items():
            if keys in self._placed:
                continue
            self._record.changes.remove(change)
            self._record.notes.remove(note)
            what = note.what.replace("moved from here", "moved")
            mend = "its new place is not known in the sources: move it by hand"
            self._record.notes.append(
                replace(note, kind="refused", what=what, mend=mend, came=note.gone)
            )
        for (new, _), cells in self._tables.items():
            how = "new in a table" if new else "deleted from a table"
            many = f" and {len(cells) - 1} more cells" if len(cells) > 1 else ""
            said = "\n".join(joined(words) for words in cells)
            what = f"{how}: {shown(cells[0])}{many}"
            both = ("", said) if new else (said, "")
            self._record.note("refused", None, what, TABLE_MEND, words=both)

    def _refuse(
        self, near: Printed | None, words: Sequence[Word], what: str, mend: str
    ) -> None:
        self._record.note("refused", near, what, mend, words=("", joined(words)))

    def _markdown(self, index: int, near: Printed | None, placed: bool) -> str:
        """Write a paragraph; empty, with a note, where that cannot be done."""
        paragraph, words = self._edited.paragraphs[index], self._words[index]
        quoted = shown(words)
        by_hand = "write it into the sources by hand"
        if paragraph.where != "body":
            self._refuse(near, words, f"new in a {paragraph.where}: {quoted}", by_hand)
            return ""
        if (printed := self._gone.get(tuple(word.key for word in words))) and (
            printed.layout is None or printed.layout.passage.kind in ("caption", *FRONT)
        ):
            # Told where it was taken from.
            return ""
        if not placed:
            self._refuse(near, words, f"new paragraph: {quoted}", by_hand)
            return ""
        if PICTURE in "".join(word.text for word in words):
            picture = [word for word in words if word.key == PICTURE]
            self._refuse(near, picture, "new picture", PICTURE_MEND)
            if len(words) == 1:
                return ""
        if moved := self._moved(words):
            self._placed.add(tuple(word.key for word in words))
            return moved.source
        words = [word for word in words if word.key != PICTURE]
        phrase = self._phrases.write(words, opens=True)
        if not self._reprint.is_safe(phrase.markdown, phrase.keys, phrase.reused):
            what = f"new paragraph: {shown(words)}"
            self._refuse(near, words, what, by_hand)
            return ""
        self._record.note_typed(near, phrase)
        return shape_of(paragraph) + phrase.markdown

    def _moved(self, words: Sequence[Word]) -> Layout | None:
        """Return the passage that stood elsewhere with just these words."""
        printed = self._gone.get(tuple(word.key for word in words))
        return printed.layout if printed else None

    def _after(self, layout: Layout) -> int:
        """Where a paragraph after a passage is set: after the float, for a caption."""
        if layout.passage.kind == "caption":
            text = self._texts[layout.passage.file]
            closing = _CLOSING_FENCE.search(text, layout.end)
            return closing.end() if closing else layout.end
        return layout.end
