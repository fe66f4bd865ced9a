"""Whether small trials differ: funnel data and tests of asymmetry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from analysis.meta.binary.odds_ratio import inverse_variance, peto
from analysis.meta.counts import TwoArms, of_two_arms
from analysis.meta.pooling.inference import Mask, normal_limits, ratio, why
from analysis.meta.results import Array, Pooled, TrialEffects

FEWEST_TRIALS = 10


@dataclass(frozen=True)
class AsymmetryTest:
    """A regression test for an association of effect and size of trials.

    Attributes
    ----------
    method : str
        ``"harbord"``, ``"peters"`` or ``"egger"``.
    k : (...) array
        Informative trials.
    bias, se : (...) array
        Slope of the regression with its standard error.
    t, df, p : (...) array
        Its t test.
    reason : str
        Why the test is refused and these fields are NaN; empty if it is not.
    """

    method: str
    k: Array
    bias: Array
    se: Array
    t: Array
    df: Array
    p: Array
    reason: str = ""


@dataclass(frozen=True)
class Funnel:
    """What a funnel plot draws, on the scale of the analysis.

    Attributes
    ----------
    estimate, se : (k,) array
        The informative trials.
    trial : (k,) array of int
        Their places among all trials, from 0.
    centre : float
        The pooled effect.
    edge_se, edge_low, edge_high : (2,) array
        Ends of the straight lines between which trials of each standard error
        lie with the confidence of the pool, if effects do not vary.
    """

    estimate: Array
    se: Array
    trial: NDArray[np.intp]
    centre: float
    edge_se: Array
    edge_low: Array
    edge_high: Array


def funnel(pooled: Pooled) -> Funnel:
    """Collect the data of a funnel plot from a pool with trial effects.

    Parameters
    ----------
    pooled : Pooled
        Of one data set.

    Returns
    -------
    Funnel

    Raises
    ------
    ValueError
        For a pool without trial effects or with batch axes.
    """
    trials = _trials(pooled)
    if trials.estimate.ndim != 1:
        raise ValueError(f"funnel: expected one data set, got {trials.estimate.shape}")
    seen = np.flatnonzero(np.isfinite(trials.estimate))
    se = trials.se[seen]
    edge = np.array([0.0, se.max(initial=0.0)])
    low, high = normal_limits(pooled.estimate, edge, pooled.level)
    return Funnel(
        trials.estimate[seen], se, seen, float(pooled.estimate), edge, low, high
    )


@of_two_arms
def harbord(
    counts: TwoArms,
    *,
    require: int = FEWEST_TRIALS,
) -> AsymmetryTest:
    """Test for asymmetry with Peto's score, which keeps its size for odds ratios.

    Weighted regression of (O - E) / V on 1 / sqrt(V) with weights V.

    Parameters
    ----------
    require : int
        Fewest informative trials, at least 3, without which the test refuses.

    Returns
    -------
    AsymmetryTest

    References
    ----------
    Harbord RM, Egger M, Sterne JAC. A modified test for small-study effects in
    meta-analyses of controlled trials with binary endpoints. Stat Med
    2006;25:3443-57.
    """
    trials = _trials(peto(counts.a, counts.n1, counts.c, counts.n2))
    return _regress("harbord", trials.estimate, trials.se, trials.weight, require)


@of_two_arms
def peters(
    counts: TwoArms,
    *,
    pool: Callable[..., Pooled] = inverse_variance,
    require: int = FEWEST_TRIALS,
) -> AsymmetryTest:
    """Test for asymmetry by the log odds ratios' regression on 1 / N.

    The weights are ``1 / (1 / m + 1 / (N - m))`` with m events of N patients.

    Parameters
    ----------
    pool : callable
        The method whose trial effects are tested.
    require : int
        Fewest informative trials, at least 3, without which the test refuses.

    Returns
    -------
    AsymmetryTest

    References
    ----------
    Peters JL, Sutton AJ, Jones DR, Abrams KR, Rushton L. Comparison of two
    methods to detect publication bias in meta-analysis. JAMA 2006;295:676-80.
    """
    trials = _trials(pool(counts.a, counts.n1, counts.c, counts.n2))
    weight = counts.events * (counts.total - counts.events) / counts.total
    return _regress("peters", trials.estimate, 1 / counts.total, weight, require)


@of_two_arms
def egger(
    counts: TwoArms,
    *,
    pool: Callable[..., Pooled] = inverse_variance,
    require: int = FEWEST_TRIALS,
) -> AsymmetryTest:
    """Test for asymmetry by the effects' regression on their standard errors.

    The weights are the inverse variances. Too often significant for odds ratios,
    whose standard errors depend on them.

    Parameters
    ----------
    pool : callable
        The method whose trial effects are tested.
    require : int
        Fewest informative trials, at least 3, without which the test refuses.

    Returns
    -------
    AsymmetryTest

    References
    ----------
    Egger M, Davey Smith G, Schneider M, Minder C. Bias in meta-analysis detected
    by a simple, graphical test. BMJ 1997;315:629-34.
    """
    trials = _trials(pool(counts.a, counts.n1, counts.c, counts.n2))
    weight = ratio(np.ones(()), trials.se**2)
    return _regress("egger", trials.estimate, trials.se, weight, require)


def _trials(pooled: Pooled) -> TrialEffects:
    if pooled.trials is None:
        raise ValueError(f"{pooled.method}: has no effects of single trials")
    return pooled.trials


def _regress(
    method: str, effect: Array, size: Array, weight: Array, require: int
) -> AsymmetryTest:
    """Regress effects on a measure of size by weighted least squares."""
    if require < 3:
        raise ValueError(f"require: got {require}, expected at least 3 trials")
    effect, size, weight = np.broadcast_arrays(effect, size, weight)
    used = np.isfinite(effect)
    y, x, w = (np.where(used, values, 0.0) for values in (effect, size, weight))
    k = np.asarray(used.sum(axis=-1), dtype=float)
    enough = k >= require
    total = np.sum(w, axis=-1, keepdims=True)
    apart = _apart(x, used)
    x = x - ratio(np.sum(w * x, axis=-1, keepdims=True), total)
    y = y - ratio(np.sum(w * y, axis=-1, keepdims=True), total)
    spread = np.where(enough & apart, np.sum(w * x**2, axis=-1), np.nan)
    slope = ratio(np.sum(w * x * y, axis=-1), spread)
    df = np.where(enough & apart, k - 2, np.nan)
    residual = np.sum(w * (y - slope[..., np.newaxis] * x) ** 2, axis=-1)
    scattered = residual > 1e-24 * np.sum(w * y**2, axis=-1)
    se = np.sqrt(np.where(scattered, residual, np.nan) / df / spread)
    t = ratio(slope, se)
    return AsymmetryTest(
        method,
        k,
        np.asarray(slope),
        np.asarray(se),
        np.asarray(t),
        df,
        np.asarray(2 * stdtr(df, -np.abs(t))),
        _refusal(k, enough, require)
        or why(enough & ~apart, _ALIKE)
        or why(enough & apart & ~scattered, _EXACT),
    )


_ALIKE = "asymmetry is not tested among trials of equal size"
_EXACT = "the trials lie on a line, about which they do not scatter"


def _apart(x: Array, used: Mask) -> Mask:
    """Whether trials differ in size by more than rounding."""
    most = np.max(np.where(used, x, -np.inf), axis=-1)
    least = np.min(np.where(used, x, np.inf), axis=-1)
    return np.asarray(most - least > 1e-9 * np.abs(most))


def _refusal(k: Array, enough: Mask, require: int) -> str:
    if np.all(enough):
        return ""
    return (
        f"{int(np.min(k))} informative trials: asymmetry is not tested "
        f"with fewer than {require}"
    )
