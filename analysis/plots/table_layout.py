"""Where the parts of a table of intervals stand on the page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from analysis.plots.interval_table import (
    Cell,
    IntervalTable,
    PlotColumn,
    Row,
    TextColumn,
)
from analysis.plots.paper import style
from analysis.plots.paper.style import Page

GAP = 7.0
MARGIN = 3.0
HEADER_LINE = 8.2
LEADING = style.BODY * 1.2
NARROWEST_PLOT = 75.0
APART = 12.0  # between tables
ROOMY, TIGHT = 9.8, 7.6  # points from row to row


@dataclass
class Layout:
    """Positions in points.

    Attributes
    ----------
    table : IntervalTable
    pitch : float
        From row to row.
    wanted : float
        Width of the page.
    span : dict of str to (float, float)
        Left and right edge of each column.
    stem : dict of str to float
        Width of the estimates before their intervals, by column.
    width : float
        Of the page: as wanted, unless its text needs more.
    """

    table: IntervalTable
    pitch: float
    wanted: float
    span: dict[str, tuple[float, float]] = field(init=False)
    stem: dict[str, float] = field(init=False)

    def __post_init__(self) -> None:
        columns = self.table.columns
        self.stem = {key: self._longest(key, "text") for key in columns}
        widths = {
            key: self._text_column_width(key, column)
            for key, column in columns.items()
            if isinstance(column, TextColumn)
        }
        for name, keys in self.table.groups().items():
            wanted = style.text_width(name, style.BODY, bold=True)
            held = math.fsum(widths[key] for key in keys) + GAP * (len(keys) - 1)
            widths[keys[0]] += max(0.0, wanted - held)
        gaps = [GAP + column.space for column in columns.values()]
        taken = math.fsum(widths.values()) + math.fsum(gaps[1:]) + 2 * MARGIN
        shares = math.fsum(column.share for column in self.table.plots().values())
        floor = NARROWEST_PLOT * len(self.table.plots())
        free = max(self.wanted - taken, floor)
        self.width = taken + free
        widths |= {
            key: free * plot.share / shares for key, plot in self.table.plots().items()
        }
        self.span, x = {}, MARGIN - gaps[0]
        for key, gap in zip(columns, gaps, strict=True):
            self.span[key] = (x + gap, x + gap + widths[key])
            x += gap + widths[key]

    @property
    def header_lines(self) -> int:
        """Lines of the column headings."""
        return max(
            column.header.count("\n") + 1 for column in self.table.columns.values()
        )

    @property
    def header_top(self) -> float:
        """Where the column headings begin, below titles and group headings."""
        titles = 13.0 if self.table.panels else 2.0
        return titles + (HEADER_LINE + 1.5 if self.table.groups() else 0)

    @property
    def body_top(self) -> float:
        """Where the first row begins."""
        return self.header_top + HEADER_LINE * self.header_lines + 3.5

    @property
    def height(self) -> float:
        """Height of the page."""
        body = math.fsum(row.gap + self.row_height(row) for row in self.table.rows)
        notes = math.fsum(self.row_height(row) for row in self.table.notes) + 3
        axes = max(
            (axis_depth(plot) for plot in self.table.plots().values()), default=0
        )
        return self.body_top + body + max(notes, axes) + 3

    def row_height(self, row: Row) -> float:
        """Height of a row: one line, or as many as its text breaks into."""
        lines = max((len(self.lines(key, c)) for key, c in row.texts()), default=1)
        return self.pitch + (lines - 1) * LEADING

    def lines(self, key: str, cell: Cell) -> list[str]:
        """Break a cell that spans columns into lines."""
        column = self.table.columns[key]
        if cell.spans:
            room = self._room(key)
        elif isinstance(column, TextColumn) and not cell.tail:
            return style.shorten(cell.text, column.widest, cell.size, cell.bold)
        else:
            room = math.inf
        return style.wrap(cell.text, room, cell.size, cell.bold)

    def _room(self, key: str) -> float:
        """Width from a column's left edge to the next plot, or to the margin."""
        left = self.span[key][0]
        plots = [self.span[plot][0] for plot in self.table.plots()]
        return min([x - GAP for x in plots if x > left] + [self.width - MARGIN]) - left

    def _text_column_width(self, key: str, column: TextColumn) -> float:
        headings = [
            style.text_width(line, style.BODY, bold=True)
            for line in column.header.split("\n")
        ]
        stem, tail = self.stem[key], self._longest(key, "tail")
        alone = [
            style.text_width(cell.text, cell.size, cell.bold)
            for cell in self._entries(key)
            if not cell.tail
        ]
        return max([*headings, *(min(w, column.widest) for w in alone), stem + tail])

    def _longest(self, key: str, part: Literal["text", "tail"]) -> float:
        """Return the width of the longest estimate, or of what follows it."""
        return max(
            (
                style.text_width(getattr(cell, part), cell.size, cell.bold)
                for cell in self._entries(key)
                if cell.tail
            ),
            default=0.0,
        )

    def _entries(self, key: str) -> list[Cell]:
        return [
            cell
            for row in (*self.table.rows, *self.table.notes)
            for name, cell in row.texts()
            if name == key and not cell.spans
        ]


