"""Normal intervals and tests, and the putting together of a pooled result."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from analysis.meta.results import (
    Array,
    Certificate,
    Heterogeneity,
    Pooled,
    TrialEffects,
)

Mask = NDArray[np.bool_]


def ratio(numerator: Array, denominator: Array) -> Array:
    """Divide; NaN where the denominator is not positive."""
    return np.asarray(numerator / np.where(denominator > 0, denominator, np.nan))


def normal_limits(estimate: Array, se: Array, level: float) -> tuple[Array, Array]:
    """Return the limits of a normal confidence interval."""
    half = ndtri(0.5 + level / 2) * se
    return estimate - half, estimate + half


def trial_effects(
    estimate: Array, se: Array, weight: Array, level: float
) -> TrialEffects:
    """Attach normal limits to the trials' own estimates."""
    low, high = normal_limits(estimate, se, level)
    return TrialEffects(estimate, se, low, high, weight)


def with_trials(pooled: Pooled, **fields: Array) -> Pooled:
    """Replace fields of the trial effects."""
    assert pooled.trials is not None
    return replace(pooled, trials=replace(pooled.trials, **fields))


def wald(
    method: str,
    measure: str,
    level: float,
    *,
    k: Array,
    k_all: int,
    estimate: Array,
    se: Array,
    heterogeneity: Heterogeneity | None,
    trials: TrialEffects | None,
    reason: str = "",
    tested: bool = True,
    df: Array | None = None,
    details: tuple[str, ...] = (),
    certificate: Certificate | None = None,
) -> Pooled:
    """Complete a pooled estimate with its interval and test.

    Parameters
    ----------
    method, measure, level, k, k_all, estimate, se, heterogeneity, trials, reason, \
    details, certificate
        See :class:`analysis.meta.results.Pooled`.
    tested : bool
        Whether zero means no effect; False for proportions.
    df : (...) array, optional
        Degrees of freedom of a t interval and test; normal ones without.

    Returns
    -------
    Pooled
    """
    estimate, se = np.asarray(estimate), np.asarray(se)
    z = ratio(estimate, se) if tested else np.full(estimate.shape, np.nan)
    if df is None:
        low, high = normal_limits(estimate, se, level)
        p = 2 * ndtr(-np.abs(z))
    else:
        half = stdtrit(df, 0.5 + level / 2) * se
        low, high = estimate - half, estimate + half
        p = 2 * stdtr(df, -np.abs(z))
    return Pooled(
        method=method,
        measure=measure,
        level=level,
        k=np.asarray(k, dtype=float),
        k_all=np.full(estimate.shape, float(k_all)),
        estimate=estimate,
        se=se,
        ci_low=np.asarray(low),
        ci_high=np.asarray(high),
        z=z,
        p=np.asarray(p),
        heterogeneity=heterogeneity,
        trials=trials,
        reason=reason,
        df=df,
        details=details,
        certificate=certificate,
    )


def why(missing: Mask | np.bool_, explanation: str) -> str:
    """Return the explanation if anything is missing, with how often if batched."""
    missing = np.asarray(missing)
    if not missing.any():
        return ""
    if missing.ndim == 0:
        return explanation
    return f"{explanation} (in {missing.sum()} of {missing.size} data sets)"
