"""Tables that say all that was published, from all over their space.

Each table has its own start: a pattern of events that is not proved impossible,
and patients drawn without regard to the statements, log-uniformly within the
limits. It is moved to what was published (:mod:`.projection`), rounded and
mended (:mod:`.repair`), and kept if every statement holds. Tables are thus
independent of the table that a project ships. Every pattern that can be reached
takes part with about as many tables as every other, so that rare patterns are
not drowned by common ones; where a pattern is hard to reach, further starts are
drawn around the tables found. The ensemble shows what is possible, and shares
of it are no probabilities.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.reconstruction.constraints import Problem
from analysis.reconstruction.patterns import canonical
from analysis.reconstruction.projection import is_within_limits, project
from analysis.reconstruction.repair import repair
from analysis.reconstruction.space import Space, explore
from analysis.reconstruction.targets import Targets, misfits
from analysis.reconstruction.totals import Totals

Array = NDArray[np.float64]
Counts = NDArray[np.int64]

_BATCH = 1000
_NEAR = 1.0  # misfit, in widths, from which rounding may still succeed
# Starts of a pattern not yet reached, round by round, and the least misfit of
# the rounds before from which the next is worth its starts.
_SCREENING = (
    (2, np.inf),
    (6, 300.0),
    (24, 50.0),
    (96, 3.0),
    (256, 1.5),
    (1024, 0.5),
)
# Steps of a repair: many to reach a pattern at all, fewer where another start
# finds a further table sooner.
_THOROUGH, _QUICK = 3000, 1000
_MOST_STARTS = 4000  # of a round after the first
_ROUNDS_OF_FILLING = 8
_SPARE = 1.1  # of what a pattern is to give, for those that give less
_PATIENCE = 2  # most starts in a round for each table that a pattern lacks
_RARE = 0.1  # tables a start, below which starts are drawn around tables found
_AROUND = 0.5  # standard deviation of a logarithm of patients


class ContradictionError(ValueError):
    """Raised where no table can say all that was published."""


@dataclass(frozen=True)
class Ensemble:
    """Tables that say all that was published.

    Attributes
    ----------
    space : Space
        The patterns of events not proved impossible.
    seed : int
        The seed that makes the same tables again.
    tables : (tables, k, 4) int array
        Events of the treated and control arm, then patients of each.
    pattern : (tables,) int array
        Index into the patterns of the space.
    starts : (patterns,) int array
        Starts spent on each.
    closest : (patterns,) array
        Least misfit met, in widths of intervals; 0 where a table was found.
    """

    space: Space
    seed: int
    tables: Counts
    pattern: Counts
    starts: Counts
    closest: Array

    def __len__(self) -> int:
        return len(self.tables)

    @property
    def reached(self) -> NDArray[np.bool_]:
        """Which patterns have a table, (patterns,)."""
        return np.isin(np.arange(len(self.space.patterns)), self.pattern)


def sample(problem: Problem, n: int, seed: int) -> Ensemble:
    """Find tables that say all that was published.

    Parameters
    ----------
    problem : Problem
    n : int
        Distinct tables wanted; fewer come back where the search finds no more.
    seed : int

    Raises
    ------
    ContradictionError
        If the statements are proved to contradict each other.
    TooManySplitsError
        If they bound the events too loosely.
    """
    space = explore(problem)
    if space.is_empty:
        raise ContradictionError("no table can say all that is stated")
    return _Search(space, seed).run(n)


class _Search:
    """One search, with what it has found so far."""

    def __init__(self, space: Space, seed: int) -> None:
        problem = space.problem
        self.space, self.problem, self.seed = space, problem, seed
        self.targets, self.totals = Targets.of(problem), Totals.of(problem)
        self.rng = np.random.default_rng(seed)
        self.patterns = space.patterns
        k = len(problem.trials)
        self.tables = np.zeros((0, k, 4), dtype=np.int64)
        self.pattern = np.zeros(0, dtype=np.int64)
        self.starts = np.zeros(len(self.patterns), dtype=np.int64)
        self.closest = np.full(len(self.patterns), np.inf)

    def run(self, n: int) -> Ensemble:
        for more, near in _SCREENING:
            worth = (self.closest > 0) & ~(self.closest > near)
            nearest_first = np.argsort(self.closest, kind="stable")
            which = nearest_first[worth[nearest_first]]
            if more > _SCREENING[0][0]:
                which = which[: _MOST_STARTS // more]
            self.try_patterns(np.repeat(np.sort(which), more), _THOROUGH)
            patterns = len(np.unique(self.pattern))
            found = patterns if self.space.complete else len(self.tables)
            if found >= n or not self.totals.free.any():
                break
        reached = np.unique(self.pattern)
        for _ in range(_ROUNDS_OF_FILLING):
            wanted = self.wanted(reached, n)
            if not wanted.any() or not self.totals.free.any():
                break
            self.try_patterns(np.repeat(reached, wanted), _QUICK)
        return self.ensemble(n)

    def wanted(self, reached: Counts, n: int) -> Counts:
        """Return starts for each reached pattern, from its yield so far."""
        if not len(reached) or len(self.tables) == 0:
            return np.zeros(len(reached), dtype=np.int64)
        found = np.bincount(self.pattern, minlength=len(self.patterns))[reached]
        fair = int(np.ceil(_SPARE * n / len(reached)))
        missing = np.maximum(fair - found, 0)
        share = found / self.starts[reached]
        starts = np.ceil(missing / np.maximum(share, _RARE))
        wanted: Counts = np.minimum(starts, _PATIENCE * missing).astype(np.int64)
        return wanted

    def try_patterns(self, which: Counts, steps: int) -> None:
        """Search from one start for each index of a pattern."""
        parts = np.split(which, range(_BATCH, len(which), _BATCH))
        near = [self.approach(part) for part in parts]
        which = np.concatenate([part[0] for part in near])
        if not len(which):
            return
        events = self.patterns[which]
        whole = self.totals.round(np.concatenate([part[1] for part in near]))
        whole, misfit = repair(
            self.problem, self.targets, self.totals, whole, events, self.rng, steps
        )
        good = (misfit == 0) & is_within_limits(self.problem, whole, events).all(-1)
        self.keep(which[good], whole[good], events[good])

    def approach(self, which: Counts) -> tuple[Counts, Array]:
        """Return the starts that came near what was published, and their tables."""
        events = self.patterns[which]
        np.add.at(self.starts, which, 1)
        real = project(
            self.problem, self.targets, self.totals, self.draw(which), events
        )
        low, high = self.targets.limits(events)
        sums = self.targets.sums(self.targets.terms(real, events))
        far = misfits(self.targets.values(sums), low, high).sum(axis=-1)
        rows = self.totals.rows
        off = np.einsum("tka,bka->bt", rows, real) - self.totals.values
        far += np.abs(off).sum(axis=-1)
        np.minimum.at(self.closest, which, far)
        return which[far < _NEAR], real[far < _NEAR]

    def draw(self, which: Counts) -> Array:
        """Draw patients for patterns, (starts, k, 2)."""
        low, high = np.log(self.problem.smallest), np.log(self.problem.largest)
        size = self.rng.uniform(low.mean(-1), high.mean(-1), (len(which), len(low)))
        most = np.log(self.problem.limits.allocation) / 2
        side = self.rng.uniform(-most, most, size.shape)
        patients = np.exp(np.stack([size + side, size - side], axis=-1))
        found = np.bincount(self.pattern, minlength=len(self.patterns))
        rare = (found > 0) & (found < _RARE * self.starts)
        for index in np.flatnonzero(rare[which]):
            near = self.rng.choice(np.flatnonzero(self.pattern == which[index]))
            noise = self.rng.normal(0.0, _AROUND, patients[index].shape)
            patients[index] = self.tables[near, :, 2:] * np.exp(noise)
        return patients

    def keep(self, which: Counts, patients: Counts, events: Counts) -> None:
        if not len(which):
            return
        self.closest[which] = 0.0
        tables = np.concatenate(
            [self.tables, canonical(self.problem, patients, events)]
        )
        pattern = np.concatenate([self.pattern, which])
        _, first = np.unique(tables.reshape(len(tables), -1), axis=0, return_index=True)
        first.sort()
        self.tables, self.pattern = tables[first], pattern[first]

    def ensemble(self, n: int) -> Ensemble:
        """Take tables in turn from every pattern until there are enough."""
        turn = np.zeros(len(self.pattern), dtype=np.int64)
        for index in np.unique(self.pattern):
            mine = self.pattern == index
            turn[mine] = np.arange(mine.sum())
        order = np.lexsort([self.pattern, turn])[:n]
        order = order[np.lexsort([turn[order], self.pattern[order]])]
        return Ensemble(
            self.space,
            self.seed,
            self.tables[order],
            self.pattern[order],
            self.starts,
            self.closest,
        )
