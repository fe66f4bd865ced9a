"""A document as its reader reads it: passages with the place of every character.

Sources give prose as Markdown; checks and ledger need the words that print. A
:class:`Passage` is a paragraph, heading, caption, table row, title or alternative
text with its inline values printed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

from analysis.letter import Letter
from manuscript.expressions import ExpressionError, parse
from manuscript.plain import GAP, Mark, Place, Plain, Printed, plain
from manuscript.sources import Cell, Document, Project, Prose

FLOAT = re.compile(r"^(?:fig|tbl|suppfig|supptbl)-")
# Front matter that no reader reads as text, or that is made of names.
SETTINGS = {"author", "date", "lang", "bibliography", "csl", "filters", "format"}
SETTINGS |= {"execute", "crossref", "project", "jupyter", "license", "doi", "citation"}

_BUILT_IN = {"fig": "Figure ", "tbl": "Table ", "sec": "Section "}
_LABEL = re.compile(r"\{[^{}`\n]*#((?:fig|tbl|sec|suppfig|supptbl)-[\w:.-]+)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_FENCE = re.compile(r"^ {0,3}:{3,}[ \t]*(\{[^}]*\}|[\w-]+)?[ \t]*:*[ \t]*$")
_CODE_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
_HEADING = re.compile(r"^#{1,6}[ \t]+")
_TRAILING_ATTRIBUTES = re.compile(r"[ \t]*\{[^{}`]*\}[ \t]*$")
_MARKER = re.compile(r"^\s*(?:[-*+]|\(?\d+[.)]|\(?[a-z][.)]|\(@\w*\))[ \t]+(?=\S)")
_QUOTE = re.compile(r"^\s*>[ \t]?")
_TABLE_CAPTION = re.compile(r"^(?:Table)?:[ \t]+(?=\S)")
_TABLE_ROW = re.compile(r"^\s*\|")
_ALONE = re.compile(r"^#{1,6}[ \t]|^\s*\||^(?:Table)?:[ \t]+\S")
_RULE = re.compile(r"^[\s|:+=-]*$")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)(\{[^}]*\})?")
_ALT = re.compile(r"fig-alt\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_NEVER_ENDS = re.compile(
    r"(?:\b(?:e\.g|i\.e|vs|cf|et al|Fig|Figs|Tab|No|Nos|Dr|Prof|St|Ref|Refs|approx|ca"
    r"|resp|Suppl|Jr|[A-Z])\.)$"
)
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
        return tuple(_sentences(self.text))

    def sentence_around(self, offset: int) -> tuple[int, int]:
        """Return the stretch of the sentence around a character."""
        for start, end in self.sentences:
            if offset < end:
                return start, end
        return self.sentences[-1] if self.sentences else (0, len(self.text))

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


def read(project: Project, v: Letter) -> tuple[Reading, ...]:
    """Read every document of a project.

    Parameters
    ----------
    project : Project
    v : Letter
        Answers the inline expressions.
    """
    names = Names.of(project)
    return tuple(
        _Reader(project, document, v, names).read() for document in project.documents
    )


@dataclass(frozen=True)
class Names:
    """How labels print, document by document.

    Attributes
    ----------
    by_document : mapping of str to mapping
        Path of a document, then label, then printed name.
    """

    by_document: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, project: Project) -> Names:
        """Give every label of every document its number."""
        prefixes = _prefixes(project)
        return cls(
            {
                document.path: _numbered(_labels(document), prefixes)
                for document in project.documents
            }
        )

    def item(self, label: str) -> str:
        """Name a float of whichever document has it.

        Raises
        ------
        LookupError
            With the nearest labels.
        """
        for names in self.by_document.values():
            if label in names:
                return names[label]
        from difflib import get_close_matches

        known = [name for names in self.by_document.values() for name in names]
        near = get_close_matches(label, known, n=3, cutoff=0.4)
        hint = "; did you mean " + " or ".join(near) + "?" if near else ""
        raise LookupError(f"no document has a float labelled {label!r}{hint}")


def _prefixes(project: Project) -> dict[str, str]:
    prefixes = dict(_BUILT_IN)
    crossref: Any = project.settings.values.get("crossref") or {}
    for custom in crossref.get("custom") or []:
        space = " " if custom.get("space-before-numbering", True) else ""
        prefixes[custom["key"]] = custom.get("reference-prefix", "") + space
    return prefixes


def _labels(document: Document) -> Iterator[tuple[str, str, int]]:
    for fragment in document.fragments:
        if isinstance(fragment, Cell):
            options = fragment.options
            captioned = {"fig-cap", "tbl-cap"} & set(options.values)
            if fragment.label and FLOAT.match(fragment.label) and captioned:
                yield fragment.label, fragment.file, options.line("label")
        else:
            for match in _LABEL.finditer(_without_comments(fragment.text)):
                yield match[1], fragment.file, fragment.line_at(match.start(1))


def _numbered(
    labels: Iterator[tuple[str, str, int]], prefixes: Mapping[str, str]
) -> dict[str, str]:
    counters = {key: count(1) for key in prefixes}
    names: dict[str, str] = {}
    for label, _, _ in labels:
        key = label.partition("-")[0]
        if label not in names and key in prefixes:
            names[label] = f"{prefixes[key]}{next(counters[key])}"
    return names


def _without_comments(text: str) -> str:
    return _COMMENT.sub(lambda match: GAP * len(match[0]), text)


@dataclass
class _Open:
    """A division that has begun."""

    attributes: str
    label: str
    file: str
    line: int
    first: int
    cells: list[Cell]
    images: list[tuple[int, str]]


class _Reader:
    def __init__(
        self, project: Project, document: Document, v: Letter, names: Names
    ) -> None:
        self._root: Path = project.root
        self._document = document
        self._v = v
        self._all_names = names
        self._names = names.by_document[document.path]
        self._passages: list[Passage] = []
        self._floats: list[Float] = []
        self._faults: list[Fault] = []
        self._open: list[_Open] = []
        self._heading = ""
        self._file = document.path

    def read(self) -> Reading:
        self._front_matter()
        for fragment in self._document.fragments:
            self._file = fragment.file
            if isinstance(fragment, Cell):
                self._cell(fragment)
            else:
                self._prose(fragment)
        return Reading(
            self._document,
            tuple(self._passages),
            tuple(self._floats),
            tuple(_labels(self._document)),
            tuple(self._faults),
        )

    def _front_matter(self) -> None:
        settings = self._document.front_matter
        for key in settings.values.keys() - SETTINGS:
            value = settings.values[key]
            for text in value if isinstance(value, list) else [value]:
                if isinstance(text, str) and text.strip():
                    kind = "title" if key in ("title", "subtitle") else "metadata"
                    place = self._placer(text.strip(), settings.line(key))
                    self._add(kind, text.strip(), place)
        self._passages.sort(key=lambda passage: passage.place(0))

    def _cell(self, cell: Cell) -> None:
        for opened in self._open:
            opened.cells.append(cell)
        options = cell.options
        for key in ("fig-cap", "tbl-cap", "fig-alt"):
            values = options.values.get(key)
            for text in values if isinstance(values, list) else [values]:
                if text and str(text).strip():
                    kind = "alt" if key == "fig-alt" else "caption"
                    place = self._placer(str(text), options.line(key))
                    self._add(kind, str(text), place)
        if cell.label and cell.label in self._names:
            captions = [p for p in self._passages if p.kind == "caption"]
            caption = (
                captions[-1] if {"fig-cap", "tbl-cap"} & set(options.values) else None
            )
            self._floats.append(
                Float(
                    cell.label,
                    self._names[cell.label],
                    cell.file,
                    cell.line,
                    caption,
                    (cell,),
                )
            )

    def _prose(self, prose: Prose) -> None:
        text = _without_comments(prose.text)
        block: list[tuple[int, int]] = []
        offset, code = 0, ""

        def flush() -> None:
            if block:
                self._block(prose, text, block[0][0], block[-1][1])
                block.clear()

        for line in text.split("\n"):
            start, end = offset, offset + len(line)
            offset = end + 1
            if code:
                if line.strip().startswith(code):
                    flush()
                    code = ""
                else:
                    block.append((start, end))
            elif fence := _CODE_FENCE.match(line):
                flush()
                code = fence[1]
            elif fence := _FENCE.match(line):
                flush()
                self._fence(fence[1], prose.file, prose.line_at(start))
            elif not line.strip(" \t" + GAP):
                flush()
            elif _ALONE.match(line):
                flush()
                self._block(prose, text, start, end)
            elif _MARKER.match(line):
                flush()
                block.append((start, end))
            else:
                block.append((start, end))
        flush()

    def _fence(self, opens: str | None, file: str, line: int) -> None:
        if opens is not None:
            label = re.search(r"#([\w:.-]+)", opens)
            self._open.append(
                _Open(
                    opens,
                    label[1] if label else "",
                    file,
                    line,
                    len(self._passages),
                    [],
                    [],
                )
            )
        elif self._open:
            closed = self._open.pop()
            if FLOAT.match(closed.label):
                self._close(closed)

    def _close(self, closed: _Open) -> None:
        caption = None
        for index in range(len(self._passages) - 1, closed.first - 1, -1):
            if self._passages[index].kind in ("paragraph", "caption"):
                caption = replace(self._passages[index], kind="caption")
                self._passages[index] = caption
                break
        self._floats.append(
            Float(
                closed.label,
                self._names.get(closed.label, closed.label),
                closed.file,
                closed.line,
                caption,
                tuple(closed.cells),
                tuple(closed.images),
            )
        )

    def _block(self, prose: Prose, text: str, start: int, end: int) -> None:
        first = text[start:end].split("\n", 1)[0]
        block = text[start:end]
        kind, skip = "paragraph", 0
        if heading := _HEADING.match(first):
            kind, skip = "heading", heading.end()
            self._heading = block[skip:]
            attributes = _TRAILING_ATTRIBUTES.search(block)
            block = block[: attributes.start()] if attributes else block
        elif _TABLE_ROW.match(first):
            kind = "table"
            if _RULE.match(block):
                return
        elif caption := _TABLE_CAPTION.match(first):
            kind, skip = "caption", caption.end()
            attributes = _TRAILING_ATTRIBUTES.search(block)
            block = block[: attributes.start()] if attributes else block
            self._typed_table(prose, start, attributes)
        elif marker := _MARKER.match(first):
            kind, skip = "item", marker.end()
        elif _QUOTE.match(first):
            block = re.sub(r"(?m)^\s*>", lambda m: GAP * len(m[0]), block)
        elif _RULE.match(block.replace(GAP, "")):
            return
        for image in _IMAGE.finditer(block):
            self._image(image, prose.line_at(start + image.start()))
        self._add(kind, block[skip:], lambda at: _at(prose, start + skip + at))

    def _typed_table(
        self, prose: Prose, start: int, attributes: re.Match[str] | None
    ) -> None:
        label = _LABEL.search(attributes[0]) if attributes else None
        if label and FLOAT.match(label[1]):
            line = prose.line_at(start)
            name = self._names.get(label[1], label[1])
            self._floats.append(Float(label[1], name, prose.file, line, None))

    def _image(self, image: re.Match[str], line: int) -> None:
        found = _ALT.search(image[1] or "")
        alt = next((text for text in found.groups() if text), "") if found else ""
        if self._open:
            self._open[-1].images.append((line, alt))
        label = _LABEL.search(image[1] or "")
        if label and FLOAT.match(label[1]):
            name = self._names.get(label[1], label[1])
            self._floats.append(
                Float(label[1], name, self._file, line, None, (), ((line, alt),))
            )

    def _add(self, kind: str, markdown: str, place: Callable[[int], Place]) -> None:
        text = plain(markdown, place, self._inline, self._name)
        within = tuple(opened.attributes for opened in self._open)
        if text.text.strip() or text.marks:
            self._passages.append(
                Passage(kind, self._file, text, within, self._heading)
            )

    def _inline(self, source: str, place: Place) -> Printed:
        try:
            expression = parse(source)
            result = expression.evaluate(self._v, self._all_names.item)
        except ExpressionError as error:
            self._faults.append(Fault(self._file, *place, error.what, error.mend))
        except LookupError as error:
            mend = "use a key that `python -m manuscript values` lists"
            if "label" in str(error):
                mend = "use the label of a figure or table of the supplement"
            self._faults.append(Fault(self._file, *place, str(error), mend))
        else:
            return Printed(result.text, expression, result)
        return Printed("?", None, None)

    def _name(self, label: str) -> str:
        return self._names.get(label, f"?@{label}")

    def _placer(self, text: str, line: int) -> Callable[[int], Place]:
        """Place of each word of a YAML string, found again in its file."""
        lines = (self._root / self._file).read_text(encoding="utf-8-sig").split("\n")
        words: list[tuple[int, Place]] = []
        row, column = line - 1, 0
        for word in re.finditer(r"\S+", text):
            for at in range(row, min(row + 200, len(lines))):
                found = lines[at].find(word[0], column if at == row else 0)
                if found >= 0:
                    row, column = at, found
                    break
            words.append((word.start(), (row + 1, column + 1)))

        def place(offset: int) -> Place:
            best = (line, 1)
            for start, (at, found) in words:
                if start > offset:
                    break
                best = (at, found + offset - start)
            return best

        return place


def _at(prose: Prose, offset: int) -> Place:
    before = prose.text.rfind("\n", 0, offset)
    return prose.line_at(offset), offset - before


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for end in _END.finditer(text):
        if _NEVER_ENDS.search(text[: end.start() + 1]):
            continue
        after = text[end.end() :].lstrip()[:1]
        if after and not after.islower():
            yield start, end.end()
            start = end.end() + (
                len(text[end.end() :]) - len(text[end.end() :].lstrip())
            )
    if text[start:].strip():
        yield start, len(text)
