"""Figure 1: risk against control, and incidence under lenalidomide, by trial."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from analysis import meta
from analysis.letter.data import Trials
from analysis.letter.figures import style, wording
from analysis.letter.figures.interval_table import (
    Cell,
    Column,
    IntervalTable,
    Panel,
    PlotColumn,
    Row,
    TextColumn,
)
from analysis.letter.figures.marks import Interval, Mark
from analysis.letter.figures.picture import Picture
from analysis.letter.figures.scales import Scale, count_scale, ratio_scale
from analysis.letter.figures.table_drawing import draw
from analysis.letter.study import ALL, Study
from analysis.meta.results import Pooled
from manuscript.values import text

CONTROL = {
    "placebo": "Placebo",
    "chemotherapy": "Chemotherapy ± SCT",
    "observation": "Observation",
}


def figure_1(study: Study) -> Picture:
    """Draw every trial by control class, the pools and their tests.

    A: Peto odds ratios; the area of a square is the trial's weight. A trial
    without events has no odds ratio, and says so. B: incidence under
    lenalidomide, with Clopper-Pearson intervals for single trials.

    Parameters
    ----------
    study : Study
        Any number of trials in any number of control classes.

    Returns
    -------
    Picture
        183 mm wide; no higher than 170 mm up to about 35 trials.
    """
    return draw(figure_1_alt(study), forest_table(study))


def figure_1_alt(study: Study) -> str:
    """Say in words what Figure 1 shows."""

    def pools(of: Mapping[str, Pooled]) -> str:
        return "; ".join(
            f"{control_label(name) if name != ALL else 'all trials'} "
            + "".join(wording.limits(wording.natural(pooled)))
            for name, pooled in of.items()
        )

    effects = study.risk[ALL].trials
    assert effects is not None
    silent = text.in_words(int(np.sum(effects.weight == 0)))
    return (
        f"Forest plots of {text.in_words(len(study.trials))} trials by control. "
        f"A: Peto odds ratios [{wording.level(study.risk[ALL])} CI]: "
        f"{pools(study.risk)}; trials without an estimate: {silent}. "
        f"B: patients with leukemia per 100 given lenalidomide: "
        f"{pools(study.incidence)}."
    )


def forest_table(study: Study) -> IntervalTable:
    """Return Figure 1 as rows of text and intervals."""
    rows: list[Row] = []
    for name in study.trials.classes:
        rows.append(Row({"trial": Cell(control_label(name), bold=True)}, gap=2))
        rows += _trial_rows(study, name)
        rows += [_pool_row(study, name, "Subtotal"), _heterogeneity_row(study, name)]
    rows.append(_pool_row(study, ALL, "All trials", overall=True))
    return IntervalTable(
        columns=_columns(study),
        rows=rows,
        notes=list(_notes(study)),
        panels=[
            Panel("trial", "A", "Risk of ALL: lenalidomide against control"),
            Panel("incidence", "B", "Incidence of ALL with lenalidomide"),
        ],
    )


def control_label(control_class: str) -> str:
    """Return how a control class is printed."""
    return CONTROL.get(control_class, control_class.capitalize())


def _columns(study: Study) -> dict[str, Column]:
    risk_scale, incidence_scale = _scales(study)
    level = wording.level(study.risk[ALL])
    return {
        "trial": TextColumn("Control and trial", widest=90),
        "all_lenalidomide": TextColumn("ALL", "right", "Lenalidomide"),
        "n_lenalidomide": TextColumn("Total", "right", "Lenalidomide"),
        "all_control": TextColumn("ALL", "right", "Control"),
        "n_control": TextColumn("Total", "right", "Control"),
        "risk": PlotColumn(
            risk_scale,
            "Peto odds ratio (log scale)",
            share=1.2,
            null=1.0,
            guide=wording.natural(study.risk[ALL])[0],
            below="Favors\nlenalidomide",
            above="Favors\ncontrol",
        ),
        "or": TextColumn(f"Peto odds ratio\n[{level} CI]", "center"),
        "weight": TextColumn("Weight\n(%)", "right"),
        "incidence": PlotColumn(
            incidence_scale,
            "Patients with ALL per 100",
            guide=wording.natural(study.incidence[ALL])[0],
            space=6,
        ),
        "percent": TextColumn(f"Per 100 patients\n[{level} CI]", "center"),
    }


def _scales(study: Study) -> tuple[Scale, Scale]:
    """Return axes on which every pool lies whole, and most trials do.

    The odds ratios of single trials reach beyond every useful axis, and so do
    the incidences of small trials without events: their intervals are cut.
    """
    pools = [v for pooled in study.risk.values() for v in wording.natural(pooled)]
    trials = [
        wording.natural_trial(study.risk[ALL], i)[0] for i in range(len(study.trials))
    ]
    shares = [v for pooled in study.incidence.values() for v in wording.natural(pooled)]
    _, high = _exact(study.trials)
    with_events = study.trials.all_lenalidomide > 0
    shares += list(high[with_events]) or list(high)
    return ratio_scale(pools + trials), count_scale(shares, most=100)


def _trial_rows(study: Study, control_class: str) -> Iterator[Row]:
    table = study.trials
    share, precision = _share(study.risk[ALL]), _share(study.incidence[ALL])
    low, high = _exact(table)
    for i, in_class in enumerate(table.control_class):
        if in_class != control_class:
            continue
        ratio = wording.natural_trial(study.risk[ALL], i)
        crude = 100 * float(table.all_lenalidomide[i] / table.n_lenalidomide[i])
        incidence = (crude, float(low[i]), float(high[i]))
        yield Row(
            {
                "trial": Cell(f"\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}{table.trial[i]}"),
                "all_lenalidomide": _count(table.all_lenalidomide[i]),
                "n_lenalidomide": _count(table.n_lenalidomide[i]),
                "all_control": _count(table.all_control[i]),
                "n_control": _count(table.n_control[i]),
                "risk": Interval(*ratio, size=share[i] / max(share.max(), 1e-12)),
                "incidence": Interval(
                    *incidence, size=0.5 * precision[i] / max(precision.max(), 1e-12)
                ),
                "percent": _estimate(incidence),
                **_risk_text(table, i, ratio, share[i]),
            }
        )


def _risk_text(
    table: Trials, i: int, ratio: wording.Limits, share: float
) -> dict[str, Cell | Mark]:
    if math.isfinite(ratio[0]):
        return {"or": _estimate(ratio), "weight": Cell(text.decimal(100 * share, 1))}
    events = table.all_lenalidomide[i] + table.all_control[i]
    reason = "no events" if events == 0 else wording.NOT_ESTIMABLE
    return {
        "or": Cell(reason, muted=True),
        "weight": Cell(text.EN_DASH, muted=True),
    }


def _pool_row(study: Study, name: str, label: str, *, overall: bool = False) -> Row:
    trials = study.trials if name == ALL else study.trials.of_class(name)
    share = _share(study.risk[ALL])
    if name != ALL:
        share = share[np.array(study.trials.control_class) == name]
    weight = 100 * float(share.sum())
    ratio = wording.natural(study.risk[name])
    incidence = wording.natural(study.incidence[name])
    color = style.VERMILION if overall else style.BLUE
    return Row(
        {
            "trial": Cell(label, bold=True),
            "all_lenalidomide": _count(trials.all_lenalidomide.sum(), bold=True),
            "n_lenalidomide": _count(trials.n_lenalidomide.sum(), bold=True),
            "all_control": _count(trials.all_control.sum(), bold=True),
            "n_control": _count(trials.n_control.sum(), bold=True),
            "risk": Interval(*ratio, mark="diamond", color=color),
            "or": _estimate(ratio, bold=True),
            "weight": Cell(text.decimal(weight, 1), bold=True)
            if math.isfinite(ratio[0])
            else Cell(text.EN_DASH, muted=True),
            "incidence": Interval(*incidence, mark="diamond", color=color),
            "percent": _estimate(incidence, bold=True),
        },
        tint=True,
        gap=4.0 if overall else 0.0,
        rule=overall,
    )


def _heterogeneity_row(study: Study, name: str) -> Row:
    risk, incidence = study.risk[name], study.incidence[name]
    left = f"Heterogeneity: {wording.heterogeneity(risk.heterogeneity)}"
    right = wording.short_heterogeneity(incidence.heterogeneity)
    return Row(
        {
            "trial": Cell(left, muted=True, small=True, spans=True),
            "percent": Cell(right, muted=True, small=True),
        }
    )


def _notes(study: Study) -> Iterator[Row]:
    risk, incidence = study.risk[ALL], study.incidence[ALL]
    left = (
        f"Heterogeneity: {wording.heterogeneity(risk.heterogeneity)}",
        f"Overall effect: {wording.overall_effect(risk)}",
        f"Differences between controls: {wording.subgroup_test(study.risk_subgroups)}",
    )
    right = (
        wording.short_heterogeneity(incidence.heterogeneity),
        "Between controls:",
        wording.subgroup_test(study.incidence_subgroups, short=True),
    )
    for below_a, below_b in zip(left, right, strict=True):
        yield Row(
            {
                "trial": Cell(below_a, small=True, spans=True),
                "percent": Cell(below_b, small=True),
            }
        )


def _share(pooled: Pooled) -> NDArray[np.float64]:
    """Return each trial's share of the weight, in [0, 1]."""
    effects = pooled.trials
    assert effects is not None
    weight = np.where(np.isfinite(effects.weight), effects.weight, 0.0)
    total = weight.sum()
    return np.asarray(weight / total if total > 0 else weight)


def _exact(trials: Trials) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    low, high = meta.clopper_pearson(trials.all_lenalidomide, trials.n_lenalidomide)
    return 100 * low, 100 * high


def _count(number: np.int64, bold: bool = False) -> Cell:
    return Cell(text.decimal(int(number), 0), bold=bold)


def _estimate(numbers: wording.Limits, bold: bool = False) -> Cell:
    estimate, interval = wording.limits(numbers)
    return Cell(estimate, interval, bold=bold and bool(interval), muted=not interval)
