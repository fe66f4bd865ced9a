"""Edits of words within paragraphs: carried over where they may be, else noted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from manuscript.word.carry.edit import Edit, all_reused
from manuscript.word.carry.phrase import Phrase, Phrases
from manuscript.word.carry.record import Record
from manuscript.word.carry.refusals import refusals
from manuscript.word.carry.rewriting import Rewriter, Rewriting
from manuscript.word.compare import (
    PICTURE_MEND,
    Hunk,
    Item,
    Kind,
    Piece,
    Printed,
    Word,
    around,
    compare,
    differ,
    distinct,
    is_front,
    is_pure,
    item_at,
    made_by,
    parts,
    said,
    sentences,
    shown,
    slid,
    told,
)
from manuscript.word.package import PICTURE

_MOST_TRIED: Final = 40


class Edits:
    """Carries edits over to the sources.

    Parameters
    ----------
    phrases : Phrases
    rewriter : Rewriter
    record : Record
        Takes down what was done.
    """

    def __init__(self, phrases: Phrases, rewriter: Rewriter, record: Record) -> None:
        self._phrases = phrases
        self._rewriter = rewriter
        self._record = record
        self._deleted: Sequence[tuple[int, str]] = ()

    def carry(
        self,
        items: list[Item],
        words: list[Word],
        deleted: Sequence[tuple[int, str]] = (),
        shape: str | None = None,
    ) -> None:
        """Carry over what the edited copy made of paragraphs.

        Parameters
        ----------
        items : list of Item
            The paragraphs as they print.
        words : list of Word
            The same in the edited copy.
        deleted : sequence of (int, str)
            Before which word something is tracked as deleted, and whose that is.
        shape : str, optional
            The mark of a heading or item that the paragraph has now.
        """
        keys = [item.word.key for item in items]
        hunks = compare(keys, [word.key for word in words])
        if not hunks and shape is None and not differ(items, words):
            return
        self._deleted = deleted
        if any(item.printed.layout is None for item in items):
            for hunk in hunks:
                self._refuse_generated(items, words, hunk)
            return
        hunks = list(slid(hunks, items))
        edits = [
            Edit(part, self._write(items, words, part))
            for hunk in hunks
            for part in parts(hunk, items, words)
        ]
        accepted = self._accepted(items, words, edits)
        rewriting = self._rewriter.rewrite(items, words, hunks, accepted, shape)
        if rewriting is None:
            accepted, rewriting = self._one_by_one(items, words, hunks, accepted)
        if rewriting is None:
            return
        self._record.notes += rewriting.notes
        self._record.changes += rewriting.changes
        self._note_made(items, words, accepted, all_reused(edits))

    def _one_by_one(
        self,
        items: list[Item],
        words: list[Word],
        hunks: Sequence[Hunk],
        edits: Sequence[Edit],
    ) -> tuple[list[Edit], Rewriting | None]:
        """Make the edits that can be made where not all of them can."""
        made: list[Edit] = []
        best: Rewriting | None = None
        mend = "the place is too tangled to edit safely: write it by hand"
        for edit in edits[:_MOST_TRIED]:
            tried = self._rewriter.rewrite(items, words, hunks, [*made, edit], None)
            if tried is None:
                self._refuse(items, words, [edit], mend)
            else:
                made.append(edit)
                best = tried
        self._refuse(items, words, edits[_MOST_TRIED:], mend)
        return made, best

    def _by(self, words: Sequence[Word], hunk: Hunk) -> str:
        """Name whose edit it is, as far as it was tracked."""
        new = words[hunk.new_first : hunk.new_last]
        authors = [word.look.author for word in new if word.look.author]
        if hunk.first < hunk.last:
            authors += [
                author
                for index, author in self._deleted
                if hunk.new_first <= index <= hunk.new_last
            ]
        return ", ".join(dict.fromkeys(filter(None, authors)))

    def _write(
        self, items: Sequence[Item], words: Sequence[Word], hunk: Hunk
    ) -> Phrase:
        new = words[hunk.new_first : hunk.new_last]
        return self._phrases.write(
            [word for word in new if word.key != PICTURE],
            around(items, hunk, new),
            opens=hunk.first == 0 and not is_front(items[0]),
            before=words[hunk.new_first - 1] if hunk.new_first else None,
        )

    def _accepted(
        self, items: Sequence[Item], words: Sequence[Word], edits: Sequence[Edit]
    ) -> list[Edit]:
        """Choose the edits that may be made; note what forbids the others."""
        gone = {i for edit in edits for i in range(edit.hunk.first, edit.hunk.last)}
        reused = all_reused(edits)
        allowed: list[Edit] = []
        torn: set[tuple[int, int]] = set()
        for edit in edits:
            new = words[edit.hunk.new_first : edit.hunk.new_last]
            if any(word.key == PICTURE for word in new):
                self._record.note(
                    *("refused", items[0].printed, "new picture", PICTURE_MEND),
                    *(self._by(words, edit.hunk), ("", PICTURE)),
                )
            forbidden = list(refusals(items, words, edit, gone, reused))
            for place, what, mend in forbidden:
                self._note("refused", place, what, mend, items, words, edit.hunk)
            if not forbidden:
                allowed.append(edit)
            elif not is_pure(items, edit.hunk):
                torn |= sentences(items, edit.hunk)
        halves = [edit for edit in allowed if sentences(items, edit.hunk) & torn]
        mend = "the rest of its sentence was refused: write it by hand"
        self._refuse(items, words, halves, mend)
        return [edit for edit in allowed if edit not in halves]

    def _refuse(
        self,
        items: Sequence[Item],
        words: Sequence[Word],
        edits: Sequence[Edit],
        mend: str,
    ) -> None:
        for edit in edits:
            where = item_at(items, edit.hunk.first).printed
            what = told(items, words, edit.hunk)
            self._note("refused", where, what, mend, items, words, edit.hunk)

    def _note(
        self,
        kind: Kind,
        where: Printed | None,
        what: str,
        mend: str,
        items: Sequence[Item],
        words: Sequence[Word],
        hunk: Hunk,
    ) -> None:
        """Note what became of an edit, with its author and words."""
        by, both = self._by(words, hunk), said(items, words, hunk)
        self._record.note(kind, where, what, mend, by, both)

    def _refuse_generated(
        self, items: Sequence[Item], words: Sequence[Word], hunk: Hunk
    ) -> None:
        printed = items[0].printed
        what = f"{told(items, words, hunk)} in {shown(printed.words, 6)}"
        if key := item_at(items, hunk.first).word.look.key:
            what = f"{what} (value {key})"
        self._note("refused", None, what, made_by(printed), items, words, hunk)

    def _note_made(
        self,
        items: Sequence[Item],
        words: Sequence[Word],
        edits: Sequence[Edit],
        reused: Counter[str],
    ) -> None:
        for edit in edits:
            printed = item_at(items, edit.hunk.first).printed
            if edit.phrase.markdown or edit.hunk.first < edit.hunk.last:
                what = told(items, words, edit.hunk).replace("[picture]", "")
                self._note("edit", printed, what, "", items, words, edit.hunk)
            self._record.note_typed(printed, edit.phrase)
            self._record.note_gone(printed, list(_gone(items, edit, reused)))


def _gone(items: Sequence[Item], edit: Edit, reused: Counter[str]) -> Iterator[Piece]:
    """Yield the computed pieces that an edit takes away for good."""
    left = edit.phrase.reused.copy()
    for piece in distinct(items[edit.hunk.first : edit.hunk.last]):
        if left[piece.source]:
            left[piece.source] -= 1
        elif reused[piece.source] == 0:
            yield piece
