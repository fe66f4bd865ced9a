"""Figure S4: do the results stand when the method or the trials change."""

from __future__ import annotations

import numpy as np

from analysis import meta
from analysis.letter.answers.sensitivity import SMALL
from analysis.letter.figures.comparison import Comparison, Sections, compare, one_by_one
from analysis.letter.study import ALL, Study
from analysis.meta.results import Pooled
from manuscript.values import Picture, text

MAIN = "All trials (main analysis)"


def figure_s4(study: Study) -> Picture:
    """Draw subgroups, every method, and pools without some trials.

    A: odds ratios. B: incidence under treatment.

    Parameters
    ----------
    study : Study
    """
    said = study.trials.described
    outcome = said.outcomes[0].label
    return compare(
        Comparison(f"Risk of {outcome}", study.risk[ALL], _risk(study), said),
        Comparison(
            f"Incidence of {outcome}", study.incidence[ALL], _incidence(study), said
        ),
    )


def cumulative(study: Study) -> Picture:
    """Draw how the odds ratio settles as trials are added, largest first.

    Parameters
    ----------
    study : Study
    """
    trials = study.trials
    order = np.argsort(-(trials.n_treated + trials.n_control), kind="stable")
    pooled = meta.cumulative(meta.peto, *(counts[order] for counts in trials.counts))
    names = [trials.trial[i] for i in order]
    outcome = trials.described.outcomes[0].label
    labels = [names[0], *(f"+ {name}" for name in names[1:])]
    return compare(
        Comparison(
            f"Risk of {outcome} as trials are added, largest first",
            study.risk[ALL],
            {"": one_by_one(pooled, labels)},
            trials.described,
            heading="Trial added",
        )
    )


def _risk(study: Study) -> Sections:
    return {
        "By control": _by_control(study, study.risk),
        "By method, all trials": {
            method.label: pooled
            for method in meta.TWO_ARMS
            if method.pool is not meta.peto
            and (pooled := study.risk_by_method[method.name]).measure == "OR"
        },
        "Without some trials": {**_left_out(study), **_large(study, risk=True)},
    }


def _incidence(study: Study) -> Sections:
    return {
        "By control": _by_control(study, study.incidence),
        "By method, all trials": {
            method.label: study.incidence_by_method[method.name]
            for method in meta.ONE_ARM
            if method.pool is not meta.logit_inverse_variance
        },
        "Without some trials": _large(study, risk=False),
    }


def _by_control(study: Study, pools: dict[str, Pooled]) -> dict[str, Pooled]:
    return {
        MAIN if name == ALL else study.trials.described.label(name): pooled
        for name, pooled in pools.items()
    }


def _left_out(study: Study) -> dict[str, Pooled]:
    """Return the pools that change when a trial is left out."""
    effects = study.risk[ALL].trials
    assert effects is not None
    if len(study.trials) < 2:
        return {}
    labels = [f"Without {name}" for name in study.trials.trial]
    pools = one_by_one(study.leave_one_out, labels)
    return {
        label: pool
        for (label, pool), weight in zip(pools.items(), effects.weight, strict=True)
        if weight > 0
    }


def _large(study: Study, *, risk: bool) -> dict[str, Pooled]:
    large = study.trials.n_treated + study.trials.n_control >= SMALL
    if not large.any():
        return {}
    trials = study.trials.where(large)
    pooled = (
        meta.peto(*trials.counts)
        if risk
        else meta.logit_inverse_variance(trials.events_treated, trials.n_treated)
    )
    return {f"Only trials of {text.decimal(SMALL, 0)} patients or more": pooled}
