"""The forest plot of a table of trials, as its schema file describes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.meta.results import Pooled
from analysis.plots.forest import Forest, Group, Intervals, Texts
from analysis.plots.interval_table import Cell, Panel, PlotColumn, TextColumn
from analysis.plots.paper.scales import ratio_scale
from analysis.trials import Counts, FourCounts, Outcome, Trials

Limits = tuple[float, float, float]


@dataclass(frozen=True)
class Printed:
    """How numbers print.

    Attributes
    ----------
    ratio : callable
        Takes an odds ratio and its limits.
    count : callable
        Takes a whole number.
    header : str
        Over the odds ratios, such as ``Peto (95% CI)``.
    """

    ratio: Callable[[float, float, float], str]
    count: Callable[[int], str]
    header: str


def two_arms(trials: Trials, pool: Callable[..., Pooled], printed: Printed) -> Forest:
    """Set out every outcome: events over patients by arm, and odds ratios.

    Trials of a class stand together, with their pool below; several outcomes stand
    side by side, each with its letter.

    Parameters
    ----------
    trials : Trials
    pool : callable
        Takes the counts of :meth:`Trials.counts` and gives odds ratios, of single
        trials too.
    printed : Printed
    """
    outcomes = trials.described.outcomes
    columns: dict[str, Texts | Intervals] = {
        "trial": Texts(
            TextColumn("Trial"),
            [Cell(name) for name in trials.names],
            [
                *(Cell("Subtotal", bold=True) for _ in trials.present),
                Cell("All trials", bold=True),
            ],
        )
    }
    for outcome in outcomes:
        columns |= _outcome(trials, outcome, pool, printed)
    groups = [
        Group(
            trials.described.label(key), np.flatnonzero(trials.of_class(key)).tolist()
        )
        for key in trials.present
    ] or [Group("", range(len(trials)))]
    first = trials.described.arms[0].key
    letters = "ABCDEFGH" if len(outcomes) > 1 else ""
    panels = [
        Panel(f"{outcome.key}.{first}", letter, outcome.label)
        for letter, outcome in zip(letters, outcomes, strict=False)
    ]
    return Forest(columns, groups, panels=panels)


def _outcome(
    trials: Trials, outcome: Outcome, pool: Callable[..., Pooled], printed: Printed
) -> dict[str, Texts | Intervals]:
    counts = trials.counts(outcome.key)
    every = np.ones(len(trials), dtype=np.bool_)
    parts = [*(trials.of_class(key) for key in trials.present), every]
    pooled, whole = (
        pool(*counts),
        np.array([_pool(pool, counts, rows) for rows in parts]),
    )
    effects = pooled.trials
    assert effects is not None
    ratios = np.exp(
        np.column_stack((effects.estimate, effects.ci_low, effects.ci_high))
    )
    guide = float(whole[-1, 0])
    inside = [x for x in (*whole.ravel(), *ratios[:, 0]) if np.isfinite(x)]
    axis = PlotColumn(
        ratio_scale(inside), "Odds ratio (log scale)", null=1.0, guide=guide
    )
    largest = float(effects.weight.max(initial=0.0))
    made: dict[str, Texts | Intervals] = {}
    for arm, events, n in zip(
        trials.described.arms, counts[::2], counts[1::2], strict=True
    ):
        made[f"{outcome.key}.{arm.key}"] = Texts(
            TextColumn(arm.label, "right"),
            [Cell(_over(x, m, printed)) for x, m in zip(events, n, strict=True)],
            [
                Cell(_over(events[rows].sum(), n[rows].sum(), printed), bold=True)
                for rows in parts
            ],
        )
    size = effects.weight / largest if largest else np.zeros(len(trials))
    made[f"{outcome.key}.plot"] = Intervals(axis, ratios, size, whole)
    silent = counts[0] + counts[2] == 0
    made[f"{outcome.key}.or"] = Texts(
        TextColumn(printed.header, "right"),
        [
            Cell("no events") if none else _ratio(row, printed)
            for none, row in zip(silent, ratios, strict=True)
        ],
        [_ratio(row, printed, bold=True) for row in whole],
    )
    return made


def _pool(
    pool: Callable[..., Pooled], counts: FourCounts, rows: NDArray[np.bool_]
) -> Limits:
    estimate, low, high = pool(*(part[rows] for part in counts)).natural()
    return float(estimate), float(low), float(high)


def _ratio(limits: Sequence[float], printed: Printed, *, bold: bool = False) -> Cell:
    estimate, low, high = (float(x) for x in limits)
    if not np.isfinite(estimate):
        return Cell("not estimable", muted=True)
    return Cell(printed.ratio(estimate, low, high), bold=bold)


def _over(events: Counts, n: Counts, printed: Printed) -> str:
    return f"{printed.count(int(events))}/{printed.count(int(n))}"
