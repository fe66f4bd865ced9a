"""Swimmer plots: how long each patient was treated, when an event and death came."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analysis.plots.paper import style
from analysis.plots.paper.axes import horizontal_axis
from analysis.plots.paper.scales import count_scale
from analysis.plots.paper.sheet import Sheet

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH = 130 * style.POINTS_PER_MM
LEFT, RIGHT = 72.0, WIDTH - 8.0
TOP, ROW, BAR = 17.0, 12.5, 5.6


@dataclass(frozen=True)
class Lanes:
    """What happened to n people, in years from their first dose.

    Attributes
    ----------
    names, notes : sequence of n str
        Printed beside the lanes, such as their age.
    treated, onset : (n,) array
        End of treatment, and onset of the event.
    death : (n,) array
        NaN for the living.
    headings : (str, str)
        Over names and notes.
    axis : str
        Below the axis.
    key : (str, str, str)
        What a bar, a diamond and a cross are called.
    """

    names: Sequence[str]
    notes: Sequence[str]
    treated: NDArray[np.float64]
    onset: NDArray[np.float64]
    death: NDArray[np.float64]
    headings: tuple[str, str]
    axis: str
    key: tuple[str, str, str]

    @property
    def order(self) -> NDArray[np.int64]:
        """Places of the lanes, by time to onset."""
        return np.argsort(self.onset, kind="stable")


def swimmer(lanes: Lanes) -> Figure:
    """Draw a lane for everyone, by time to onset.

    A bar is the time on treatment, a diamond the onset, a cross death. The lane
    of a living person ends at onset: no later follow-up is known.
    """
    bottom = TOP + ROW * len(lanes.names) + 2
    sheet = Sheet(WIDTH, bottom + 36)
    scale = count_scale([*lanes.onset, *lanes.treated, *lanes.death])

    def x(years: float) -> float:
        return LEFT + scale.fraction(years) * (RIGHT - LEFT)

    sheet.text(3, 8, lanes.headings[0], bold=True)
    sheet.text(LEFT - 8, 8, lanes.headings[1], bold=True, align="right")
    sheet.line([(0, TOP - 3), (WIDTH, TOP - 3)])
    for lane, i in enumerate(lanes.order):
        y = TOP + ROW * (lane + 0.5)
        onset, end = float(lanes.onset[i]), float(lanes.death[i])
        sheet.text(3, y, lanes.names[i])
        sheet.text(LEFT - 8, y, lanes.notes[i], align="right")
        last = end if math.isfinite(end) else onset
        sheet.line([(x(0), y), (x(last), y)], color=style.RULE, width=0.7)
        stop = x(float(lanes.treated[i]))
        sheet.box(x(0), y - BAR / 2, stop, y + BAR / 2, fill=style.SKY)
        _draw_onset(sheet, x(onset), y)
        if math.isfinite(end):
            _draw_death(sheet, x(end), y)
    horizontal_axis(sheet, scale, LEFT, RIGHT, bottom, lanes.axis)
    _draw_key(sheet, bottom + 28, *lanes.key)
    return sheet.figure


def _draw_onset(sheet: Sheet, x: float, y: float) -> None:
    half = 3.4
    corners = [(x - half, y), (x, y - half), (x + half, y), (x, y + half)]
    sheet.polygon(corners, fill=style.VERMILION, edge=style.PAPER, width=0.4)


def _draw_death(sheet: Sheet, x: float, y: float) -> None:
    for slope in (-1, 1):
        sheet.line([(x - 2.4, y - 2.4 * slope), (x + 2.4, y + 2.4 * slope)], width=1.0)


def _draw_key(sheet: Sheet, y: float, bar: str, onset: str, death: str) -> None:
    x = LEFT
    sheet.box(x, y - BAR / 2, x + 12, y + BAR / 2, fill=style.SKY)
    x += _entry(sheet, x + 16, y, bar) + 30
    _draw_onset(sheet, x, y)
    x += _entry(sheet, x + 7, y, onset) + 23
    _draw_death(sheet, x, y)
    _entry(sheet, x + 7, y, death)


def _entry(sheet: Sheet, x: float, y: float, name: str) -> float:
    sheet.text(x, y, name, size=style.SMALL)
    return style.text_width(name, style.SMALL)