def paginate(
    tables: Sequence[IntervalTable], page: Page
) -> tuple[list[list[Layout]], float]:
    """Lay out tables on as many pages as it takes.

    Rows stand as close as it takes to fit on one page; where that is not enough,
    they go on with the same headings and axes on the next.

    Returns
    -------
    pages : list of list of Layout
    scale : float
        At most 1: what is too wide for the page in full size is drawn smaller.
    """
    widest = max(Layout(table, TIGHT, page.width).width for table in tables)
    scale = min(1.0, page.width / widest)
    room = Page(page.width / scale, page.height / scale)
    pages: list[list[IntervalTable]] = [[]]
    for table in tables:
        if height(_tight([*pages[-1], table], room)) <= room.height:
            pages[-1].append(table)
            continue
        pages += [[part] for part in _parts(table, room)]
    return [_stack(some, room) for some in pages if some], scale


def _parts(table: IntervalTable, room: Page) -> list[IntervalTable]:
    """Cut a table into parts that fit on a page; its notes follow the last row."""
    (layout,) = _tight([table], room)
    rows = math.fsum(row.gap + layout.row_height(row) for row in table.rows)
    free = room.height - (layout.height - rows)
    parts: list[list[Row]] = [[]]
    filled = 0.0
    for row in table.rows:
        filled += row.gap + layout.row_height(row)
        if filled > free and parts[-1]:
            # A heading stays with what it heads.
            cut = len(parts[-1]) - (_is_heading(parts[-1][-1]) and len(parts[-1]) > 1)
            parts, rest = [*parts[:-1], parts[-1][:cut]], parts[-1][cut:]
            parts.append(rest)
            filled = math.fsum(r.gap + layout.row_height(r) for r in (*rest, row))
        parts[-1].append(row)
    last = len(parts) - 1
    return [
        replace(table, rows=some, notes=table.notes if i == last else ())
        for i, some in enumerate(parts)
    ]


def _is_heading(row: Row) -> bool:
    return len(row.cells) == 1 and row.gap > 0


def _tight(tables: Sequence[IntervalTable], page: Page) -> list[Layout]:
    return [Layout(table, TIGHT, page.width) for table in tables]


def _stack(tables: Sequence[IntervalTable], page: Page) -> list[Layout]:
    """Lay out tables for one page, their rows as close as it takes to fit."""
    loose = [Layout(table, ROOMY, page.width) for table in tables]
    rows = sum(len(table.rows) for table in tables)
    excess = height(loose) - page.height
    pitch = max(TIGHT, ROOMY - max(0.0, excess) / max(rows, 1))
    return [Layout(table, pitch, page.width) for table in tables]


def height(layouts: Sequence[Layout]) -> float:
    """Height of tables that stand one below another."""
    return math.fsum(layout.height + APART for layout in layouts) - APART


def axis_depth(column: PlotColumn) -> float:
    """Height of an axis with its title and what its sides mean."""
    return 22.0 + (18.0 if column.below or column.above else 0.0)
