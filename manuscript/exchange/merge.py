"""An edited Word file against the sources that made it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from manuscript.exchange.items import (
    FRONT,
    Edit,
    Item,
    around,
    differ,
    distinct,
    equal,
    is_front,
    is_pure,
    item_at,
    items_of,
    parts,
    sentences,
    slid,
    with_ends,
)
from manuscript.exchange.layout import COMPUTED, Layout, Piece
from manuscript.exchange.model import PICTURE, EditedDocument
from manuscript.exchange.phrase import PLAIN, Phrase, Phrases
from manuscript.exchange.report import Kind, Merged, Note
from manuscript.exchange.rewriting import Rewriter
from manuscript.exchange.site import Printed, locate
from manuscript.exchange.telling import (
    made_by,
    names_of,
    place_of,
    protest,
    shortened,
    shown,
    told,
)
from manuscript.exchange.words import Hunk, Pair, Word, align, compare, words_of
from manuscript.passages import Passage

_HEADING_STYLE: Final = re.compile(r"^heading([1-6])$")


def merge(
    base: EditedDocument,
    edited: EditedDocument,
    passages: Sequence[Passage],
    texts: Mapping[str, str],
) -> Merged:
    """Bring the edits of a Word file back to the sources.

    Parameters
    ----------
    base : EditedDocument
        The Word file that the sources make.
    edited : EditedDocument
        The copy that a co-author edited; tracked changes count as made.
    passages : sequence of Passage
        Of the document, in reading order.
    texts : mapping of str to str
        Texts of its files, line ends included.
    """
    return _Merger(base, edited, passages, texts).run()


class _Merger:
    def __init__(
        self,
        base: EditedDocument,
        edited: EditedDocument,
        passages: Sequence[Passage],
        texts: Mapping[str, str],
    ) -> None:
        self._edited = edited
        self._passages = passages
        self._texts = texts
        self._printed = locate(base.paragraphs, passages, texts)
        self._words = [words_of(each) for each in edited.paragraphs]
        self._phrases = Phrases(self._printed)
        self._rewriter = Rewriter(passages, texts)
        self._notes: list[Note] = []
        # Replacements of stretches, by file.
        self._changes: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
        self._places: dict[int, list[tuple[int, str]]] = {}
        self._by = ""

    def run(self) -> Merged:
        old = [i for i, each in enumerate(self._printed) if each.words]
        new = [j for j, words in enumerate(self._words) if words]
        pairs = align(
            [self._printed[i].keys for i in old],
            [[word.key for word in self._words[j]] for j in new],
        )
        pairs = [
            Pair(tuple(old[i] for i in p.old), tuple(new[j] for j in p.new))
            for p in pairs
        ]
        self._gone = {
            tuple(self._printed[i].keys): self._printed[i]
            for pair in pairs
            if not pair.new
            for i in pair.old
        }
        last: Printed | None = None
        waiting: list[int] = []
        for pair in pairs:
            if not pair.new:
                self._deleted(self._printed[pair.old[0]])
            elif not pair.old:
                waiting += pair.new
            else:
                self._new(waiting, last, self._printed[pair.old[0]])
                waiting = []
                self._pair(pair)
                last = self._printed[pair.old[-1]]
        self._new(waiting, last, None)
        self._comments()
        changed = {
            file: _changed(self._texts[file], changes)
            for file, changes in self._changes.items()
        }
        old_texts = {file: self._texts[file] for file in changed}
        return Merged(old_texts, changed, tuple(self._notes))

    def _note(
        self, kind: Kind, where: Printed | Layout | None, what: str, mend: str = ""
    ) -> None:
        self._notes.append(Note(kind, place_of(where), what, mend))

    def _deleted(self, printed: Printed) -> None:
        quoted = shown(printed.words)
        layout = printed.layout
        if layout is None:
            what = f"deleted: {quoted}"
            self._note("refused", None, what, made_by(printed))
            return
        if layout.passage.kind in ("caption", *FRONT):
            mend = "delete it by hand, with what it belongs to"
            self._note("refused", printed, f"deleted: {quoted}", mend)
            return
        if any(printed.keys == [word.key for word in words] for words in self._words):
            self._note("edit", printed, f"paragraph moved from here: {quoted}")
        else:
            self._note("edit", printed, f"paragraph deleted: {quoted}")
            gone = [piece for piece in layout.pieces if piece.kind in COMPUTED]
            self._went(printed, gone)
        text = self._texts[layout.passage.file]
        form = r"\r?\n" if layout.passage.kind == "item" else r"\r?\n(?:[ \t]*\r?\n)*"
        after = re.compile(form).match(text, layout.end)
        end = after.end() if after else layout.end
        self._changes[layout.passage.file].append((layout.start, end, ""))

    def _went(self, printed: Printed, pieces: Sequence[Piece]) -> None:
        names = dict.fromkeys(name for piece in pieces for name in names_of(piece))
        if names:
            self._note(
                "look",
                printed,
                f"went with its sentence: {', '.join(names)}",
                "make sure that nothing else in the text refers to it",
            )

    def _new(
        self, waiting: Sequence[int], before: Printed | None, after: Printed | None
    ) -> None:
        """Place new paragraphs by their neighbours."""
        for index in waiting:
            paragraph, words = self._edited.paragraphs[index], self._words[index]
            quoted = shown(words)
            anchor = before.layout if before else None
            follows = after.layout if after else None
            if follows and follows.passage.kind in (*FRONT, "caption"):
                follows = None
            if anchor and anchor.passage.kind in FRONT:
                anchor = None
            if paragraph.where != "body" or not (anchor or follows):
                what = f"new in a {paragraph.where}: {quoted}"
                if paragraph.where == "body":
                    what = f"new paragraph: {quoted}"
                mend = "write it into the sources by hand"
                self._note("refused", before or after, what, mend)
                continue
            if PICTURE in "".join(word.text for word in words):
                mend = "make figures in code cells; write notes into the text"
                self._note(
                    "refused", before or after, f"picture or note: {quoted}", mend
                )
                if len(words) == 1:
                    continue
            markdown = self._paragraph(index, before or after)
            if not markdown:
                continue
            how = "paragraph moved" if self._moved(words) else "new paragraph"
            self._note("edit", anchor or follows, f"{how} after this: {quoted}")
            if anchor:
                file, at = anchor.passage.file, self._after(anchor)
                self._changes[file].append((at, at, f"\n\n{markdown}"))
            elif follows:
                file, at = follows.passage.file, follows.start
                self._changes[file].append((at, at, f"{markdown}\n\n"))

    def _paragraph(self, index: int, near: Printed | None) -> str:
        paragraph, words = self._edited.paragraphs[index], self._words[index]
        if moved := self._moved(words):
            return moved.source
        words = [word for word in words if word.key != PICTURE]
        heading = _HEADING_STYLE.match(paragraph.style)
        around = PLAIN
        phrase = self._phrases.write(words, around, opens=True)
        self._advise(near, phrase)
        if not self._rewriter.is_safe(phrase.markdown, phrase.keys, phrase.reused):
            what = f"new paragraph: {shown(words)}"
            mend = "write it into the sources by hand"
            self._note("refused", near, what, mend)
            return ""
        return ("#" * int(heading[1]) + " " if heading else "") + phrase.markdown

    def _moved(self, words: Sequence[Word]) -> Layout | None:
        """Return the passage that stood elsewhere with just these words."""
        printed = self._gone.get(tuple(word.key for word in words))
        return printed.layout if printed else None

    def _after(self, layout: Layout) -> int:
        """Where a paragraph after a passage is set: after the float, for a caption."""
        text = self._texts[layout.passage.file]
        if layout.passage.kind == "caption":
            closing = re.compile(r"^:{3,}[ \t]*$", re.MULTILINE).search(
                text, layout.end
            )
            return closing.end() if closing else layout.end
        return layout.end

    def _pair(self, pair: Pair) -> None:
        items = list(items_of([self._printed[i] for i in pair.old]))
        words = list(with_ends([self._words[j] for j in pair.new]))
        authors = [who for j in pair.new for who in self._edited.paragraphs[j].authors]
        self._by = f" ({', '.join(dict.fromkeys(authors))})" if authors else ""
        for j in pair.new:
            self._remember(j, items)
        keys = [item.word.key for item in items]
        hunks = compare(keys, [word.key for word in words])
        if not hunks and not differ(items, words):
            return
        if any(self._printed[i].layout is None for i in pair.old):
            if hunks:
                printed = self._printed[pair.old[0]]
                for hunk in hunks:
                    self._refuse_generated(printed, items, words, hunk)
            return
        hunks = list(slid(hunks, items))
        edits = [
            Edit(part, self._write(items, words, part))
            for hunk in hunks
            for part in parts(hunk, items, words)
        ]
        self._edit(items, words, hunks, edits)

    def _write(
        self, items: Sequence[Item], words: Sequence[Word], hunk: Hunk
    ) -> Phrase:
        new = words[hunk.new_first : hunk.new_last]
        return self._phrases.write(
            [word for word in new if word.key != PICTURE],
            around(items, hunk, new),
            opens=hunk.first == 0 and not is_front(items[0]),
        )

    def _edit(
        self,
        items: list[Item],
        words: list[Word],
        hunks: Sequence[Hunk],
        edits: Sequence[Edit],
    ) -> None:
        """Apply what can be applied; note all else."""
        gone = {i for edit in edits for i in range(edit.hunk.first, edit.hunk.last)}
        reused = sum((edit.phrase.reused for edit in edits), Counter[str]())
        accepted: list[Edit] = []
        torn: set[tuple[int, int]] = set()
        for edit in edits:
            new = words[edit.hunk.new_first : edit.hunk.new_last]
            if any(word.key == PICTURE for word in new):
                mend = "make figures in code cells; write notes into the text"
                self._note("refused", items[0].printed, "new picture or note", mend)
            if self._may(items, words, edit, gone, reused):
                accepted.append(edit)
            elif not is_pure(items, edit.hunk):
                torn |= sentences(items, edit.hunk)
        for edit in [each for each in accepted if sentences(items, each.hunk) & torn]:
            accepted.remove(edit)
            mend = "the rest of its sentence was refused: write it by hand"
            where = item_at(items, edit.hunk.first).printed
            self._note("refused", where, told(items, words, edit.hunk), mend)
        rewriting = self._rewriter.rewrite(items, words, hunks, accepted)
        if rewriting is None:
            mend = "the place is too tangled to edit safely: write it by hand"
            for edit in accepted:
                where = item_at(items, edit.hunk.first).printed
                self._note("refused", where, told(items, words, edit.hunk), mend)
            return
        self._notes += rewriting.notes
        for change in rewriting.changes:
            self._changes[change.file].append((change.start, change.end, change.new))
        for edit in accepted:
            item = item_at(items, edit.hunk.first)
            if edit.phrase.markdown or edit.hunk.first < edit.hunk.last:
                what = told(items, words, edit.hunk)
                self._note("edit", item.printed, f"{what}{self._by}")
            self._advise(item.printed, edit.phrase)
            old = items[edit.hunk.first : edit.hunk.last]
            left = edit.phrase.reused.copy()
            pieces = []
            for piece in distinct(old):
                if left[piece.source]:
                    left[piece.source] -= 1
                elif reused[piece.source] == 0:
                    pieces.append(piece)
            self._went(item.printed, pieces)

    def _advise(self, where: Printed | None, phrase: Phrase) -> None:
        if phrase.typed:
            self._note(
                "look",
                where,
                f"typed in new words: {', '.join(phrase.typed)}",
                'ask for it by its key, v("..."), or mark it '
                '[...]{.typed reason="..."}',
            )
        if phrase.dropped:
            self._note(
                "refused",
                where,
                f"citation typed as a number: {', '.join(phrase.dropped)}",
                "cite by key, [@key], and add the entry to references.json",
            )

    def _may(
        self,
        items: Sequence[Item],
        words: Sequence[Word],
        edit: Edit,
        gone: set[int],
        reused: Counter[str],
    ) -> bool:
        hunk = edit.hunk
        old = items[hunk.first : hunk.last]
        if any(item.site is None and not item.is_end for item in old):
            self._note(
                "refused",
                old[0].printed,
                told(items, words, hunk),
                "it is numbered by itself; change the order of figures and tables",
            )
            return False
        left = reused.copy()
        stuck = []
        if edit.phrase.foreign and not distinct(old):
            beside = items[max(hunk.first - 1, 0) : hunk.last + 1]
            stuck = [p for p in distinct(beside) if p.kind in ("claim", "value")][:1]
        for piece in distinct(old):
            if left[piece.source]:
                left[piece.source] -= 1
            elif not self._sentence_gone(items, piece, gone) or edit.phrase.typed:
                stuck.append(piece)
        for piece in stuck:
            what, mend = protest(piece, items, words, hunk)
            holder = next(item for item in items if item.piece is piece)
            self._note("refused", holder.printed, what, mend)
        return not stuck

    def _sentence_gone(
        self, items: Sequence[Item], piece: Piece, gone: set[int]
    ) -> bool:
        holders = [i for i, item in enumerate(items) if item.piece is piece]
        if not holders or not set(holders) <= gone:
            return False
        layout = items[holders[0]].printed.layout
        assert layout
        start, end = layout.passage.sentence_around(piece.first)
        return all(
            i in gone
            for i, item in enumerate(items)
            if item.printed.layout is layout
            and item.site
            and start <= item.site.first < end
            and (item.site.last > item.site.first or item.site.first > start)
        )

    def _refuse_generated(
        self,
        printed: Printed,
        items: Sequence[Item],
        words: Sequence[Word],
        hunk: Hunk,
    ) -> None:
        item = item_at(items, hunk.first)
        what = f"{told(items, words, hunk)} in {shown(printed.words, 6)}"
        if item.word.look.key:
            what = f"{what} (value {item.word.look.key})"
        self._note("refused", None, what, made_by(printed))

    def _remember(self, index: int, items: Sequence[Item]) -> None:
        """Keep where the words of an edited paragraph stand, for its comments."""
        words = self._words[index]
        hunks = compare([i.word.key for i in items], [word.key for word in words])
        found = []
        for i, j in equal(items, words, hunks):
            site, layout = items[i].site, items[i].printed.layout
            if site and layout:
                line, _ = layout.passage.place(site.first)
                found.append((words[j].start, f"{layout.passage.file}:{line}"))
        if not found and items and (place := place_of(items[0].printed)):
            found = [(0, place)]
        self._places[index] = found

    def _comments(self) -> None:
        for comment in self._edited.comments:
            place = ""
            for index in range(comment.paragraph, -1, -1):
                if found := self._places.get(index):
                    offset = comment.offset if index == comment.paragraph else 2**31
                    at_or_after = [p for start, p in found if start >= offset]
                    place = at_or_after[0] if at_or_after else found[-1][1]
                    break
            date = f", {comment.date[:10]}" if comment.date else ""
            words = f" on “{shortened(comment.words)}”" if comment.words else ""
            who = comment.author or "unnamed"
            self._notes.append(
                Note("comment", place, f"{who}{date}{words}: {comment.text}")
            )


def _changed(text: str, changes: Sequence[tuple[int, int, str]]) -> str:
    """Replace stretches of a text; those set at one place keep their order."""
    numbered = sorted(enumerate(changes), key=lambda each: (each[1][:2], each[0]))
    parts: list[str] = []
    position = 0
    for _, (start, end, new) in numbered:
        parts += [text[position:start], new]
        position = max(position, end)
    parts.append(text[position:])
    return _ended("".join(parts), text)


def _ended(new: str, old: str) -> str:
    """End a text as it ended before."""
    if new != old and old.endswith("\n"):
        newline = "\r\n" if old.endswith("\r\n") else "\n"
        return new.rstrip() + newline
    return new
