"""Axes with ticks and a title, without gridlines."""

from __future__ import annotations

from itertools import pairwise

from analysis.plots.paper import style
from analysis.plots.paper.scales import Scale
from analysis.plots.paper.sheet import Sheet


def horizontal_axis(
    sheet: Sheet, scale: Scale, left: float, right: float, y: float, title: str
) -> None:
    """Draw an axis from ``left`` to ``right`` with its ticks below ``y``."""
    sheet.line([(left, y), (right, y)])
    places = [left + scale.fraction(tick) * (right - left) for tick in scale.ticks]
    for x in places:
        sheet.line([(x, y), (x, y + 2)])
    for x, label in _apart(scale, places):
        sheet.text(x, y + 6, label, size=style.SMALL, align="center")
    sheet.text((left + right) / 2, y + 14.5, title, align="center")


def vertical_axis(
    sheet: Sheet, scale: Scale, top: float, bottom: float, x: float, title: str
) -> None:
    """Draw an axis whose ``low`` lies at ``bottom``, with its ticks left of ``x``.

    Passing the edges the other way round turns the axis upside down.
    """
    sheet.line([(x, top), (x, bottom)])
    labels = scale.labels()
    for tick, label in zip(scale.ticks, labels, strict=True):
        y = bottom + scale.fraction(tick) * (top - bottom)
        sheet.line([(x - 2, y), (x, y)])
        sheet.text(x - 4, y, label, size=style.SMALL, align="right")
    widest = max(style.text_width(label, style.SMALL) for label in labels)
    sheet.text(x - widest - 10, (top + bottom) / 2, title, align="center", rotation=90)


def _apart(scale: Scale, places: list[float]) -> list[tuple[float, str]]:
    """Return every tick label, or every second, third..., so that none touch.

    The tick at 0, or at 1 on a logarithmic axis, keeps its label.
    """
    labels = scale.labels()
    origin = 1.0 if scale.log else 0.0
    first = scale.ticks.index(origin) if origin in scale.ticks else 0
    for step in range(1, len(labels) + 1):
        kept = [i for i in range(len(labels)) if (i - first) % step == 0]
        gaps = (
            places[b] - places[a] - _half(labels[a]) - _half(labels[b])
            for a, b in pairwise(kept)
        )
        if all(gap >= 2 for gap in gaps):
            break
    return [(places[i], labels[i]) for i in kept]


def _half(label: str) -> float:
    return style.text_width(label, style.SMALL) / 2
