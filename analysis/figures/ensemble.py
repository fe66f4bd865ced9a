"""How far results move over every data set that fits what was published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from analysis import text
from analysis.figures.interval_table import (
    Cell,
    IntervalTable,
    Panel,
    PlotColumn,
    Row,
    TextColumn,
)
from analysis.figures.marks import Spread
from analysis.figures.picture import Picture
from analysis.figures.scales import count_scale, ratio_scale
from analysis.figures.table_drawing import draw


@dataclass(frozen=True)
class Analysis:
    """One analysis over an ensemble of data sets.

    Attributes
    ----------
    label : str
    unit : {"ratio", "percent"}
        Ratios share a logarithmic axis, percentages one from 0.
    shipped : float
        Its answer on the data set that ships.
    low, high : float
        Its least and greatest answer.
    band_low, band_high : float
        Quantiles of its answers; which, the figure is told.
    """

    label: str
    unit: Literal["ratio", "percent"]
    shipped: float
    low: float
    high: float
    band_low: float
    band_high: float


def ensemble(analyses: Sequence[Analysis], band: float = 0.95) -> Picture:
    """Draw a row for every analysis: its range, a band, and the shipped answer.

    Parameters
    ----------
    analyses : sequence of Analysis
    band : float
        Share of the ensemble that the bands hold, in (0, 1).

    Raises
    ------
    ValueError
        For no analysis.
    """
    if not analyses:
        raise ValueError("an ensemble figure wants at least one analysis")
    ratios = [analysis for analysis in analyses if analysis.unit == "ratio"]
    shares = [analysis for analysis in analyses if analysis.unit == "percent"]
    letters = iter("AB" if ratios and shares else ("", ""))
    tables = []
    if ratios:
        axis = PlotColumn(ratio_scale(_ends(ratios)), "Odds ratio (log scale)", null=1)
        tables.append(_table(next(letters), "Odds ratios", ratios, axis, band))
    if shares:
        axis = PlotColumn(count_scale(_ends(shares), most=100), "Patients per 100")
        tables.append(_table(next(letters), "Incidence", shares, axis, band))
    return draw(ensemble_alt(analyses), *tables)


def ensemble_alt(analyses: Sequence[Analysis]) -> str:
    """Say in words how far each analysis moves."""
    return (
        "; ".join(
            f"{analysis.label}: {text.decimal(analysis.shipped, 2)}, range "
            + text.interval(*_printed(analysis.low, analysis.high))
            for analysis in analyses
        )
        + "."
    )


def _table(
    letter: str,
    title: str,
    analyses: Sequence[Analysis],
    axis: PlotColumn,
    band: float,
) -> IntervalTable:
    share = text.decimal(100 * band, 0)
    return IntervalTable(
        columns={
            "label": TextColumn("Analysis", widest=170),
            "plot": axis,
            "shipped": TextColumn("Shipped\ndata set", "right"),
            "band": TextColumn(f"Middle {share}%\nof data sets", "center"),
            "range": TextColumn("All\ndata sets", "center"),
        },
        rows=[_row(analysis) for analysis in analyses],
        panels=[Panel("label", letter, title)],
    )


def _row(analysis: Analysis) -> Row:
    band = _printed(analysis.band_low, analysis.band_high)
    whole = _printed(analysis.low, analysis.high)
    return Row(
        {
            "label": Cell(analysis.label),
            "plot": Spread(
                analysis.shipped,
                analysis.low,
                analysis.high,
                analysis.band_low,
                analysis.band_high,
            ),
            "shipped": Cell(text.decimal(analysis.shipped, 2), bold=True),
            "band": Cell(text.interval(*band)),
            "range": Cell(text.interval(*whole)),
        }
    )


def _printed(low: float, high: float) -> tuple[str, str]:
    return text.decimal(low, 2), text.decimal(high, 2)


def _ends(analyses: Sequence[Analysis]) -> list[float]:
    return [
        value
        for analysis in analyses
        for value in (analysis.shipped, analysis.low, analysis.high)
    ]
