"""The table that stands for an ensemble: the medoid over all analyses.

The tables of an ensemble differ in what each analysis says of them. The medoid
is the one whose answers are, all analyses together, least far from those of the
others: of every estimate and P value the share of tables that answer less or
alike is taken, and the distance of two tables is the sum of the differences of
their shares. Shares need no scale, so that a ratio, a difference and a P value
weigh alike.

References
----------
Kaufman L, Rousseeuw PJ. Finding groups in data. Wiley, 1990, chapter 2 (medoid).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.reconstruction.consequences import answers
from analysis.reconstruction.constraints import Problem

Array = NDArray[np.float64]
Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]

# Trials of which both arms are this near in size resemble each other.
RESEMBLANCE = 0.05


def resembles(
    tables: Counts, arms: Collection[tuple[int, int]], totals: Collection[int] = ()
) -> Flags:
    """Tell which tables hold a trial that could be taken for a known one.

    A trial could if an arm of it has as many patients as an arm of a known
    trial, whichever arms they are; if all its patients are as many as those of
    a known trial; or if both arms are within 5% of those of a known trial,
    either way round.

    Parameters
    ----------
    tables : (tables, k, 4) int array
        Events of the treated and control arm, then patients of each.
    arms : collection of (int, int)
        Patients of the two arms of each known trial.
    totals : collection of int, optional
        All patients of known trials, where these are known otherwise.

    Returns
    -------
    (tables,) bool array
    """
    patients = tables[..., 2:]
    sums = [*totals, *(sum(pair) for pair in arms)]
    found = np.zeros(len(tables), dtype=bool)
    found |= np.isin(patients, [n for pair in arms for n in pair]).any(axis=(1, 2))
    found |= np.isin(patients.sum(-1), sums).any(axis=1)
    for pair in arms:
        for one in (pair, pair[::-1]):
            near = np.abs(patients - np.array(one)) <= RESEMBLANCE * np.array(one)
            found |= near.all(axis=-1).any(axis=1)
    return found


def remoteness(tables: Counts, problem: Problem) -> Array:
    """Return how far each table is from all others, over all analyses.

    Parameters
    ----------
    tables : (tables, k, 4) int array
    problem : Problem

    Returns
    -------
    (tables,) array
        Mean distance to the tables, in analyses.
    """
    shares = [
        _ranks(numbers) / len(numbers)
        for answer in answers(tables, problem)
        for numbers in (answer.estimate, answer.p)
        if numbers is not None and np.isfinite(numbers).all()
    ]
    far = np.zeros(len(tables))
    for share in shares:
        far += _mean_distance(share)
    return far


def medoid(tables: Counts, problem: Problem, among: Flags | None = None) -> int:
    """Return the index of the table that stands for the others.

    Parameters
    ----------
    tables : (tables, k, 4) int array
    problem : Problem
    among : (tables,) bool array, optional
        Tables that may be taken; all of them count as others.

    Returns
    -------
    int
        The first of several that are alike.

    Raises
    ------
    ValueError
        If no table may be taken.
    """
    may: Sequence[int] = np.flatnonzero(
        np.ones(len(tables), dtype=bool) if among is None else among
    ).tolist()
    if not may:
        raise ValueError("no table may be taken; sample more")
    # No further digits: those depend on the processor.
    far = np.round(remoteness(tables, problem), 6)
    return min(may, key=lambda index: (far[index], index))


def _ranks(numbers: Array) -> Array:
    """Ranks from 1, equal numbers sharing their mean."""
    # scipy.stats has them too, and takes longer to import than all else here to run.
    _, place, times = np.unique(numbers, return_inverse=True, return_counts=True)
    ranks: Array = (np.cumsum(times) - (times - 1) / 2)[place]
    return ranks


def _mean_distance(share: Array) -> Array:
    """Mean absolute difference of each number to all, by sorting."""
    order = np.argsort(share, kind="stable")
    ordered, n = share[order], len(share)
    below = np.concatenate([[0.0], np.cumsum(ordered)[:-1]])
    above = ordered.sum() - below - ordered
    rank = np.arange(n)
    mean = (rank * ordered - below + above - (n - 1 - rank) * ordered) / n
    result = np.empty(n)
    result[order] = mean
    return result
