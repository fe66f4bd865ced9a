"""Edits of a Word file as a co-author makes them, by python-docx."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import docx
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from lxml import etree

from manuscript.word.package import NAMESPACES

MARK = "\N{OBJECT REPLACEMENT CHARACTER}MARK"


class Editor:
    """A Word file under edit; ``tracked`` keeps its changes for review."""

    def __init__(self, path: Path, *, tracked: bool = False) -> None:
        self.document: Document = docx.Document(str(path))
        self.tracked = tracked

    def paragraph(self, words: str) -> Paragraph:
        for element in self.document.element.body.iter(qn("w:p")):
            if words in text_of(element):
                return Paragraph(element, self.document._body)
        raise AssertionError(f"no paragraph has {words!r}")

    def replace(self, old: str, new: str) -> None:
        """Replace words wherever runs begin and end."""
        element = self.paragraph(old)._p
        start = text_of(element).index(old)
        end = start + len(old)
        position = 0
        touched = []
        for text in list(element.iter(qn("w:t"))):
            length = len(text.text or "")
            first, last = max(start - position, 0), min(end - position, length)
            if first < last:
                touched.append((text.getparent(), first, last))
            position += length
        for index, (run, first, last) in enumerate(touched):
            self._cut(run, first, last, new if index == 0 else "")

    def _cut(self, run: etree._Element, first: int, last: int, new: str) -> None:
        text = "".join(t.text or "" for t in run.iter(qn("w:t")))
        pieces = [
            (text[:first], None),
            (text[first:last], "w:del"),
            (new, "w:ins"),
            (text[last:], None),
        ]
        for words, change in pieces:
            if not words or (change == "w:del" and not self.tracked):
                continue
            piece = _run(run, words, deleted=change == "w:del")
            if change and self.tracked:
                mark = OxmlElement(change)
                mark.set(qn("w:id"), "9000")
                mark.set(qn("w:author"), "A. Reader")
                mark.set(qn("w:date"), "2026-11-23T10:00:00Z")
                mark.append(piece)
                piece = mark
            run.addprevious(piece)
        run.getparent().remove(run)

    def delete(self, words: str) -> None:
        element = self.paragraph(words)._p
        element.getparent().remove(element)

    def add_after(self, words: str, text: str, style: str | None = None) -> None:
        neighbour = self.paragraph(words)._p
        new = deepcopy(neighbour)
        for child in list(new):
            if child.tag != qn("w:pPr"):
                new.remove(child)
        neighbour.addnext(new)
        paragraph = Paragraph(new, self.document._body)
        paragraph.add_run(text)
        if style:
            paragraph.style = self.document.styles[style]

    def move_after(self, words: str, target: str) -> None:
        element = self.paragraph(words)._p
        self.paragraph(target)._p.addnext(element)

    def comment(self, words: str, text: str) -> None:
        element = self.paragraph(words)._p
        for run in element.iter(qn("w:r")):
            if words in "".join(t.text or "" for t in run.iter(qn("w:t"))):
                found = Run(run, Paragraph(element, self.document._body))
                self.document.add_comment(found, text=text, author="A. Reader")
                return
        raise AssertionError(f"no run has {words!r}")

    def emphasize(self, words: str) -> None:
        element = self.paragraph(words)._p
        self.replace(words, "\N{OBJECT REPLACEMENT CHARACTER}")
        for text in element.iter(qn("w:t")):
            if text.text == "\N{OBJECT REPLACEMENT CHARACTER}":
                text.text = words
                Run(text.getparent(), None).italic = True

    def insert(self, words: str, xml: str) -> None:
        """Set elements in right after words; ``xml`` is of the ``w`` namespace."""
        self.replace(words, f"{words}{MARK}")
        element = self.paragraph(MARK)._p
        for text in element.iter(qn("w:t")):
            if MARK in (text.text or ""):
                run = text.getparent()
                before, after = (text.text or "").split(MARK)
                rest = _run(run, after, deleted=False)
                text.text = before
                text.set(qn("xml:space"), "preserve")
                run.addnext(rest)
                for new in reversed(elements(xml)):
                    run.addnext(new)
                return

    def look(self, words: str, xml: str) -> None:
        """Give words a look, such as ``<w:strike/>``."""
        element = self.paragraph(words)._p
        self.replace(words, MARK)
        for text in element.iter(qn("w:t")):
            if text.text == MARK:
                text.text = words
                run = text.getparent()
                properties = run.find(qn("w:rPr"))
                if properties is None:
                    properties = OxmlElement("w:rPr")
                    run.insert(0, properties)
                properties.extend(elements(xml))

    def add_xml(self, words: str, xml: str) -> None:
        """Set paragraphs in after the one that has these words."""
        neighbour = self.paragraph(words)._p
        for new in reversed(elements(xml)):
            neighbour.addnext(new)

    def restyle(self, words: str, style: str) -> None:
        element = self.paragraph(words)._p
        element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}").set(qn("w:val"), style)

    def without_controls(self) -> None:
        """Take off what tells computed words, as Google Docs does."""
        for control in [*self.document.element.body.iter(qn("w:sdt"))]:
            for run in [*control.iter(qn("w:r"))]:
                style = run.find(f"{qn('w:rPr')}/{qn('w:rStyle')}")
                if style is not None:
                    style.getparent().remove(style)
                control.addprevious(run)
            control.getparent().remove(control)

    def save(self, path: Path) -> Path:
        self.document.save(str(path))
        return path


def elements(xml: str) -> list[etree._Element]:
    """Parse elements of the namespaces that Word uses."""
    spaces = " ".join(
        f'xmlns:{name}="{uri}"' for name, uri in NAMESPACES.items() if name != "xml"
    )
    root = etree.fromstring(f"<r {spaces}>{xml}</r>")
    return [*root]


def text_of(element: etree._Element) -> str:
    return "".join(text.text or "" for text in element.iter(qn("w:t")))


def _run(run: etree._Element, words: str, *, deleted: bool) -> etree._Element:
    new = deepcopy(run)
    for child in list(new):
        if child.tag != qn("w:rPr"):
            new.remove(child)
    text = OxmlElement("w:delText" if deleted else "w:t")
    text.set(qn("xml:space"), "preserve")
    text.text = words
    new.append(text)
    return new
