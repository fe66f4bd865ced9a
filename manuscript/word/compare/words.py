"""Words of a paragraph, and which of them differ from those of another."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from typing import Final

from manuscript.word.package import Paragraph, Run, Script

PARAGRAPH_END: Final = "\N{PILCROW SIGN}"
LIKE: Final = 0.5  # share of common words from which two paragraphs are one
_FEW: Final = 4

# Bold, italic, raised or lowered, and the address linked to.
Emphasis = tuple[bool, bool, Script, str]
PLAIN: Final[Emphasis] = (False, False, "", "")

# `S1A` is panel A of Figure S1: two words.
_WORD: Final = re.compile(r"(?:\bS)?\d+(?:[.,]\d+)*|[^\W\d]\w*(?:['’]\w+)*|\S")
# Signs that word processors choose on their own.
_ALIKE: Final = str.maketrans("‘’‚“”„‐‑", "'''\"\"\"--")


@dataclass(frozen=True)
class Word:
    """A word, number or sign.

    Attributes
    ----------
    key : str
        What it is compared by.
    text : str
    start, end : int
        Its stretch in the text of its paragraph.
    spaced : bool
        Whether space precedes it within the paragraph.
    run : int
        Index of its run, for words that a run holds together.
    look : Run
        Look of its characters.
    is_citation : bool
        Whether it surely is the number of a reference, or stands between such.
    """

    key: str
    text: str
    start: int
    end: int
    spaced: bool
    run: int
    look: Run
    is_citation: bool = False


def emphasis(word: Word) -> Emphasis:
    """Return the emphasis of a word; that of a citation is its style's."""
    look = word.look
    script = "" if word.is_citation else look.script
    return look.bold, look.italic, script, look.link


def key_of(word: str) -> str:
    """Spell a word without what word processors choose on their own."""
    return unicodedata.normalize("NFC", word).translate(_ALIKE)


def split(text: str, breaks: Sequence[int] = ()) -> Iterator[tuple[int, int]]:
    """Find the words of a text; none reaches across a break."""
    edges = sorted({0, len(text), *breaks})
    for start, end in pairwise(edges):
        for match in _WORD.finditer(text, start, end):
            yield match.start(), match.end()


def words_of(paragraph: Paragraph) -> list[Word]:
    """Words of a paragraph, all tracked changes accepted."""
    return list(_words_of(paragraph))


@lru_cache(maxsize=2**14)
def _words_of(paragraph: Paragraph) -> tuple[Word, ...]:
    runs = [run for run in paragraph.runs if run.change != "deleted"]
    text = "".join(run.text for run in runs)
    starts: list[int] = []
    length = 0
    for run in runs:
        starts.append(length)
        length += len(run.text)
    breaks = [
        start
        for start, run, before in zip(starts[1:], runs[1:], runs, strict=False)
        if _kind(run) != _kind(before)
    ]
    found: list[Word] = []
    index = 0
    for start, end in split(text, breaks):
        while index + 1 < len(starts) and starts[index + 1] <= start:
            index += 1
        spaced = start > 0 and text[start - 1].isspace()
        word = text[start:end]
        found.append(Word(key_of(word), word, start, end, spaced, index, runs[index]))
    if not any(run.raised or run.anchor for run in runs):
        return tuple(found)
    return tuple(_with_citations(found))


def deletions(paragraphs: Sequence[Paragraph]) -> list[tuple[int, str]]:
    """List tracked deletions: before which word each stood, and whose it is.

    Parameters
    ----------
    paragraphs : sequence of Paragraph
        Whose words are counted through, with one for the end of each but the last.
    """
    found: list[tuple[int, str]] = []
    counted = 0
    for paragraph in paragraphs:
        words = words_of(paragraph)
        if not any(run.change == "deleted" for run in paragraph.runs):
            counted += len(words) + 1
            continue
        starts = [word.start for word in words]
        length = 0
        for run in paragraph.runs:
            if run.change == "deleted":
                found.append((counted + bisect_left(starts, length), run.author))
            else:
                length += len(run.text)
        counted += len(words) + 1
    return found


def _kind(run: Run) -> tuple[object, ...]:
    return (
        *(run.bold, run.italic, run.script, run.computed, run.key, run.claim),
        *(run.anchor, run.link, run.note, run.picture, run.other),
    )


def _with_citations(words: Sequence[Word]) -> Iterator[Word]:
    """Mark the numbers that link to references, with the signs between them."""
    for group in raised(words):
        if any(word.look.anchor.startswith("ref-") for word in group):
            yield from (replace(word, is_citation=True) for word in group)
        else:
            yield from group


