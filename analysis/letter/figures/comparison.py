"""Pooled estimates under many conditions, each with its words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from analysis import plots
from analysis.letter.answers.digits import p_decimals
from analysis.letter.figures import wording
from analysis.letter.figures.page import page
from analysis.meta.results import Heterogeneity, Pooled
from analysis.plots import (
    Cell,
    Compared,
    PlotColumn,
    TextColumn,
    count_scale,
    ratio_scale,
)
from analysis.trials import Described
from manuscript.values import Picture, text

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
    described : Described
        What arms and outcome are called.
    heading : str
        Over the labels.
    """

    title: str
    main: Pooled
    sections: Sections
    described: Described
    heading: str = "Analysis"


def compare(*comparisons: Comparison) -> Picture:
    """Draw pooled estimates as dots with intervals, comparisons stacked.

    Parameters
    ----------
    *comparisons : Comparison
        Each on its own axis: odds ratios on a logarithmic one, proportions as
        patients per 100.
    """
    drawn = plots.compare(page(), *map(_drawn, comparisons))
    return Picture.of(drawn, comparison_alt(*comparisons))


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


def _drawn(comparison: Comparison) -> plots.Comparison:
    ratios = comparison.main.measure == "OR"
    treated, control = comparison.described.arms
    inside = [
        value
        for section in comparison.sections.values()
        for pooled in section.values()
        for value in wording.natural(pooled)
    ]
    guide = wording.natural(comparison.main)[0]
    level = wording.level(comparison.main)
    axis = (
        PlotColumn(
            ratio_scale([*inside, guide]),
            "Odds ratio (log scale)",
            null=1.0,
            guide=guide,
            below=f"Favors\n{treated.within}",
            above=f"Favors\n{control.within}",
        )
        if ratios
        else PlotColumn(
            count_scale([*inside, guide], most=100),
            f"Patients with {comparison.described.outcomes[0].label} per 100",
            guide=guide,
        )
    )
    estimate = f"Odds ratio\n({level} CI)" if ratios else f"Per 100\n({level} CI)"
    return plots.Comparison(
        comparison.title,
        axis,
        {
            heading: [
                _line(label, pooled, ratios, pooled is comparison.main)
                for label, pooled in section.items()
            ]
            for heading, section in comparison.sections.items()
        },
        before={"k": TextColumn("Trials with\nestimate / all", "right")},
        after={
            "estimate": TextColumn(estimate, "center"),
            **({"p": TextColumn("P", "left")} if ratios else {}),
        },
        heading=comparison.heading,
    )


def _line(label: str, pooled: Pooled, ratios: bool, main: bool) -> Compared:
    numbers = wording.natural(pooled)
    estimate, interval = wording.limits(numbers)
    known = math.isfinite(numbers[0])
    p = text.p_value(float(pooled.p), p_decimals(float(pooled.p))) if known else ""
    texts = {
        "k": Cell(_trials(pooled), bold=main),
        "estimate": Cell(estimate, interval, bold=main and known, muted=not known),
        **({"p": Cell(p.removeprefix("= "), bold=main)} if ratios else {}),
    }
    return Compared(label, numbers, texts, main)


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
