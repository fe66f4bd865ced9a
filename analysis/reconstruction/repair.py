"""Whole-number tables near the published numbers, mended by small exchanges.

Rounding to whole patients leaves tables that miss a few statements by little.
A Metropolis search moves single patients between cells, in exchanges that keep
the published totals, until every statement holds.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.reconstruction.constraints import Problem
from analysis.reconstruction.targets import Targets, misfits, scales
from analysis.reconstruction.totals import Moves, Totals

Array = NDArray[np.float64]
Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]

_STRETCH = 50  # steps until tables that miss nothing leave
_HOT, _COLD = 0.1, 0.01  # temperatures, in widths of intervals


def repair(
    problem: Problem,
    targets: Targets,
    totals: Totals,
    patients: Counts,
    events: Counts,
    rng: np.random.Generator,
    steps: int,
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
    steps : int
        Exchanges to try for each table.

    Returns
    -------
    patients : (batch, k, 2) int array
    misfit : (batch,) array
        Sum of what each table still misses, in widths of intervals; 0 for a
        table that says all that was published.
    """
    n = patients.copy()
    low, high = targets.limits(events)

    def misfit() -> Array:
        values = targets.values(targets.sums(targets.terms(n, events)))
        total: Array = misfits(values, low, high).sum(axis=-1)
        return total

    if len(totals.moves.trials):
        for first in range(0, steps, _STRETCH):
            left = misfit() > 0
            if not left.any():
                break
            times = np.arange(first, first + _STRETCH) / steps
            search = _Search(problem, targets, totals.moves, n[left], events[left])
            n[left] = search.run(low[left], high[left], times, rng)
    return n, misfit()


class _Search:
    """Metropolis steps of a batch of tables; one that misses nothing stays."""

    def __init__(
        self,
        problem: Problem,
        targets: Targets,
        moves: Moves,
        patients: Counts,
        events: Counts,
    ) -> None:
        self.problem, self.targets, self.moves = problem, targets, moves
        self.n, self.events = patients, events
        self.idle = events.sum(axis=-1) == 0

    def run(
        self, low: Array, high: Array, times: Array, rng: np.random.Generator
    ) -> Counts:
        """Take steps towards the intervals and return the patients."""
        n, targets, moves = self.n, self.targets, self.moves
        scale = scales(low, high)
        terms = targets.terms(n, self.events)
        sums = targets.sums(terms)
        misfit = _misfit(targets, sums, low, high, scale)
        terms = terms.swapaxes(-2, -3).copy()
        rows = np.arange(len(n))[:, None]
        for temperature in _HOT * (_COLD / _HOT) ** times:
            move = self.choose(rng)
            sign = rng.choice([-1, 1], len(n))
            pair = moves.trials[move]
            now, having = n[rows, pair], self.events[rows, pair]
            moved = now + moves.changes[move] * sign[:, None, None]
            allowed = self.allowed(pair, moved, having)
            moved = np.where(allowed[:, None, None], moved, now)
            new = targets.terms(moved, having).swapaxes(-2, -3)
            new_sums = sums + _pair_sums(targets, pair, new - terms[rows, pair])
            new_misfit = _misfit(targets, new_sums, low, high, scale)
            worse = np.maximum(new_misfit - misfit, 0.0)
            taken = allowed & (rng.random(len(n)) < np.exp(-worse / temperature))
            taken &= misfit > 0
            at = rows[taken], pair[taken]
            n[at], terms[at] = moved[taken], new[taken]
            sums[taken], misfit[taken] = new_sums[taken], new_misfit[taken]
        return n

    def choose(self, rng: np.random.Generator) -> Counts:
        """Draw a move a table, up to thrice until it touches a trial with events."""
        drawn = rng.integers(len(self.moves.trials), size=(3, len(self.n)))
        rows = np.arange(len(self.n))
        choice: Counts = drawn[0]
        for other in drawn[1:]:
            first, second = self.moves.trials[choice].T
            idle = self.idle[rows, first] & self.idle[rows, second]
            choice = np.where(idle, other, choice)
        return choice

    def allowed(self, pair: Counts, moved: Counts, having: Counts) -> Mask:
        """Whether the moved trials, (batch, 2, 2), keep to the limits."""
        limits = self.problem.limits
        inside = moved >= self.problem.smallest[pair]
        inside &= moved <= self.problem.largest[pair]
        inside &= having <= limits.largest_risk * moved
        inside &= moved <= limits.allocation * moved[..., ::-1]
        return np.asarray(inside.all(axis=(1, 2)))


def _misfit(
    targets: Targets, sums: Array, low: Array, high: Array, scale: Array
) -> Array:
    """Return the sum of :func:`.targets.misfits`, given the scales."""
    values = targets.values(sums)
    outside = np.maximum(np.maximum(low - values, values - high), 0.0)
    total: Array = (outside / scale).sum(axis=-1)
    return np.where(np.isnan(total), np.inf, total)


def _pair_sums(targets: Targets, pair: Counts, change: Array) -> Array:
    """Return what the changes of two trials do to the sums over scopes."""
    first, second = (
        change[:, j, targets.pool_of] * targets.masks.T[pair[:, j], :, None]
        for j in (0, 1)
    )
    sums: Array = first + second
    return sums
