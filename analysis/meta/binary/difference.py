"""Differences of proportions, which keep the trials without event."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from analysis.meta.binary.score import difference_limits
from analysis.meta.counts import TwoArms, check_choice, of_two_arms
from analysis.meta.pooling.effects import Interval, Model, Prediction, pool_effects
from analysis.meta.pooling.inference import wald, why, with_trials
from analysis.meta.results import Array, Pooled

_NO_SPREAD = (
    "no test: no arm has both events and non-events, and the limits are those of "
    "the score"
)


@of_two_arms
def risk_difference(
    counts: TwoArms,
    *,
    model: Model = "common",
    interval: Interval = "normal",
    prediction: Prediction = "k-2",
    level: float = 0.95,
) -> Pooled:
    """Pool risk differences weighted by the inverse of their variances.

    Returns
    -------
    Pooled
        Every trial stays in. The variance of a trial with an empty cell, not
        its difference, takes 0.5 in each cell, as in R ``meta``; with rare
        events these weights favour trials without event, and
        :func:`risk_difference_mh` is the better pool.
    """
    effect = counts.a / counts.n1 - counts.c / counts.n2
    return pool_effects(
        "risk-difference",
        "RD",
        effect,
        _variance(counts),
        model=model,
        interval=interval,
        prediction=prediction,
        level=level,
    )


@of_two_arms
def risk_difference_mh(
    counts: TwoArms,
    *,
    correction: Literal["none", "half"] = "none",
    level: float = 0.95,
) -> Pooled:
    """Pool risk differences with Mantel and Haenszel's weights n1 n2 / N.

    Parameters
    ----------
    correction : {"none", "half"}
        What the weights and variances, not the differences, of a trial with an
        empty cell take in each cell.

    Returns
    -------
    Pooled
        Every trial stays in; Q is about the inverse-variance mean. Where no arm
        has both events and non-events the standard error is 0: the limits are
        then those of Miettinen and Nurminen's score, and ``p`` is NaN.

    References
    ----------
    Greenland S, Robins JM. Estimation of a common effect parameter from sparse
    follow-up data. Biometrics 1985;41:55-68.
    """
    check_choice("correction", correction, ("none", "half"))
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
        reason=why(se == 0, _NO_SPREAD),
        details=("weights n1 n2 / N",),
    )
    if np.any(se == 0):
        low, high = difference_limits(counts, level)
        pooled = replace(
            pooled,
            ci_low=np.where(se == 0, low, pooled.ci_low),
            ci_high=np.where(se == 0, high, pooled.ci_high),
        )
    return with_trials(pooled, weight=np.broadcast_to(weight, effect.shape))


@of_two_arms
def arcsine_difference(
    counts: TwoArms,
    *,
    model: Model = "common",
    interval: Interval = "normal",
    prediction: Prediction = "k-2",
    level: float = 0.95,
) -> Pooled:
    """Pool differences of arcsine-transformed risks.

    Returns
    -------
    Pooled
        ``asin(sqrt(p1)) - asin(sqrt(p2))``, in [-pi/2, pi/2]. Every trial stays
        in, without continuity correction.

    References
    ----------
    Rücker G, Schwarzer G, Carpenter J, Olkin I. Why add anything to nothing? The
    arcsine difference as a measure of treatment effect in meta-analysis with
    zero cells. Stat Med 2009;28:721-38.
    """
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
        interval=interval,
        prediction=prediction,
        level=level,
    )


def _padded(counts: TwoArms, padding: float) -> tuple[Array, Array, Array, Array]:
    """Return events and patients of both arms, padded where a cell is empty."""
    half = np.where(counts.has_empty_cell, padding, 0.0)
    a, n1, c, n2 = counts.a, counts.n1, counts.c, counts.n2
    return a + half, n1 + 2 * half, c + half, n2 + 2 * half


def _variance(counts: TwoArms) -> Array:
    a, n1, c, n2 = _padded(counts, 0.5)
    return a * (n1 - a) / n1**3 + c * (n2 - c) / n2**3
