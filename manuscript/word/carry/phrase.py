"""Words that a co-author set in, as Markdown; computed pieces keep their source."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from manuscript.word.carry.markdown import emphasize, escape
from manuscript.word.compare import (
    PARAGRAPH_END,
    PLAIN,
    Emphasis,
    Piece,
    Printed,
    Word,
    emphasis,
)

_DIGIT: Final = re.compile(r"\d")
_CITATION: Final = re.compile(r"^\d[\d,–-]*$")


@dataclass
class Phrase:
    """Words as Markdown.

    Attributes
    ----------
    markdown : str
    keys : list of str
        The words that it prints, citations left out.
    reused : Counter of str
        Sources of computed pieces in it.
    typed : list of str
        Numbers that are typed in it.
    dropped : list of str
        Citations typed as numbers, which cannot be written.
    foreign : list of str
        Words within a claim or value that are not its own.
    """

    markdown: str = ""
    keys: list[str] = field(default_factory=list)
    reused: Counter[str] = field(default_factory=Counter)
    typed: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)


class Phrases:
    """Writes words, and knows what the document computes already.

    Parameters
    ----------
    printed : sequence of Printed
        Whose computed pieces an edit may move or copy.
    """

    def __init__(self, printed: Sequence[Printed]) -> None:
        self._known: dict[tuple[str, str], Piece] = {}
        self._names: dict[str, Piece] = {}
        for paragraph in printed:
            for piece, words in _pieces(paragraph):
                text = " ".join(word.key for word in words)
                if piece.kind in ("item", "reference"):
                    self._names.setdefault(text, piece)
                    continue
                for key in {word.look.key for word in words} | {""}:
                    self._known.setdefault((key, text), piece)

    def write(
        self, words: Sequence[Word], around: Emphasis = PLAIN, *, opens: bool = False
    ) -> Phrase:
        """Write words.

        Parameters
        ----------
        words : sequence of Word
        around : tuple of bool
            Emphasis at the place where they are set.
        opens : bool
            Whether they open a paragraph.
        """
        phrase = Phrase()
        plain: list[Word] = []

        def flush() -> None:
            for group in _grouped(plain):
                self._plain(phrase, group, around, opens and not phrase.markdown)
            plain.clear()

        position = 0
        while position < len(words):
            piece, length = self._computed(words, position)
            word = words[position]
            if piece:
                flush()
                self._space(phrase, word)
                phrase.markdown += piece.source
                phrase.reused[piece.source] += 1
                if piece.kind != "citation":
                    phrase.keys += [w.key for w in words[position : position + length]]
            elif word.key == PARAGRAPH_END:
                flush()
                phrase.markdown = phrase.markdown.rstrip() + "\n\n"
                length = 1
            elif length and _CITATION.match(shown := _run_of(words, position, length)):
                flush()
                phrase.dropped.append(shown)
            else:
                if word.look.claim or word.look.computed:
                    phrase.foreign.append(word.text)
                plain.append(word)
                length = 1
            position += length
        flush()
        return phrase

    def _computed(
        self, words: Sequence[Word], position: int
    ) -> tuple[Piece | None, int]:
        """Return the known piece at a position, and how many words it prints."""
        first = words[position]
        for name_length in (2, 1):
            name = " ".join(w.key for w in words[position : position + name_length])
            if name in self._names:
                return self._names[name], name_length
        raised = first.is_citation
        if not (raised or first.look.computed or first.look.claim):
            return None, 0
        if not raised and not first.look.claim:
            # An interval is one piece of three words; longer ones do not exist.
            for length in (4, 3, 2, 1):
                text = " ".join(w.key for w in words[position : position + length])
                if piece := self._known.get((first.look.key, text)):
                    return piece, length
            return None, 0
        length = 1
        for word in words[position + 1 :]:
            if not (word.is_citation if raised else word.look.claim):
                break
            length += 1
        text = " ".join(word.key for word in words[position : position + length])
        piece = self._known.get((first.look.key, text))
        return piece, length if piece or raised else 0

    def _space(self, phrase: Phrase, word: Word) -> None:
        if word.spaced and phrase.markdown and not phrase.markdown[-1].isspace():
            phrase.markdown += " "

    def _plain(
        self, phrase: Phrase, words: Sequence[Word], around: Emphasis, opens: bool
    ) -> None:
        self._space(phrase, words[0])
        text = words[0].text
        for word in words[1:]:
            text += (" " if word.spaced else "") + word.text
        shown = escape(text, opens=opens)
        bold, italic = emphasis(words[0])
        if around == PLAIN:
            shown = emphasize(shown, bold=bold, italic=italic)
        phrase.markdown += shown
        phrase.keys += [word.key for word in words]
        phrase.typed += [word.text for word in words if _DIGIT.search(word.text)]


def _pieces(paragraph: Printed) -> Iterator[tuple[Piece, list[Word]]]:
    """Yield the computed pieces of a paragraph with the words they print."""
    last: Piece | None = None
    words: list[Word] = []
    for word, site in zip(paragraph.words, paragraph.sites, strict=True):
        piece = site.piece if site else None
        if piece is not last:
            if last:
                yield last, words
            last, words = piece, []
        words.append(word)
    if last:
        yield last, words


def _run_of(words: Sequence[Word], position: int, length: int) -> str:
    return "".join(word.text for word in words[position : position + length])


def _grouped(words: Iterable[Word]) -> Iterator[list[Word]]:
    group: list[Word] = []
    for word in words:
        if group and emphasis(group[-1]) != emphasis(word):
            yield group
            group = []
        group.append(word)
    if group:
        yield group
