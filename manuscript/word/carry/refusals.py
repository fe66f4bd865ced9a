"""What an edit of words must not touch, and why it is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from manuscript.word.carry.edit import Edit
from manuscript.word.compare import (
    Item,
    Piece,
    Printed,
    Word,
    distinct,
    protest,
    told,
)


def refusals(
    items: Sequence[Item],
    words: Sequence[Word],
    edit: Edit,
    gone: set[int],
    reused: Counter[str],
) -> Iterator[tuple[Printed, str, str]]:
    """Yield where and what forbids an edit, and how to mend it; nothing if it may be.

    Parameters
    ----------
    items : sequence of Item
        The passages as they print.
    words : sequence of Word
        The same in the edited copy.
    edit : Edit
    gone : set of int
        Indices of the items that all edits of these passages take away.
    reused : Counter of str
        Sources of the computed pieces that these edits set in again.
    """
    hunk = edit.hunk
    old = items[hunk.first : hunk.last]
    if any(item.site is None and not item.is_end for item in old):
        what = told(items, words, hunk)
        mend = "it is numbered by itself; change the order of figures and tables"
        if any(item.word.look.note for item in old):
            mend = "change its call, [^...], and what it says below by hand"
        yield old[0].printed, what, mend
        return
    for piece in _stuck(items, edit, gone, reused):
        what, mend = protest(piece, items, words, hunk)
        holder = next(item for item in items if item.piece is piece)
        yield holder.printed, what, mend


def _stuck(
    items: Sequence[Item], edit: Edit, gone: set[int], reused: Counter[str]
) -> Iterator[Piece]:
    """Yield the computed pieces that the edit would change or tear out."""
    hunk = edit.hunk
    pieces = distinct(items[hunk.first : hunk.last])
    if edit.phrase.foreign and not pieces:
        beside = distinct(items[max(hunk.first - 1, 0) : hunk.last + 1])
        yield from [p for p in beside if p.kind in ("claim", "value")][:1]
    left = reused.copy()
    for piece in pieces:
        if left[piece.source]:
            left[piece.source] -= 1
        elif edit.phrase.typed or not _is_sentence_gone(items, piece, gone):
            yield piece


def _is_sentence_gone(items: Sequence[Item], piece: Piece, gone: set[int]) -> bool:
    """Tell whether the whole sentence around a piece is taken away."""
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
