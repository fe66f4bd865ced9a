"""Pooled statistics of many tables at once, from sums over their trials.

Every pool here weights each trial's effect x by w, so that the sums of w, wx
and wx² over a scope hold all that a publication prints of it. A trial's terms
depend on that trial alone: a change of one trial updates the sums.
:mod:`analysis.meta` computes the same statistics with everything around them;
the sampler checks its tables against it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri, ndtri

from analysis.reconstruction.constraints import Interval, Problem, Statement

Array = NDArray[np.float64]

LEVEL = 0.95
Z = float(ndtri(0.5 + LEVEL / 2))


def peto(patients: Array, events: Array) -> Array:
    """Return the terms of Peto's log odds ratio.

    Parameters
    ----------
    patients, events : (..., k, 2) array
        Counts of the treated and of the control arm.

    Returns
    -------
    (..., k, 3) array
        V, O - E and (O - E)²/V; zeros for a trial without information.
    """
    n, treated = patients.sum(axis=-1), patients[..., 0]
    m = events.sum(axis=-1)
    share = treated / n
    variance = share * (1 - share) * m * (n - m) / (n - 1)
    excess = np.where(variance > 0, events[..., 0] - share * m, 0.0)
    square = excess**2 / np.where(variance > 0, variance, 1.0)
    return np.stack([variance, excess, square], axis=-1)


def incidence(patients: Array, events: Array) -> Array:
    """Return the terms of the logit incidence in the treated arm.

    A trial in which none or all have the event takes 0.5 events and 0.5
    non-events more. Parameters and result as for :func:`peto`.
    """
    n, x = patients[..., 0], events[..., 0]
    more = 0.5 * ((x == 0) | (x == n))
    yes, no = x + more, n - x + more
    weight = yes * no / (yes + no)
    effect = np.log(yes / no)
    return np.stack([weight, weight * effect, weight * effect**2], axis=-1)


def inverse_variance(patients: Array, events: Array) -> Array:
    """Return the terms of the log odds ratio by inverse variance.

    A trial with an empty cell takes 0.5 more in each of the four; one without
    event or without non-event takes no part. Parameters and result as for
    :func:`peto`.
    """
    others = patients - events
    empty = ((events == 0) | (others == 0)).any(axis=-1, keepdims=True)
    yes, no = events + 0.5 * empty, others + 0.5 * empty
    m = events.sum(axis=-1)
    used = (m > 0) & (m < patients.sum(axis=-1))
    weight = np.where(used, 1 / (1 / yes + 1 / no).sum(axis=-1), 0.0)
    odds = np.log(yes / no)
    effect = np.where(used, odds[..., 0] - odds[..., 1], 0.0)
    return np.stack([weight, weight * effect, weight * effect**2], axis=-1)


Terms = Callable[[Array, Array], Array]
POOLS: Mapping[str, Terms] = {
    "peto": peto,
    "incidence": incidence,
    "inverse-variance": inverse_variance,
}
STATISTICS = ("estimate", "ci_low", "ci_high", "p", "i2", "q_p")

# Coordinates on which statements bound a pool: effect, limits, |z| and Q.
EFFECT, LOW, HIGH, ABS_Z, Q = range(5)
_COORDINATE = {
    "estimate": EFFECT,
    "ci_low": LOW,
    "ci_high": HIGH,
    "p": ABS_Z,
    "i2": Q,
    "q_p": Q,
}


def counted_in_df(pool: str, events: Array) -> NDArray[np.bool_]:
    """Return which trials the degrees of freedom of a pool count, (..., k).

    A trial in which all patients have the event is out of the question.
    """
    if pool == "incidence":
        return np.ones(events.shape[:-1], dtype=bool)
    return np.asarray(events.sum(axis=-1) > 0)


def coordinates(sums: Array) -> Array:
    """Return effect, limits, |z| and Q from the sums of a pool's terms.

    Parameters
    ----------
    sums : (..., 3) array

    Returns
    -------
    (..., 5) array
        NaN where no trial bears information.
    """
    weight = np.where(sums[..., 0] > 0, sums[..., 0], np.nan)
    effect = sums[..., 1] / weight
    se = 1 / np.sqrt(weight)
    return np.stack(
        [
            effect,
            effect - Z * se,
            effect + Z * se,
            np.abs(effect) / se,
            sums[..., 2] - effect * sums[..., 1],
        ],
        axis=-1,
    )


def gradients(sums: Array) -> Array:
    """Return the derivatives of :func:`coordinates`, as a (..., 5, 3) array."""
    weight = np.where(sums[..., 0] > 0, sums[..., 0], np.nan)
    effect = sums[..., 1] / weight
    zero, one = np.zeros_like(weight), np.ones_like(weight)
    slope = np.stack([-effect / weight, one / weight, zero], axis=-1)
    half = np.stack([-0.5 * Z * weight**-1.5, zero, zero], axis=-1)
    sign = np.sign(effect)[..., None]
    root = np.sqrt(weight)
    z = sign * np.stack([-0.5 * effect / root, one / root, zero], axis=-1)
    q = np.stack([effect**2, -2 * effect, one], axis=-1)
    return np.stack([slope, slope - half, slope + half, z, q], axis=-2)


@dataclass(frozen=True)
class Bound:
    """A statement as an interval of one coordinate of one pool in one scope.

    Attributes
    ----------
    statement : Statement
    pool, scope : str
    coordinate : int
        Index into :func:`coordinates`.
    """

    statement: Statement
    pool: str
    scope: str
    coordinate: int

    def interval(self, df: int) -> Interval:
        """Return the interval of the coordinate.

        Parameters
        ----------
        df : int
            Degrees of freedom; a Q of none has neither P value nor I², so that
            the interval is empty.
        """
        low, high = self.statement.interval.low, self.statement.interval.high
        statistic = self.statement.statistic
        if statistic == "p":
            return Interval(-float(ndtri(high / 2)), _upper(-ndtri(low / 2)))
        if self.coordinate == Q and df < 1:
            return Interval(np.inf, -np.inf)
        if statistic == "q_p":
            return Interval(float(chdtri(df, min(high, 1.0))), _upper(chdtri(df, low)))
        if statistic == "i2":
            return Interval(0.0 if low <= 0 else df / (1 - low), df / (1 - high))
        scale = _logit if self.pool == "incidence" else _log
        return Interval(scale(low), scale(high))


def bounds(problem: Problem) -> tuple[Bound, ...]:
    """Return the statements about pools, as bounds of coordinates."""
    return tuple(
        Bound(s, s.pool, s.scope, _COORDINATE[s.statistic])
        for s in problem.statements
        if not s.is_count
    )


def _upper(x: float) -> float:
    return float(x) if np.isfinite(x) else np.inf


def _log(x: float) -> float:
    return float(np.log(x)) if x > 0 else -np.inf


def _logit(x: float) -> float:
    return _log(x) - _log(1 - x) if x < 1 else np.inf
