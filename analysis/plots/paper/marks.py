"""Marks for an estimate with its interval."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from analysis.plots.paper import style
from analysis.plots.paper.scales import Scale
from analysis.plots.paper.sheet import Point, Sheet

LARGEST, SMALLEST = 7.0, 2.0  # side of a square in points
HALF_DIAMOND = 3.1
ARROW = 3.2


@dataclass(frozen=True)
class Interval:
    """An estimate with its limits, on the scale of the axis.

    Attributes
    ----------
    estimate, low, high : float
        NaN where there is none; an interval that reaches past the axis ends in
        an arrowhead.
    mark : {"square", "diamond", "dot", "none"}
        A diamond spans its interval.
    size : float
        Area of the mark as a share of the largest, in [0, 1].
    color : str
    """

    estimate: float
    low: float
    high: float
    mark: Literal["square", "diamond", "dot", "none"] = "square"
    size: float = 1.0
    color: str = style.BLUE


@dataclass(frozen=True)
class Spread:
    """How far a number moves: a thin line over its range, a band over most of it.

    Attributes
    ----------
    value : float
        The number itself, a diamond.
    low, high : float
        Its range.
    band_low, band_high : float
        Two of its quantiles.
    """

    value: float
    low: float
    high: float
    band_low: float
    band_high: float


Mark = Interval | Spread


def draw_mark(
    sheet: Sheet, mark: Mark, scale: Scale, left: float, right: float, y: float
) -> None:
    """Draw an interval or a spread between two edges at height ``y``."""
    if isinstance(mark, Interval):
        draw_interval(sheet, mark, scale, left, right, y)
        return
    whole = Interval(mark.value, mark.low, mark.high, "none")
    draw_interval(sheet, whole, scale, left, right, y)
    place = [scale.fraction(end) for end in (mark.band_low, mark.band_high)]
    if not any(math.isnan(end) for end in place):
        start, end = (left + min(max(p, 0.0), 1.0) * (right - left) for p in place)
        sheet.box(start, y - 2.2, end, y + 2.2, fill=style.SKY)
    if 0 <= scale.fraction(mark.value) <= 1:
        x = left + scale.fraction(mark.value) * (right - left)
        corners = [(x - 2.8, y), (x, y - 2.8), (x + 2.8, y), (x, y + 2.8)]
        sheet.polygon(corners, fill=style.VERMILION, edge=style.PAPER, width=0.4)


def draw_interval(
    sheet: Sheet, interval: Interval, scale: Scale, left: float, right: float, y: float
) -> None:
    """Draw an interval between two edges at height ``y``; nothing if it is NaN."""
    limits = (interval.estimate, interval.low, interval.high)
    if any(math.isnan(value) for value in limits):
        return
    estimate, low, high = (scale.fraction(value) for value in limits)

    def x(fraction: float) -> float:
        return left + min(max(fraction, 0.0), 1.0) * (right - left)

    if interval.mark == "diamond":
        outline = _diamond(low, estimate, high)
        shape = [(x(f), y + HALF_DIAMOND * half) for f, half in outline]
        sheet.polygon(shape, fill=interval.color)
    elif high >= 0 and low <= 1:
        sheet.line([(x(low), y), (x(high), y)], color=interval.color, width=0.7)
    for beyond, tip, inward in ((low < 0, left, 1), (high > 1, right, -1)):
        if beyond:
            neck = tip + inward * ARROW
            wing = ARROW * 0.42
            sheet.polygon(
                [(tip, y), (neck, y - wing), (neck, y + wing)], fill=interval.color
            )
    if interval.mark not in ("diamond", "none") and 0 <= estimate <= 1:
        side = max(SMALLEST, LARGEST * math.sqrt(min(max(interval.size, 0.0), 1.0)))
        middle, half = x(estimate), side / 2
        if interval.mark == "dot":
            sheet.disc(middle, y, half, fill=interval.color)
        else:
            sheet.box(
                middle - half, y - half, middle + half, y + half, fill=interval.color
            )
        if high > low and x(low) >= middle - half and x(high) <= middle + half:
            # An interval that its own mark would hide shows in white upon it.
            sheet.line([(x(low), y), (x(high), y)], color=style.PAPER, width=0.7)


def _diamond(low: float, middle: float, high: float) -> list[Point]:
    """Return the outline of a diamond cut at 0 and 1: place, height in [-1, 1].

    A diamond that lies wholly beyond an edge vanishes, and only its arrow stays.
    """
    middle = min(max(middle, low), high)
    if high <= 0 or low >= 1:
        return [(min(max(middle, 0.0), 1.0), 0.0)] * 3

    def height(place: float) -> float:
        arm = (middle - low) if place < middle else (high - middle)
        gone = (middle - place) if place < middle else (place - middle)
        return 1.0 if arm <= 0 else max(0.0, 1 - gone / arm)

    first, last = max(low, 0.0), min(high, 1.0)
    top = [(first, -height(first))]
    if first < middle < last:
        top.append((middle, -1.0))
    top.append((last, -height(last)))
    return [*top, *((place, -h) for place, h in reversed(top))]
