"""Marks of tracked changes, as Word itself writes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from lxml import etree

from manuscript.word.package import W, tag
from manuscript.word.track.runs import as_deleted, join_marks, unlock

INSERTED: Final = "w:ins"
DELETED: Final = "w:del"


@dataclass(frozen=True)
class Author:
    """Who made a change.

    Attributes
    ----------
    name : str
    date : str
        As in ``2026-11-22T09:30:00Z``.
    """

    name: str
    date: str


class Marks:
    """Makes marks with identifiers that a text does not have yet.

    Parameters
    ----------
    root : Element
        The text.
    author : Author
        Whose changes are marked from now on.

    Attributes
    ----------
    author : Author
    """

    def __init__(self, root: etree._Element, author: Author) -> None:
        self.author = author
        ids = (each.get(tag("w:id"), "") for each in root.iter())
        self._first = max((int(i) for i in ids if i.isdecimal()), default=0) + 1
        self._ids = count(self._first)

    def made(self) -> int:
        """Count the marks; the last thing to ask for."""
        return next(self._ids) - self._first

    def mark(self, change: str) -> etree._Element:
        """Make a mark."""
        mark = etree.Element(tag(change))
        mark.set(tag("w:id"), str(next(self._ids)))
        mark.set(tag("w:author"), self.author.name)
        mark.set(tag("w:date"), self.author.date)
        return mark

    def wrap(self, runs: Sequence[etree._Element], change: str) -> None:
        """Mark neighbouring runs."""
        mark = self.mark(change)
        runs[0].addprevious(mark)
        for run in runs:
            mark.append(run)
        if change == DELETED:
            as_deleted(mark)

    def wrap_all(self, element: etree._Element, change: str) -> None:
        """Mark a paragraph or table as a whole."""
        for row in element.iter(tag("w:tr")):
            _properties(row, "w:trPr").append(self.mark(change))
        for paragraph in [*element.iter(tag("w:p"))]:
            unlock(paragraph, lambda run: True)
            self._mark_end(paragraph, change)
            for run in [*paragraph.iter(tag("w:r"))]:
                self.wrap([run], change)
            join_marks(paragraph)

    def _mark_end(self, paragraph: etree._Element, change: str) -> None:
        properties = _properties(paragraph, "w:pPr")
        if properties.find("w:sectPr", W) is not None:
            return
        look = properties.find("w:rPr", W)
        if look is None:
            look = etree.SubElement(properties, tag("w:rPr"))
        look.insert(0, self.mark(change))


def _properties(element: etree._Element, name: str) -> etree._Element:
    """Find the properties of an element, or give it empty ones."""
    properties = element.find(name, W)
    if properties is None:
        properties = etree.Element(tag(name))
        element.insert(0, properties)
    return properties
