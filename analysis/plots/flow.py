"""Flow diagrams: who and what was selected, and what was left out.

The main line runs down the left, what is left out stands beside it, and the
groups into which the last box divides stand below. Stages between two boxes whose
numbers are not public share a line beside the arrow that passes them; a group
without a number is a dashed box. Phases, where boxes name them, are marked at the
left.
"""

from __future__ import annotations

from collections.abc import Iterable
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
MAIN, SIDE = 0.54, 0.38  # shares of a panel's width


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
    everything = [one for parts in placed for one in parts]
    height = max(one.bottom for one in everything)
    key = any(not one.is_known for one in everything)
    sheet = Sheet(page.width, height + (16 if key else 3))
    for panel, parts in zip(panels, placed, strict=True):
        _draw_panel(sheet, panel, parts)
    if key:
        _draw_key(sheet, height + 9)
    return sheet.figure


@dataclass(frozen=True)
class _Passed:
    """Stages whose numbers are not public, on one line beside an arrow."""

    lines: tuple[str, ...]
    phase: str
    left: float
    top: float
    bottom: float

    is_known = True


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

    @property
    def phase(self) -> str:
        return self.box.phase

    @property
    def is_known(self) -> bool:
        return self.box.number is not None


@dataclass(frozen=True)
class _Panel:
    letter: str
    title: str
    flow: Flow
    left: float
    right: float

    def place(self) -> list[_Placed | _Passed]:
        """Stack the main line with what stands beside it, then the groups."""
        phases = _phase_width(box.phase for box in self.flow.boxes)
        left = self.left + (phases + APART if phases else 0.0)
        width = self.right - left
        main = (left, left + MAIN * width)
        side = (self.right - SIDE * width, self.right)
        placed: list[_Placed | _Passed] = []
        y = HEADING
        line = [box for box in self.flow.boxes if box.place == "main"]
        passed: list[Box] = []
        for box in line:
            beside = [b for b in self.flow.parts(box.name) if b.place == "side"]
            known = [b for b in beside if b.number is not None]
            unknown = [b for b in beside if b.number is None]
            if box not in (line[0], line[-1]) and box.number is None and not known:
                passed += [box, *unknown]
                continue
            if passed:
                placed.append(self._passed(passed, sum(main) / 2 + 8, y))
                y = placed[-1].bottom + BETWEEN
            row = [(box, main), *((b, side) for b in known)]
            height = max(_height(b, *span) for b, span in row)
            placed += [_placed(b, *span, y, height) for b, span in row]
            y += height + BETWEEN
            passed = unknown
        placed += self._groups(line[-1], left, self.right, y)
        if passed:
            foot = max(part.bottom for part in placed)
            placed.append(self._passed(passed, left, foot + APART))
        return placed

    def _passed(self, boxes: list[Box], left: float, top: float) -> _Passed:
        names = "; ".join(box.label[:1].lower() + box.label[1:] for box in boxes)
        lines = style.wrap(
            f"{NOT_PUBLIC.capitalize()}: {names}", self.right - left, style.SMALL
        )
        height = LEADING * max(len(lines), 2) + 2
        return _Passed(tuple(lines), boxes[-1].phase, left, top, top + height)

    def _groups(
        self, parent: Box, left: float, right: float, top: float
    ) -> list[_Placed | _Passed]:
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
        placed: list[_Placed | _Passed] = []
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


def _draw_panel(sheet: Sheet, panel: _Panel, parts: list[_Placed | _Passed]) -> None:
    sheet.text(panel.left, 6, panel.letter, size=style.TITLE, bold=True)
    sheet.text(panel.left + 9, 6, panel.title, size=style.TITLE, bold=True)
    boxes = [part for part in parts if isinstance(part, _Placed)]
    by_name = {placed.box.name: placed for placed in boxes}
    above = {box.name: box.part_of for box in panel.flow.boxes}
    for placed in boxes:
        parent = placed.box.part_of
        while parent and parent not in by_name:
            parent = above[parent]
        if parent:
            sheet.arrow(_route(by_name[parent], placed), width=0.6)
    for placed in boxes:
        _draw_box(sheet, placed)
    for part in parts:
        if isinstance(part, _Passed):
            _draw_passed(sheet, part)
    _draw_phases(sheet, panel.left, parts)


def _draw_passed(sheet: Sheet, part: _Passed) -> None:
    y = (part.top + part.bottom - LEADING * (len(part.lines) - 1)) / 2
    for line in part.lines:
        sheet.text(part.left, y, line, size=style.SMALL, color=style.MUTED)
        y += LEADING


def _draw_phases(sheet: Sheet, left: float, parts: list[_Placed | _Passed]) -> None:
    width = _phase_width(part.phase for part in parts)
    for phase in dict.fromkeys(part.phase for part in parts if part.phase):
        own = [part for part in parts if part.phase == phase]
        top, bottom = min(p.top for p in own), max(p.bottom for p in own)
        sheet.box(left, top, left + width, bottom, fill=style.TINT)
        sheet.text(
            left + width / 2,
            (top + bottom) / 2,
            phase,
            size=style.SMALL,
            bold=True,
            color=style.BLUE,
            align="center",
        )


def _phase_width(phases: Iterable[str]) -> float:
    widths = [style.text_width(phase, style.SMALL, True) for phase in phases if phase]
    return max(widths) + 2 * PADDING if widths else 0.0


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
