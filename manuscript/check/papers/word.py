"""The paragraphs of a Word file, as they read with its tracked changes accepted."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from manuscript.check.papers.paper import Paragraph, lowered, raised

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_GONE = frozenset((f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr"))
_SPACES = frozenset((f"{_W}tab", f"{_W}br", f"{_W}cr"))


def paragraphs(roots: list[etree._Element]) -> Iterator[Paragraph]:
    """Read the parts of a Word file; places are its paragraphs, counted through.

    Parameters
    ----------
    roots : list of element
        Body, footnotes and endnotes.
    """
    number = 0
    for root in roots:
        stack = [root]
        while stack:
            element = stack.pop()
            if element.tag == f"{_W}tr":
                first = number + 1
                cells: list[str] = []
                for cell in element.iter(f"{_W}tc"):
                    texts = []
                    for paragraph in cell.iter(f"{_W}p"):
                        number += 1
                        texts.append(_text(paragraph))
                    cells.append(" ".join(texts))
                yield Paragraph.at(first, " | ".join(cells))
            elif element.tag == f"{_W}p":
                number += 1
                text = _text(element)
                if text.strip():
                    yield Paragraph.at(number, text)
            else:
                stack.extend(reversed(element))


def _text(paragraph: etree._Element) -> str:
    text = ""
    stack = [paragraph]
    while stack:
        element = stack.pop()
        if element.tag in _GONE:
            continue
        if element.tag in (f"{_W}t", f"{_M}t"):
            text += _shifted(text, element)
        elif element.tag in _SPACES:
            text += " "
        elif element.tag == f"{_W}noBreakHyphen":
            text += "-"
        else:
            stack.extend(reversed(element))
    return text


def _shifted(before: str, element: etree._Element) -> str:
    """Return the text of a piece, with superscripts and subscripts written out."""
    text = element.text or ""
    run = element.getparent()
    shift = run.find(f"{_W}rPr/{_W}vertAlign") if run is not None else None
    kind = shift.get(f"{_W}val") if shift is not None else ""
    if kind == "superscript":
        return raised(before[-12:], text)
    return lowered(text) if kind == "subscript" else text
