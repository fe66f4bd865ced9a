"""A Word file read: paragraphs of runs, tracked changes made, comments placed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal

from lxml import etree

from manuscript.word.package.model import (
    INVISIBLE,
    PICTURE,
    Comment,
    EditedDocument,
    Paragraph,
    Run,
    Where,
)
from manuscript.word.package.parts import (
    DOCUMENT,
    Package,
    W,
    open_package,
    refusal,
    tag,
)

DEEPEST: Final = 200  # nesting that no word processor writes

_VALUE_STYLE: Final = "computedvalue"
_CLAIM_STYLE: Final = "claim"
_OFF: Final = ("0", "false", "off", "none")
_NOTES: Final = {"word/footnotes.xml": "w:footnote", "word/endnotes.xml": "w:endnote"}
_CHARACTERS: Final = {
    tag("w:tab"): " ",
    tag("w:br"): " ",
    tag("w:cr"): " ",
    tag("w:noBreakHyphen"): "\N{NON-BREAKING HYPHEN}",
    tag("w:softHyphen"): "",
    tag("w:drawing"): PICTURE,
    tag("w:pict"): PICTURE,
    tag("w:object"): PICTURE,
    tag("w:footnoteReference"): PICTURE,
    tag("w:endnoteReference"): PICTURE,
}
_TEXTS: Final = (tag("w:t"), tag("w:delText"), tag("m:t"))
_INSERTIONS: Final = (tag("w:ins"), tag("w:moveTo"))
_DELETIONS: Final = (tag("w:del"), tag("w:moveFrom"))
_SKIPPED: Final = (tag("mc:Fallback"), tag("w:rPr"), tag("w:pPr"), tag("w:sdtPr"))


def read_document(path: Path) -> EditedDocument:
    """Read a Word file.

    Raises
    ------
    ManuscriptError
        For what is no Word file, or is built to harm whoever opens it.
    """
    package = open_package(path)
    reader = _Reader(package)
    root = package.xml(DOCUMENT)
    body = None if root is None else root.find("w:body", W)
    if body is None:
        raise refusal(package.name, "it holds no text")
    _refuse_depth(package, body)
    reader.blocks(body, "body")
    for part, note in _NOTES.items():
        root = package.xml(part)
        if root is not None:
            _refuse_depth(package, root)
            for each in root.iter(tag(note)):
                if each.get(tag("w:type")) in (None, "normal"):
                    reader.blocks(each, "note")
    return EditedDocument(
        package.name,
        tuple(_joined(reader.paragraphs)),
        tuple(reader.comments()),
        reader.tracked,
        _properties(package),
    )


def _refuse_depth(package: Package, root: etree._Element) -> None:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            raise refusal(package.name, "its text is nested deeper than Word nests")


def _properties(package: Package) -> dict[str, str]:
    root = package.xml("docProps/custom.xml")
    if root is None:
        return {}
    return {
        each.get("name", ""): "".join(map(str, each.itertext()))
        for each in root
        if isinstance(each.tag, str)
    }


def _joined(paragraphs: list[_Paragraph]) -> Iterator[Paragraph]:
    """Paragraphs with the deleted ends gone; keeps the number of paragraphs."""
    carried: list[Run] = []
    authors: dict[str, None] = {}
    for each in paragraphs:
        runs = [*carried, *each.runs]
        authors.update(dict.fromkeys(each.authors))
        if each.end_deleted:
            # An empty paragraph stands in its place, so that comments keep theirs.
            carried = runs
            yield Paragraph((), each.style, each.where, False)
            continue
        yield Paragraph(tuple(runs), each.style, each.where, True, tuple(authors))
        carried, authors = [], {}
    if carried:
        yield Paragraph(tuple(carried), "", "body", True, tuple(authors))


@dataclass
class _Paragraph:
    style: str
    where: Where
    end_deleted: bool
    runs: list[Run] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)

    @property
    def length(self) -> int:
        return sum(len(run.text) for run in self.runs if run.change != "deleted")


@dataclass
class _Noted:
    paragraph: int = -1
    offset: int = 0
    words: str = ""
    open: bool = False


class _Reader:
    """Walks the text once."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._noted: dict[str, _Noted] = {}
        self._change: Literal["", "inserted", "deleted"] = ""
        self.paragraphs: list[_Paragraph] = []
        self.tracked = 0

    def blocks(self, parent: etree._Element, where: Where) -> None:
        for element in parent:
            if element.tag == tag("w:p"):
                self._paragraph(element, where)
            elif element.tag == tag("w:tbl"):
                for row in element.iter(tag("w:tr")):
                    if row.find("w:trPr/w:del", W) is None:
                        for cell in row.iterchildren(tag("w:tc"), tag("w:sdt")):
                            self.blocks(cell, "table")
            elif element.tag in (tag("w:commentRangeStart"), tag("w:commentRangeEnd")):
                self._note(element)
            elif element.tag not in _SKIPPED and isinstance(element.tag, str):
                self.blocks(element, where)

    def _paragraph(
        self,
        element: etree._Element,
        where: Where,
    ) -> None:
        style = element.find("w:pPr/w:pStyle", W)
        end = element.find("w:pPr/w:rPr/w:del", W)
        moved = element.find("w:pPr/w:rPr/w:moveFrom", W)
        paragraph = _Paragraph(
            _name(style), where, end is not None or moved is not None
        )
        self.paragraphs.append(paragraph)
        boxes = self._inlines(element, Run(""), paragraph)
        for box in boxes:
            self.blocks(box, "box")

    def _inlines(
        self, parent: etree._Element, look: Run, paragraph: _Paragraph
    ) -> list[etree._Element]:
        boxes: list[etree._Element] = []
        for element in parent:
            name = element.tag
            if name in _SKIPPED or not isinstance(name, str):
                continue
            if name == tag("w:txbxContent"):
                boxes.append(element)
            elif name in _TEXTS:
                self._write(element.text or "", look, paragraph)
            elif name in _CHARACTERS:
                self._write(_CHARACTERS[name], look, paragraph)
                if name in (tag("w:drawing"), tag("w:pict")):
                    boxes += element.iter(tag("w:txbxContent"))
            elif name in (tag("w:commentRangeStart"), tag("w:commentRangeEnd")):
                self._note(element)
            elif name == tag("w:commentReference"):
                self._noted.setdefault(
                    element.get(tag("w:id"), ""),
                    _Noted(len(self.paragraphs) - 1, paragraph.length),
                )
            else:
                boxes += self._inlines(
                    element, self._look(element, look, paragraph), paragraph
                )
        return boxes

    def _look(self, element: etree._Element, look: Run, paragraph: _Paragraph) -> Run:
        """Return how text within an element looks."""
        name = element.tag
        if name in _INSERTIONS or name in _DELETIONS:
            self.tracked += 1
            if author := element.get(tag("w:author")):
                paragraph.authors.append(author)
            gone = name in _DELETIONS or look.change == "deleted"
            return replace(look, change="deleted" if gone else "inserted")
        if name == tag("w:sdt"):
            key = element.find("w:sdtPr/w:tag", W)
            if key is not None and key.get(tag("w:val")):
                return replace(look, key=key.get(tag("w:val"), ""), computed=True)
        elif name == tag("w:hyperlink"):
            return replace(look, anchor=element.get(tag("w:anchor"), ""))
        elif name == tag("w:r"):
            return self._run(element, look)
        return look

    def _run(self, element: etree._Element, look: Run) -> Run:
        look_of = element.find("w:rPr", W)
        if look_of is None:
            return look
        style = _name(look_of.find("w:rStyle", W))
        raised = look_of.find("w:vertAlign", W)
        return replace(
            look,
            bold=_is_on(look_of.find("w:b", W)),
            italic=_is_on(look_of.find("w:i", W)),
            raised=raised is not None and raised.get(tag("w:val")) == "superscript",
            computed=look.computed or style == _VALUE_STYLE,
            claim=look.claim or style == _CLAIM_STYLE,
        )

    def _write(self, text: str, look: Run, paragraph: _Paragraph) -> None:
        text = INVISIBLE.sub("", text)
        if not text:
            return
        last = paragraph.runs[-1] if paragraph.runs else None
        # Two values beside each other stay two: their keys differ.
        if last and replace(last, text="") == replace(look, text=""):
            paragraph.runs[-1] = replace(last, text=last.text + text)
        else:
            paragraph.runs.append(replace(look, text=text))
        if look.change != "deleted":
            for noted in self._noted.values():
                if noted.open:
                    noted.words += text

    def _note(self, element: etree._Element) -> None:
        number = element.get(tag("w:id"), "")
        if element.tag == tag("w:commentRangeEnd"):
            if number in self._noted:
                self._noted[number].open = False
            return
        # A range that opens between paragraphs belongs to the next one.
        inside = element.getparent()
        within = inside is not None and inside.tag not in (
            tag("w:body"),
            tag("w:tc"),
        )
        index = len(self.paragraphs) - 1 if within else len(self.paragraphs)
        offset = self.paragraphs[-1].length if within and self.paragraphs else 0
        self._noted[number] = _Noted(index, offset, "", True)

    def comments(self) -> Iterator[Comment]:
        root = self._package.xml("word/comments.xml")
        if root is None:
            return
        for element in root.iter(tag("w:comment")):
            noted = self._noted.get(element.get(tag("w:id"), ""), _Noted())
            paragraphs = (
                "".join(text.text or "" for text in each.iter(tag("w:t")))
                for each in element.iter(tag("w:p"))
            )
            yield Comment(
                element.get(tag("w:author"), ""),
                element.get(tag("w:date"), ""),
                "\n".join(filter(None, paragraphs)),
                noted.paragraph if noted.paragraph < len(self.paragraphs) else -1,
                noted.offset,
                " ".join(noted.words.split()),
            )


def _name(style: etree._Element | None) -> str:
    value = "" if style is None else style.get(tag("w:val"), "")
    return "".join(value.split()).lower()


def _is_on(toggle: etree._Element | None) -> bool:
    return toggle is not None and toggle.get(tag("w:val"), "1") not in _OFF
