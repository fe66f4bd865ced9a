"""Between-trial variance of effects with known sampling variances."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from analysis.meta.heterogeneity import cochran_q
from analysis.meta.inference import Mask
from analysis.meta.optimum import increasing_root
from analysis.meta.results import Array

Estimator = Literal["DL", "PM", "REML"]

_MAX_DOUBLINGS = 60


def between_trial_variance(
    effect: Array, variance: Array, estimator: Estimator
) -> Array:
    """Estimate tau², truncated at 0.

    Parameters
    ----------
    effect, variance : (..., k) array
        NaN for trials to leave out.
    estimator : {"DL", "PM", "REML"}
        DerSimonian & Laird (1986), Paule & Mandel (1982) or restricted maximum
        likelihood.

    Returns
    -------
    (...) array
        NaN with fewer than two trials.

    Raises
    ------
    ValueError
        For an unknown estimator.

    References
    ----------
    Viechtbauer W. Bias and efficiency of meta-analytic variance estimators in
    the random-effects model. J Educ Behav Stat 2005;30:261-93.
    """
    estimators = {"DL": _dersimonian_laird, "PM": _paule_mandel, "REML": _reml}
    if estimator not in estimators:
        known = ", ".join(estimators)
        raise ValueError(f"model: got {estimator!r}, expected one of common, {known}")
    used = np.isfinite(effect) & np.isfinite(variance)
    k = np.asarray(used.sum(axis=-1))
    if used.shape[-1] < 2:
        return np.full(k.shape, np.nan)
    y, v = np.where(used, effect, 0.0), np.where(used, variance, 1.0)
    # Data sets without two trials borrow two equal ones, and answer NaN below.
    few = (k < 2)[..., np.newaxis]
    if few.any():
        used = np.where(few, np.arange(used.shape[-1]) < 2, used)
        y = np.where(few, 0.0, y)
    # In units of a typical variance, in which the searches' tolerances are meant.
    unit = used.sum(axis=-1) / np.sum(used / v, axis=-1)
    scale = unit[..., np.newaxis]
    tau2 = unit * estimators[estimator](y / np.sqrt(scale), v / scale, used)
    return np.where(few[..., 0], np.nan, tau2)


def _weights(v: Array, used: Mask, tau2: Array | float) -> Array:
    return np.asarray(used / (v + np.asarray(tau2)[..., np.newaxis]))


def _mean(y: Array, w: Array) -> Array:
    return np.asarray(np.sum(w * y, axis=-1) / np.sum(w, axis=-1))


def _dersimonian_laird(y: Array, v: Array, used: Mask) -> Array:
    w = _weights(v, used, 0.0)
    total = w.sum(axis=-1)
    excess = cochran_q(y, w, _mean(y, w)) - (used.sum(axis=-1) - 1)
    scale = total - (w**2).sum(axis=-1) / total
    return np.asarray(np.maximum(excess, 0.0) / np.where(scale > 0, scale, 1.0))


def _paule_mandel(y: Array, v: Array, used: Mask) -> Array:
    df = used.sum(axis=-1) - 1

    def shortfall(tau2: Array) -> tuple[Array, Array]:
        w = _weights(v, used, tau2)
        residual = y - _mean(y, w)[..., np.newaxis]
        generalised_q = np.sum(w * residual**2, axis=-1)
        return df - generalised_q, np.asarray(np.sum((w * residual) ** 2, axis=-1))

    return _root(shortfall, np.zeros(y.shape[:-1]))


def _reml(y: Array, v: Array, used: Mask) -> Array:
    def descent(tau2: Array) -> tuple[Array, Array]:
        """Twice the slope of the restricted likelihood, with the sign changed."""
        w = _weights(v, used, tau2)
        s1, s2, s3 = (np.sum(w**power, axis=-1) for power in (1, 2, 3))
        residual = y - _mean(y, w)[..., np.newaxis]
        value = s1 - s2 / s1 - np.sum((w * residual) ** 2, axis=-1)
        drift = np.sum(w**2 * residual, axis=-1) ** 2 / s1
        slope = 2 * (np.sum(w**3 * residual**2, axis=-1) - drift)
        return value, slope - s2 + (2 * s3 * s1 - s2**2) / s1**2

    return _root(descent, _dersimonian_laird(y, v, used))


def _root(function: Callable[[Array], tuple[Array, Array]], start: Array) -> Array:
    """Find where a function of tau² rises through 0; 0 if it starts above.

    ``start`` is a first guess, at least 0.
    """
    low = np.where(function(start)[0] < 0, start, 0.0)
    inside = function(low)[0] < 0
    high = np.where(inside, np.maximum(start, 1.0), 0.0)
    low = np.where(inside, low, 0.0)
    for _ in range(_MAX_DOUBLINGS):
        below = inside & (function(high)[0] < 0)
        if not below.any():
            break
        low, high = np.where(below, high, low), np.where(below, 2 * high, high)
    return increasing_root(function, np.clip(start, low, high), low, high)
