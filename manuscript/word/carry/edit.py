"""A difference of words with what it sets in, and the words that must then print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from manuscript.word.carry.phrase import Phrase
from manuscript.word.compare import Hunk, Item


@dataclass(frozen=True)
class Edit:
    """A hunk with what it sets in."""

    hunk: Hunk
    phrase: Phrase


def expected(items: Sequence[Item], edits: Sequence[Edit]) -> Iterator[str]:
    """Yield the words that the edited passages must print."""
    starts = {edit.hunk.first: edit for edit in edits}
    gone = {i for edit in edits for i in range(edit.hunk.first, edit.hunk.last)}
    for i in range(len(items) + 1):
        if i in starts:
            yield from starts[i].phrase.keys
        if i < len(items) and i not in gone:
            item = items[i]
            is_citation = item.piece is not None and item.piece.kind == "citation"
            if item.site and not item.is_end and not is_citation:
                yield item.word.key
