"""Odds ratios in closed form: Peto."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from analysis.meta.counts import check_level, two_arms
from analysis.meta.heterogeneity import cochran_q, heterogeneity
from analysis.meta.inference import ratio, trial_effects, wald, why
from analysis.meta.results import Pooled


def peto(
    events_treated: ArrayLike,
    n_treated: ArrayLike,
    events_control: ArrayLike,
    n_control: ArrayLike,
    *,
    level: float = 0.95,
) -> Pooled:
    """Pool odds ratios by Peto's one-step method.

    Parameters
    ----------
    events_treated, n_treated, events_control, n_control : (..., k) array_like
        Counts of k trials, with any leading batch axes.
    level : float
        Confidence level in (0, 1).

    Returns
    -------
    Pooled
        Log odds ratios, without continuity correction. A trial without event,
        or without non-event, has no estimate and weight 0.

    Raises
    ------
    ValueError
        For impossible counts, naming the trial.

    References
    ----------
    Yusuf S, Peto R, Lewis J, Collins R, Sleight P. Beta blockade during and
    after myocardial infarction. Prog Cardiovasc Dis 1985;27:335-71.
    """
    check_level(level)
    counts = two_arms(events_treated, n_treated, events_control, n_control)
    total, events = counts.total, counts.events
    share = counts.n1 / total
    excess = counts.a - share * events
    variance = share * (1 - share) * events * (total - events) / (total - 1)
    information = np.sum(variance, axis=-1)
    estimate = ratio(np.sum(excess, axis=-1), information)
    log_or = ratio(excess, variance)
    k = np.sum(counts.informative, axis=-1)
    return wald(
        "peto",
        "OR",
        level,
        k=k,
        k_all=counts.shape[-1],
        estimate=estimate,
        se=np.sqrt(ratio(np.ones(()), information)),
        heterogeneity=heterogeneity(cochran_q(log_or, variance, estimate), k, level),
        trials=trial_effects(
            log_or, np.sqrt(ratio(np.ones(()), variance)), variance, level
        ),
        reason=why(k == 0, "no trial has both events and non-events"),
    )
