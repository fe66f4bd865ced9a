"""From any table to the nearest one that says what was published.

The statements are equations and inequalities in the logarithms of the numbers
of patients. Damped Gauss-Newton steps solve for those that a table misses, all
tables of a batch at once; real numbers of patients stand for whole ones.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.reconstruction.constraints import Problem
from analysis.reconstruction.targets import Targets, scales
from analysis.reconstruction.totals import Totals

Array = NDArray[np.float64]
Counts = NDArray[np.int64]

_ROUNDS = 40
_MARGIN = 0.05  # aimed at, inside each interval, in widths: rounding needs room
_DAMPING = 1e-3
_SMALL = 1e-6
_INSIDE = 1.0  # patients within the limits of an arm: rounding needs room
_FAIR = 0.9  # of the logarithm of the greatest allocation
_LONGEST_STEP = 0.3  # of a logarithm


def project(
    problem: Problem, targets: Targets, totals: Totals, patients: Array, events: Counts
) -> Array:
    """Move tables towards what was published.

    Parameters
    ----------
    problem : Problem
    targets, totals : Targets, Totals
        Its compiled statements.
    patients : (batch, k, 2) array
        Where to start.
    events : (batch, k, 2) int array

    Returns
    -------
    (batch, k, 2) array
        Real numbers of patients within the limits of the problem.

    References
    ----------
    Marquardt DW. An algorithm for least-squares estimation of nonlinear
    parameters. J Soc Ind Appl Math 1963;11:431-41.
    """
    targets, low, high = targets.merged(events)
    margin = _MARGIN * np.where(np.isfinite(high - low), scales(low, high), 0.0)
    low, high = low + margin, high - margin
    n = within_limits(problem, patients.astype(float), events)
    free = totals.free.reshape(-1)
    lines = totals.rows.reshape(len(totals.values), free.size)
    open_ = np.arange(len(n))
    for _ in range(_ROUNDS):
        now, m = n[open_], events[open_].astype(float)
        sums = targets.sums(targets.terms(now, m))
        values = targets.values(sums)
        flat = now.reshape(len(now), free.size)
        off = totals.values - flat @ lines.T
        missing = np.concatenate(
            [np.clip(values, low[open_], high[open_]) - values, off], axis=1
        )
        left = (np.abs(missing) > _SMALL).any(axis=1)
        open_, now, m, sums = open_[left], now[left], m[left], sums[left]
        flat, missing = flat[left], missing[left]
        if not len(open_):
            break
        slopes = np.concatenate(
            [
                targets.slopes(now, m, sums).reshape(*values[left].shape, free.size),
                lines * flat[:, None, :],
            ],
            axis=1,
        )
        slopes *= free & (missing != 0)[..., None]
        step = _damped(slopes, missing)
        longest = np.abs(step).max(axis=1, keepdims=True)
        step *= _LONGEST_STEP / np.maximum(longest, _LONGEST_STEP)
        moved = (flat * np.exp(step)).reshape(now.shape)
        n[open_] = within_limits(problem, moved, events[open_])
    return n


def _damped(slopes: Array, missing: Array) -> Array:
    """Return the least step that mends what is missing, row by row scaled."""
    size = np.linalg.norm(slopes, axis=2)
    unit = np.where(size > 0, 1 / np.where(size > 0, size, 1.0), 0.0)
    rows, right = slopes * unit[..., None], missing * unit
    gram = rows @ rows.transpose(0, 2, 1)
    gram += _DAMPING * np.eye(gram.shape[1])
    weights = np.linalg.solve(gram, right[..., None])
    step: Array = (rows.transpose(0, 2, 1) @ weights)[..., 0]
    return step


def within_limits(problem: Problem, patients: Array, events: Counts) -> Array:
    """Move numbers of patients into the limits of the problem.

    Known arms stay as they are; an allocation outside its limit moves both
    arms towards each other.
    """
    limits = problem.limits
    least = np.maximum(problem.smallest, events / limits.largest_risk) + _INSIDE
    bounded = np.clip(patients, least, np.maximum(problem.largest - _INSIDE, least))
    ratio = np.log(bounded[..., 0] / bounded[..., 1])
    most = _FAIR * np.log(limits.allocation)
    half = (np.clip(ratio, -most, most) - ratio) / 2
    moved = bounded * np.exp(np.stack([half, -half], axis=-1))
    free = problem.smallest < problem.largest
    return np.where(free, moved, problem.smallest)


def is_within_limits(
    problem: Problem, patients: Counts, events: Counts
) -> NDArray[np.bool_]:
    """Whether each trial keeps to the limits, (..., k)."""
    limits = problem.limits
    low, high = patients.min(axis=-1), patients.max(axis=-1)
    inside = (patients >= problem.smallest) & (patients <= problem.largest)
    rare = events <= limits.largest_risk * patients
    return np.asarray((inside & rare).all(axis=-1) & (high <= limits.allocation * low))
