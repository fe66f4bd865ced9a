"""A difference of words with what it sets in, and the words that must then print."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from manuscript.word.carry.phrase import Phrase
from manuscript.word.compare import Hunk, Item


@dataclass(frozen=True)
class Edit:
    """A hunk with what it sets in."""

    hunk: Hunk
    phrase: Phrase


def all_reused(edits: Sequence[Edit]) -> Counter[str]:
    """Count the sources of computed pieces that edits set in again."""
    return sum((edit.phrase.reused for edit in edits), Counter[str]())


def expected(items: Sequence[Item], edits: Sequence[Edit]) -> Iterator[str]:
    """Yield the words that the edited passages must print."""
    starts = {edit.hunk.first: edit for edit in edits}
    gone = {i for edit in edits for i in range(edit.hunk.first, edit.hunk.last)}
    # By the passage that prints them: a note may be written below its paragraph.
    keys: dict[int, list[str]] = {
        id(item.printed): [] for item in items if item.printed.layout
    }
    for i in range(len(items) + 1):
        if i in starts:
            where = _set_by(items, starts[i].hunk)
            keys.setdefault(id(where.printed), []).extend(starts[i].phrase.keys)
        if i < len(items) and i not in gone:
            item = items[i]
            is_citation = item.piece is not None and item.piece.kind == "citation"
            if item.site and not item.is_end and not is_citation:
                keys.setdefault(id(item.printed), []).append(item.word.key)
    for each in keys.values():
        yield from each


def _set_by(items: Sequence[Item], hunk: Hunk) -> Item:
    """Return the word beside which new words are set."""
    if hunk.first == hunk.last and hunk.first and items[hunk.first - 1].site:
        return items[hunk.first - 1]
    return items[min(hunk.first, len(items) - 1)]
