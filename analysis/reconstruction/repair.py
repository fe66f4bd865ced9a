"""Whole-number tables near the published numbers, mended by small exchanges.

Rounding to whole patients leaves tables that miss a few statements by little.
A Metropolis search moves single patients between cells, in exchanges that keep
the published totals, until every statement holds.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.reconstruction.constraints import Problem
from analysis.reconstruction.targets import Targets, misfits
from analysis.reconstruction.totals import Moves, Totals

Array = NDArray[np.float64]
Counts = NDArray[np.int64]

_STEPS = 3000
_HOT, _COLD = 0.1, 0.01  # temperatures, in widths of intervals


def repair(
    problem: Problem,
    targets: Targets,
    totals: Totals,
    patients: Counts,
    events: Counts,
    rng: np.random.Generator,
) -> tuple[Counts, Array]:
    """Exchange patients until tables say what was published.

    Parameters
    ----------
    problem : Problem
    targets, totals : Targets, Totals
        Its compiled statements.
    patients, events : (batch, k, 2) int array
        Tables that meet the totals.
    rng : numpy.random.Generator

    Returns
    -------
    patients : (batch, k, 2) int array
    misfit : (batch,) array
        Sum of what each table still misses, in widths of intervals; 0 for a
        table that says all that was published.
    """
    n = patients.copy()
    low, high = targets.limits(events)
    terms = targets.terms(n, events)
    sums = targets.sums(terms)
    misfit = _total(targets, sums, low, high)
    moves = totals.moves
    if not len(moves.trials):
        return n, misfit
    every = np.arange(len(n))
    open_ = every[misfit > 0]
    for step in range(_STEPS):
        if step % 50 == 0:
            open_ = every[misfit > 0]
            if not len(open_):
                break
        temperature = _HOT * (_COLD / _HOT) ** (step / _STEPS)
        move = _choose(moves, events[open_], rng)
        sign = rng.choice([-1, 1], len(open_))
        rows, pair = open_[:, None], moves.trials[move]
        moved = n[rows, pair] + moves.changes[move] * sign[:, None, None]
        having = events[rows, pair]
        allowed = _allowed(problem, pair, moved, having)
        moved = np.where(allowed[:, None, None], moved, n[rows, pair])
        new = targets.terms(moved, having)
        change = new - terms[rows, :, pair].transpose(0, 2, 1, 3)
        new_sums = sums[open_] + _pair_sums(targets, pair, change)
        new_misfit = _total(targets, new_sums, low[open_], high[open_])
        worse = np.maximum(new_misfit - misfit[open_], 0.0)
        taken = allowed & (rng.random(len(open_)) < np.exp(-worse / temperature))
        taken &= misfit[open_] > 0
        at = open_[taken]
        n[at[:, None], pair[taken]] = moved[taken]
        terms[at[:, None], :, pair[taken]] = new[taken].transpose(0, 2, 1, 3)
        sums[at], misfit[at] = new_sums[taken], new_misfit[taken]
    # Sums that were updated thousands of times carry rounding errors.
    return n, _total(targets, targets.sums(targets.terms(n, events)), low, high)


def _choose(moves: Moves, events: Counts, rng: np.random.Generator) -> Counts:
    """Draw a move a table; two in three touch a trial with events, which bear most."""
    drawn = rng.integers(len(moves.trials), size=(3, len(events)))
    rows = np.arange(len(events))[:, None]
    choice: Counts = drawn[0]
    for other in drawn[1:]:
        idle = events[rows, moves.trials[choice]].sum(axis=(1, 2)) == 0
        choice = np.where(idle, other, choice)
    return choice


def _total(targets: Targets, sums: Array, low: Array, high: Array) -> Array:
    total: Array = misfits(targets.values(sums), low, high).sum(axis=-1)
    return total


def _pair_sums(targets: Targets, pair: Counts, change: Array) -> Array:
    """Return what the changes of two trials do to the sums over scopes."""
    inside = targets.masks[:, pair].transpose(1, 0, 2)
    sums: Array = np.einsum("bujt,buj->but", change[:, targets.pool_of], inside)
    return sums


def _allowed(
    problem: Problem, pair: Counts, moved: Counts, having: Counts
) -> NDArray[np.bool_]:
    limits = problem.limits
    few, many = moved.min(axis=-1), moved.max(axis=-1)
    ok = (
        (moved >= problem.smallest[pair]).all(axis=-1)
        & (moved <= problem.largest[pair]).all(axis=-1)
        & (having <= limits.largest_risk * moved).all(axis=-1)
        & (many <= limits.allocation * few)
    )
    return np.asarray(ok.all(axis=-1))
