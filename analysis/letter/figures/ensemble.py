"""How far results move over every data set that fits what was published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from string import ascii_uppercase
from typing import Literal

from analysis import meta
from analysis.letter import Letter
from analysis.letter.figures.interval_table import (
    Cell,
    IntervalTable,
    Panel,
    PlotColumn,
    Row,
    TextColumn,
)
from analysis.letter.figures.marks import Spread
from analysis.letter.figures.picture import Picture
from analysis.letter.figures.scales import count_scale, ratio_scale
from analysis.letter.figures.table_drawing import draw
from manuscript.values import text
from manuscript.values.value import Value

_TITLES = {"ratio": "Odds ratios", "percent": "Incidence"}


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
    panel : str
        Title of its panel; that of its unit if empty.
    """

    label: str
    unit: Literal["ratio", "percent"]
    shipped: float
    low: float
    high: float
    band_low: float
    band_high: float
    panel: str = ""

    @property
    def title(self) -> str:
        """Title of its panel."""
        return self.panel or _TITLES[self.unit]

    @property
    def answers(self) -> tuple[str, float, float, float, float, float]:
        """What it says, without its name."""
        band = (self.band_low, self.band_high)
        return (self.title, self.shipped, self.low, self.high, *band)


def figure_s9(v: Letter) -> Picture:
    """Draw every pool over the tables that agree with the letter.

    Methods that answer alike in all of them share a row.

    Parameters
    ----------
    v : Letter
    """
    return ensemble(_merged(list(_analyses(v))), v("ensemble.band").number / 100)


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
    panels = [
        (title, list(some))
        for title, some in groupby(analyses, lambda analysis: analysis.title)
    ]
    axes = {
        unit: _axis(unit, [each for each in analyses if each.unit == unit])
        for unit in {analysis.unit for analysis in analyses}
    }
    letters = ascii_uppercase if len(panels) > 1 else " "
    tables = [
        _table(Panel("label", letter.strip(), title), some, axes[some[0].unit], band)
        for letter, (title, some) in zip(letters, panels, strict=False)
    ]
    return draw(ensemble_alt(analyses), *tables)


def ensemble_alt(analyses: Sequence[Analysis]) -> str:
    """Say in words how far each analysis moves."""
    panels = groupby(analyses, lambda analysis: analysis.title)
    return " ".join(
        f"{title}: "
        + "; ".join(
            f"{analysis.label} {text.decimal(analysis.shipped, 2)}, range "
            + text.interval(*_printed(analysis.low, analysis.high))
            for analysis in some
        )
        + "."
        for title, some in panels
    )


def _analyses(v: Letter) -> Iterator[Analysis]:
    for scope, shipped, panel in (
        ("placebo", "sensitivity.placebo", "Odds ratio against placebo"),
        ("all", "sensitivity", "Odds ratio against any control"),
    ):
        for method in meta.TWO_ARMS:
            name = method.name.replace("-", "_")
            if method.name not in ("rd", "rd-iv", "asd"):
                value = v(f"{shipped}.{name}.or")
                key = f"ensemble.{scope}.{name}"
                yield _analysis(method.label, value, key, panel, v)
        value, key = v(f"{shipped}.without.or.min"), f"ensemble.{scope}.without_one"
        yield _analysis("Peto, least without one trial", value, key, panel, v)
    for method in meta.ONE_ARM:
        name = method.name.replace("-", "_")
        value = v("incidence.all" if name == "plogit" else f"incidence.{name}")
        panel = "Incidence under lenalidomide"
        yield _analysis(method.label, value, f"ensemble.incidence.{name}", panel, v)


def _analysis(label: str, value: Value, key: str, panel: str, v: Letter) -> Analysis:
    whole, band = v.range(key), v.ci(key)
    return Analysis(
        label,
        "percent" if value.unit == "percent" else "ratio",
        value.number,
        whole.low.number,
        whole.high.number,
        band.low.number,
        band.high.number,
        panel,
    )


def _merged(analyses: Sequence[Analysis]) -> list[Analysis]:
    """Leave out an analysis that says what one before it in its panel says."""
    first: dict[object, Analysis] = {}
    for analysis in analyses:
        first.setdefault(analysis.answers, analysis)
    return list(first.values())


def _table(
    panel: Panel, analyses: Sequence[Analysis], axis: PlotColumn, band: float
) -> IntervalTable:
    share = text.decimal(100 * band, 0)
    return IntervalTable(
        columns={
            "label": TextColumn("Analysis", widest=170),
            "plot": axis,
            "shipped": TextColumn("As\nanalyzed", "right"),
            "band": TextColumn(f"Middle {share}%\nof tables", "center"),
            "range": TextColumn("All\ntables", "center"),
        },
        rows=[_row(analysis) for analysis in analyses],
        panels=[panel],
    )


def _axis(unit: str, analyses: Sequence[Analysis]) -> PlotColumn:
    ends = [
        value
        for analysis in analyses
        for value in (analysis.shipped, analysis.low, analysis.high)
    ]
    if unit == "ratio":
        return PlotColumn(ratio_scale(ends, room=0.0), "Odds ratio (log scale)", null=1)
    return PlotColumn(count_scale(ends, most=100), "Patients per 100")


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