def raised(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Yield raised words that touch each other together, all others singly."""
    group: list[Word] = []
    for word in words:
        linked = word.look.anchor.startswith("ref-")
        if group and (
            not (word.look.raised or linked)
            or word.start != group[-1].end
            or not (group[-1].look.raised or group[-1].look.anchor.startswith("ref-"))
        ):
            yield group
            group = []
        group.append(word)
    if group:
        yield group


@dataclass(frozen=True)
class Hunk:
    """Words ``[first, last)`` that became the words ``[new_first, new_last)``."""

    first: int
    last: int
    new_first: int
    new_last: int


def compare(old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    """List where two sequences of keys differ."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [
        Hunk(i1, i2, j1, j2)
        for kind, i1, i2, j1, j2 in matcher.get_opcodes()
        if kind != "equal"
    ]


def likeness(old: Sequence[str], new: Sequence[str]) -> float:
    """Share of the words that two paragraphs have in common, in [0, 1]."""
    if not old or not new:
        return float(not old and not new)
    common = (Counter(old) & Counter(new)).total()
    return 2 * common / (len(old) + len(new))


@dataclass(frozen=True)
class Pair:
    """Paragraphs of the old text that became paragraphs of the new one."""

    old: tuple[int, ...]
    new: tuple[int, ...]


def align(
    old: Sequence[Sequence[str]], new: Sequence[Sequence[str]], like: float = LIKE
) -> list[Pair]:
    """Pair the paragraphs of two texts, in order.

    Parameters
    ----------
    old, new : sequence of sequence of str
        The keys of each paragraph.
    like : float
        Least :func:`likeness` of a pair.

    Returns
    -------
    list of Pair
        One to one, one to two (split), two to one (joined), or one to none.
    """
    pairs: list[Pair] = []
    left = [tuple(keys) for keys in old]
    right = [tuple(keys) for keys in new]
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            pairs += [Pair((i,), (i - i1 + j1,)) for i in range(i1, i2)]
        else:
            pairs += _paired(left, right, range(i1, i2), range(j1, j2), like)
    return pairs


# More would take minutes; such a text was replaced, not edited.
_MOST_COMPARISONS: Final = 250_000


def _paired(
    left: Sequence[tuple[str, ...]],
    right: Sequence[tuple[str, ...]],
    olds: range,
    news: range,
    like: float,
) -> list[Pair]:
    """Pair what differs, by the best sum of likenesses (dynamic programming)."""
    if not olds or not news or len(olds) * len(news) > _MOST_COMPARISONS:
        return [Pair((i,), ()) for i in olds] + [Pair((), (j,)) for j in news]
    steps = ((1, 1), (1, 2), (2, 1), (1, 0), (0, 1))
    best = {(0, 0): 0.0}
    came: dict[tuple[int, int], tuple[int, int]] = {}
    for i in range(len(olds) + 1):
        for j in range(len(news) + 1):
            here = best[i, j]
            for di, dj in steps:
                if i + di > len(olds) or j + dj > len(news):
                    continue
                score = here
                if di and dj:
                    gain = _gain(left, right, olds[i : i + di], news[j : j + dj], like)
                    if gain < like:
                        continue
                    # A pair counts by its words, so that a split beats its half.
                    words = sum(len(left[k]) for k in olds[i : i + di])
                    score += (gain - like / 2) * (words + 1)
                at = (i + di, j + dj)
                if score > best.get(at, -1.0):
                    best[at], came[at] = score, (di, dj)
    pairs: list[Pair] = []
    at = (len(olds), len(news))
    while at != (0, 0):
        di, dj = came[at]
        at = (at[0] - di, at[1] - dj)
        pairs.append(
            Pair(tuple(olds[at[0] : at[0] + di]), tuple(news[at[1] : at[1] + dj]))
        )
    return pairs[::-1]


def _gain(
    left: Sequence[tuple[str, ...]],
    right: Sequence[tuple[str, ...]],
    olds: range,
    news: range,
    least: float,
) -> float:
    one, other = _joined(left, olds), _joined(right, news)
    longer, shorter = max(len(one), len(other)), min(len(one), len(other))
    if longer > _FEW and 2 * shorter < least * (longer + shorter):
        # However many of its words the shorter one shares, they are too few.
        return 0.0
    whole = likeness(one, other)
    if len(olds) == len(news):
        if len(one) <= _FEW and len(other) <= _FEW:
            # A heading of one word is still itself in the plural.
            letters = SequenceMatcher(None, " ".join(one), " ".join(other))
            return max(whole, letters.ratio())
        return whole
    # Both halves must come from the whole, else a new paragraph passes for a split.
    halves = left if len(olds) == 2 else right
    joint = Counter(other if len(olds) == 2 else one)
    for k in olds if len(olds) == 2 else news:
        common = (Counter(halves[k]) & joint).total()
        if len(halves[k]) < _FEW or common < 0.7 * len(halves[k]):
            return 0.0
    return whole


def _joined(texts: Sequence[tuple[str, ...]], which: range) -> tuple[str, ...]:
    return tuple(key for index in which for key in texts[index])
