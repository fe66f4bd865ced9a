"""Variation between trials: Cochran's Q, H and I² with their intervals."""

from __future__ import annotations

import numpy as np
from scipy.special import chdtrc, ndtri

from analysis.meta.results import Array, Heterogeneity


def cochran_q(estimate: Array, weight: Array, pooled: Array) -> Array:
    """Return the weighted sum of squares about the pooled estimate.

    Parameters
    ----------
    estimate, weight : (..., k) array
        Trials with weight 0 are left out and may have NaN for an estimate.
    pooled : (...) array

    Returns
    -------
    (...) array
        NaN where no trial has weight.
    """
    used = weight > 0
    deviation = np.where(used, estimate - np.asarray(pooled)[..., np.newaxis], 0.0)
    q = np.sum(weight * deviation**2, axis=-1)
    return np.where(used.any(axis=-1), q, np.nan)


def heterogeneity(
    q: Array,
    k: Array,
    level: float,
    tau2: Array | float = np.nan,
    *,
    estimator: str = "",
    tau2_limits: tuple[Array, Array] | None = None,
    typical_variance: Array | float = np.nan,
) -> Heterogeneity:
    """Derive H and I² from Cochran's Q.

    Parameters
    ----------
    q : (...) array
        At least 0; NaN where no trial bears information.
    k : (...) array
        Trials that bear information.
    level : float
        Confidence level of the intervals.
    tau2 : (...) array or float
        Between-trial variance; NaN where the method estimates none.
    estimator : str
        Of ``tau2``.
    tau2_limits : pair of (...) array, optional
        Of the interval of ``tau2``.
    typical_variance : (...) array or float
        Sampling variance against which ``tau2`` is a share.

    Returns
    -------
    Heterogeneity
        NaN in ``p``, ``h`` and ``i2`` with fewer than two trials; in the
        intervals also with two trials unless Q > 2.

    Notes
    -----
    The interval is the test-based one on the log of H (Higgins & Thompson
    2002, appendix A2), truncated at H = 1, as R ``meta`` computes it.
    """
    q, k = np.asarray(q, dtype=float), np.asarray(k, dtype=float)
    df = np.where(k > 0, k - 1, np.nan)
    q = np.where(df == 0, 0.0, q)
    defined = (df > 0) & ~np.isnan(q)
    ratio = np.where(defined, q, np.nan) / np.where(defined, df, 1.0)
    h = np.asarray(np.sqrt(np.maximum(ratio, 1.0)))
    with np.errstate(over="ignore"):
        spread = np.exp(ndtri(0.5 + level / 2) * _se_log_h(q, k))
    h_low, h_high = np.asarray(np.maximum(h / spread, 1.0)), np.asarray(h * spread)
    tau2 = np.where(k > 0, tau2, np.nan)
    low, high = tau2_limits or (np.full(k.shape, np.nan),) * 2
    return Heterogeneity(
        q=q,
        df=np.asarray(df),
        p=np.where(defined, chdtrc(np.where(defined, df, 1.0), q), np.nan),
        i2=_i2(h),
        i2_low=_i2(h_low),
        i2_high=_i2(h_high),
        h=h,
        h_low=h_low,
        h_high=h_high,
        tau2=tau2,
        tau2_low=np.asarray(low),
        tau2_high=np.asarray(high),
        i2_tau2=np.asarray(tau2 / (tau2 + typical_variance)),
        i2_tau2_low=np.asarray(low / (low + typical_variance)),
        i2_tau2_high=np.asarray(high / (high + typical_variance)),
        estimator=estimator,
        reason="; ".join(filter(None, (_reason(k, h_low), _empty(k, tau2_limits)))),
    )


def _reason(k: Array, h_low: Array) -> str:
    if not np.isnan(h_low).any() or k.size == 0:
        return ""
    if np.all(k < 2):
        return "heterogeneity needs two informative trials"
    if np.all(k >= 2):
        return "I² of two trials has an interval only if Q > 2"
    return "I² needs two informative trials, and its interval three"


def _empty(k: Array, limits: tuple[Array, Array] | None) -> str:
    if limits is None or not np.any((k > 1) & np.isnan(limits[1])):
        return ""
    return "trials agree so well that the Q profile leaves no tau² possible"


def _se_log_h(q: Array, k: Array) -> Array:
    above = (q > k) & (k >= 2)
    below = ~above & (k > 2) & ~np.isnan(q)
    q_above, k_above = np.where(above, q, 3.0), np.where(above, k, 2.0)
    k_below = np.where(below, k, 3.0)
    se_above = (
        0.5
        * (np.log(q_above) - np.log(k_above - 1))
        / (np.sqrt(2 * q_above) - np.sqrt(2 * k_above - 3))
    )
    se_below = np.sqrt((1 - 1 / (3 * (k_below - 2) ** 2)) / (2 * (k_below - 2)))
    return np.where(above, se_above, np.where(below, se_below, np.nan))


def _i2(h: Array) -> Array:
    return np.asarray(1 - 1 / h**2)
