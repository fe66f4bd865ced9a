"""Words that a co-author set in, as Markdown; computed pieces keep their source."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, takewhile
from typing import Final

from manuscript.word.carry.markdown import addresses, emphasize, escape
from manuscript.word.compare import (
    PARAGRAPH_END,
    PLAIN,
    Citing,
    Emphasis,
    Library,
    Piece,
    Pinpoint,
    Printed,
    Word,
    emphasis,
    joined,
    raised,
)
from manuscript.word.package import UNKNOWN

_TYPED: Final = re.compile(r"(?<![\w.,])\d[\w.,]*(?<=\w)|\b\w*\d\w*")
_AS_TYPED: Final = re.compile(
    r"\[\d{1,3}(?:\s?[,–-]\s?\d{1,3})*\]|\[-?@[\w:.-]+[^\]]*\]"
    r"|\([A-Z][\w'’-]+(?: (?:et al\.?|and [A-Z][\w'’-]+))?,? (?:19|20)\d\d[a-z]?\)"
)
# Numbers that cite if they are in use, and may as well count or measure.
_PERHAPS: Final = re.compile(
    r"\(\d{1,3}(?:\s?[,–-]\s?\d{1,3})*\)"
    r"|(?<![\w.,–-])\d{1,2}(?:[,–]\d{1,2})+(?![\w%–-]|[.,]\d)"
    r"|(?<=[a-z]{4})\d{1,2}(?:[,–]\d{1,2})*(?![\w%–-]|[.,]\d)"
)
_SPACES: Final = re.compile(r"\s")
# Words on either side by which a number that moved is known again.
_AROUND: Final = 2


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
        Citations of works that are not known, which cannot be written.
    lost : list of str
        What citations say that the sources cannot hold.
    read : list of str
        Raised numbers and fields that were read as citations.
    cited : list of str
        Words that may be meant as citations, set in as they stand.
    foreign : list of str
        Words within a claim or value that are not its own.
    """

    markdown: str = ""
    keys: list[str] = field(default_factory=list)
    reused: Counter[str] = field(default_factory=Counter)
    typed: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    cited: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)


