"""Runs of a paragraph in Word's XML: cut into words, marked, put together again."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from typing import Final

from lxml import etree

from manuscript.word.package import W, tag

TOKEN: Final = re.compile(r"\s+|\d+(?:[.,]\d+)*|\w+(?:['’]\w+)*|[^\w\s]")


def content_of(element: etree._Element) -> list[etree._Element]:
    """List the children that are no properties."""
    properties = (tag("w:rPr"), tag("w:pPr"), tag("w:sdtPr"))
    return [child for child in element if child.tag not in properties]


def explode(paragraph: etree._Element) -> None:
    """Give each word a run of its own."""
    for run in [*paragraph.iter(tag("w:r"))]:
        look = run.find("w:rPr", W)
        for child in content_of(run):
            texts = [""]
            if child.tag == tag("w:t"):
                texts = TOKEN.findall(child.text or "")
            for text in texts:
                piece = etree.Element(tag("w:r"))
                if look is not None:
                    piece.append(deepcopy(look))
                part = deepcopy(child)
                part.tail = None
                if text:
                    _set_text(part, text)
                piece.append(part)
                run.addprevious(piece)
        remove(run)


def _set_text(element: etree._Element, text: str) -> None:
    element.text = text
    element.set(tag("xml:space"), "preserve")


def unlock(
    paragraph: etree._Element, touched: Callable[[etree._Element], bool]
) -> None:
    """Take content controls off what is tracked: a locked one cannot be decided."""
    for control in [*paragraph.iter(tag("w:sdt"))]:
        runs = [*control.iter(tag("w:r"))]
        if any(touched(run) for run in runs):
            for run in runs:
                control.addprevious(run)
            remove(control)


def remove(element: etree._Element) -> None:
    """Take an element out."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def as_deleted(mark: etree._Element) -> None:
    """Spell text as Word spells what is deleted."""
    for text in mark.iter(tag("w:t")):
        text.tag = tag("w:delText")


def join_marks(paragraph: etree._Element) -> None:
    """Make one mark of neighbouring ones."""
    for mark in [*paragraph.iter(tag("w:ins"), tag("w:del"))]:
        before = mark.getprevious()
        in_text = mark.getparent() is not None and len(mark)
        if in_text and before is not None and before.tag == mark.tag:
            for run in list(mark):
                before.append(run)
            remove(mark)


def join_runs(paragraph: etree._Element) -> None:
    """Make one run of neighbouring ones of one look."""
    for run in [*paragraph.iter(tag("w:r"))]:
        before = run.getprevious()
        if before is None or before.tag != run.tag or _look(before) != _look(run):
            continue
        ends, starts = content_of(before), content_of(run)
        if len(starts) != 1 or not ends or ends[-1].tag != starts[0].tag:
            continue
        if starts[0].tag in (tag("w:t"), tag("w:delText")):
            _set_text(ends[-1], (ends[-1].text or "") + (starts[0].text or ""))
            remove(run)


def _look(run: etree._Element) -> bytes:
    look = run.find("w:rPr", W)
    return b"" if look is None else etree.tostring(look, with_tail=False)
