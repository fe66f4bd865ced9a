"""Histograms of the time from a first dose to an event, in reports."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.plots.paper import style
from analysis.plots.paper.axes import horizontal_axis, vertical_axis
from analysis.plots.paper.scales import Scale, count_scale
from analysis.plots.paper.sheet import Sheet

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH = 130 * style.POINTS_PER_MM
LEFT, RIGHT = 30.0, WIDTH - 8.0
HEAD, BARS, GAP = 30.0, 62.0, 12.0


@dataclass(frozen=True)
class Times:
    """Reports of one panel.

    Attributes
    ----------
    title, summary : str
        Printed above it.
    by_year : sequence of int or None
        Reports by whole years from 0; None for a count that may not be shown.
    quantiles : (float, float, float, float, float)
        Minimum, quartiles with the median between, and maximum, in years; NaN
        where they may not be shown.
    """

    title: str
    summary: str
    by_year: Sequence[int | None]
    quantiles: tuple[float, float, float, float, float]


def time_to_onset(panels: Sequence[Times], across: str, down: str) -> Figure:
    """Draw reports by years to onset, under median and quartiles.

    Counts by whole years and quantiles are all that is drawn: no point stands
    for a report. A count that may not be shown is left blank.

    Parameters
    ----------
    panels : sequence of Times
    across, down : str
        Titles of the axes.
    """
    height = len(panels) * (HEAD + BARS + GAP) + 18
    sheet = Sheet(WIDTH, height)
    scale = count_scale([float(max(len(time.by_year) for time in panels))])
    for panel, time in enumerate(panels):
        _draw_panel(sheet, time, scale, panel * (HEAD + BARS + GAP), down)
    horizontal_axis(sheet, scale, LEFT, RIGHT, height - 18 - GAP, across)
    return sheet.figure


def _draw_panel(
    sheet: Sheet, time: Times, across: Scale, top: float, title: str
) -> None:
    bottom = top + HEAD + BARS
    down = count_scale([float(n) for n in time.by_year if n is not None] or [1.0])

    def x(years: float) -> float:
        return LEFT + across.fraction(years) * (RIGHT - LEFT)

    def y(count: float) -> float:
        return bottom - down.fraction(count) * BARS

    sheet.text(LEFT, top + 5, time.title, bold=True)
    sheet.text(RIGHT, top + 5, time.summary, align="right")
    for year, count in enumerate(time.by_year):
        if count:
            sheet.box(
                x(year), y(count), x(year + 1), bottom, fill=style.SKY, edge=style.PAPER
            )
    _draw_quantiles(sheet, time, x(1) - x(0), top + HEAD - 10)
    vertical_axis(sheet, down, bottom - BARS, bottom, LEFT, title)
    sheet.line([(LEFT, bottom), (RIGHT, bottom)])


def _draw_quantiles(sheet: Sheet, time: Times, year: float, y: float) -> None:
    """Draw a box from quartile to quartile, whiskers to the extremes."""
    least, q1, median, q3, most = (LEFT + years * year for years in time.quantiles)
    if not math.isfinite(median):
        return
    if math.isfinite(least) and math.isfinite(most):
        sheet.line([(least, y), (most, y)])
    sheet.box(q1, y - 4, q3, y + 4, fill=style.TINT, edge=style.INK)
    sheet.line([(median, y - 4), (median, y + 4)], color=style.VERMILION, width=1.4)
