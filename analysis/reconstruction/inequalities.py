"""Inequalities that a split of the events must satisfy, given what is published.

Write a and c for the events of a trial's arms, m = a + c, r for its share of
treated patients, A, C and M for the sums of a, c and m over some trials. The
proofs rest on three inequalities.

Peto: V = sum m r (1 - r) (N - m)/(N - 1) is at most sum m r (1 - r), which by
Jensen's inequality is at most M R (1 - R) with R = sum(m r)/M. As O - E = A -
M R,

    V <= (A - (O - E)) (C + (O - E)) / M.

Incidence: a trial with x >= 1 events in n patients weighs x (1 - x/n), one
without event (n + 1/2)/(2n + 2). Their sum is the weight of the pool.

Q: over classes, Q is the sum of the Qs within them and of the weighted squared
distances of their effects from the overall effect.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from analysis.reconstruction.constraints import Interval, Problem
from analysis.reconstruction.regions import Region

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]
Array = NDArray[np.float64]


def peto_possible(problem: Problem, region: Region, events: Counts) -> Mask:
    """Whether Peto's V and O - E agree with the events.

    Parameters
    ----------
    problem : Problem
    region : Region
        Of Peto's pool.
    events : (ways, 2) int array
        Events of the treated and of the control arms of its trials.

    Returns
    -------
    (ways,) bool array
    """
    a, c = events[:, 0].astype(float), events[:, 1].astype(float)
    m = a + c
    if not np.isfinite(region.product.low) or not np.isfinite(region.product.high):
        excess = (a - c) / 2
    else:
        excess = np.clip((a - c) / 2, region.product.low, region.product.high)
    some = m > 0
    most = np.where(some, (a - excess) * (c + excess) / np.where(some, m, 1), 0.0)
    share = 1 / (1 + problem.limits.allocation)
    least = m * share * (1 - share) * (1 - problem.limits.largest_risk)
    inside = (excess <= a) & (excess >= -c)
    return np.asarray(
        inside & (most >= region.weight.low) & (least <= region.weight.high)
    )


def weight_possible(problem: Problem, region: Region, rows: Counts) -> Mask:
    """Whether the weight of a pool of incidences agrees with the trials.

    Parameters
    ----------
    problem : Problem
    region : Region
        Of any other pool nothing is proved.
    rows : (rows, classes, 4) int array
        By class, events of the treated and of the control arms, trials with
        events in the treated arm and with any.

    Returns
    -------
    (rows,) bool array
    """
    if region.pool != "incidence":
        return np.ones(len(rows), dtype=bool)
    inside = [problem.classes.index(name) for name in region.classes]
    size = sum(int(problem.mask(name).sum()) for name in region.classes)
    low, high = incidence_weight(
        problem,
        rows[:, inside, 0].sum(axis=1),
        rows[:, inside, 2].sum(axis=1),
        size,
    )
    return np.asarray((high >= region.weight.low) & (low <= region.weight.high))


def incidence_weight(
    problem: Problem, events: Counts, trials: Counts, size: int
) -> tuple[Array, Array]:
    """Return the least and greatest weight of a pool of incidences.

    Parameters
    ----------
    problem : Problem
    events, trials : (rows,) int array
        Events of the treated arms, and the trials they lie in.
    size : int
        Trials of the pool.

    Returns
    -------
    low, high : (rows,) array
    """
    small, large = int(problem.smallest[:, 0].min()), int(problem.largest[:, 0].max())
    without = size - trials
    risk = problem.limits.largest_risk
    low = without * (small + 0.5) / (2 * small + 2) + events * (1 - risk)
    high = without * (large + 0.5) / (2 * large + 2) + events * (1 - 1 / large)
    return low, high


def spread_limits(problem: Problem, region: Region) -> tuple[Array, Array]:
    """Return the least and greatest Q of a region, by its informative trials.

    Returns
    -------
    low, high : (trials + 1,) array
        Least above greatest where that many trials cannot say what is printed.
    """
    size = sum(int(problem.mask(name).sum()) for name in region.classes)
    by_df = [region.q(df) for df in range(-1, size)]
    return np.array([q.low for q in by_df]), np.array([q.high for q in by_df])


def spread_possible(
    problem: Problem,
    spreads: Mapping[Region, tuple[Array, Array]],
    pool: str,
    rows: Counts,
) -> Mask:
    """Whether Q over all trials agrees with Q within and between the classes.

    Parameters
    ----------
    problem : Problem
    spreads : mapping of Region to arrays
        Of :func:`spread_limits`.
    pool : str
    rows : (rows, classes, 4) int array
        As for :func:`weight_possible`.

    Returns
    -------
    (rows,) bool array
    """
    mine = [region for region in spreads if region.pool == pool]
    whole = next((r for r in mine if r.classes == set(problem.classes)), None)
    keep = np.ones(len(rows), dtype=bool)
    least = np.zeros(len(rows))
    for region in mine:
        low, high = spreads[region]
        inside = [problem.classes.index(name) for name in region.classes]
        informative = rows[:, inside, 3].sum(axis=1)
        trials = len(low) - 1 if pool == "incidence" else informative
        keep &= low[trials] <= high[trials]
        if region is whole:
            most = high[trials]
        else:
            least += low[trials]
            least += _between(region, whole.effect) if whole else 0.0
    return keep & (least <= most) if whole else keep


def _between(part: Region, overall: Interval) -> float:
    """Return the least weighted squared distance from the overall effect."""
    near = max(part.effect.low - overall.high, overall.low - part.effect.high, 0.0)
    return part.weight.low * near**2 if near > 0 else 0.0
