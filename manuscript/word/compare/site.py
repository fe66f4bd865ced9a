"""Where the words of the printed Word file stand in the sources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import groupby
from pathlib import Path

from manuscript.source import Passage
from manuscript.word.compare.layout import (
    Layout,
    Piece,
    UnmappableError,
    edges,
    lay_out,
)
from manuscript.word.compare.words import (
    Word,
    align,
    key_of,
    likeness,
    split,
    words_of,
)
from manuscript.word.package import Paragraph

_SCRIPTS = ("^", "~", "*", "**", "***")
_DEFINES = re.compile(r"\[\^[^\]\s]+\]:[ \t]*$")
SAME = 0.75  # share of words that a printed paragraph shares with its passage


@dataclass(frozen=True)
class Site:
    """Where a printed word comes from.

    Attributes
    ----------
    first, last : int
        Its stretch in the text of its passage.
    piece : Piece, optional
        The computed piece that prints it, or part of it.
    """

    first: int
    last: int
    piece: Piece | None = None


@dataclass(frozen=True)
class Printed:
    """A paragraph of the Word file that the sources make.

    Attributes
    ----------
    paragraph : Paragraph
    words : list of Word
    layout : Layout, optional
        Its passage; None for what code, settings or the bibliography print.
    sites : list of Site or None
        One a word; None for a word that stands nowhere in the passage.
    apart : dict of int to Printed
        Words of notes that are written below their paragraph, by index: where these
        stand.
    """

    paragraph: Paragraph
    words: list[Word]
    layout: Layout | None
    sites: list[Site | None]
    apart: dict[int, Printed] = field(default_factory=dict)

    @property
    def keys(self) -> list[str]:
        """What its words are compared by."""
        return [word.key for word in self.words]


def locate(
    paragraphs: Sequence[Paragraph],
    passages: Sequence[Passage],
    texts: Mapping[str, str],
) -> list[Printed]:
    """Find the passages of printed paragraphs.

    Parameters
    ----------
    paragraphs : sequence of Paragraph
        Of the Word file that the sources make.
    passages : sequence of Passage
        Of the same document.
    texts : mapping of str to str
        Texts of the files, by name.
    """
    words = [words_of(each) for each in paragraphs]
    body = [i for i, each in enumerate(paragraphs) if each.where == "body"]
    readable = [each for each in passages if each.kind != "alt"]
    defined = [each for each in readable if _is_definition(each, texts)]
    readable = [each for each in readable if each not in defined]
    notes = _Notes(defined, texts)
    apart = {i: notes.of(words[i]) for i in body}
    pairs = align(
        [_keys(each) for each in readable],
        [
            [
                w.key
                for k, w in enumerate(words[i])
                if not (w.is_citation or k in apart[i])
            ]
            for i in body
        ],
        SAME,
    )
    found: dict[int, Passage] = {
        body[pair.new[0]]: readable[pair.old[0]]
        for pair in pairs
        if len(pair.old) == len(pair.new) == 1
    }
    return [
        _printed(paragraph, words[i], found.get(i), texts, apart.get(i, {}))
        for i, paragraph in enumerate(paragraphs)
    ]


def _printed(
    paragraph: Paragraph,
    words: list[Word],
    passage: Passage | None,
    texts: Mapping[str, str],
    apart: Mapping[int, tuple[Site | None, Layout | None]],
) -> Printed:
    layout = None
    if passage:
        with suppress(UnmappableError):
            layout = lay_out(passage, texts[passage.file])
    if layout is None:
        return Printed(paragraph, words, None, [None] * len(words))
    here = [k for k in range(len(words)) if k not in apart]
    sites: list[Site | None] = [None] * len(words)
    for k, site in zip(here, _sites([words[k] for k in here], layout), strict=True):
        sites[k] = site
    below: dict[int, Printed] = {}
    made: dict[int, Printed] = {}
    for k, (site, note) in apart.items():
        sites[k] = site
        if note:
            below[k] = made.setdefault(id(note), Printed(paragraph, words, note, sites))
    return Printed(paragraph, words, layout, sites, below)


def _keys(passage: Passage) -> list[str]:
    return [key_of(passage.text[a:b]) for a, b in split(passage.text)]


def _is_definition(passage: Passage, texts: Mapping[str, str]) -> bool:
    """Tell whether a passage is what a note says, written below its paragraph."""
    if passage.kind != "paragraph" or not passage.plain.places:
        return False
    line, column = passage.place(0)
    before = texts.get(passage.file, "").split("\n")[line - 1 : line]
    return bool(before) and bool(_DEFINES.search(before[0][: column - 1]))


class _Notes:
    """Knows the notes that are written below their paragraphs."""

    def __init__(self, defined: Sequence[Passage], texts: Mapping[str, str]) -> None:
        self._left = list(defined)
        self._texts = texts

    def of(self, words: Sequence[Word]) -> dict[int, tuple[Site | None, Layout | None]]:
        """Return where the words of notes stand that are called in a paragraph."""
        found: dict[int, tuple[Site | None, Layout | None]] = {}
        if not self._left:
            return found
        for first, last in _called(words):
            inside = [words[k] for k in range(first + 1, last)]
            keys = [word.key for word in inside if not word.is_citation]
            near = max(
                self._left, key=lambda each: likeness(_keys(each), keys), default=None
            )
            if near is None or likeness(_keys(near), keys) < SAME:
                continue
            self._left.remove(near)
            layout = None
            with suppress(UnmappableError):
                layout = lay_out(near, self._texts[near.file])
            sites = _sites(inside, layout) if layout else [None] * len(inside)
            found[first] = found[last] = (None, None)
            for k, site in zip(range(first + 1, last), sites, strict=True):
                found[k] = (site, layout)
        return found


def _called(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Yield the indices of the brackets around each note of a paragraph."""
    opened: dict[str, int] = {}
    for k, word in enumerate(words):
        if word.look.note and word.look.note in opened:
            yield opened.pop(word.look.note), k
        elif word.look.note:
            opened[word.look.note] = k


