"""Odds ratios in closed form: Peto, Mantel-Haenszel, inverse variance."""

from __future__ import annotations

from typing import Literal

import numpy as np

from analysis.meta.counts import TwoArms, check_choice, of_two_arms
from analysis.meta.pooling.effects import Interval, Model, Prediction, pool_effects
from analysis.meta.pooling.heterogeneity import cochran_q, heterogeneity
from analysis.meta.pooling.inference import (
    Mask,
    ratio,
    trial_effects,
    wald,
    why,
    with_trials,
)
from analysis.meta.results import Array, Pooled

Correction = Literal["half", "treatment-arm"]

UNINFORMATIVE = "no trial has both events and non-events"
ONE_SIDED = (
    "no finite estimate: the same arm has the fewest possible events "
    "in every informative trial"
)


@of_two_arms
def peto(
    counts: TwoArms,
    *,
    level: float = 0.95,
) -> Pooled:
    """Pool odds ratios by Peto's one-step method.

    Returns
    -------
    Pooled
        Log odds ratios, without continuity correction. A trial without event,
        or without non-event, has no estimate and weight 0.

    References
    ----------
    Yusuf S, Peto R, Lewis J, Collins R, Sleight P. Beta blockade during and
    after myocardial infarction. Prog Cardiovasc Dis 1985;27:335-71.
    """
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
        reason=why(k == 0, UNINFORMATIVE),
    )


@of_two_arms
def mantel_haenszel(
    counts: TwoArms,
    *,
    correction: Literal["none"] | Correction = "none",
    level: float = 0.95,
) -> Pooled:
    """Pool odds ratios by Mantel and Haenszel's method.

    Parameters
    ----------
    correction : {"none", "half", "treatment-arm"}
        What a trial with an empty cell takes in the pool; see
        :func:`inverse_variance`. Trials' own effects need one, and take 0.5
        under ``"none"``.

    Returns
    -------
    Pooled
        Log odds ratios with the variance of Robins, Breslow and Greenland;
        Q is about the inverse-variance mean of the trials' effects. NaN where
        no finite estimate exists, such as without an event in the control arms.

    References
    ----------
    Robins J, Breslow N, Greenland S. Estimators of the Mantel-Haenszel variance
    consistent in both sparse data and large-strata limiting models. Biometrics
    1986;42:311-23.
    """
    check_choice("correction", correction, ("none", "half", "treatment-arm"))
    used = counts.informative
    cells = counts if correction == "none" else corrected(counts, correction)
    a, b, c, d = cells.a, cells.n1 - cells.a, cells.c, cells.n2 - cells.c
    total = cells.total
    r, s = used * a * d / total, used * b * c / total
    p, q = (a + d) / total, (b + c) / total
    sum_r, sum_s = np.sum(r, axis=-1), np.sum(s, axis=-1)
    odds_ratio = ratio(sum_r, sum_s)
    finite = odds_ratio > 0
    variance = (
        ratio(np.sum(r * p, axis=-1), 2 * sum_r**2)
        + ratio(np.sum(p * s + q * r, axis=-1), 2 * sum_r * sum_s)
        + ratio(np.sum(s * q, axis=-1), 2 * sum_s**2)
    )
    reason = why(~finite & used.any(axis=-1), ONE_SIDED) or why(
        ~used.any(axis=-1), UNINFORMATIVE
    )
    effect, own_variance = woolf(
        counts, "half" if correction == "none" else correction, used
    )
    method = f"mantel-haenszel{'' if correction == 'none' else '-' + correction}"
    inverse = pool_effects(
        method, "OR", effect, own_variance, model="common", level=level, reason=reason
    )
    pooled = wald(
        method,
        "OR",
        level,
        k=inverse.k,
        k_all=counts.shape[-1],
        estimate=np.log(np.where(finite, odds_ratio, np.nan)),
        se=np.sqrt(np.where(finite, variance, np.nan)),
        heterogeneity=inverse.heterogeneity,
        trials=inverse.trials,
        reason=reason,
    )
    return with_trials(pooled, weight=s)


@of_two_arms
def inverse_variance(
    counts: TwoArms,
    *,
    correction: Correction = "half",
    model: Model = "common",
    interval: Interval = "normal",
    prediction: Prediction = "k-2",
    all_trials: bool = False,
    level: float = 0.95,
) -> Pooled:
    """Pool odds ratios weighted by the inverse of Woolf's variances.

    Parameters
    ----------
    correction : {"half", "treatment-arm"}
        What a trial with an empty cell adds to the events and to the non-events
        of each arm: 0.5, or the arm's share of the trial's patients.
    all_trials : bool
        Whether trials without event, or without non-event, take part by their
        correction, as by default in R ``metafor`` and not in R ``meta``.

    Returns
    -------
    Pooled
        Log odds ratios.

    References
    ----------
    Sweeting MJ, Sutton AJ, Lambert PC. What to add to nothing? Use and
    avoidance of continuity corrections in meta-analysis of sparse data. Stat Med
    2004;23:1351-75.
    """
    check_choice("correction", correction, ("half", "treatment-arm"))
    used = counts.informative | all_trials
    effect, variance = woolf(counts, correction, used)
    return pool_effects(
        f"inverse-variance-{correction}",
        "OR",
        effect,
        variance,
        model=model,
        interval=interval,
        prediction=prediction,
        level=level,
        reason=why(~used.any(axis=-1), UNINFORMATIVE),
    )


def corrected(counts: TwoArms, correction: Correction) -> TwoArms:
    """Add to the cells of the trials of which one is empty."""
    empty = counts.has_empty_cell
    if correction == "half":
        treated = control = 0.5 * empty
    else:
        treated = empty * counts.n1 / counts.total
        control = empty * counts.n2 / counts.total
    return TwoArms(
        counts.a + treated,
        counts.n1 + 2 * treated,
        counts.c + control,
        counts.n2 + 2 * control,
    )


def woolf(
    counts: TwoArms, correction: Correction, used: Mask | np.bool_
) -> tuple[Array, Array]:
    """Return log odds ratios and their variances, NaN for trials not used."""
    cells = corrected(counts, correction)
    a, b, c, d = cells.a, cells.n1 - cells.a, cells.c, cells.n2 - cells.c
    return (
        np.where(used, np.log((a * d) / (b * c)), np.nan),
        np.where(used, 1 / a + 1 / b + 1 / c + 1 / d, np.nan),
    )
