"""Read documents as their readers do.

Sources give prose as Markdown; checks and ledger need the words that print, each
with its place, so that a finding can point at it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from manuscript.source import foreign
from manuscript.source.documents import Project
from manuscript.source.expressions import ExpressionError, parse
from manuscript.source.fragments import Cell, Document, Prose
from manuscript.source.labels import FLOAT, LABEL, Names, labels, without_comments
from manuscript.source.reading.blocks import MARKER, Fence, parts
from manuscript.source.reading.passages import Fault, Float, Passage, Reading
from manuscript.source.reading.plain import GAP, Place, Printed, given, plain

if TYPE_CHECKING:
    from manuscript.values import Answers

# Front matter that no reader reads as text, or that is made of names.
SETTINGS = {
    *("author", "date", "date-format", "lang", "bibliography", "csl", "filters"),
    *("format", "execute", "crossref", "project", "jupyter", "license", "doi"),
    "citation",
}

_HEADING = re.compile(r"^#{1,6}[ \t]+")
_TRAILING_ATTRIBUTES = re.compile(r"[ \t]*\{[^{}`]*\}[ \t]*$")
_QUOTE = re.compile(r"^\s*>[ \t]?")
_TABLE_CAPTION = re.compile(r"^(?:Table)?:[ \t]+(?=\S)")
_TABLE_ROW = re.compile(r"^\s*\|")
_RULE = re.compile(r"^[\s|:+=-]*$")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)(\{[^}]*\})?")
_ALT = re.compile(r"fig-alt\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


def read(project: Project, v: Answers) -> tuple[Reading, ...]:
    """Read every document of a project.

    Parameters
    ----------
    project : Project
    v : Answers
        Answers the inline expressions.
    """
    names = Names.of(project)
    return tuple(
        _Reader(project, document, v, names).read() for document in project.documents
    )


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
        self, project: Project, document: Document, v: Answers, names: Names
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
        self._in_body = False
        self._file = document.path

    def read(self) -> Reading:
        self._front_matter()
        self._in_body = True
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
            tuple(labels(self._document)),
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
            is_read = cell.shows or key != "fig-alt"
            values = options.values.get(key) if is_read else None
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
        text = without_comments(prose.text)
        for part in parts(text):
            if isinstance(part, Fence):
                self._fence(part.opens, prose.file, prose.line_at(part.start))
            else:
                self._block(prose, text, part.start, part.end)

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
            self._labelled(attributes and attributes[0], prose.line_at(start))
        elif marker := MARKER.match(first):
            kind, skip = "item", marker.end()
        elif _QUOTE.match(first):
            block = re.sub(r"(?m)^\s*>", lambda m: GAP * len(m[0]), block)
        elif _RULE.match(block.replace(GAP, "")):
            return
        for image in _IMAGE.finditer(block):
            self._image(image, prose.line_at(start + image.start()))
        self._add(kind, block[skip:], lambda at: _at(prose, start + skip + at))

    def _labelled(
        self, attributes: str | None, line: int, *images: tuple[int, str]
    ) -> None:
        """Take up a float whose label stands among attributes, if it does."""
        label = LABEL.search(attributes or "")
        if label and FLOAT.match(label[1]):
            name = self._names.get(label[1], label[1])
            self._floats.append(
                Float(label[1], name, self._file, line, None, (), images)
            )

    def _image(self, image: re.Match[str], line: int) -> None:
        alt = given(_ALT, image[1] or "")
        if self._open:
            self._open[-1].images.append((line, alt))
        self._labelled(image[1], line, (line, alt))

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
            if self._document.cells and not self._in_body:
                raise ExpressionError(
                    f"`{source}` stands in front matter, which is computed before the "
                    "first cell, and no name is known there",
                    "write it as text, or in the body",
                )
            result = expression.evaluate(self._v, self._all_names.item)
        except ExpressionError as error:
            self._faults.append(Fault(self._file, *place, error.what, error.mend))
        except LookupError as error:
            if isinstance(error, KeyError | IndexError):
                raise  # of the study's code
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
        lines = foreign.legible(self._root / self._file).split("\n")
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
