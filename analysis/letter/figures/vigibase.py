"""Time from the first dose of lenalidomide to leukemia, in the reports."""

from __future__ import annotations

import math

from analysis.letter.figures import style
from analysis.letter.figures.axes import horizontal_axis, vertical_axis
from analysis.letter.figures.picture import Picture
from analysis.letter.figures.scales import Scale, count_scale
from analysis.letter.figures.sheet import Sheet
from analysis.vigibase.results import DAYS_PER_YEAR, Description, Quantiles
from manuscript.values import text

WIDTH = 130 * style.POINTS_PER_MM
LEFT, RIGHT = 30.0, WIDTH - 8.0
HEAD, BARS, GAP = 30.0, 62.0, 12.0
PANELS = {
    "duration": "Known at any precision",
    "latency": "Known to a day",
}


def time_to_onset(description: Description) -> Picture:
    """Draw reports by years from first dose to onset, under median and quartiles.

    Counts by whole years and quantiles are all that is drawn: no point stands
    for a report. A count that may not be shown is left blank.

    Parameters
    ----------
    description : analysis.vigibase.results.Description
    """
    times = [description.time(key) for key in PANELS]
    height = len(times) * (HEAD + BARS + GAP) + 18
    sheet = Sheet(WIDTH, height)
    across = count_scale([float(max(len(time.by_year) for time in times))])
    for panel, time in enumerate(times):
        top = panel * (HEAD + BARS + GAP)
        _draw_panel(sheet, time, across, top)
    axis = "Years from first dose of lenalidomide to onset"
    horizontal_axis(sheet, across, LEFT, RIGHT, height - 18 - GAP, axis)
    return sheet.picture(time_to_onset_alt(description))


def time_to_onset_alt(description: Description) -> str:
    """Say in words what the figure shows."""
    panels = []
    for key, title in PANELS.items():
        time = description.time(key)
        bars = ", ".join("not shown" if n is None else str(n) for n in time.by_year)
        by_year = f"reports by whole years from 0: {bars or 'none'}"
        panels.append(f"{title}: {_summary(time)}; {by_year}")
    kind = "synthetic reports" if description.synthetic else "reports"
    return f"Two histograms of time to onset in {kind}. {'. '.join(panels)}."


def _draw_panel(sheet: Sheet, time: Quantiles, across: Scale, top: float) -> None:
    bottom = top + HEAD + BARS
    down = count_scale([float(n) for n in time.by_year if n is not None] or [1.0])

    def x(years: float) -> float:
        return LEFT + across.fraction(years) * (RIGHT - LEFT)

    def y(count: float) -> float:
        return bottom - down.fraction(count) * BARS

    sheet.text(LEFT, top + 5, PANELS[time.key], bold=True)
    sheet.text(RIGHT, top + 5, _summary(time), align="right")
    for year, count in enumerate(time.by_year):
        if count:
            sheet.box(
                x(year), y(count), x(year + 1), bottom, fill=style.SKY, edge=style.PAPER
            )
    _draw_quantiles(sheet, time, x(1) - x(0), top + HEAD - 10)
    vertical_axis(sheet, down, bottom - BARS, bottom, LEFT, "Reports")
    sheet.line([(LEFT, bottom), (RIGHT, bottom)])


def _draw_quantiles(sheet: Sheet, time: Quantiles, year: float, y: float) -> None:
    """Draw a box from quartile to quartile, whiskers to the extremes."""
    least, q1, median, q3, most = (
        LEFT + days / DAYS_PER_YEAR * year
        for days in (time.min, time.q1, time.median, time.q3, time.max)
    )
    if not math.isfinite(median):
        return
    if math.isfinite(least) and math.isfinite(most):
        sheet.line([(least, y), (most, y)])
    sheet.box(q1, y - 4, q3, y + 4, fill=style.TINT, edge=style.INK)
    sheet.line([(median, y - 4), (median, y + 4)], color=style.VERMILION, width=1.4)


def _summary(time: Quantiles) -> str:
    if time.n is None or not math.isfinite(time.median):
        return "too few reports to be shown"
    median, q1, q3 = (
        text.decimal(days / DAYS_PER_YEAR, 2)
        for days in (time.median, time.q1, time.q3)
    )
    quartiles = text.interval(q1, q3)
    return f"{time.n} reports, median {median} years (quartiles {quartiles})"
