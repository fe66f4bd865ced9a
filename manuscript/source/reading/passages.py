"""What a reader reads: passages of text, figures and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from manuscript.source.fragments import Cell, Document
from manuscript.source.reading.plain import Mark, Place, Plain

_NEVER_ENDS = re.compile(
    r"(?:\b(?:e\.g|i\.e|vs|cf|et al|Fig|Figs|Tab|No|Nos|Dr|Prof|St|Ref|Refs|approx|ca"
    r"|resp|Suppl|Jr|[A-Z])\.)$"
)
_SPACE = re.compile(r"\s*")
_END = re.compile(r"[.!?][\"'”’)\]]*(?=\s)")


@dataclass(frozen=True)
class Passage:
    """A paragraph, heading, caption, table row, title or alternative text.

    Attributes
    ----------
    kind : str
        ``title``, ``metadata``, ``heading``, ``paragraph``, ``item`` (of a list),
        ``table`` (a row), ``caption`` or ``alt``.
    file : str
    plain : Plain
    within : tuple of str
        Attributes of the divisions around it, outermost first.
    heading : str
        The heading below which it stands, with its attributes.
    """

    kind: str
    file: str
    plain: Plain
    within: tuple[str, ...] = ()
    heading: str = ""

    @property
    def text(self) -> str:
        """The words as they print; citations print nothing."""
        return self.plain.text

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Values, claims, citations and the like, in order."""
        return self.plain.marks

    def marked(self, *kinds: str) -> Iterator[Mark]:
        """Its marks of some kinds."""
        return (mark for mark in self.marks if mark.kind in kinds)

    def covered(self, start: int, end: int, *kinds: str) -> bool:
        """Whether marks of these kinds touch a stretch of the text."""
        return any(m.start < end and start < m.end for m in self.marked(*kinds))

    def place(self, offset: int) -> Place:
        """Line and column of a character of the text."""
        for mark in self.marks:
            if mark.start <= offset < mark.end and mark.expression:
                return mark.line, mark.column
        return self.plain.place(offset)

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Stretches of its sentences."""
        return tuple(sentences(self.text))

    def sentence_around(self, offset: int) -> tuple[int, int]:
        """Return the stretch of the sentence around a character."""
        for start, end in self.sentences:
            if offset < end:
                return start, end
        return self.sentences[-1] if self.sentences else (0, len(self.text))

    def cites(self, offset: int) -> bool:
        """Whether the sentence around a character cites a source."""
        start, end = self.sentence_around(offset)
        return any(start <= mark.start <= end for mark in self.marked("citation"))

    def sentence(self, offset: int) -> str:
        """Return the sentence around a character."""
        start, end = self.sentence_around(offset)
        return self.text[start:end].strip()


@dataclass(frozen=True)
class Float:
    """A figure or table that can be referred to.

    Attributes
    ----------
    label : str
        Such as ``fig-forest``.
    name : str
        As it prints: ``Figure 1``, ``Table S4``.
    file : str
    line : int
    caption : Passage or None
    cells : tuple of Cell
    alternatives : tuple of Passage
    images : tuple of (int, str)
        Line and alternative text of images that are files.
    """

    label: str
    name: str
    file: str
    line: int
    caption: Passage | None
    cells: tuple[Cell, ...] = ()
    images: tuple[tuple[int, str], ...] = ()

    @property
    def is_figure(self) -> bool:
        """Whether it is a figure rather than a table."""
        return self.label.partition("-")[0].endswith("fig")


@dataclass(frozen=True)
class Fault:
    """An inline expression that cannot be evaluated."""

    file: str
    line: int
    column: int
    what: str
    mend: str


@dataclass(frozen=True)
class Reading:
    """What a reader reads of one document.

    Attributes
    ----------
    document : Document
    passages : tuple of Passage
        In reading order; front matter first.
    floats : tuple of Float
    labels : tuple of (str, str, int)
        Every label with its file and line, repeats included.
    faults : tuple of Fault
    """

    document: Document
    passages: tuple[Passage, ...]
    floats: tuple[Float, ...]
    labels: tuple[tuple[str, str, int], ...]
    faults: tuple[Fault, ...]

    def prose(self) -> Iterator[Passage]:
        """Paragraphs and list items: what counts as the text."""
        return (p for p in self.passages if p.kind in ("paragraph", "item"))


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches of the sentences of a text."""
    start = 0
    for end in _END.finditer(text):
        # No abbreviation is longer, and texts of papers are long.
        if _NEVER_ENDS.search(text, max(0, end.start() - 10), end.start() + 1):
            continue
        after = _SPACE.match(text, end.end())
        begin = after.end() if after else end.end()
        if begin < len(text) and not text[begin].islower():
            yield start, end.end()
            start = begin
    if text[start:].strip():
        yield start, len(text)
