"""Proportions: exact limits, crude and inverse-variance pools."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv

from analysis.meta.counts import OneArm, check_level, of_one_arm, one_arm
from analysis.meta.pooling.effects import Interval, Model, Prediction, pool_effects
from analysis.meta.pooling.inference import with_trials
from analysis.meta.results import Array, Pooled, TrialEffects
from analysis.meta.scales import double_arcsine, from_natural


def clopper_pearson(
    events: ArrayLike, n: ArrayLike, level: float = 0.95
) -> tuple[Array, Array]:
    """Return the exact limits of proportions.

    Parameters
    ----------
    events, n : array_like
        Whole numbers of any common shape, ``0 <= events <= n``, ``n >= 1``.
    level : float
        Confidence level in (0, 1).

    Returns
    -------
    low, high : array
        Limits in [0, 1]; 0 below no event and 1 above none but events.

    References
    ----------
    Clopper CJ, Pearson ES. The use of confidence or fiducial limits
    illustrated in the case of the binomial. Biometrika 1934;26:404-13.
    """
    check_level(level)
    x, total = one_arm(np.atleast_1d(events), np.atleast_1d(n))
    x, total = np.broadcast_arrays(x, total)
    tail = (1 - level) / 2
    some, not_all = x > 0, x < total
    low = betaincinv(np.where(some, x, 1.0), total - x + 1, tail)
    high = betaincinv(x + 1, np.where(not_all, total - x, 1.0), 1 - tail)
    shape = np.broadcast_shapes(np.shape(events), np.shape(n))
    return (
        np.where(some, low, 0.0).reshape(shape),
        np.where(not_all, high, 1.0).reshape(shape),
    )


@of_one_arm
def logit_inverse_variance(
    arm: OneArm,
    *,
    model: Model = "common",
    interval: Interval = "normal",
    prediction: Prediction = "k-2",
    level: float = 0.95,
) -> Pooled:
    """Pool proportions on the logit scale with inverse-variance weights.

    Returns
    -------
    Pooled
        Logits. A trial with no event, or with events only, takes 0.5 on both
        sides and stays in the pool; with many such trials the pool is biased
        towards one half. The limits of single trials are those of Clopper and
        Pearson.
    """
    x, total = arm.x, arm.n
    half = 0.5 * ((x == 0) | (x == total))
    pooled = pool_effects(
        "logit-inverse-variance",
        "PLOGIT",
        np.log((x + half) / (total - x + half)),
        1 / (x + half) + 1 / (total - x + half),
        model=model,
        interval=interval,
        prediction=prediction,
        level=level,
        tested=False,
    )
    low, high = (from_natural(p, "PLOGIT") for p in clopper_pearson(x, total, level))
    return with_trials(pooled, ci_low=low, ci_high=high)


@of_one_arm
def crude(arm: OneArm, *, level: float = 0.95) -> Pooled:
    """Pool proportions by adding up, with the exact limits of the total.

    Returns
    -------
    Pooled
        Proportions (measure PRAW) with Clopper-Pearson limits; ``se`` is
        sqrt(p (1 - p) / n). Ignores variation between trials.
    """
    x, total = arm.x, arm.n
    sum_x, sum_n = np.sum(x, axis=-1), np.sum(total, axis=-1)
    estimate = np.asarray(sum_x / sum_n)
    low, high = clopper_pearson(sum_x, sum_n, level)
    trial_low, trial_high = clopper_pearson(x, total, level)
    share = x / total
    missing = np.full(estimate.shape, np.nan)
    return Pooled(
        method="crude",
        measure="PRAW",
        level=level,
        k=np.full(estimate.shape, float(x.shape[-1])),
        k_all=np.full(estimate.shape, float(x.shape[-1])),
        estimate=estimate,
        se=np.sqrt(estimate * (1 - estimate) / sum_n),
        ci_low=low,
        ci_high=high,
        z=missing,
        p=missing,
        heterogeneity=None,
        trials=TrialEffects(
            share, np.sqrt(share * (1 - share) / total), trial_low, trial_high, total
        ),
    )


@of_one_arm
def freeman_tukey(
    arm: OneArm,
    *,
    model: Model = "common",
    interval: Interval = "normal",
    prediction: Prediction = "k-2",
    level: float = 0.95,
) -> Pooled:
    """Pool proportions as double arcsines.

    Returns
    -------
    Pooled
        Measure PFT. For comparison only: the way back to a proportion (Miller
        1978) takes the harmonic mean of the trials' sizes for the size of the
        pool, and when these differ much the result can lie outside the trials'
        own proportions (Schwarzer et al. 2019).

    References
    ----------
    Schwarzer G, Chemaitelly H, Abu-Raddad LJ, Rücker G. Seriously misleading
    results using inverse of Freeman-Tukey double arcsine transformation in
    meta-analysis of single proportions. Res Synth Methods 2019;10:476-83.
    """
    x, total = arm.x, arm.n
    pooled = pool_effects(
        "freeman-tukey",
        "PFT",
        double_arcsine(x, total),
        1 / (4 * total + 2),
        model=model,
        interval=interval,
        prediction=prediction,
        level=level,
        tested=False,
    )
    harmonic_mean = np.asarray(x.shape[-1] / np.sum(1 / total, axis=-1))
    return replace(pooled, sample_size=harmonic_mean)
