"""How far results move over every data set that fits what was published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from analysis import meta
from analysis.letter import Letter
from analysis.letter.figures.page import page
from analysis.plots import (
    Headings,
    PlotColumn,
    Spread,
    Spreading,
    count_scale,
    ratio_scale,
    spreads,
)
from manuscript.values import text
from manuscript.values.picture import Picture
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
    axes = {
        unit: _axis(unit, [each for each in analyses if each.unit == unit])
        for unit in {analysis.unit for analysis in analyses}
    }
    share = text.decimal(100 * band, 0)
    drawn = spreads(
        [_line(analysis) for analysis in analyses],
        [axes[analysis.unit] for analysis in analyses],
        Headings(
            "Analysis",
            "As\nanalyzed",
            f"Middle {share}%\nof tables",
            "All\ntables",
        ),
        page(),
    )
    return Picture.of(drawn, ensemble_alt(analyses))


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


def _axis(unit: str, analyses: Sequence[Analysis]) -> PlotColumn:
    ends = [
        value
        for analysis in analyses
        for value in (analysis.shipped, analysis.low, analysis.high)
    ]
    if unit == "ratio":
        return PlotColumn(ratio_scale(ends, room=0.0), "Odds ratio (log scale)", null=1)
    return PlotColumn(count_scale(ends, most=100), "Patients per 100")


def _line(analysis: Analysis) -> Spreading:
    low, high = analysis.low, analysis.high
    band_low, band_high = analysis.band_low, analysis.band_high
    return Spreading(
        analysis.label,
        analysis.title,
        Spread(analysis.shipped, low, high, band_low, band_high),
        text.decimal(analysis.shipped, 2),
        text.interval(*_printed(band_low, band_high)),
        text.interval(*_printed(low, high)),
    )


def _printed(low: float, high: float) -> tuple[str, str]:
    return text.decimal(low, 2), text.decimal(high, 2)
