"""Figure 1: risk against control, and incidence under lenalidomide, by trial."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from analysis import meta
from analysis.letter.data import Trials
from analysis.letter.figures import wording
from analysis.letter.figures.page import page
from analysis.letter.study import ALL, Study
from analysis.meta.results import Pooled
from analysis.plots import (
    Cell,
    Explorable,
    Forest,
    Group,
    Intervals,
    Panel,
    PlotColumn,
    Scale,
    TextColumn,
    Texts,
    count_scale,
    forest,
    is_cut,
    ratio_scale,
)
from manuscript.values import Picture, text

NAMES = 90.0  # points that names may take


def figure_1(study: Study) -> Picture:
    """Draw every trial by control class, the pools and their tests.

    A: Peto odds ratios; the area of a square is the trial's weight. A trial
    without events has no odds ratio, and says so. B: incidence under
    treatment, with Clopper-Pearson intervals for single trials.

    Parameters
    ----------
    study : Study
        Any number of trials in any number of control classes.

    Returns
    -------
    Picture
        As wide as the journal's page, on as many pages as it takes.
    """
    return Picture.of(
        forest(forest_plot(study), page()),
        figure_1_alt(study),
        explorable(study).data(),
    )


def explorable(study: Study) -> Explorable:
    """Set out what a reader of the page may pool again."""
    table, said = study.trials, study.trials.described
    treated, control = said.arms
    notice = (
        "These counts are reconstructed from published totals, not collected: rows "
        "stand for no trial that was held. What moves here tells how the methods "
        "behave, not what any trial found."
    )
    return Explorable(
        table.trial,
        [said.label(name) for name in table.control_class],
        [
            (int(a), int(n1), int(c), int(n2))
            for a, n1, c, n2 in zip(*table.counts, strict=True)
        ],
        (treated.label, control.label),
        said.outcomes[0].label,
        _scales(study)[0],
        notice if table.is_invented else "",
    )


def figure_1_alt(study: Study) -> str:
    """Say in words what Figure 1 shows."""

    def pools(of: Mapping[str, Pooled]) -> str:
        return "; ".join(
            f"{said.label(name) if name != ALL else 'all trials'} "
            + "".join(wording.limits(wording.natural(pooled)))
            for name, pooled in of.items()
        )

    said = study.trials.described
    effects = study.risk[ALL].trials
    assert effects is not None
    silent = text.in_words(int(np.sum(effects.weight == 0)))
    cut = [name for name in study.trials.trial if is_cut(name, NAMES)]
    names = f" Names shortened in the figure: {'; '.join(cut)}." if cut else ""
    return (
        f"Forest plots of {text.in_words(len(study.trials))} trials by control. "
        f"A: Peto odds ratios ({wording.level(study.risk[ALL])} CI): "
        f"{pools(study.risk)}; trials without an estimate: {silent}. "
        f"B: patients with {said.outcomes[0].label} per 100 given "
        f"{said.arms[0].within}: "
        f"{pools(study.incidence)}.{names}"
    )


def forest_plot(study: Study) -> Forest:
    """Set out what Figure 1 shows."""
    table = study.trials
    said, (treated, control) = table.described, table.described.arms
    outcome = said.outcomes[0].label
    groups = [
        Group(
            said.label(name),
            [i for i, other in enumerate(table.control_class) if other == name],
            _heterogeneity(study, name),
        )
        for name in table.classes
    ]
    return Forest(
        _columns(study),
        groups,
        notes=list(_notes(study)),
        panels=[
            Panel(
                "trial",
                "A",
                f"Risk of {outcome}: {treated.within} against {control.within}",
            ),
            Panel("incidence", "B", f"Incidence of {outcome} with {treated.within}"),
        ],
    )


def _columns(study: Study) -> dict[str, Texts | Intervals]:
    risk_scale, incidence_scale = _scales(study)
    level = wording.level(study.risk[ALL])
    share, precision = _share(study.risk[ALL]), _share(study.incidence[ALL])
    ratios, percents = _ratios(study), _percents(study)
    names = (*study.trials.classes, ALL)
    risk = [wording.natural(study.risk[name]) for name in names]
    incidence = [wording.natural(study.incidence[name]) for name in names]
    treated, control = study.trials.described.arms
    outcome = study.trials.described.outcomes[0].label
    return {
        "trial": Texts(
            TextColumn("Control and trial", widest=NAMES),
            [Cell(name) for name in study.trials.trial],
            [
                Cell("All trials" if name == ALL else "Subtotal", bold=True)
                for name in names
            ],
        ),
        "events_treated": _counts(study, "events_treated", outcome, treated.label),
        "n_treated": _counts(study, "n_treated", "Total", treated.label),
        "events_control": _counts(study, "events_control", outcome, control.label),
        "n_control": _counts(study, "n_control", "Total", control.label),
        "risk": Intervals(
            PlotColumn(
                risk_scale,
                "Peto odds ratio (log scale)",
                share=1.2,
                null=1.0,
                guide=risk[-1][0],
                below=f"Favors\n{treated.within}",
                above=f"Favors\n{control.within}",
            ),
            np.array(ratios),
            share / max(share.max(), 1e-12),
            np.array(risk),
        ),
        "or": Texts(
            TextColumn(f"Peto odds ratio\n({level} CI)", "center"),
            [_ratio_text(study, i, ratio) for i, ratio in enumerate(ratios)],
            [_estimate(numbers, bold=True) for numbers in risk],
        ),
        "weight": Texts(
            TextColumn("Weight\n(%)", "right"),
            [
                _weight(ratio, weight)
                for ratio, weight in zip(ratios, share, strict=True)
            ],
            [
                _weight(numbers, _share_of(study, name, share), bold=True)
                for name, numbers in zip(names, risk, strict=True)
            ],
        ),
        "incidence": Intervals(
            PlotColumn(
                incidence_scale,
                f"Patients with {outcome} per 100",
                guide=incidence[-1][0],
                space=6,
            ),
            np.array(percents),
            0.5 * precision / max(precision.max(), 1e-12),
            np.array(incidence),
        ),
        "percent": Texts(
            TextColumn(f"Per 100 patients\n({level} CI)", "center"),
            [_estimate(numbers) for numbers in percents],
            [_estimate(numbers, bold=True) for numbers in incidence],
        ),
    }


def _counts(study: Study, column: str, header: str, arm: str) -> Texts:
    table = study.trials
    pools = [*(table.of_class(name) for name in table.classes), table]
    return Texts(
        TextColumn(header, "right", arm),
        [_count(number) for number in getattr(table, column)],
        [_count(getattr(trials, column).sum(), bold=True) for trials in pools],
    )


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
    with_events = study.trials.events_treated > 0
    shares += list(high[with_events]) or list(high)
    return ratio_scale(pools + trials), count_scale(shares, most=100)


def _ratios(study: Study) -> list[wording.Limits]:
    pooled = study.risk[ALL]
    return [wording.natural_trial(pooled, i) for i in range(len(study.trials))]


def _percents(study: Study) -> list[wording.Limits]:
    table = study.trials
    low, high = _exact(table)
    crude = 100 * (table.events_treated / table.n_treated)
    return [
        (float(estimate), float(least), float(most))
        for estimate, least, most in zip(crude, low, high, strict=True)
    ]


def _ratio_text(study: Study, i: int, ratio: wording.Limits) -> Cell:
    if math.isfinite(ratio[0]):
        return _estimate(ratio)
    events = study.trials.events_treated[i] + study.trials.events_control[i]
    return Cell("no events" if events == 0 else wording.NOT_ESTIMABLE, muted=True)


def _weight(ratio: wording.Limits, share: float, bold: bool = False) -> Cell:
    if not math.isfinite(ratio[0]):
        return Cell(text.EN_DASH, muted=True)
    return Cell(text.decimal(100 * float(share), 1), bold=bold)


def _share_of(study: Study, name: str, share: NDArray[np.float64]) -> float:
    in_class = np.array(study.trials.control_class) == name
    return float((share if name == ALL else share[in_class]).sum())


def _heterogeneity(study: Study, name: str) -> dict[str, str]:
    risk, incidence = study.risk[name], study.incidence[name]
    return {
        "trial": f"Heterogeneity: {wording.heterogeneity(risk.heterogeneity)}",
        "percent": wording.short_heterogeneity(incidence.heterogeneity),
    }


def _notes(study: Study) -> Iterator[dict[str, str]]:
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
        yield {"trial": below_a, "percent": below_b}


def _share(pooled: Pooled) -> NDArray[np.float64]:
    """Return each trial's share of the weight, in [0, 1]."""
    effects = pooled.trials
    assert effects is not None
    weight = np.where(np.isfinite(effects.weight), effects.weight, 0.0)
    total = weight.sum()
    return np.asarray(weight / total if total > 0 else weight)


def _exact(trials: Trials) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    low, high = meta.clopper_pearson(trials.events_treated, trials.n_treated)
    return 100 * low, 100 * high


def _count(number: np.int64, bold: bool = False) -> Cell:
    return Cell(text.decimal(int(number), 0), bold=bold)


def _estimate(numbers: wording.Limits, bold: bool = False) -> Cell:
    estimate, interval = wording.limits(numbers)
    return Cell(estimate, interval, bold=bold and bool(interval), muted=not interval)
