"""Edits of words within paragraphs: carried over where they may be, else noted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from manuscript.word.carry.edit import Edit
from manuscript.word.carry.phrase import Phrase, Phrases
from manuscript.word.carry.record import Record
from manuscript.word.carry.refusals import refusals
from manuscript.word.carry.rewriting import Rewriter
from manuscript.word.compare import (
    PICTURE_MEND,
    Hunk,
    Item,
    Piece,
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
    sentences,
    shown,
    slid,
    told,
)
from manuscript.word.package import PICTURE


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

    def carry(
        self, items: list[Item], words: list[Word], authors: Sequence[str]
    ) -> None:
        """Carry over what the edited copy made of paragraphs.

        Parameters
        ----------
        items : list of Item
            The paragraphs as they print.
        words : list of Word
            The same in the edited copy.
        authors : sequence of str
            Who edited them, as far as tracked changes say.
        """
        keys = [item.word.key for item in items]
        hunks = compare(keys, [word.key for word in words])
        if not hunks and not differ(items, words):
            return
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
        rewriting = self._rewriter.rewrite(items, words, hunks, accepted)
        if rewriting is None:
            mend = "the place is too tangled to edit safely: write it by hand"
            self._refuse(items, words, accepted, mend)
            return
        self._record.notes += rewriting.notes
        self._record.changes += rewriting.changes
        by = f" ({', '.join(dict.fromkeys(authors))})" if authors else ""
        self._note_made(items, words, accepted, _reused(edits), by)

    def _write(
        self, items: Sequence[Item], words: Sequence[Word], hunk: Hunk
    ) -> Phrase:
        new = words[hunk.new_first : hunk.new_last]
        return self._phrases.write(
            [word for word in new if word.key != PICTURE],
            around(items, hunk, new),
            opens=hunk.first == 0 and not is_front(items[0]),
        )

    def _accepted(
        self, items: Sequence[Item], words: Sequence[Word], edits: Sequence[Edit]
    ) -> list[Edit]:
        """Choose the edits that may be made; note what forbids the others."""
        gone = {i for edit in edits for i in range(edit.hunk.first, edit.hunk.last)}
        reused = _reused(edits)
        allowed: list[Edit] = []
        torn: set[tuple[int, int]] = set()
        for edit in edits:
            new = words[edit.hunk.new_first : edit.hunk.new_last]
            if any(word.key == PICTURE for word in new):
                what = "new picture or note"
                self._record.note("refused", items[0].printed, what, PICTURE_MEND)
            notes = list(refusals(items, words, edit, gone, reused))
            self._record.notes += notes
            if not notes:
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
            self._record.note("refused", where, what, mend)

    def _refuse_generated(
        self, items: Sequence[Item], words: Sequence[Word], hunk: Hunk
    ) -> None:
        printed = items[0].printed
        what = f"{told(items, words, hunk)} in {shown(printed.words, 6)}"
        if key := item_at(items, hunk.first).word.look.key:
            what = f"{what} (value {key})"
        self._record.note("refused", None, what, made_by(printed))

    def _note_made(
        self,
        items: Sequence[Item],
        words: Sequence[Word],
        edits: Sequence[Edit],
        reused: Counter[str],
        by: str,
    ) -> None:
        for edit in edits:
            printed = item_at(items, edit.hunk.first).printed
            if edit.phrase.markdown or edit.hunk.first < edit.hunk.last:
                what = f"{told(items, words, edit.hunk)}{by}"
                self._record.note("edit", printed, what)
            self._record.note_typed(printed, edit.phrase)
            self._record.note_gone(printed, list(_gone(items, edit, reused)))


def _reused(edits: Sequence[Edit]) -> Counter[str]:
    return sum((edit.phrase.reused for edit in edits), Counter[str]())


def _gone(items: Sequence[Item], edit: Edit, reused: Counter[str]) -> Iterator[Piece]:
    """Yield the computed pieces that an edit takes away for good."""
    left = edit.phrase.reused.copy()
    for piece in distinct(items[edit.hunk.first : edit.hunk.last]):
        if left[piece.source]:
            left[piece.source] -= 1
        elif reused[piece.source] == 0:
            yield piece
