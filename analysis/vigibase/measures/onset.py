"""Time to onset as a Weibull distribution, allowing for right truncation.

A report that is in the database tells a time that had passed when the database
was closed; those that would have taken longer are not in it yet. Ignoring this
makes times look short (Leroy, Dauxois, Théophile, Haramburu and Tubert-Bitter,
BMC Med Res Methodol 2014;14:17).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

if TYPE_CHECKING:
    from analysis.vigibase.cohort import Cohort

Floats = NDArray[np.float64]

FEWEST = 5
# An onset on the day of the first dose: half a day, as it has no logarithm.
SAME_DAY = 0.5
_MOST_STEPS = 200
_CLOSE = 1e-11


@dataclass(frozen=True)
class Weibull:
    """A Weibull distribution of times to onset.

    Attributes
    ----------
    n : int or None
    shape, shape_low, shape_high : float
        Below 1 the hazard falls with time, above 1 it grows; with Wald limits
        on its logarithm. NaN if the likelihood has no maximum.
    scale, scale_low, scale_high : float
        Days, by which 63% of the reactions occur.
    truncated : bool
        Whether right truncation is allowed for.
    """

    n: int | None
    shape: float
    shape_low: float
    shape_high: float
    scale: float
    scale_low: float
    scale_high: float
    truncated: bool

    @classmethod
    def none(cls, n: int | None, truncated: bool) -> Weibull:
        """Make one of which nothing is known, or nothing is shown."""
        nan = math.nan
        return cls(n, nan, nan, nan, nan, nan, nan, truncated)


def onset_days(
    cohort: Cohort, uncertainty: float | None = 1.0, closed: str = ""
) -> tuple[Floats, Floats]:
    """Return times to onset, and the longest that each could have been.

    Parameters
    ----------
    cohort : Cohort
    uncertainty : float or None, optional
        As for :func:`analysis.vigibase.pairs.time_to_onset`.
    closed : str, optional
        Day on which the extract was made, as 2024-03-01; the last date in DEMO
        unless said.

    Returns
    -------
    days : (k,) array of float
        The longest time of each report.
    limits : (k,) array of float
        The time and what passed from the first version of the report to the
        close of the database. An extract holds no date of onset; since a report
        comes after its onset, the true limit is longer.
    """
    precise = "" if uncertainty is None else f"AND tto_range <= {float(uncertainty)}"
    end = f"DATE '{closed}'" if closed else "(SELECT max(DateDatabase) FROM demo)"
    rows = cohort.extract.query(
        f"SELECT days, days + greatest(date_diff('day', FirstDateDatabase, {end}), 0) "
        f"FROM (SELECT UMCReportId, max(tto_mean) AS days FROM {cohort.pairs} "
        f"WHERE tto_mean >= 0 {precise} GROUP BY UMCReportId) "
        "JOIN demo USING (UMCReportId) ORDER BY ALL"
    )
    days = np.array([row[0] for row in rows], float)
    limits = np.array([math.nan if r[1] is None else r[1] for r in rows], float)
    return days, limits


def weibull(
    days: ArrayLike, limits: ArrayLike | None = None, *, level: float = 0.95
) -> Weibull:
    """Fit a Weibull distribution by maximum likelihood.

    Parameters
    ----------
    days : (k,) array_like
        Times; one of 0 counts as half a day.
    limits : (k,) array_like, optional
        The longest that each could have been, for right truncation; times
        without one are left out.
    level : float, optional

    Notes
    -----
    The log likelihood of a time x that could have been t at most is
    log f(x) - log F(t); Newton's method in the logarithms of shape and scale.

    Examples
    --------
    >>> round(weibull([10, 20, 30, 40, 50]).shape, 3)
    2.323
    """
    x = np.asarray(days, float)
    t = None if limits is None else np.asarray(limits, float)
    if t is not None:
        known = np.isfinite(t)
        x, t = x[known], np.maximum(t[known], SAME_DAY)
    x = np.maximum(x, SAME_DAY)
    nothing = Weibull.none(len(x), t is not None)
    if len(x) < FEWEST or np.ptp(x) == 0:
        return nothing
    logs = np.log(x)
    theta = np.array([math.log(1.2 / max(float(logs.std()), 1e-3)), float(logs.mean())])
    value, gradient, hessian = _likelihood(theta, logs, t)
    for _ in range(_MOST_STEPS):
        try:
            step = -np.linalg.solve(hessian, gradient)
        except np.linalg.LinAlgError:
            return nothing
        # Uphill, and not too far at once.
        if float(step @ gradient) < 0 or np.linalg.eigvalsh(hessian)[-1] >= 0:
            step = gradient / max(float(np.abs(gradient).max()), 1.0)
        step *= min(1.0, 1.0 / max(float(np.abs(step).max()), 1e-300))
        size = 1.0
        while size > 1e-12:
            after = _likelihood(theta + size * step, logs, t)
            if np.isfinite(after[0]) and after[0] >= value - 1e-12 * abs(value):
                break
            size /= 2
        theta = theta + size * step
        value, gradient, hessian = after
        if float(np.abs(size * step).max()) < _CLOSE:
            break
    proven = float(np.abs(gradient).max()) < 1e-6 * len(x)
    if not proven or np.linalg.eigvalsh(hessian)[-1] >= 0 or abs(theta[1]) > 25:
        return nothing
    spread = float(ndtri((1 + level) / 2)) * np.sqrt(np.diag(np.linalg.inv(-hessian)))
    point, low, high = np.exp(theta), np.exp(theta - spread), np.exp(theta + spread)
    return Weibull(
        len(x),
        float(point[0]),
        float(low[0]),
        float(high[0]),
        float(point[1]),
        float(low[1]),
        float(high[1]),
        t is not None,
    )


def _likelihood(
    theta: Floats, logs: Floats, limits: Floats | None
) -> tuple[float, Floats, Floats]:
    """Log likelihood with its gradient and Hessian in log shape and log scale."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        shape = math.exp(min(theta[0], 50.0))
        ku = shape * (logs - theta[1])
        z = np.exp(ku)
        value = theta[0] + ku - logs - z
        first = np.array([np.sum(1 + ku - ku * z), np.sum(-shape + shape * z)])
        kk = np.sum(ku - ku * z - ku**2 * z)
        ks = np.sum(-shape + shape * z + shape * ku * z)
        ss = np.sum(-(shape**2) * z)
        if limits is not None:
            kv = shape * (np.log(limits) - theta[1])
            w = np.exp(kv)
            value = value - np.log(-np.expm1(-w))
            h = 1 / np.expm1(w)
            slope = -np.exp(w) * h**2
            slope = np.where(w > 300, 0.0, slope)
            h = np.where(w > 300, 0.0, h)
            wk, ws = kv * w, -shape * w
            first -= np.array([np.sum(h * wk), np.sum(h * ws)])
            kk -= np.sum(slope * wk**2 + h * (kv * w + kv**2 * w))
            ks -= np.sum(slope * wk * ws + h * (-shape * w - shape * kv * w))
            ss -= np.sum(slope * ws**2 + h * shape**2 * w)
    return float(np.sum(value)), first, np.array([[kk, ks], [ks, ss]])
