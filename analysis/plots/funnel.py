"""Funnel plots: effects against their precision, over contours of P."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.meta import Funnel
from analysis.plots.paper import style
from analysis.plots.paper.axes import horizontal_axis, vertical_axis
from analysis.plots.paper.scales import Scale, count_scale, ratio_scale
from analysis.plots.paper.sheet import Point, Sheet

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 130 * style.POINTS_PER_MM, 64 * style.POINTS_PER_MM
LEFT, RIGHT, TOP, BOTTOM = 34.0, WIDTH - 104.0, 6.0, HEIGHT - 24.0

# Two-sided P at which the shading changes, with its normal quantile (Peters et
# al., J Clin Epidemiol 2008;61:991-6).
CONTOURS = (
    (0.01, 2.5758293035489004),
    (0.05, 1.959963984540054),
    (0.1, 1.6448536269514722),
)
# From one to the next, and to the paper, the contrast is about 1.5 to 1.
SHADES = ("#cdd6df", "#a3b3c3", "#7f93a8", style.PAPER)
SHADE_NAMES = ("P < 0.01", "0.01 ≤ P < 0.05", "0.05 ≤ P < 0.10", "P ≥ 0.10")


@dataclass(frozen=True)
class FunnelPlot:
    """What a funnel plot shows.

    Attributes
    ----------
    funnel : analysis.meta.Funnel
        Logarithms of ratios, their standard errors and the funnel about them.
    names : sequence of str
        Of the studies, of which the funnel holds the places.
    across, down : str
        Titles of the axes.
    centre, region : str
        What the key calls the line and its funnel.
    remarks : sequence of str
        Stand below the key.
    """

    funnel: Funnel
    names: Sequence[str]
    across: str
    down: str
    centre: str
    region: str
    remarks: Sequence[str] = ()


def funnel(plot: FunnelPlot) -> Figure:
    """Draw ratios against their standard errors over contours of P.

    A study beyond the axis is an arrow at its edge; a name that would cover
    another is left out.
    """
    data = plot.funnel
    sheet = Sheet(WIDTH, max(HEIGHT, TOP + 54 + _depth(plot)))
    logs = [*data.estimate, *data.edge_low, *data.edge_high]
    across = ratio_scale(map(_ratio, logs))
    down = count_scale(1.08 * data.se)
    _draw_contours(sheet, across, down)
    _draw_funnel(sheet, data, across, down)
    horizontal_axis(sheet, across, LEFT, RIGHT, BOTTOM, plot.across)
    vertical_axis(sheet, down, BOTTOM, TOP, LEFT, plot.down)
    _draw_studies(sheet, data, plot.names, across, down)
    _draw_key(sheet, plot)
    return sheet.figure


def _ratio(log: float) -> float:
    """Return an odds ratio, short of overflow."""
    return math.exp(min(max(float(log), -700.0), 700.0))


def _at(across: Scale, down: Scale, ratio: float, se: float) -> Point:
    return (
        LEFT + across.fraction(ratio) * (RIGHT - LEFT),
        TOP + down.fraction(se) * (BOTTOM - TOP),
    )


def _wedge(across: Scale, down: Scale, centre: float, quantile: float) -> list[Point]:
    """Return the region within ``quantile`` standard errors, cut at the edges."""
    sides = []
    for sign, edge in ((-1, across.low), (1, across.high)):
        reach = abs(math.log(edge) - centre) / quantile
        se = min(reach, down.high)
        bend = _at(across, down, _ratio(centre + sign * quantile * se), se)
        corner = [_at(across, down, edge, down.high)] if reach < down.high else []
        sides.append([bend, *corner])
    apex = _at(across, down, _ratio(centre), 0.0)
    return [apex, *sides[0], *reversed(sides[1])]


def _draw_contours(sheet: Sheet, across: Scale, down: Scale) -> None:
    sheet.box(LEFT, TOP, RIGHT, BOTTOM, fill=SHADES[0])
    for (_, quantile), shade in zip(CONTOURS, SHADES[1:], strict=True):
        sheet.polygon(_wedge(across, down, 0.0, quantile), fill=shade)
    null = [_at(across, down, 1.0, 0.0), _at(across, down, 1.0, down.high)]
    sheet.line(null, color=style.RULE)


def _draw_funnel(sheet: Sheet, data: Funnel, across: Scale, down: Scale) -> None:
    centre = _ratio(data.centre)
    if not across.low < centre < across.high or not len(data.se):
        return
    line = [_at(across, down, centre, 0.0), _at(across, down, centre, down.high)]
    sheet.line(line, color=style.VERMILION)
    quantile = float((data.edge_high[-1] - data.centre) / data.edge_se[-1])
    outline = _wedge(across, down, data.centre, quantile)
    for end in (outline[1], outline[-1]):
        slope = [outline[0], end]
        sheet.line(slope, color=style.VERMILION, dashes=(3, 2))


def _draw_studies(
    sheet: Sheet, data: Funnel, names: Sequence[str], across: Scale, down: Scale
) -> None:
    line = _at(across, down, _ratio(data.centre), 0.0)[0]
    places = [
        _at(across, down, _ratio(x), se)
        for x, se in zip(data.estimate, data.se, strict=True)
    ]
    taken = [(x - 2, x + 2, y) for x, y in places]
    for i, (x, y) in zip(data.trial, places, strict=True):
        name = names[int(i)]
        width = style.text_width(name, style.SMALL)
        for left, middle in (
            (x + 4, y),
            (x - 4 - width, y),
            (x - width / 2, y + 7),
            (x - width / 2, y - 7),
        ):
            right = left + width
            free = all(
                abs(middle - at) > 5.5 or left > end or right < start
                for start, end, at in taken
            )
            if free and left > LEFT and right < RIGHT and not left < line < right:
                sheet.text(left, middle, name, size=style.SMALL)
                taken.append((left, right, middle))
                break
    for x, y in places:
        if LEFT <= x <= RIGHT:
            sheet.disc(x, y, 2.2, fill=style.BLUE, edge=style.PAPER, width=0.4)
        else:
            edge = LEFT if x < LEFT else RIGHT
            inside = edge + math.copysign(8, (LEFT + RIGHT) / 2 - edge)
            sheet.arrow([(inside, y), (edge, y)], color=style.BLUE, width=0.8)


def _depth(plot: FunnelPlot) -> float:
    """Height of the remarks below the key."""
    room = WIDTH - (RIGHT + 12) - 2
    return math.fsum(
        7 * len(style.wrap(r, room, style.SMALL)) + 3 for r in plot.remarks
    )


def _draw_key(sheet: Sheet, plot: FunnelPlot) -> None:
    x, y = RIGHT + 12, TOP + 4
    for shade, name in zip(SHADES, SHADE_NAMES, strict=True):
        sheet.box(x, y - 3, x + 10, y + 3, fill=shade, edge=style.RULE, width=0.4)
        sheet.text(x + 14, y, name, size=style.SMALL)
        y += 9
    sheet.line([(x + 5, y - 3), (x + 5, y + 3)], color=style.VERMILION)
    sheet.text(x + 14, y, plot.centre, size=style.SMALL)
    y += 9
    slope = [(x, y + 3), (x + 10, y - 3)]
    sheet.line(slope, color=style.VERMILION, dashes=(3, 2))
    sheet.text(x + 14, y, plot.region, size=style.SMALL)
    y += 14
    for line in plot.remarks:
        for piece in style.wrap(line, WIDTH - x - 2, style.SMALL):
            sheet.text(x, y, piece, size=style.SMALL, color=style.MUTED)
            y += 7
        y += 3
