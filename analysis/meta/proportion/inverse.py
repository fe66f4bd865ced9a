"""Proportions: exact limits, crude and inverse-variance pools."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainc, betaincinv

from analysis.meta.counts import (
    OneArm,
    check_choice,
    check_level,
    of_one_arm,
    one_arm,
)
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


def mid_p(events: ArrayLike, n: ArrayLike, level: float = 0.95) -> tuple[Array, Array]:
    """Return the limits of proportions by mid-P.

    The observed number counts half in either tail, so that the limits are
    narrower than the exact ones and hold their level on average only.

    Parameters
    ----------
    events, n : array_like
        Whole numbers of any common shape, ``0 <= events <= n``, ``n >= 1``.
    level : float
        Confidence level in (0, 1).

    Returns
    -------
    low, high : array
        Limits in [0, 1].

    References
    ----------
    Berry G, Armitage P. Mid-P confidence intervals: a brief review. Statistician
    1995;44:417-23.

    Examples
    --------
    >>> low, high = mid_p(0, 10)
    >>> print(low, f"{high:.6f}")  # 1 - 0.05 ** (1 / 10)
    0.0 0.258866
    """
    outer = clopper_pearson(events, n, level)
    x, total = np.broadcast_arrays(
        np.asarray(events, dtype=float), np.asarray(n, dtype=float)
    )
    tail, share = (1 - level) / 2, x / total
    first, last = np.maximum(x, 1.0), np.minimum(x, total - 1)

    def at_least(p: Array) -> Array:
        """Probability of more events, and half of that of as many."""
        some = np.where(x > 0, betainc(first, total - first + 1, p), 1.0)
        more = np.where(x < total, betainc(last + 1, total - last, p), 0.0)
        return np.asarray((some + more) / 2)

    limits = []
    for target, inner, ends in (
        (tail, outer[0], (outer[0], share)),
        (1 - tail, outer[1], (share, outer[1])),
    ):
        low, high = (np.array(end, dtype=float) for end in ends)
        for _ in range(60):
            middle = (low + high) / 2
            below = at_least(middle) < target
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        limits.append(np.where((inner == 0) | (inner == 1), inner, (low + high) / 2))
    return limits[0], limits[1]


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
def crude(
    arm: OneArm,
    *,
    limits: Literal["clopper-pearson", "mid-p"] = "clopper-pearson",
    level: float = 0.95,
) -> Pooled:
    """Pool proportions by adding up, with the exact limits of the total.

    Parameters
    ----------
    limits : {"clopper-pearson", "mid-p"}
        See :func:`clopper_pearson` and :func:`mid_p`.

    Returns
    -------
    Pooled
        Proportions (measure PRAW) with the limits of the total; ``se`` is
        sqrt(p (1 - p) / n). Ignores variation between trials.
    """
    x, total = arm.x, arm.n
    sum_x, sum_n = np.sum(x, axis=-1), np.sum(total, axis=-1)
    estimate = np.asarray(sum_x / sum_n)
    check_choice("limits", limits, ("clopper-pearson", "mid-p"))
    of = clopper_pearson if limits == "clopper-pearson" else mid_p
    low, high = of(sum_x, sum_n, level)
    trial_low, trial_high = of(x, total, level)
    share = x / total
    missing = np.full(estimate.shape, np.nan)
    return Pooled(
        method="crude" if limits == "clopper-pearson" else "crude-mid-p",
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


@of_one_arm
def arcsine_proportion(
    arm: OneArm,
    *,
    model: Model = "common",
    interval: Interval = "normal",
    prediction: Prediction = "k-2",
    level: float = 0.95,
) -> Pooled:
    """Pool proportions as arcsines of their square roots.

    Returns
    -------
    Pooled
        Measure PAS, variance 1 / (4 n), without continuity correction. With
        rare events the variance is not stable, and trials without event pull
        the pool towards 0.

    References
    ----------
    Rücker G, Schwarzer G, Carpenter J, Olkin I. Why add anything to nothing? The
    arcsine difference as a measure of treatment effect in meta-analysis with
    zero cells. Stat Med 2009;28:721-38, section 2.

    Examples
    --------
    >>> f"{arcsine_proportion([0, 3], [40, 95]).natural()[0]:.5f}"
    '0.01572'
    """
    return pool_effects(
        "arcsine-proportion",
        "PAS",
        np.arcsin(np.sqrt(arm.x / arm.n)),
        1 / (4 * arm.n),
        model=model,
        interval=interval,
        prediction=prediction,
        level=level,
        tested=False,
        details=("arcsine of the square root", "no continuity correction"),
    )


@of_one_arm
def raw_proportion(
    arm: OneArm,
    *,
    model: Model = "common",
    interval: Interval = "normal",
    prediction: Prediction = "k-2",
    level: float = 0.95,
) -> Pooled:
    """Pool proportions untransformed.

    Returns
    -------
    Pooled
        Measure PRAW. The variance, not the proportion, of a trial with no event,
        or with events only, takes 0.5 on both sides, as in R ``meta``. Limits can
        leave [0, 1], and the weights favour trials with few events.

    Examples
    --------
    >>> f"{raw_proportion([2, 3], [40, 95]).natural()[0]:.5f}"
    '0.03551'
    """
    half = 0.5 * ((arm.x == 0) | (arm.x == arm.n))
    x, n = arm.x + half, arm.n + 2 * half
    return pool_effects(
        "raw-proportion",
        "PRAW",
        arm.x / arm.n,
        x * (n - x) / n**3,
        model=model,
        interval=interval,
        prediction=prediction,
        level=level,
        tested=False,
        details=("untransformed",),
    )
