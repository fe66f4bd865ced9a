"""Paragraphs of an edited copy that are gone, new or moved as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from manuscript.word.carry.changes import Change
from manuscript.word.carry.phrase import Phrases
from manuscript.word.carry.record import Record
from manuscript.word.carry.reprint import Reprint
from manuscript.word.compare import (
    COMPUTED,
    FRONT,
    PICTURE_MEND,
    Layout,
    Printed,
    Word,
    made_by,
    shown,
)
from manuscript.word.package import PICTURE, EditedDocument

_HEADING_STYLE: Final = re.compile(r"^heading([1-6])$")
_CLOSING_FENCE: Final = re.compile(r"^:{3,}[ \t]*$", re.MULTILINE)
_LINE_END: Final = re.compile(r"\r?\n")
_BLANK_LINES: Final = re.compile(r"\r?\n(?:[ \t]*\r?\n)*")


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
        self._texts = texts
        self._phrases = phrases
        self._reprint = reprint
        self._record = record

    def take_out(self, printed: Printed) -> None:
        """Take out a paragraph that stood here."""
        quoted = shown(printed.words)
        layout = printed.layout
        if layout is None:
            self._record.note("refused", None, f"deleted: {quoted}", made_by(printed))
            return
        if layout.passage.kind in ("caption", *FRONT):
            mend = "delete it by hand, with what it belongs to"
            self._record.note("refused", printed, f"deleted: {quoted}", mend)
            return
        if any(printed.keys == [word.key for word in words] for words in self._words):
            self._record.note("edit", printed, f"paragraph moved from here: {quoted}")
        else:
            self._record.note("edit", printed, f"paragraph deleted: {quoted}")
            computed = [piece for piece in layout.pieces if piece.kind in COMPUTED]
            self._record.note_gone(printed, computed)
        file = layout.passage.file
        space = _LINE_END if layout.passage.kind == "item" else _BLANK_LINES
        after = space.match(self._texts[file], layout.end)
        end = after.end() if after else layout.end
        self._record.changes.append(Change(file, layout.start, end, ""))

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
        for index in waiting:
            markdown = self._markdown(index, before or after, bool(anchor or follows))
            if not markdown:
                continue
            words = self._words[index]
            how = "paragraph moved" if self._moved(words) else "new paragraph"
            what = f"{how} after this: {shown(words)}"
            self._record.note("edit", anchor or follows, what)
            if anchor:
                at, new = self._after(anchor), f"\n\n{markdown}"
                self._record.changes.append(Change(anchor.passage.file, at, at, new))
            elif follows:
                at, new = follows.start, f"{markdown}\n\n"
                self._record.changes.append(Change(follows.passage.file, at, at, new))

    def _markdown(self, index: int, near: Printed | None, placed: bool) -> str:
        """Write a paragraph; empty, with a note, where that cannot be done."""
        paragraph, words = self._edited.paragraphs[index], self._words[index]
        quoted = shown(words)
        by_hand = "write it into the sources by hand"
        if paragraph.where != "body":
            what = f"new in a {paragraph.where}: {quoted}"
            self._record.note("refused", near, what, by_hand)
            return ""
        if not placed:
            self._record.note("refused", near, f"new paragraph: {quoted}", by_hand)
            return ""
        if PICTURE in "".join(word.text for word in words):
            what = f"picture or note: {quoted}"
            self._record.note("refused", near, what, PICTURE_MEND)
            if len(words) == 1:
                return ""
        if moved := self._moved(words):
            return moved.source
        words = [word for word in words if word.key != PICTURE]
        phrase = self._phrases.write(words, opens=True)
        self._record.note_typed(near, phrase)
        if not self._reprint.is_safe(phrase.markdown, phrase.keys, phrase.reused):
            what = f"new paragraph: {shown(words)}"
            self._record.note("refused", near, what, by_hand)
            return ""
        heading = _HEADING_STYLE.match(paragraph.style)
        return ("#" * int(heading[1]) + " " if heading else "") + phrase.markdown

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
