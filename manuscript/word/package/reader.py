"""The text of a Word file walked once: paragraphs of runs, tracked changes, comments.

Each element is visited once, so that the time taken is that of the file's length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from lxml import etree

from manuscript.word.package.comments import QUOTED, Noted
from manuscript.word.package.fields import LONGEST, Field, decoded, read_as
from manuscript.word.package.formulas import on_one_line
from manuscript.word.package.model import (
    INVISIBLE,
    LINE,
    PAGE,
    PICTURE,
    Paragraph,
    Picture,
    Run,
    Where,
)
from manuscript.word.package.parts import Package, W, refusal, tag
from manuscript.word.package.relations import Relations
from manuscript.word.package.styles import Styles
from manuscript.word.package.symbols import symbol, without_private

DEEPEST: Final = 200  # nesting that no word processor writes

_CALLS: Final = {
    tag("w:footnoteReference"): "footnote",
    tag("w:endnoteReference"): "endnote",
}
_CHARACTERS: Final = {
    tag("w:tab"): " ",
    tag("w:cr"): LINE,
    tag("w:noBreakHyphen"): "\N{NON-BREAKING HYPHEN}",
    tag("w:softHyphen"): "",
}
_PICTURES: Final = (tag("w:drawing"), tag("w:pict"), tag("w:object"))
_BOX: Final = tag("w:txbxContent")
_TEXTS: Final = (tag("w:t"), tag("w:delText"))
_INSERTIONS: Final = (tag("w:ins"), tag("w:moveTo"))
_DELETIONS: Final = (tag("w:del"), tag("w:moveFrom"))
_RANGES: Final = (tag("w:commentRangeStart"), tag("w:commentRangeEnd"))
_CONTENTS: Final = re.compile(r"TOC(?:\d|Heading)$")
_FORMULAS: Final = (tag("m:oMath"), tag("m:oMathPara"))
_SKIPPED: Final = frozenset(
    tag(name)
    for name in (
        *("mc:Fallback", "w:rPr", "w:pPr", "w:sdtPr", "w:sdtEndPr", "w:tblPr"),
        *("w:tblGrid", "w:trPr", "w:tcPr", "w:delInstrText", "w:sectPr"),
    )
)


@dataclass
class Gathered:
    """A paragraph being read; characters of one look are gathered as pieces."""

    shape: Paragraph
    end_deleted: bool
    looks: list[Run] = field(default_factory=list)
    pieces: list[list[str]] = field(default_factory=list)
    authors: dict[str, None] = field(default_factory=dict)
    length: int = 0

    def write(self, text: str, look: Run) -> None:
        """Add characters of a look."""
        # Two values beside each other stay two: their keys differ.
        if self.looks and self.looks[-1] == look and text != PICTURE:
            self.pieces[-1].append(text)
        else:
            self.looks.append(look)
            self.pieces.append([text])
        if look.change != "deleted":
            self.length += len(text)

    def runs(self) -> Iterator[Run]:
        """Yield what was written, in runs of one look."""
        for look, pieces in zip(self.looks, self.pieces, strict=True):
            yield replace(look, text="".join(pieces))


@dataclass
class _Table:
    number: int
    first_row: Run
    row: int = -1
    column: int = -1


def _is_contents(element: etree._Element) -> bool:
    """Tell whether a block is a contents list or a line of one, made of headings."""
    if element.tag == tag("w:sdt"):
        return element.find("w:sdtPr/w:docPartObj/w:docPartGallery", W) is not None
    style = element.find("w:pPr/w:pStyle", W)
    return style is not None and bool(_CONTENTS.match(style.get(tag("w:val"), "")))


class Reader:
    """Walks the text once."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._styles = Styles(package)
        self._relations = Relations(package, "document.xml")
        self._open: dict[str, Noted] = {}
        self._fields: list[Field] = []
        self._tables = 0
        self._name = ""
        self._table: _Table | None = None
        self.noted: dict[str, Noted] = {}
        self.paragraphs: list[Gathered] = []
        self.pictures: dict[str, Picture] = {}
        self.tracked = 0

    def within(self, part: str) -> None:
        """Follow the links and pictures of another part from here on."""
        self._relations = Relations(self._package, part.rpartition("/")[2])

    def blocks(self, parent: etree._Element, where: Where, depth: int) -> None:
        """Read the paragraphs and tables of an element, at a depth of nesting."""
        self._refuse_depth(depth)
        for element in parent:
            name = element.tag
            if _is_contents(element):
                continue
            if name == tag("w:p"):
                self._paragraph(element, where, depth + 1)
            elif name == tag("w:tbl"):
                self._whole_table(element, depth + 1)
            elif name == tag("w:tr"):
                if self._table and element.find("w:trPr/w:del", W) is None:
                    self._table.row += 1
                    self._table.column = -1
                    self.blocks(element, "table", depth + 1)
            elif name == tag("w:tc"):
                if self._table:
                    self._table.column += 1
                self.blocks(element, "table", depth + 1)
            elif name in _RANGES:
                self._note(element, within=False)
            elif name == tag("w:bookmarkStart"):
                self._name = element.get(tag("w:name"), "")
            elif name not in _SKIPPED and isinstance(name, str):
                self.blocks(element, where, depth + 1)

    def _refuse_depth(self, depth: int) -> None:
        if depth > DEEPEST:
            raise refusal(
                self._package.name, "its text is nested deeper than Word nests"
            )

    def _whole_table(self, element: etree._Element, depth: int) -> None:
        look = self._styles.first_row(element)
        around, self._table = self._table, _Table(self._tables, look)
        self._tables += 1
        self.blocks(element, "table", depth)
        self._table = around

    def _paragraph(self, element: etree._Element, where: Where, depth: int) -> None:
        properties = element.find("w:pPr", W)
        style = self._styles.of(element.find("w:pPr/w:pStyle", W))
        gone = element.find("w:pPr/w:rPr/w:del", W)
        moved = element.find("w:pPr/w:rPr/w:moveFrom", W)
        bullet, level = self._styles.bullet(properties, style)
        table = self._table if where == "table" else None
        cell = (table.number, table.row, table.column) if table else ()
        shape = Paragraph(
            *((), style.name, where, True, ()),
            *(style.heading, bullet, level if bullet else 0, cell, self._name),
        )
        self._name = ""
        paragraph = Gathered(shape, gone is not None or moved is not None)
        self.paragraphs.append(paragraph)
        boxes: list[etree._Element] = []
        look = table.first_row if table and table.row == 0 else Run("")
        self._inlines(element, look, paragraph, boxes, depth)
        for box in boxes:
            self.blocks(box, "box", depth + 1)

    def _inlines(
        self,
        parent: etree._Element,
        look: Run,
        paragraph: Gathered,
        boxes: list[etree._Element],
        depth: int,
    ) -> None:
        self._refuse_depth(depth)
        font = _font(parent) if parent.tag == tag("w:r") else ""
        for element in parent:
            name = element.tag
            if name in _SKIPPED or not isinstance(name, str):
                continue
            if name == _BOX:
                boxes.append(element)
            elif name in _TEXTS:
                text = without_private(element.text or "", font)
                self._write(text, look, paragraph)
            elif name == tag("w:br"):
                self._write(_break(element), look, paragraph)
            elif name in _CHARACTERS:
                self._write(_CHARACTERS[name], look, paragraph)
            elif name == tag("w:sym"):
                self._write(_symbol(element), look, paragraph)
            elif name in _CALLS:
                called = f"{_CALLS[name]} {element.get(tag('w:id'), '')}"
                self._write(PICTURE, replace(look, note=called), paragraph)
            elif name in _PICTURES:
                shown = replace(look, picture=self._picture(element, boxes))
                self._write(PICTURE, shown, paragraph)
            elif name in _FORMULAS:
                for run in on_one_line(element, look):
                    self._write(run.text, replace(run, text=""), paragraph)
            elif name in (tag("w:fldChar"), tag("w:instrText")):
                self._field(element)
            elif name in _RANGES:
                self._note(element, within=True)
            elif name == tag("w:commentReference"):
                place = Noted(len(self.paragraphs) - 1, paragraph.length)
                self.noted.setdefault(element.get(tag("w:id"), ""), place)
            else:
                inner = self._look(element, look, paragraph)
                self._inlines(element, inner, paragraph, boxes, depth + 1)

    def _look(self, element: etree._Element, look: Run, paragraph: Gathered) -> Run:
        """Return how text within an element looks."""
        name = element.tag
        if name == tag("w:r"):
            return self._styles.run(element, look)
        if name in _INSERTIONS or name in _DELETIONS:
            self.tracked += 1
            author = element.get(tag("w:author"), "")
            if author:
                paragraph.authors[author] = None
            gone = name in _DELETIONS or look.change == "deleted"
            change = "deleted" if gone else "inserted"
            return replace(look, change=change, author=author)  # type: ignore[arg-type]
        if name == tag("w:sdt"):
            key = element.find("w:sdtPr/w:tag", W)
            said = "" if key is None else key.get(tag("w:val"), "")
            if said.startswith("MENDELEY_CITATION"):
                return replace(look, field=said[:LONGEST])
            if said:
                return replace(look, key=said, computed=True)
        elif name == tag("w:hyperlink"):
            anchor = element.get(tag("w:anchor"), "")
            address = self._relations.address(element.get(tag("r:id"), ""))
            if address and anchor:
                address, anchor = f"{address}#{anchor}", ""
            return replace(look, anchor=anchor, link=address)
        elif name == tag("w:fldSimple"):
            address, anchor, cited = read_as(element.get(tag("w:instr"), ""))
            return replace(look, link=address, anchor=anchor, field=cited)
        return look

    def _field(self, element: etree._Element) -> None:
        if element.tag == tag("w:instrText"):
            if self._fields and not self._fields[-1].shows:
                self._fields[-1].instructions.append(element.text or "")
            return
        kind = element.get(tag("w:fldCharType"), "")
        if kind == "begin":
            data = element.find("w:fldData", W)
            self._fields.append(Field(data="" if data is None else data.text or ""))
        elif kind == "separate" and self._fields:
            self._fields[-1].shows = True
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _within_fields(self, look: Run) -> Run | None:
        """Return the look of text within the open fields; None where it is hidden."""
        for each in self._fields:
            if not each.shows:
                return None
            said = "".join(each.instructions)[:LONGEST]
            address, anchor, cited = read_as(said)
            if cited and each.data:
                cited = f"{cited} {decoded(each.data)}"[:LONGEST]
            look = replace(
                look,
                link=address or look.link,
                anchor=anchor or look.anchor,
                field=look.field or cited,
            )
        return look

    def _write(self, text: str, look: Run, paragraph: Gathered) -> None:
        text = INVISIBLE.sub("", text)
        if not text:
            return
        if self._fields:
            within = self._within_fields(look)
            if within is None:
                return
            look = within
        paragraph.write(text, look)
        if look.change != "deleted" and self._open:
            for number in list(self._open):
                noted = self._open[number]
                noted.words += text
                if len(noted.words) > QUOTED:
                    del self._open[number]

    def _picture(self, element: etree._Element, boxes: list[etree._Element]) -> str:
        """Return the digest of a picture; text boxes in it are kept for later."""
        digest, alternative = "", ""
        waiting = [element]
        while waiting:
            each = waiting.pop()
            for child in each:
                if child.tag == _BOX:
                    boxes.append(child)
                elif isinstance(child.tag, str) and child.tag not in _SKIPPED:
                    waiting.append(child)
            if each.tag == tag("a:blip"):
                digest = self._relations.picture(each.get(tag("r:embed"), ""))
            elif each.tag == tag("v:imagedata"):
                digest = self._relations.picture(each.get(tag("r:id"), ""))
            elif each.tag == tag("wp:docPr"):
                alternative = each.get("descr", "")
        if digest:
            content = self._relations.contents[digest]
            self.pictures[digest] = Picture(" ".join(alternative.split()), content)
        return digest

    def _note(self, element: etree._Element, *, within: bool) -> None:
        number = element.get(tag("w:id"), "")
        if element.tag == tag("w:commentRangeEnd"):
            self._open.pop(number, None)
            return
        # A range that opens between paragraphs belongs to the next one.
        index = len(self.paragraphs) - 1 if within else len(self.paragraphs)
        offset = self.paragraphs[-1].length if within and self.paragraphs else 0
        self.noted[number] = self._open[number] = Noted(index, offset)


def _font(run: etree._Element) -> str:
    fonts = run.find("w:rPr/w:rFonts", W)
    return "" if fonts is None else fonts.get(tag("w:ascii"), "")


def _break(element: etree._Element) -> str:
    return PAGE if element.get(tag("w:type")) in ("page", "column") else LINE


def _symbol(element: etree._Element) -> str:
    code = element.get(tag("w:char"), "")
    try:
        return symbol(element.get(tag("w:font"), ""), int(code, 16))
    except ValueError:
        return symbol("", -1)
