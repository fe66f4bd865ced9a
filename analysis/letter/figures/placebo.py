"""Figure S2: the trials of one control class in detail."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from analysis.letter.data import Trials
from analysis.letter.figures import wording
from analysis.letter.figures.page import page
from analysis.letter.study import Study
from analysis.plots import (
    Cell,
    Forest,
    Group,
    Intervals,
    PlotColumn,
    TextColumn,
    Texts,
    forest,
    notice,
    ratio_scale,
)
from manuscript.values import Picture, text


def figure_s2(study: Study, control_class: str = "") -> Picture:
    """Draw one control class with what the Peto odds ratio is made of.

    Parameters
    ----------
    study : Study
    control_class : str, optional
        One of ``study.trials.classes``; the primary one if not given.
    """
    control_class = control_class or study.trials.described.keys[0]
    trials = study.trials.of_class(control_class)
    if not len(trials):
        return _nothing(trials.described.label(control_class))
    plot = Forest(
        _columns(study, control_class),
        [Group("", range(len(trials)))],
        notes=_notes(study, control_class),
    )
    return Picture.of(forest(plot, page()), figure_s2_alt(study, control_class))


def _nothing(label: str) -> Picture:
    said = f"No trial has this control: {label}."
    return Picture.of(notice(said, page()), said)


def figure_s2_alt(study: Study, control_class: str) -> str:
    """Say in words what Figure S2 shows."""
    pooled, trials = study.risk[control_class], study.trials.of_class(control_class)
    entries = "; ".join(
        f"{name} " + "".join(wording.limits(wording.natural_trial(pooled, i)))
        for i, name in enumerate(trials.trial)
    )
    return (
        f"Forest plot of {text.in_words(len(trials))} trials. Control: "
        f"{trials.described.label(control_class)}. "
        f"Peto odds ratios ({wording.level(pooled)} CI): {entries}; "
        f"pooled {''.join(wording.limits(wording.natural(pooled)))}."
    )


def _single(trials: Trials) -> dict[str, Texts]:
    """Return what is known of single trials; in a reconstruction it is invented."""
    if trials.is_invented:
        return {}
    return {
        "source": Texts(
            TextColumn("Source"),
            [Cell(each.capitalize()) for each in trials.source_type],
        ),
        "followup": Texts(
            TextColumn("Follow-up\n(months)", "right"),
            [_or_dash(float(months), 1) for months in trials.median_followup_months],
        ),
    }


def _columns(study: Study, control_class: str) -> dict[str, Texts | Intervals]:
    pooled, trials = study.risk[control_class], study.trials.of_class(control_class)
    effects = pooled.trials
    assert effects is not None
    variance = effects.weight
    excess = np.where(variance > 0, effects.estimate * variance, 0.0)
    total, largest = float(variance.sum()), float(variance.max(initial=0.0))
    share = variance / total if total else np.zeros_like(variance)
    ratios = [wording.natural_trial(pooled, i) for i in range(len(trials))]
    known = np.isfinite([ratio[0] for ratio in ratios])
    pool = wording.natural(pooled)
    in_all = math.isfinite(pool[0])
    inside = [*pool, *np.clip([v for ratio in ratios for v in ratio], 0.12, 80)]

    def counts(column: str, header: str, arm: str) -> Texts:
        numbers = getattr(trials, column)
        return Texts(
            TextColumn(header, "right", arm),
            [_number(number) for number in numbers],
            [_number(numbers.sum(), bold=True)],
        )

    def parts(
        header: str, numbers: NDArray[np.float64], whole: float, decimals: int
    ) -> Texts:
        return Texts(
            TextColumn(header, "right"),
            [_or_dash(float(n), decimals) for n in np.where(known, numbers, np.nan)],
            [_or_dash(whole if in_all else math.nan, decimals, bold=True)],
        )

    said = trials.described
    treated, control = said.arms[0], said.label(control_class)
    outcome = said.outcomes[0].label
    return {
        "trial": Texts(
            TextColumn("Trial", widest=70),
            [Cell(name) for name in trials.trial],
            [Cell("Pooled", bold=True)],
        ),
        **_single(trials),
        "events_treated": counts("events_treated", outcome, treated.label),
        "n_treated": counts("n_treated", "Total", treated.label),
        "events_control": counts("events_control", outcome, control),
        "n_control": counts("n_control", "Total", control),
        "excess": parts(f"O {text.MINUS} E", excess, float(excess.sum()), 2),
        "variance": parts("V", variance, total, 2),
        "risk": Intervals(
            PlotColumn(
                ratio_scale(inside),
                "Peto odds ratio (log scale)",
                null=1.0,
                guide=pool[0],
                below=f"Favors\n{treated.within}",
                above=f"Favors\n{control.lower()}",
            ),
            np.array(ratios),
            variance / largest if largest else np.zeros_like(variance),
            np.array([pool]),
        ),
        "or": Texts(
            TextColumn(f"Peto odds ratio\n({wording.level(pooled)} CI)", "center"),
            [_ratio(trials, i, ratio) for i, ratio in enumerate(ratios)],
            [_pooled(pool)],
        ),
        "weight": parts("Weight\n(%)", 100 * share, 100.0, 1),
    }


def _ratio(trials: Trials, i: int, ratio: wording.Limits) -> Cell:
    if math.isfinite(ratio[0]):
        return Cell(*wording.limits(ratio))
    events = trials.events_treated[i] + trials.events_control[i]
    return Cell("no events" if events == 0 else wording.NOT_ESTIMABLE, muted=True)


def _pooled(ratio: wording.Limits) -> Cell:
    known = math.isfinite(ratio[0])
    return Cell(*wording.limits(ratio), bold=known, muted=not known)


def _notes(study: Study, control_class: str) -> list[dict[str, str]]:
    pooled, treated = study.risk[control_class], study.trials.described.arms[0]
    lines = (
        f"Heterogeneity: {wording.heterogeneity(pooled.heterogeneity)}",
        f"Overall effect: {wording.overall_effect(pooled)}",
        f"O, observed and E, expected events with {treated.within}; V, variance of O",
    )
    return [{"trial": line} for line in lines]


def _number(number: np.int64, bold: bool = False) -> Cell:
    return Cell(text.decimal(int(number), 0), bold=bold)


def _or_dash(number: float, decimals: int, bold: bool = False) -> Cell:
    if not math.isfinite(number):
        return Cell(text.EN_DASH, muted=True)
    return Cell(text.decimal(number, decimals), bold=bold)