class Phrases:
    """Writes words, and knows what the document computes already.

    Parameters
    ----------
    printed : sequence of Printed
        Whose computed pieces an edit may move or copy.
    citing : Citing
        What the numbers of citations mean in the document as it was printed.
    library : Library
        Works that can be cited.
    controlled : bool
        Whether the copy still tells by itself which words are computed.
    """

    def __init__(
        self,
        printed: Sequence[Printed],
        citing: Citing,
        library: Library,
        *,
        controlled: bool = True,
    ) -> None:
        self._citing = citing
        self._library = library
        self._known: dict[tuple[str, str], Piece] = {}
        self._names: dict[str, Piece] = {}
        self._among: dict[tuple[str, ...], tuple[Piece, int] | None] = {}
        for paragraph in printed:
            for piece, words in _pieces(paragraph):
                text = " ".join(word.key for word in words)
                if piece.kind in ("item", "reference"):
                    self._names.setdefault(text, piece)
                    continue
                for key in {word.look.key for word in words} | {""}:
                    self._known.setdefault((key, text), piece)
            if not controlled:
                self._remember(paragraph)

    def _remember(self, paragraph: Printed) -> None:
        """Keep the words around each value, by which it is known again."""
        position = 0
        for piece, words in _pieces(paragraph):
            position = paragraph.words.index(words[0], position)
            if piece.kind in ("value", "claim"):
                near = _near(paragraph.words, position)
                found = (piece, len(words))
                self._among[near] = found if near not in self._among else None

    def write(
        self,
        words: Sequence[Word],
        around: Emphasis = PLAIN,
        *,
        opens: bool = False,
        before: Word | None = None,
    ) -> Phrase:
        """Write words.

        Parameters
        ----------
        words : sequence of Word
        around : tuple
            Emphasis at the place where they are set.
        opens : bool
            Whether they open a paragraph.
        before : Word, optional
            The word that they follow.
        """
        phrase = Phrase()
        plain: list[Word] = []

        def flush() -> None:
            for _, group in groupby(plain, key=emphasis):
                first = opens and not phrase.markdown
                self._plain(phrase, list(group), around, first)
            plain.clear()

        position = 0
        while position < len(words):
            word = words[position]
            previous = words[position - 1] if position else before
            source, length, kind = self._computed(words, position, previous)
            if source:
                flush()
                if kind != "citation":
                    self._space(phrase, word)
                    phrase.keys += [w.key for w in words[position : position + length]]
                elif phrase.markdown or (before and not word.spaced):
                    phrase.markdown = phrase.markdown.rstrip() + " "
                phrase.markdown += source
                phrase.reused[source] += 1
                shown = joined(words[position : position + length])
                if kind == "citation" and not word.look.anchor:
                    phrase.read.append(f"{shown} as {source}")
                if word.look.field:
                    pointed = self._library.pointed(word.look.field)
                    phrase.lost += [
                        f"{lost} the citation of @{key}"
                        for key in pointed
                        for lost in pointed[key].lost
                    ]
            elif word.key == PARAGRAPH_END:
                flush()
                phrase.markdown = phrase.markdown.rstrip() + "\n\n"
                length = 1
            elif word.look.note:
                flush()
                self._space(phrase, word)
                phrase.markdown += "^[" if word.key == "[" else "]"
                phrase.keys.append(word.key)
                length = 1
            elif kind == "citation":
                flush()
                phrase.dropped.append(_run_of(words, position, length))
            else:
                if word.look.claim or word.look.computed or UNKNOWN in word.text:
                    phrase.foreign.append(word.text)
                plain.append(word)
                length = 1
            position += length
        flush()
        return phrase

    def _computed(
        self, words: Sequence[Word], position: int, before: Word | None
    ) -> tuple[str, int, str]:
        """Return source, length in words and kind of a known piece at a position."""
        first = words[position]
        keys, length = self._citing.typed_at(words, position, before)
        if keys:
            return self._source(keys), length, "citation"
        if first.look.field or first.is_citation or first.look.raised:
            return self._cited(words, position, before)
        for name_length in (2, 1):
            name = " ".join(w.key for w in words[position : position + name_length])
            if name in self._names:
                return self._names[name].source, name_length, "item"
        if found := self._among.get(_near(words, position)) if self._among else None:
            return found[0].source, found[1], found[0].kind
        if not (first.look.computed or first.look.claim):
            return "", 0, ""
        if not first.look.claim:
            # An interval is one piece of three words; longer ones do not exist.
            for length in (4, 3, 2, 1):
                text = " ".join(w.key for w in words[position : position + length])
                if piece := self._known.get((first.look.key, text)):
                    return piece.source, length, piece.kind
            return "", 0, ""
        claimed = list(takewhile(lambda word: word.look.claim, words[position:]))
        text = " ".join(word.key for word in claimed)
        piece = self._known.get((first.look.key, text))
        return (piece.source, len(claimed), piece.kind) if piece else ("", 0, "")

    def _cited(
        self, words: Sequence[Word], position: int, before: Word | None
    ) -> tuple[str, int, str]:
        """Return the source of a citation, and how many words show it."""
        first = words[position]
        if field_ := first.look.field:
            same = takewhile(lambda word: word.look.field == field_, words[position:])
            keys = self._library.resolve(field_)
            pointed = self._library.pointed(field_)
            return self._source(keys or (), pointed), len([*same]), "citation"
        group = next(raised(words[position:]))
        if first.is_citation:
            known = self._known.get(("", " ".join(word.key for word in group)))
            if known and known.kind == "citation":
                return known.source, len(group), "citation"
            return self._source(self._citing.certain(group)), len(group), "citation"
        if keys := self._citing.raised(group, before):
            return self._source(keys), len(group), "citation"
        return "", 0, ""

    def _source(
        self, keys: Sequence[str], pointed: Mapping[str, Pinpoint] | None = None
    ) -> str:
        if not keys:
            return ""
        self._library.use(keys)
        where = pointed or {}
        cited = [
            f"@{key}, {where[key].locator}"
            if key in where and where[key].locator
            else f"@{key}"
            for key in keys
        ]
        return f"[{'; '.join(cited)}]"

    def _space(self, phrase: Phrase, word: Word) -> None:
        if word.spaced and phrase.markdown and not phrase.markdown[-1].isspace():
            phrase.markdown += " "

    def _plain(
        self, phrase: Phrase, words: Sequence[Word], around: Emphasis, opens: bool
    ) -> None:
        self._space(phrase, words[0])
        look = emphasis(words[0])
        said = joined(words)
        shown = escape(said, opens=opens, linked=bool(look[3]))
        if look != around:
            shown = emphasize(shown, look)
        phrase.markdown += shown
        phrase.keys += [word.key for word in words]
        phrase.cited += _AS_TYPED.findall(said)
        phrase.cited += [
            typed
            for typed in _PERHAPS.findall(said)
            if self._citing.listed(_SPACES.sub("", typed.strip("()")))
        ]
        if not look[2] and not look[3]:
            phrase.typed += _TYPED.findall(addresses.sub("", said))


def _near(words: Sequence[Word], position: int) -> tuple[str, ...]:
    """Return a word with those around it; beyond the paragraph there is nothing."""
    keys = [word.key for word in words[max(position - _AROUND, 0) : position]]
    after = [word.key for word in words[position : position + _AROUND + 1]]
    return ("",) * (_AROUND - len(keys)) + (*keys, *after)


def _pieces(paragraph: Printed) -> Iterator[tuple[Piece, list[Word]]]:
    """Yield the computed pieces of a paragraph with the words they print."""
    printed = (
        (word, site.piece if site else None)
        for word, site in zip(paragraph.words, paragraph.sites, strict=True)
    )
    for _, group in groupby(printed, key=lambda each: id(each[1])):
        found = list(group)
        if piece := found[0][1]:
            yield piece, [word for word, _ in found]


def _run_of(words: Sequence[Word], position: int, length: int) -> str:
    return "".join(word.text for word in words[position : position + length])
