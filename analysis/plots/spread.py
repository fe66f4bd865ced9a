"""How far results move over an ensemble of data sets: ranges, bands and answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from string import ascii_uppercase
from typing import TYPE_CHECKING

from analysis.plots.interval_table import (
    Cell,
    IntervalTable,
    Panel,
    PlotColumn,
    Row,
    TextColumn,
)
from analysis.plots.paper.marks import Spread
from analysis.plots.paper.style import Page
from analysis.plots.table_drawing import draw

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Spreading:
    """One analysis over an ensemble of data sets.

    Attributes
    ----------
    label : str
    panel : str
        Title of its panel.
    spread : Spread
        Its answer, its range, and the band that most answers lie in.
    answer, band, range : str
        As they print.
    """

    label: str
    panel: str
    spread: Spread
    answer: str
    band: str
    range: str


@dataclass(frozen=True)
class Headings:
    """What stands over the columns; lines separated by line feeds."""

    label: str
    answer: str
    band: str
    range: str


def spreads(
    lines: Sequence[Spreading],
    axes: Sequence[PlotColumn],
    headings: Headings,
    page: Page,
) -> tuple[Figure, ...]:
    """Draw a row for every analysis: its range, a band, and its answer.

    Parameters
    ----------
    lines : sequence of Spreading
        Those of a panel one after the other.
    axes : sequence of PlotColumn
        One a line; the first of a panel is drawn.
    headings : Headings
    page : Page

    Raises
    ------
    ValueError
        For no line.
    """
    if not lines:
        raise ValueError("a figure of an ensemble wants at least one analysis")
    panels = [
        (title, [*some])
        for title, some in groupby(
            zip(lines, axes, strict=True), lambda pair: pair[0].panel
        )
    ]
    letters = ascii_uppercase if len(panels) > 1 else " "
    tables = [
        _table(
            Panel("label", letter.strip(), title),
            [line for line, _ in some],
            some[0][1],
            headings,
        )
        for letter, (title, some) in zip(letters, panels, strict=False)
    ]
    return draw(page, *tables)


def _table(
    panel: Panel, lines: Sequence[Spreading], axis: PlotColumn, headings: Headings
) -> IntervalTable:
    return IntervalTable(
        columns={
            "label": TextColumn(headings.label, widest=170),
            "plot": axis,
            "answer": TextColumn(headings.answer, "right"),
            "band": TextColumn(headings.band, "center"),
            "range": TextColumn(headings.range, "center"),
        },
        rows=[
            Row(
                {
                    "label": Cell(line.label),
                    "plot": line.spread,
                    "answer": Cell(line.answer, bold=True),
                    "band": Cell(line.band),
                    "range": Cell(line.range),
                }
            )
            for line in lines
        ],
        panels=[panel],
    )
