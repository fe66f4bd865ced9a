"""Drawing a table of intervals."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from analysis.plots.interval_table import (
    Cell,
    IntervalTable,
    PlotColumn,
    Row,
    TextColumn,
)
from analysis.plots.paper import style
from analysis.plots.paper.axes import horizontal_axis
from analysis.plots.paper.marks import draw_mark
from analysis.plots.paper.sheet import Align, Sheet
from analysis.plots.paper.style import Page
from analysis.plots.table_layout import (
    APART,
    HEADER_LINE,
    LEADING,
    MARGIN,
    Layout,
    height,
    paginate,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw(page: Page, *tables: IntervalTable) -> tuple[Figure, ...]:
    """Lay out and draw tables one below another, a figure a page."""
    pages, scale = paginate(tables, page)
    figures = []
    for layouts in pages:
        width = max(layout.width for layout in layouts)
        sheet = Sheet(width, height(layouts), scale)
        top = 0.0
        for layout in layouts:
            _draw_table(sheet.below(top), layout)
            top += layout.height + APART
        figures.append(sheet.figure)
    return tuple(figures)


def _draw_table(sheet: Sheet, layout: Layout) -> None:
    table = layout.table
    _draw_header(sheet, layout)
    y = layout.body_top
    bounds: list[tuple[Row, float, float]] = []
    for row in table.rows:
        y += row.gap
        bounds.append((row, y, y + layout.row_height(row)))
        y = bounds[-1][2]
    for row, top, bottom in bounds:
        if row.tint:
            sheet.box(0, top, layout.width, bottom, fill=style.TINT)
        if row.rule:
            sheet.line([(0, top), (layout.width, top)], width=0.4)
    for key, column in table.plots().items():
        _draw_plot_lines(sheet, column, *layout.span[key], layout.body_top, y)
    for row, top, _ in bounds:
        _draw_row(sheet, layout, row, top)
    for key, column in table.plots().items():
        _draw_axis(sheet, column, *layout.span[key], y + 1.5)
    y += 3.0
    for row in table.notes:
        _draw_row(sheet, layout, row, y)
        y += layout.row_height(row)


def _anchor(span: tuple[float, float], align: Align) -> float:
    left, right = span
    return {"left": left, "center": (left + right) / 2, "right": right}[align]


def _draw_header(sheet: Sheet, layout: Layout) -> None:
    for panel in layout.table.panels:
        lettered = style.text_width(panel.letter, style.TITLE, True)
        indent = lettered + 4 if panel.letter else 0.0
        title = style.text_width(panel.title, style.TITLE, True)
        room = layout.width - MARGIN - indent - title
        x = min(layout.span[panel.column][0], room)
        if panel.letter:
            sheet.text(x, 6, panel.letter, size=style.TITLE, bold=True)
        sheet.text(x + indent, 6, panel.title, size=style.TITLE, bold=True)
    _draw_groups(sheet, layout)
    for key, column in layout.table.columns.items():
        align = column.align if isinstance(column, TextColumn) else "center"
        lines = column.header.split("\n")
        first = layout.header_top + HEADER_LINE * (layout.header_lines - len(lines))
        for i, line in enumerate(lines):
            y = first + HEADER_LINE * (i + 0.5)
            x = _anchor(layout.span[key], align)
            sheet.text(x, y, line, bold=True, align=align)
    rule = layout.body_top - 2.0
    sheet.line([(0, rule), (layout.width, rule)], width=0.6)


def _draw_groups(sheet: Sheet, layout: Layout) -> None:
    for name, keys in layout.table.groups().items():
        left, right = layout.span[keys[0]][0], layout.span[keys[-1]][1]
        y = layout.header_top - 1.0
        sheet.text((left + right) / 2, y - 5, name, bold=True, align="center")
        sheet.line([(left, y), (right, y)], width=0.4)


def _draw_row(sheet: Sheet, layout: Layout, row: Row, top: float) -> None:
    y = top + layout.pitch / 2
    for key, cell in row.cells.items():
        span = layout.span[key]
        column = layout.table.columns[key]
        if not isinstance(cell, Cell):
            if isinstance(column, PlotColumn):
                draw_mark(sheet, cell, column.scale, *span, y)
            continue
        write = partial(sheet.text, size=cell.size, bold=cell.bold, color=cell.color)
        if cell.tail:
            joint = span[0] + layout.stem[key]
            write(joint, y, cell.text, align="right")
            write(joint, y, cell.tail)
            continue
        align = column.align if isinstance(column, TextColumn) else "center"
        for i, line in enumerate(layout.lines(key, cell)):
            write(_anchor(span, align), y + i * LEADING, line, align=align)


def _draw_plot_lines(
    sheet: Sheet, column: PlotColumn, left: float, right: float, top: float, end: float
) -> None:
    def upright(value: float | None) -> list[tuple[float, float]]:
        place = math.nan if value is None else column.scale.fraction(value)
        if not 0 <= place <= 1:
            return []
        x = left + place * (right - left)
        return [(x, top), (x, end + 1.5)]

    if null := upright(column.null):
        sheet.line(null, color=style.RULE)
    if guide := upright(column.guide):
        sheet.line(guide, color=style.VERMILION, width=0.5, dashes=(2, 2))


def _draw_axis(
    sheet: Sheet, column: PlotColumn, left: float, right: float, y: float
) -> None:
    horizontal_axis(sheet, column.scale, left, right, y, column.title)
    if column.null is None or not (column.below or column.above):
        return
    null = left + column.scale.fraction(column.null) * (right - left)
    for label, start, tip in (
        (column.below, null - 2, left),
        (column.above, null + 2, right),
    ):
        sheet.arrow([(start, y + 22), (tip, y + 22)], color=style.MUTED)
        for i, line in enumerate(label.split("\n")):
            middle, below = (start + tip) / 2, y + 27.5 + 6.4 * i
            sheet.text(middle, below, line, size=style.SMALL, align="center")
