"""Figure S2: the trials of one control class in detail."""

from __future__ import annotations

import math

import numpy as np

from analysis.letter.figures import style, wording
from analysis.letter.figures.forest import control_label
from analysis.letter.figures.interval_table import (
    Cell,
    Column,
    IntervalTable,
    PlotColumn,
    Row,
    TextColumn,
)
from analysis.letter.figures.marks import Interval
from analysis.letter.figures.picture import Picture
from analysis.letter.figures.scales import ratio_scale
from analysis.letter.figures.table_drawing import draw
from analysis.letter.study import Study
from manuscript.values import text


def figure_s2(study: Study, control_class: str = "placebo") -> Picture:
    """Draw one control class with what the Peto odds ratio is made of.

    Parameters
    ----------
    study : Study
    control_class : str
        One of ``study.trials.classes``.
    """
    pooled, trials = study.risk[control_class], study.trials.of_class(control_class)
    effects = pooled.trials
    assert effects is not None
    variance = effects.weight
    excess = np.where(variance > 0, effects.estimate * variance, 0.0)
    total = float(variance.sum())
    rows = []
    for i, name in enumerate(trials.trial):
        ratio = wording.natural_trial(pooled, i)
        estimate, interval = wording.limits(ratio)
        known = math.isfinite(ratio[0])
        events = trials.all_lenalidomide[i] + trials.all_control[i]
        missing = "no events" if events == 0 else wording.NOT_ESTIMABLE
        share = float(variance[i]) / total if total else 0.0
        largest = float(variance.max(initial=0.0))
        followup = float(trials.median_followup_months[i])
        rows.append(
            Row(
                {
                    "trial": Cell(name),
                    "source": Cell(trials.source_type[i].capitalize()),
                    "followup": _or_dash(followup, 1),
                    "all_lenalidomide": _number(trials.all_lenalidomide[i]),
                    "n_lenalidomide": _number(trials.n_lenalidomide[i]),
                    "all_control": _number(trials.all_control[i]),
                    "n_control": _number(trials.n_control[i]),
                    "excess": _or_dash(float(excess[i]) if known else math.nan, 2),
                    "variance": _or_dash(float(variance[i]) if known else math.nan, 2),
                    "risk": Interval(
                        *ratio, size=float(variance[i]) / largest if largest else 0.0
                    ),
                    "or": Cell(estimate, interval)
                    if known
                    else Cell(missing, muted=True),
                    "weight": _or_dash(100 * share if known else math.nan, 1),
                }
            )
        )
    rows.append(_pool_row(study, control_class, float(excess.sum()), total))
    table = IntervalTable(
        _columns(study, control_class), rows, _notes(study, control_class)
    )
    return draw(figure_s2_alt(study, control_class), table)


def figure_s2_alt(study: Study, control_class: str = "placebo") -> str:
    """Say in words what Figure S2 shows."""
    pooled, trials = study.risk[control_class], study.trials.of_class(control_class)
    entries = "; ".join(
        f"{name} " + "".join(wording.limits(wording.natural_trial(pooled, i)))
        for i, name in enumerate(trials.trial)
    )
    return (
        f"Forest plot of {text.in_words(len(trials))} trials. Control: "
        f"{control_label(control_class)}. "
        f"Peto odds ratios [{wording.level(pooled)} CI]: {entries}; "
        f"pooled {''.join(wording.limits(wording.natural(pooled)))}."
    )


def _columns(study: Study, control_class: str) -> dict[str, Column]:
    pooled = study.risk[control_class]
    trials = len(study.trials.of_class(control_class))
    singles = [v for i in range(trials) for v in wording.natural_trial(pooled, i)]
    inside = [*wording.natural(pooled), *np.clip(singles, 0.12, 80)]
    return {
        "trial": TextColumn("Trial", widest=70),
        "source": TextColumn("Source"),
        "followup": TextColumn("Follow-up\n(months)", "right"),
        "all_lenalidomide": TextColumn("ALL", "right", "Lenalidomide"),
        "n_lenalidomide": TextColumn("Total", "right", "Lenalidomide"),
        "all_control": TextColumn("ALL", "right", control_label(control_class)),
        "n_control": TextColumn("Total", "right", control_label(control_class)),
        "excess": TextColumn(f"O {text.MINUS} E", "right"),
        "variance": TextColumn("V", "right"),
        "risk": PlotColumn(
            ratio_scale(inside),
            "Peto odds ratio (log scale)",
            null=1.0,
            guide=wording.natural(pooled)[0],
            below="Favors\nlenalidomide",
            above=f"Favors\n{control_label(control_class).lower()}",
        ),
        "or": TextColumn(f"Peto odds ratio\n[{wording.level(pooled)} CI]", "center"),
        "weight": TextColumn("Weight\n(%)", "right"),
    }


def _pool_row(study: Study, control_class: str, excess: float, variance: float) -> Row:
    pooled, trials = study.risk[control_class], study.trials.of_class(control_class)
    ratio = wording.natural(pooled)
    estimate, interval = wording.limits(ratio)
    known = math.isfinite(ratio[0])
    return Row(
        {
            "trial": Cell("Pooled", bold=True),
            "all_lenalidomide": _number(trials.all_lenalidomide.sum(), bold=True),
            "n_lenalidomide": _number(trials.n_lenalidomide.sum(), bold=True),
            "all_control": _number(trials.all_control.sum(), bold=True),
            "n_control": _number(trials.n_control.sum(), bold=True),
            "excess": _or_dash(excess if known else math.nan, 2, bold=True),
            "variance": _or_dash(variance if known else math.nan, 2, bold=True),
            "risk": Interval(*ratio, mark="diamond", color=style.VERMILION),
            "or": Cell(estimate, interval, bold=known, muted=not known),
            "weight": _or_dash(100.0 if known else math.nan, 1, bold=True),
        },
        tint=True,
        rule=True,
        gap=3.0,
    )


def _notes(study: Study, control_class: str) -> list[Row]:
    pooled = study.risk[control_class]
    lines = (
        f"Heterogeneity: {wording.heterogeneity(pooled.heterogeneity)}",
        f"Overall effect: {wording.overall_effect(pooled)}",
        "O, observed and E, expected events with lenalidomide; V, variance of O",
    )
    return [Row({"trial": Cell(line, small=True, spans=True)}) for line in lines]


def _number(number: np.int64, bold: bool = False) -> Cell:
    return Cell(text.decimal(int(number), 0), bold=bold)


def _or_dash(number: float, decimals: int, bold: bool = False) -> Cell:
    if not math.isfinite(number):
        return Cell(text.EN_DASH, muted=True)
    return Cell(text.decimal(number, decimals), bold=bold)
