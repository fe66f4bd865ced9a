"""How long each patient took lenalidomide, and when leukemia and death came."""

from __future__ import annotations

import math

import numpy as np

from analysis.letter.data import Cases
from analysis.letter.figures import style
from analysis.letter.figures.axes import horizontal_axis
from analysis.letter.figures.picture import Picture
from analysis.letter.figures.scales import count_scale
from analysis.letter.figures.sheet import Sheet
from manuscript.values import text

WIDTH = 130 * style.POINTS_PER_MM
LEFT, RIGHT = 72.0, WIDTH - 8.0
TOP, ROW, BAR = 17.0, 12.5, 5.6


def swimmer(cases: Cases) -> Picture:
    """Draw a lane for every case, by time to onset.

    A bar is the time on lenalidomide, a diamond the onset of leukemia, a cross
    death. A living patient's lane ends at onset: no later follow-up is known.

    Parameters
    ----------
    cases : analysis.letter.data.Cases
    """
    death = cases.latency_years + cases.time_to_death_months / 12
    order = np.argsort(cases.latency_years, kind="stable")
    bottom = TOP + ROW * len(cases) + 2
    sheet = Sheet(WIDTH, bottom + 36)
    scale = count_scale([*cases.latency_years, *cases.exposure_years, *death])

    def x(years: float) -> float:
        return LEFT + scale.fraction(years) * (RIGHT - LEFT)

    sheet.text(3, 8, "Case", bold=True)
    sheet.text(LEFT - 8, 8, "Age (years)", bold=True, align="right")
    sheet.line([(0, TOP - 3), (WIDTH, TOP - 3)])
    for lane, i in enumerate(order):
        y = TOP + ROW * (lane + 0.5)
        onset, end = float(cases.latency_years[i]), float(death[i])
        sheet.text(3, y, cases.case[i])
        age = text.decimal(float(cases.age_years[i]), 1)
        sheet.text(LEFT - 8, y, age, align="right")
        last = end if math.isfinite(end) else onset
        sheet.line([(x(0), y), (x(last), y)], color=style.RULE, width=0.7)
        stop = x(float(cases.exposure_years[i]))
        sheet.box(x(0), y - BAR / 2, stop, y + BAR / 2, fill=style.SKY)
        _draw_onset(sheet, x(onset), y)
        if math.isfinite(end):
            _draw_death(sheet, x(end), y)
    axis = "Years since the first dose of lenalidomide"
    horizontal_axis(sheet, scale, LEFT, RIGHT, bottom, axis)
    _draw_key(sheet, bottom + 28)
    return sheet.picture(swimmer_alt(cases))


def swimmer_alt(cases: Cases) -> str:
    """Say every lane in words."""

    def lane(i: int) -> str:
        years = (cases.age_years[i], cases.exposure_years[i], cases.latency_years[i])
        age, exposure, onset = (text.decimal(float(number), 1) for number in years)
        end = "alive"
        if cases.outcome[i] == "dead":
            months = text.decimal(float(cases.time_to_death_months[i]), 1)
            end = f"died {months} months later"
        return (
            f"case {cases.case[i]}, aged {age}: {exposure} years on lenalidomide, "
            f"onset after {onset} years, {end}"
        )

    order = np.argsort(cases.latency_years, kind="stable")
    return "Swimmer plot: " + "; ".join(lane(int(i)) for i in order) + "."


def _draw_onset(sheet: Sheet, x: float, y: float) -> None:
    half = 3.4
    corners = [(x - half, y), (x, y - half), (x + half, y), (x, y + half)]
    sheet.polygon(corners, fill=style.VERMILION, edge=style.PAPER, width=0.4)


def _draw_death(sheet: Sheet, x: float, y: float) -> None:
    for slope in (-1, 1):
        sheet.line([(x - 2.4, y - 2.4 * slope), (x + 2.4, y + 2.4 * slope)], width=1.0)


def _draw_key(sheet: Sheet, y: float) -> None:
    x = LEFT
    sheet.box(x, y - BAR / 2, x + 12, y + BAR / 2, fill=style.SKY)
    x += _entry(sheet, x + 16, y, "Lenalidomide") + 30
    _draw_onset(sheet, x, y)
    x += _entry(sheet, x + 7, y, "Onset of ALL") + 23
    _draw_death(sheet, x, y)
    _entry(sheet, x + 7, y, "Death")


def _entry(sheet: Sheet, x: float, y: float, name: str) -> float:
    sheet.text(x, y, name, size=style.SMALL)
    return style.text_width(name, style.SMALL)
