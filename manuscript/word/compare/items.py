"""Printed words beside the words of an edited copy, and what became of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from typing import Final

from manuscript.word.compare.layout import Piece
from manuscript.word.compare.site import Printed, Site
from manuscript.word.compare.words import (
    PARAGRAPH_END,
    PLAIN,
    Emphasis,
    Hunk,
    Word,
    emphasis,
)
from manuscript.word.package import Run

FRONT: Final = ("title", "metadata")
_NUMBER: Final = re.compile(r"S?\d")


@dataclass(frozen=True)
class Item:
    """A printed word, or the end of a paragraph (which has no site)."""

    word: Word
    site: Site | None
    printed: Printed

    @property
    def piece(self) -> Piece | None:
        """The computed piece it belongs to."""
        return self.site.piece if self.site else None

    @property
    def is_end(self) -> bool:
        """Tell the end of a paragraph from its words."""
        return self.word.key == PARAGRAPH_END


def items_of(paragraphs: Sequence[Printed]) -> Iterator[Item]:
    """List the words of paragraphs, with their ends between."""
    for index, printed in enumerate(paragraphs):
        if index:
            before = paragraphs[index - 1]
            yield Item(_end(before.words), None, before)
        for k, (word, site) in enumerate(
            zip(printed.words, printed.sites, strict=True)
        ):
            yield Item(word, site, printed.apart.get(k, printed))


def with_ends(paragraphs: Sequence[list[Word]]) -> Iterator[Word]:
    """List the words of paragraphs, with their ends between."""
    for index, words in enumerate(paragraphs):
        if index:
            yield _end(paragraphs[index - 1])
        yield from words


def _end(words: Sequence[Word]) -> Word:
    at = words[-1].end if words else 0
    return Word(PARAGRAPH_END, "", at, at, False, -1, Run(""))


def item_at(items: Sequence[Item], index: int) -> Item:
    """Take an item, or the last one for the place after it."""
    return items[min(index, len(items) - 1)]


def is_front(item: Item) -> bool:
    """Tell whether a word stands in the front matter."""
    layout = item.printed.layout
    return layout is not None and layout.passage.kind in FRONT


def slid(hunks: Sequence[Hunk], items: Sequence[Item]) -> Iterator[Hunk]:
    """Let a deletion begin where a sentence does, if it may as well."""
    keys = [item.word.key for item in items]
    for hunk in hunks:
        shift = 0
        if hunk.new_first == hunk.new_last and not _opens(items, hunk.first):
            shift = _shift(hunk, items, keys)
        yield Hunk(*(at + shift for at in astuple(hunk)))


def _shift(hunk: Hunk, items: Sequence[Item], keys: Sequence[str]) -> int:
    """How far a deletion can move, all words left alike, to open a sentence."""
    for step in (1, -1):
        shift = 0
        while True:
            entering = hunk.last + shift if step > 0 else hunk.first + shift - 1
            leaving = hunk.first + shift if step > 0 else hunk.last + shift - 1
            if not (0 <= entering < len(keys)) or keys[entering] != keys[leaving]:
                break
            shift += step
            if _opens(items, hunk.first + shift):
                return shift
    return 0


def _opens(items: Sequence[Item], index: int) -> bool:
    """Tell whether a word is the first of its sentence."""
    item = items[index]
    if index == 0 or items[index - 1].is_end:
        return True
    if item.site is None or item.printed.layout is None:
        return False
    starts = {start for start, _ in item.printed.layout.passage.sentences}
    return item.site.first in starts and item.site.last > item.site.first


def parts(hunk: Hunk, items: Sequence[Item], words: Sequence[Word]) -> Iterator[Hunk]:
    """Cut a hunk at its values, where each has a number in its place."""
    slots = [
        i
        for i in range(hunk.first, hunk.last)
        if (piece := items[i].piece) and piece.kind == "value"
    ]
    numbers = [
        j
        for j in range(hunk.new_first, hunk.new_last)
        if words[j].look.computed or _NUMBER.match(words[j].key)
    ]
    others = any(
        (piece := items[i].piece) and piece.kind != "value"
        for i in range(hunk.first, hunk.last)
    )
    if others or not slots or len(slots) != len(numbers):
        yield hunk
        return
    i, j = hunk.first, hunk.new_first
    for slot, number in zip(slots, numbers, strict=True):
        if i < slot or j < number:
            yield Hunk(i, slot, j, number)
        if items[slot].word.key != words[number].key:
            yield Hunk(slot, slot + 1, number, number + 1)
        i, j = slot + 1, number + 1
    if i < hunk.last or j < hunk.new_last:
        yield Hunk(i, hunk.last, j, hunk.new_last)


def is_pure(items: Sequence[Item], hunk: Hunk) -> bool:
    """Tell whether a hunk changes nothing but what is computed."""
    return all(item.piece for item in items[hunk.first : hunk.last])


def sentences(items: Sequence[Item], hunk: Hunk) -> set[tuple[int, int]]:
    """Find the sentences that a hunk touches, by passage and start."""
    found = set()
    for item in items[max(hunk.first - (hunk.first == hunk.last), 0) : hunk.last]:
        if item.site and item.printed.layout:
            start, _ = item.printed.layout.passage.sentence_around(item.site.first)
            found.add((id(item.printed), start))
    return found


def around(items: Sequence[Item], hunk: Hunk, new: Sequence[Word]) -> Emphasis:
    """Give the emphasis at the place where a hunk sets its words."""
    if not new:
        return PLAIN
    wanted = emphasis(new[0])
    if hunk.first < hunk.last:
        there = emphasis(items[hunk.first].word)
        return there if there == wanted else PLAIN
    before = items[hunk.first - 1] if hunk.first else None
    following = items[hunk.first] if hunk.first < len(items) else None
    for item in (before, following):
        if item and item.site and emphasis(item.word) == wanted:
            return wanted
    return PLAIN


def leaves(item: Item, new: Sequence[Word]) -> bool:
    """Tell whether new words stand outside the emphasis of a word beside them."""
    return bool(new) and emphasis(item.word) != emphasis(new[0])


def sticks(before: Item, following: Item | None, new: Sequence[Word]) -> bool:
    """Tell whether new words belong to the emphasis of the word after them."""
    if not new or following is None or following.site is None:
        return False
    wanted = emphasis(new[0])
    return (
        wanted != PLAIN
        and emphasis(before.word) != wanted
        and emphasis(following.word) == wanted
    )


def equal(
    items: Sequence[Item], words: Sequence[Word], hunks: Sequence[Hunk]
) -> Iterator[tuple[int, int]]:
    """Yield the words that stayed, as indices into both."""
    i = j = 0
    for hunk in [*hunks, Hunk(len(items), len(items), len(words), len(words))]:
        while i < hunk.first:
            yield i, j
            i, j = i + 1, j + 1
        i, j = hunk.last, hunk.new_last


def follows(items: Sequence[Item], words: Sequence[Word], i: int, j: int) -> bool:
    """Tell whether the words before two equal words are equal, too."""
    return items[i - 1].word.key == words[j - 1].key


def differ(items: Sequence[Item], words: Sequence[Word]) -> bool:
    """Tell whether equal words differ in look or space."""
    return any(
        item.word.spaced != word.spaced or not alike(item, word)
        for item, word in zip(items, words, strict=True)
    )


def alike(item: Item, word: Word) -> bool:
    """Tell whether a word that stayed looks as it printed.

    Numbers of citations look as their style has it, with or without their links; a
    link that only repeats its address is none.
    """
    if item.piece is not None and item.piece.kind == "citation":
        return True
    return emphasis(item.word) == emphasis(word)


def restyled(
    items: Sequence[Item], words: Sequence[Word], hunks: Sequence[Hunk]
) -> Iterator[list[tuple[int, int]]]:
    """Yield runs of words that stayed and changed their emphasis alike."""
    group: list[tuple[int, int]] = []
    for i, j in equal(items, words, hunks):
        was, now = emphasis(items[i].word), emphasis(words[j])
        fits = bool(group) and (
            group[-1] == (i - 1, j - 1)
            and (was, now)
            == (emphasis(items[group[0][0]].word), emphasis(words[group[0][1]]))
        )
        if group and not fits:
            yield group
            group = []
        if not items[i].is_end and not alike(items[i], words[j]):
            group.append((i, j))
    if group:
        yield group


def distinct(items: Sequence[Item]) -> list[Piece]:
    """List the computed pieces that words belong to."""
    found: dict[int, Piece] = {}
    for item in items:
        if item.piece:
            found.setdefault(id(item.piece), item.piece)
    return list(found.values())
