"""Widths of the columns of tables in Word: none is narrower than its longest word.

Widths of letters are upper bounds of those of Times Bold (Adobe's metrics), in which
the reference document sets heads of tables; a table whose words need more room than
the page has is set in smaller type.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_EXTENT: Final = (
    "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}extent"
)
_EMU: Final = 635  # a twip
_SIZE, _LEAST = 19, 12  # half points: of tables in the reference document
_SMALL: Final = 16  # for estimates to stay whole
_MARGINS: Final = 160  # twips, both sides of a cell and slack
# Where a line may end within a word.
_BREAKS: Final = re.compile(r"[ \t\n]+|(?<=[-–—])(?=\w)")
# An estimate with its interval, or a count of a number, is whole where there is room.
_ESTIMATE: Final = re.compile(r"[<≤≥>]?\s?[−\d.,]+( ?%| \([^()]*\)|[ /\d]*)")
_NARROW: Final = frozenset("ijlt.,;:'’|!()[]/ \N{NO-BREAK SPACE}")
_WIDE: Final = frozenset("mw")
_WIDEST: Final = frozenset("MW%@—")
_AFTER_SIZE: Final = frozenset(
    f"{W}{name}"
    for name in (
        *("highlight", "u", "effect", "bdr", "shd", "fitText", "vertAlign", "rtl"),
        *("cs", "em", "lang", "eastAsianLayout", "specVanish", "oMath"),
    )
)


@dataclass
class _Column:
    least: float = 0  # twips at the size of the reference document
    whole: float = 0  # the same where no estimate is divided
    wanted: float = 0


def fit(root: Any) -> None:
    """Set the widths of all columns of a document.

    Parameters
    ----------
    root : lxml element
        Of ``word/document.xml``; changed in its place.
    """
    for table in [*root.iter(f"{W}tbl")]:
        room = _room(table)
        columns = table.findall(f"{W}tblGrid/{W}gridCol")
        if room and columns:
            _fit(table, columns, room)


def _room(table: Any) -> int:
    """Width of the text where a table stands, in twips; 0 where it is not known."""
    for section in table.xpath(
        "following::w:sectPr[1]", namespaces={"w": W.strip("{}")}
    ):
        size, margin = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
        if size is not None and margin is not None:
            sides = (margin.get(f"{W}left", "0"), margin.get(f"{W}right", "0"))
            return int(size.get(f"{W}w", "0")) - sum(map(int, sides))
    return 0


def _fit(table: Any, grid: list[Any], room: int) -> None:
    columns = [_Column() for _ in grid]
    for first, span, cell in _cells(table):
        if span == 1 and first < len(columns):
            column = columns[first]
            for least, whole, wanted in _needs(cell):
                column.least = max(column.least, least)
                column.whole = max(column.whole, whole)
                column.wanted = max(column.wanted, wanted)
    margins = _MARGINS * len(columns)
    least = sum(column.least for column in columns)
    layout = table.find(f"{W}tblPr/{W}tblLayout")
    fixed = layout is not None and layout.get(f"{W}type") == "fixed"
    if not fixed and least + margins <= room:
        return  # Word fits such a table itself, by the same rule
    needs = [column.whole for column in columns]
    if sum(needs) * _SMALL / _SIZE + margins > room:
        needs = [column.least for column in columns]
    scale = min(1.0, (room - margins) / sum(needs)) if sum(needs) else 1.0
    if scale < 1:
        size = max(_LEAST, int(_SIZE * scale))
        _shrink(table, size)
        scale = size / _SIZE
    needed = [need * scale + _MARGINS for need in needs]
    given = [float(column.get(f"{W}w") or 0) for column in grid]
    wishes = given if fixed and all(given) else [c.wanted + _MARGINS for c in columns]
    widths = share(room, needed, wishes)
    _set(table, grid, widths)


def share(room: float, needed: list[float], wanted: list[float]) -> list[int]:
    """Share room out as it is wanted, none getting less than it needs.

    Where the needs together exceed the room, all are cut alike.

    Examples
    --------
    >>> share(100, [40, 10, 10], [1, 1, 2])
    [40, 20, 40]
    """
    if sum(needed) >= room:
        return [int(need * room / sum(needed)) for need in needed]
    short: set[int] = set()
    while True:
        left = room - sum(needed[i] for i in short)
        free = sum(want for i, want in enumerate(wanted) if i not in short)
        given = [
            needed[i] if i in short else left * want / free
            for i, want in enumerate(wanted)
        ]
        more = {i for i, need in enumerate(needed) if given[i] < need}
        if not more:
            return [int(width) for width in given]
        short |= more


def _set(table: Any, grid: list[Any], widths: list[int]) -> None:
    for column, width in zip(grid, widths, strict=True):
        column.set(f"{W}w", str(width))
    whole = table.find(f"{W}tblPr/{W}tblW")
    if whole is not None:
        whole.set(f"{W}type", "dxa")
        whole.set(f"{W}w", str(sum(widths)))
    for first, span, cell in _cells(table):
        properties = properties_of(cell, "tcPr")
        for old in properties.findall(f"{W}tcW"):
            properties.remove(old)
        whole_cell = str(sum(widths[first : first + span]))
        told = {f"{W}w": whole_cell, f"{W}type": "dxa"}
        properties.insert(0, etree.Element(f"{W}tcW", told))


def properties_of(element: Any, name: str, at: int = 0) -> Any:
    """Return the properties of an element, made at a place in it if there are none."""
    properties = element.find(f"{W}{name}")
    if properties is None:
        properties = etree.Element(f"{W}{name}")
        element.insert(at, properties)
    return properties


def _cells(table: Any) -> Iterator[tuple[int, int, Any]]:
    """Yield first column, number of columns and element of each cell."""
    for row in table.iterchildren(f"{W}tr"):
        at = 0
        for cell in row.iterchildren(f"{W}tc"):
            span = cell.find(f"{W}tcPr/{W}gridSpan")
            width = 1 if span is None else int(span.get(f"{W}val", "1"))
            yield at, width, cell
            at += width


def _needs(cell: Any) -> Iterator[tuple[float, float, float]]:
    """Yield widths of longest word, longest whole, and all of each paragraph."""
    for extent in cell.iter(_EXTENT):
        width = int(extent.get("cx", "0")) / _EMU
        yield width, width, width
    for paragraph in cell.iter(f"{W}p"):
        text = "".join(part.text or "" for part in paragraph.iter(f"{W}t"))
        word, all_ = max(map(_width, _BREAKS.split(text))), _width(text)
        yield word, all_ if _ESTIMATE.fullmatch(text) else word, all_


def _width(text: str) -> float:
    """Width of text in twips, at the size of the reference document.

    Examples
    --------
    >>> _width("min") < _width("MIN")
    True
    """
    return sum(map(_em, text)) * _SIZE * 10


def _em(letter: str) -> float:
    if letter in _NARROW:
        return 0.35
    if letter in _WIDE:
        return 0.85
    if letter in _WIDEST:
        return 1.0
    return 0.78 if letter.isupper() else 0.57


def _shrink(table: Any, size: int) -> None:
    for run in table.iter(f"{W}r"):
        properties = properties_of(run, "rPr")
        for name in ("sz", "szCs"):
            for old in properties.findall(f"{W}{name}"):
                properties.remove(old)
            new = etree.Element(f"{W}{name}", {f"{W}val": str(size)})
            after = next((e for e in properties if e.tag in _AFTER_SIZE), None)
            if after is None:
                properties.append(new)
            else:
                after.addprevious(new)
