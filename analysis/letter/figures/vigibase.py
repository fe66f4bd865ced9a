"""Time from the first dose of lenalidomide to leukemia, in the reports."""

from __future__ import annotations

import math

from analysis.plots import Times
from analysis.plots import time_to_onset as drawn
from analysis.vigibase.results import DAYS_PER_YEAR, Description, Quantiles
from manuscript.values import Picture, text

PANELS = {
    "duration": "Known at any precision",
    "latency": "Known to a day",
}


def time_to_onset(description: Description) -> Picture:
    """Draw reports by years from first dose to onset, under median and quartiles.

    Parameters
    ----------
    description : analysis.vigibase.results.Description
    """
    panels = [_times(description.time(key), title) for key, title in PANELS.items()]
    axis = "Years from first dose of lenalidomide to onset"
    return Picture(drawn(panels, axis, "Reports"), time_to_onset_alt(description))


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


def _times(time: Quantiles, title: str) -> Times:
    days = (time.min, time.q1, time.median, time.q3, time.max)
    least, q1, median, q3, most = (each / DAYS_PER_YEAR for each in days)
    return Times(title, _summary(time), time.by_year, (least, q1, median, q3, most))


def _summary(time: Quantiles) -> str:
    if time.n is None or not math.isfinite(time.median):
        return "too few reports to be shown"
    median, q1, q3 = (
        text.decimal(days / DAYS_PER_YEAR, 2)
        for days in (time.median, time.q1, time.q3)
    )
    quartiles = text.interval(q1, q3)
    return f"{time.n} reports, median {median} years (quartiles {quartiles})"