def _sites(words: list[Word], layout: Layout) -> list[Site | None]:
    text = layout.passage.text
    scripts = [piece.first for piece in layout.pieces if piece.source in _SCRIPTS]
    stretches = list(split(text, [*edges(layout.passage.marks), *scripts]))
    keys = [key_of(text[first:last]) for first, last in stretches]
    sites: list[Site | None] = [None] * len(words)
    matcher = SequenceMatcher(None, [w.key for w in words], keys, autojunk=False)
    for i, j, size in matcher.get_matching_blocks():
        for k in range(size):
            first, last = stretches[j + k]
            sites[i + k] = Site(first, last, _piece(layout, first, last))
    for group in _unmatched(sites):
        i = group[0]
        before = sites[i - 1] if i else None
        first = before.last if before else 0
        after = next((site for site in sites[i:] if site), None)
        last = after.first if after else len(text)
        for piece in layout.pieces:
            if piece.kind == "citation" and first <= piece.first <= last:
                for k in group:
                    if words[k].is_citation:
                        sites[k] = Site(piece.first, piece.last, piece)
                break
    return sites


def _unmatched(sites: Sequence[Site | None]) -> Iterator[list[int]]:
    """Yield the indices of words without a site, those in a row together."""
    for is_missing, group in groupby(range(len(sites)), lambda k: sites[k] is None):
        if is_missing:
            yield list(group)


def _piece(layout: Layout, first: int, last: int) -> Piece | None:
    for piece in layout.pieces:
        if piece.protected and piece.first < last and first < piece.last:
            return piece
    return None


def read_texts(root: Path, files: Sequence[str]) -> dict[str, str]:
    """Read files as they are, line ends included."""
    texts = {}
    for file in files:
        with (root / file).open(encoding="utf-8-sig", newline="") as stream:
            texts[file] = stream.read()
    return texts
