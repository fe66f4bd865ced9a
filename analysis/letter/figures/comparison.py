"""One pooled estimate under many conditions: a line of dots with intervals."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from analysis.letter.figures import style, wording
from analysis.letter.figures.interval_table import (
    Cell,
    IntervalTable,
    Panel,
    PlotColumn,
    Row,
    TextColumn,
)
from analysis.letter.figures.marks import Interval
from analysis.letter.figures.picture import Picture
from analysis.letter.figures.scales import count_scale, ratio_scale
from analysis.letter.figures.table_drawing import draw
from analysis.meta.results import Heterogeneity, Pooled
from manuscript.values import text

Sections = Mapping[str, Mapping[str, Pooled]]


@dataclass(frozen=True)
class Comparison:
    """One estimate under many conditions.

    Attributes
    ----------
    title : str
    main : Pooled
        The main analysis, drawn as a dashed line through all others; where the
        same object stands in a section, its row is set off.
    sections : mapping of str to (mapping of str to Pooled)
        Pools of one data set each by their label, under headings; a heading may
        be empty.
    heading : str
        Over the labels.
    """

    title: str
    main: Pooled
    sections: Sections
    heading: str = "Analysis"


def compare(*comparisons: Comparison) -> Picture:
    """Draw pooled estimates as dots with intervals, comparisons stacked.

    Parameters
    ----------
    *comparisons : Comparison
        Each on its own axis: odds ratios on a logarithmic one, proportions as
        patients per 100.
    """
    letters = "ABCDEFGH" if len(comparisons) > 1 else " " * len(comparisons)
    tables = [
        comparison_table(comparison, letter.strip())
        for comparison, letter in zip(comparisons, letters, strict=False)
    ]
    return draw(comparison_alt(*comparisons), *tables)


def comparison_alt(*comparisons: Comparison) -> str:
    """Say in words what a comparison shows."""
    return " ".join(
        f"{comparison.title}: "
        + "; ".join(
            f"{label} {''.join(wording.limits(wording.natural(pooled)))}"
            for section in comparison.sections.values()
            for label, pooled in section.items()
        )
        + "."
        for comparison in comparisons
    )


def one_by_one(pooled: Pooled, labels: Sequence[str]) -> dict[str, Pooled]:
    """Split a pool of many data sets, such as leave-one-out, by label.

    Raises
    ------
    ValueError
        If there are not as many labels as data sets.
    """
    if pooled.estimate.shape != (len(labels),):
        raise ValueError(
            f"{len(labels)} labels for pools of shape {pooled.estimate.shape}"
        )
    return {label: _entry(pooled, i) for i, label in enumerate(labels)}


def comparison_table(comparison: Comparison, letter: str = "") -> IntervalTable:
    """Return a comparison as rows of text and intervals."""
    ratios = comparison.main.measure == "OR"
    inside = [
        value
        for section in comparison.sections.values()
        for pooled in section.values()
        for value in wording.natural(pooled)
    ]
    guide = wording.natural(comparison.main)[0]
    level = wording.level(comparison.main)
    plot = (
        PlotColumn(
            ratio_scale([*inside, guide]),
            "Odds ratio (log scale)",
            null=1.0,
            guide=guide,
            below="Favors\nlenalidomide",
            above="Favors\ncontrol",
        )
        if ratios
        else PlotColumn(
            count_scale([*inside, guide], most=100),
            "Patients with ALL per 100",
            guide=guide,
        )
    )
    estimate = f"Odds ratio\n[{level} CI]" if ratios else f"Per 100\n[{level} CI]"
    return IntervalTable(
        columns={
            "label": TextColumn(comparison.heading, widest=170),
            "k": TextColumn("Trials with\nestimate / all", "right"),
            "plot": plot,
            "estimate": TextColumn(estimate, "center"),
            **({"p": TextColumn("P", "left")} if ratios else {}),
        },
        rows=list(_rows(comparison, ratios)),
        panels=[Panel("label", letter, comparison.title)],
    )


def _rows(comparison: Comparison, ratios: bool) -> Iterator[Row]:
    for heading, section in comparison.sections.items():
        if heading:
            yield Row({"label": Cell(heading, bold=True)}, gap=2.5, tint=True)
        for label, pooled in section.items():
            numbers = wording.natural(pooled)
            estimate, interval = wording.limits(numbers)
            main = pooled is comparison.main
            known = math.isfinite(numbers[0])
            p = text.p_value(float(pooled.p), 3) if known else ""
            yield Row(
                {
                    "label": Cell(label, bold=main),
                    "k": Cell(_trials(pooled), bold=main),
                    "plot": Interval(
                        *numbers,
                        mark="diamond" if main else "dot",
                        size=0.32,
                        color=style.VERMILION if main else style.BLUE,
                    ),
                    "estimate": Cell(
                        estimate, interval, bold=main and known, muted=not known
                    ),
                    **({"p": Cell(p.removeprefix("= "), bold=main)} if ratios else {}),
                }
            )


def _trials(pooled: Pooled) -> str:
    informative, every = (text.decimal(float(k), 0) for k in (pooled.k, pooled.k_all))
    return f"{informative} / {every}"


def _entry(pooled: Pooled, i: int) -> Pooled:
    """Return one of many data sets, without its trials."""
    whole = replace(pooled, trials=None)
    return replace(whole, **_entries(whole, i))


def _entries(whole: Pooled | Heterogeneity, i: int) -> dict[str, Any]:
    return {field.name: _at(getattr(whole, field.name), i) for field in fields(whole)}


def _at(part: Any, i: int) -> Any:
    if isinstance(part, np.ndarray):
        return part[i]
    if isinstance(part, Heterogeneity):
        return replace(part, **_entries(part, i))
    return part
