"""Differences of proportions, which keep the trials without event."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from analysis.meta.counts import TwoArms, check_choice, check_level, two_arms
from analysis.meta.effects import Model, pool_effects
from analysis.meta.inference import wald, why, with_trials
from analysis.meta.results import Array, Pooled


def risk_difference(
    events_treated: ArrayLike,
    n_treated: ArrayLike,
    events_control: ArrayLike,
    n_control: ArrayLike,
    *,
    model: Model = "common",
    level: float = 0.95,
) -> Pooled:
    """Pool risk differences weighted by the inverse of their variances.

    Parameters
    ----------
    events_treated, n_treated, events_control, n_control : (..., k) array_like
        Counts of k trials, with any leading batch axes.
    model : {"common", "DL", "PM", "REML"}
        Common effect, or random effects by the estimator of tau².
    level : float
        Confidence level in (0, 1).

    Returns
    -------
    Pooled
        Every trial stays in. The variance of a trial with an empty cell, not
        its difference, takes 0.5 in each cell, as in R ``meta``; with rare
        events these weights favour trials without event, and
        :func:`risk_difference_mh` is the better pool.

    Raises
    ------
    ValueError
        For impossible counts, naming the trial, or an unknown model.
    """
    check_level(level)
    counts = two_arms(events_treated, n_treated, events_control, n_control)
    effect = counts.a / counts.n1 - counts.c / counts.n2
    return pool_effects(
        "risk-difference",
        "RD",
        effect,
        _variance(counts),
        model=model,
        level=level,
        reason="",
    )


def risk_difference_mh(
    events_treated: ArrayLike,
    n_treated: ArrayLike,
    events_control: ArrayLike,
    n_control: ArrayLike,
    *,
    correction: Literal["none", "half"] = "none",
    level: float = 0.95,
) -> Pooled:
    """Pool risk differences with Mantel and Haenszel's weights n1 n2 / N.

    Parameters
    ----------
    events_treated, n_treated, events_control, n_control : (..., k) array_like
        Counts of k trials, with any leading batch axes.
    correction : {"none", "half"}
        What the weights and variances, not the differences, of a trial with an
        empty cell take in each cell.
    level : float
        Confidence level in (0, 1).

    Returns
    -------
    Pooled
        Every trial stays in; Q is about the inverse-variance mean. ``p`` is NaN
        where no trial has an event and the standard error is 0.

    Raises
    ------
    ValueError
        For impossible counts, naming the trial, or an unknown correction.

    References
    ----------
    Greenland S, Robins JM. Estimation of a common effect parameter from sparse
    follow-up data. Biometrics 1985;41:55-68.
    """
    check_level(level)
    check_choice("correction", correction, ("none", "half"))
    counts = two_arms(events_treated, n_treated, events_control, n_control)
    effect = counts.a / counts.n1 - counts.c / counts.n2
    padding = 0.5 if correction == "half" else 0.0
    a, n1, c, n2 = _padded(counts, padding)
    weight = n1 * n2 / (n1 + n2)
    spread = a * (n1 - a) * n2**3 + c * (n2 - c) * n1**3
    spread = spread / (n1 * n2 * (n1 + n2) ** 2)
    total = np.sum(weight, axis=-1)
    method = f"risk-difference-mh{'' if correction == 'none' else '-half'}"
    inverse = pool_effects(
        method,
        "RD",
        effect,
        _variance(counts),
        model="common",
        level=level,
        reason="",
    )
    se = np.sqrt(np.sum(spread, axis=-1)) / total
    pooled = wald(
        method,
        "RD",
        level,
        k=inverse.k,
        k_all=counts.shape[-1],
        estimate=np.sum(weight * effect, axis=-1) / total,
        se=se,
        heterogeneity=inverse.heterogeneity,
        trials=inverse.trials,
        reason=why(se == 0, "no test: no arm has both events and non-events"),
    )
    return with_trials(pooled, weight=np.broadcast_to(weight, effect.shape))


def arcsine_difference(
    events_treated: ArrayLike,
    n_treated: ArrayLike,
    events_control: ArrayLike,
    n_control: ArrayLike,
    *,
    model: Model = "common",
    level: float = 0.95,
) -> Pooled:
    """Pool differences of arcsine-transformed risks.

    Parameters
    ----------
    events_treated, n_treated, events_control, n_control : (..., k) array_like
        Counts of k trials, with any leading batch axes.
    model : {"common", "DL", "PM", "REML"}
        Common effect, or random effects by the estimator of tau².
    level : float
        Confidence level in (0, 1).

    Returns
    -------
    Pooled
        ``asin(sqrt(p1)) - asin(sqrt(p2))``, in [-pi/2, pi/2]. Every trial stays
        in, without continuity correction.

    Raises
    ------
    ValueError
        For impossible counts, naming the trial, or an unknown model.

    References
    ----------
    Rücker G, Schwarzer G, Carpenter J, Olkin I. Why add anything to nothing? The
    arcsine difference as a measure of treatment effect in meta-analysis with
    zero cells. Stat Med 2009;28:721-38.
    """
    check_level(level)
    counts = two_arms(events_treated, n_treated, events_control, n_control)
    effect = np.arcsin(np.sqrt(counts.a / counts.n1)) - np.arcsin(
        np.sqrt(counts.c / counts.n2)
    )
    variance = np.broadcast_to(0.25 / counts.n1 + 0.25 / counts.n2, effect.shape)
    return pool_effects(
        "arcsine-difference",
        "ASD",
        effect,
        variance,
        model=model,
        level=level,
        reason="",
    )


def _padded(counts: TwoArms, padding: float) -> tuple[Array, Array, Array, Array]:
    """Return events and patients of both arms, padded where a cell is empty."""
    half = np.where(counts.has_empty_cell, padding, 0.0)
    a, n1, c, n2 = counts.a, counts.n1, counts.c, counts.n2
    return a + half, n1 + 2 * half, c + half, n2 + 2 * half


def _variance(counts: TwoArms) -> Array:
    a, n1, c, n2 = _padded(counts, 0.5)
    return a * (n1 - a) / n1**3 + c * (n2 - c) / n2**3
