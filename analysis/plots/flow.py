"""Flow diagrams: who and what was selected, and what was left out.

The main line runs down the left, what is left out stands beside it, and the
groups into which the last box divides stand below. A number that is not public
is said to be so, in a dashed box.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.plots.paper import style
from analysis.plots.paper.sheet import Point, Sheet
from analysis.plots.paper.style import Page
from analysis.review import NOT_PUBLIC, Box, Flow

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PADDING = 4.0
LEADING = 7.6
BETWEEN = 13.0  # rows
APART = 6.0  # neighbouring boxes
HEADING = 16.0
MAIN, SIDE = 0.52, 0.38  # shares of a panel's width


@dataclass(frozen=True)
class Titled:
    """A flow under its title."""

    title: str
    flow: Flow


def side_by_side(first: Titled, second: Titled, page: Page) -> Figure:
    """Draw two flows with any number of boxes, the first with more room."""
    end, start = 0.55 * page.width, 0.60 * page.width
    panels = (
        _Panel("A", first.title, first.flow, 1.0, end),
        _Panel("B", second.title, second.flow, start, page.width - 1.0),
    )
    placed = [panel.place() for panel in panels]
    height = max(box.bottom for boxes in placed for box in boxes)
    key = any(box.number is None for panel in panels for box in panel.flow.boxes)
    sheet = Sheet(page.width, height + (16 if key else 3))
    for panel, boxes in zip(panels, placed, strict=True):
        _draw_panel(sheet, panel, boxes)
    if key:
        _draw_key(sheet, height + 9)
    return sheet.figure


@dataclass(frozen=True)
class _Placed:
    """A box on the page, in points."""

    box: Box
    lines: tuple[str, ...]
    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


@dataclass(frozen=True)
class _Panel:
    letter: str
    title: str
    flow: Flow
    left: float
    right: float

    def place(self) -> list[_Placed]:
        """Stack the main line with what stands beside it, then the groups."""
        width = self.right - self.left
        main = (self.left, self.left + MAIN * width)
        side = (self.right - SIDE * width, self.right)
        placed: list[_Placed] = []
        y = HEADING
        line = [box for box in self.flow.boxes if box.place == "main"]
        for box in line:
            beside = [b for b in self.flow.parts(box.name) if b.place == "side"]
            row = [(box, main), *((b, side) for b in beside)]
            height = max(_height(b, *span) for b, span in row)
            placed += [_placed(b, *span, y, height) for b, span in row]
            y += height + BETWEEN
        placed += self._groups(line[-1], self.left, self.right, y)
        return placed

    def _groups(
        self, parent: Box, left: float, right: float, top: float
    ) -> list[_Placed]:
        """Give every group its share of the width, by the groups it divides into."""
        groups = [b for b in self.flow.parts(parent.name) if b.place == "group"]
        if not groups:
            return []
        shares = [self._leaves(box) for box in groups]
        one = (right - left + APART) / sum(shares)
        spans, x = [], left
        for share in shares:
            spans.append((x, x + share * one - APART))
            x += share * one
        height = max(_height(b, *span) for b, span in zip(groups, spans, strict=True))
        placed: list[_Placed] = []
        for box, span in zip(groups, spans, strict=True):
            placed.append(_placed(box, *span, top, height))
            placed += self._groups(box, *span, top + height + BETWEEN)
        return placed

    def _leaves(self, box: Box) -> int:
        groups = [b for b in self.flow.parts(box.name) if b.place == "group"]
        return sum(self._leaves(group) for group in groups) or 1


def _lines(box: Box, left: float, right: float) -> tuple[str, ...]:
    return tuple(style.wrap(box.label, right - left - 2 * PADDING, style.BODY))


def _height(box: Box, left: float, right: float) -> float:
    return LEADING * (len(_lines(box, left, right)) + 1) + 2 * PADDING - 1


def _placed(box: Box, left: float, right: float, top: float, height: float) -> _Placed:
    return _Placed(box, _lines(box, left, right), left, top, right, top + height)


def _draw_panel(sheet: Sheet, panel: _Panel, boxes: list[_Placed]) -> None:
    sheet.text(panel.left, 6, panel.letter, size=style.TITLE, bold=True)
    sheet.text(panel.left + 9, 6, panel.title, size=style.TITLE, bold=True)
    by_name = {placed.box.name: placed for placed in boxes}
    for placed in boxes:
        if placed.box.part_of:
            sheet.arrow(_route(by_name[placed.box.part_of], placed), width=0.6)
    for placed in boxes:
        _draw_box(sheet, placed)


def _route(parent: _Placed, child: _Placed) -> list[Point]:
    if child.box.place == "side":
        y = (parent.top + parent.bottom) / 2
        return [(parent.right, y), (child.left, y)]
    start, end = (parent.middle, parent.bottom), (child.middle, child.top)
    turn = end[1] - BETWEEN * 0.6
    if abs(start[0] - end[0]) < 0.01:
        return [start, end]
    return [start, (start[0], turn), (end[0], turn), end]


def _draw_box(sheet: Sheet, placed: _Placed) -> None:
    public = placed.box.number is not None
    sheet.box(
        placed.left,
        placed.top,
        placed.right,
        placed.bottom,
        fill=style.TINT if public else style.PAPER,
        edge=style.INK if public else style.RULE,
        width=0.5,
        dashes=None if public else (2.5, 2.0),
    )
    depth = LEADING * (len(placed.lines) + 1)
    y = (placed.top + placed.bottom - depth) / 2 + LEADING / 2
    for line in placed.lines:
        sheet.text(placed.middle, y, line, align="center")
        y += LEADING
    number = f"n = {placed.box.text}" if public else f"({NOT_PUBLIC})"
    sheet.text(
        placed.middle,
        y,
        number,
        bold=public,
        color=style.INK if public else style.MUTED,
        align="center",
    )


def _draw_key(sheet: Sheet, y: float) -> None:
    sheet.box(1, y - 3, 15, y + 3, edge=style.RULE, width=0.5, dashes=(2.5, 2.0))
    note = "Number not public"
    sheet.text(19, y, note, size=style.SMALL, color=style.MUTED)
