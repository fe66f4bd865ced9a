"""Between-trial variance of effects with known sampling variances."""

from __future__ import annotations

from typing import Literal

import numpy as np

from analysis.meta.heterogeneity import cochran_q
from analysis.meta.inference import Mask
from analysis.meta.results import Array

Estimator = Literal["DL", "PM", "REML"]

_TOLERANCE = 1e-13
_MAX_ITERATIONS = 2000


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
    tau2 = estimators[estimator](y, v, used)
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
    # The generalised Q is convex and decreasing in tau², so Newton's method
    # from 0 climbs to the root from the left.
    df = used.sum(axis=-1) - 1
    tau2 = np.zeros(y.shape[:-1])
    for _ in range(_MAX_ITERATIONS):
        w = _weights(v, used, tau2)
        residual = y - _mean(y, w)[..., np.newaxis]
        excess = np.sum(w * residual**2, axis=-1) - df
        slope = np.sum((w * residual) ** 2, axis=-1)
        step = np.where(excess > 0, excess / np.where(slope > 0, slope, 1.0), 0.0)
        tau2 = tau2 + step
        if np.all(step <= _TOLERANCE * tau2):
            break
    return tau2


def _reml(y: Array, v: Array, used: Mask) -> Array:
    # Fisher scoring; its fixed point solves the REML score equation.
    tau2 = _dersimonian_laird(y, v, used)
    for _ in range(_MAX_ITERATIONS):
        w = _weights(v, used, tau2)
        s1, s2, s3 = (np.sum(w**power, axis=-1) for power in (1, 2, 3))
        residual = y - _mean(y, w)[..., np.newaxis]
        score = np.sum((w * residual) ** 2, axis=-1) - (s1 - s2 / s1)
        information = s2 - 2 * s3 / s1 + (s2 / s1) ** 2
        updated = np.maximum(tau2 + score / information, 0.0)
        change = np.abs(updated - tau2)
        tau2 = updated
        if np.all(change <= _TOLERANCE * tau2):
            break
    return tau2
