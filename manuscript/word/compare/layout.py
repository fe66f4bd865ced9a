"""A passage of the sources as pieces: what prints, and the markup between.

An edit takes printed pieces away and sets text between them; markup and
computed pieces stay where they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from manuscript.source import Mark, Passage

COMPUTED: Final = ("value", "claim", "item", "fault", "citation", "reference")
# Printed as they are written: text set into them would need other escapes.
VERBATIM: Final = ("code", "url")

_At = Callable[[int, int], int]

_SOURCE: Final = {
    "inline": re.compile(r"`\{python\}[ \t][^`\n]+`"),
    "cited": re.compile(r"\[[^\[\]]*\]|-?@(?:\{[^{}]*\}|[\w:.#$%&+?~/-]*\w)"),
}
_DASH: Final = re.compile("-{2,3}")
_NEWLINE: Final = re.compile(r"\n[ \t]*")
_MARKUP: Final = re.compile(
    r"\*+|_+|~~|[~^]|!?\[|\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\))?(?:\{[^{}\n]*\})?|.",
    re.DOTALL,
)


def edges(marks: Iterable[Mark]) -> list[int]:
    """Edges of what is computed in a text; no word reaches across one."""
    return [
        edge
        for mark in marks
        if mark.kind in COMPUTED
        for edge in (mark.start, mark.end)
    ]


@dataclass(frozen=True)
class Piece:
    """A stretch of source.

    Attributes
    ----------
    source : str
    kind : str
        ``text``, ``markup``, or the kind of its mark.
    first, last : int
        Its stretch in the printed text; empty where it prints nothing.
    mark : Mark, optional
    """

    source: str
    kind: str
    first: int
    last: int
    mark: Mark | None = None

    @property
    def protected(self) -> bool:
        """Whether an edit of the printed words must not touch it."""
        return self.kind in COMPUTED or self.kind in VERBATIM


@dataclass(frozen=True)
class Layout:
    """A passage as pieces.

    Attributes
    ----------
    passage : Passage
    start, end : int
        Its stretch in the text of its file.
    pieces : tuple of Piece
        Their sources joined are this stretch of the file.
    """

    passage: Passage
    start: int
    end: int
    pieces: tuple[Piece, ...]

    @property
    def source(self) -> str:
        """Its stretch of the file."""
        return "".join(piece.source for piece in self.pieces)


class UnmappableError(ValueError):
    """A passage whose characters cannot be found again in its file."""


def lay_out(passage: Passage, text: str) -> Layout:
    """Find the pieces of a passage in the text of its file.

    Raises
    ------
    UnmappableError
    """
    starts = [0]
    for match in re.finditer("\n", text):
        starts.append(match.end())

    def at(line: int, column: int) -> int:
        if not 0 < line <= len(starts):
            raise UnmappableError
        return starts[line - 1] + column - 1

    found = sorted(_printed(passage, text, at), key=lambda each: each[0])
    if not found:
        raise UnmappableError
    begin = text.rfind("\n", 0, found[0][0]) + 1
    end = max(stop for _, stop, _ in found)
    line_end = text.find("\n", end)
    end = len(text) if line_end < 0 else line_end
    if text[end - 1 : end] == "\r":
        end -= 1
    pieces: list[Piece] = []
    position, printed = begin, 0
    for start, stop, piece in found:
        if start < position:
            raise UnmappableError
        pieces += _markup(text[position:start], printed)
        pieces.append(piece)
        position, printed = stop, piece.last
    pieces += _markup(text[position:end], printed)
    if "".join(piece.source for piece in pieces) != text[begin:end]:
        raise UnmappableError
    return Layout(passage, begin, end, tuple(pieces))


def _markup(source: str, printed: int) -> Iterator[Piece]:
    for match in _MARKUP.finditer(source):
        yield Piece(match[0], "markup", printed, printed)


def _printed(passage: Passage, text: str, at: _At) -> Iterator[tuple[int, int, Piece]]:
    """Yield what prints or is computed, with its stretch in the file."""
    plain = passage.plain
    marks = {(mark.start, mark.end): mark for mark in plain.marks if _is_atom(mark)}
    ends = (*plain.starts[1:], len(plain.text))
    seen: set[tuple[int, int]] = set()
    for first, last, place in zip(plain.starts, ends, plain.places, strict=True):
        mark = marks.get((first, last))
        if mark:
            seen.add((first, last))
            yield _atom(mark, text, at)
        else:
            words = plain.text[first:last]
            start = at(*place)
            source = _source_of(words, text, start)
            if source == words and len(words) == 1 and _is_escaped(text, start):
                start, source = start - 1, "\\" + source
            elif words == "[" and _opens_note(text, start):
                start, source = start - 1, "^["
            piece = Piece(source, _kind(passage, first, last), first, last)
            yield start, start + len(source), piece
    for stretch, mark in marks.items():
        if stretch not in seen:
            yield _atom(mark, text, at)


def _is_atom(mark: Mark) -> bool:
    return mark.kind in COMPUTED


def _kind(passage: Passage, first: int, last: int) -> str:
    for mark in passage.plain.marks:
        if mark.kind in VERBATIM and mark.start <= first and last <= mark.end:
            return mark.kind
    return "text"


def _atom(mark: Mark, text: str, at: _At) -> tuple[int, int, Piece]:
    start = at(mark.line, mark.column)
    form = "cited" if mark.kind in ("citation", "reference") else "inline"
    match = _SOURCE[form].match(text, start)
    if not match:
        raise UnmappableError
    piece = Piece(match[0], mark.kind, mark.start, mark.end, mark)
    return start, match.end(), piece


def _source_of(words: str, text: str, start: int) -> str:
    if text.startswith(words, start):
        return words
    for form in (_DASH, _NEWLINE):
        match = form.match(text, start)
        if match and len(words) == 1:
            return match[0]
    raise UnmappableError


def _is_escaped(text: str, start: int) -> bool:
    before = text[:start]
    slashes = len(before) - len(before.rstrip("\\"))
    return slashes % 2 == 1


def _opens_note(text: str, start: int) -> bool:
    return text[start - 1 : start] == "^" and not _is_escaped(text, start - 1)
