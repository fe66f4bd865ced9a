"""The space of tables: patterns of events that no proof excludes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from analysis.reconstruction import arms, shares
from analysis.reconstruction.constraints import Problem
from analysis.reconstruction.patterns import (
    NoStepsLeftError,
    Steps,
    iterate_patterns,
    patterns,
)
from analysis.reconstruction.splits import (
    Splits,
    TooManySplitsError,
    iterate_splits,
    possible_splits,
)
from analysis.reconstruction.targets import Targets
from analysis.reconstruction.totals import Totals

Counts = NDArray[np.int64]

MOST_TRIALS = 60
MOST_PATTERNS = 2000
_MOST_OF_KNOWN_SIZES, _MOST_CELLS = 1_000_000, 360_000
# What a proof of contradiction looks at before it gives up.
_MOST_ROWS, _MOST_TRIED, _MOST_TRIED_OF_KNOWN_SIZES = 300_000, 1000, 20_000
_MOST_STEPS = 1_000_000


class TooManyTrialsError(ValueError):
    """Raised for more trials than the events of can be placed one by one."""


@dataclass(frozen=True)
class Space:
    """Where the events can be.

    Attributes
    ----------
    problem : Problem
    splits : Splits
        Ways to split the events over classes and arms, none proved impossible.
    enumerated : int
        Patterns that these splits allow.
    patterns : (patterns, k, 2) int array
        Events of each trial by arm, in every pattern not proved impossible.
    complete : bool
        Whether all patterns were enumerated, or the first of very many.
    """

    problem: Problem
    splits: Splits
    enumerated: int
    patterns: Counts
    complete: bool

    @property
    def is_empty(self) -> bool:
        """Whether it is proved that no table can say all that is stated."""
        return self.complete and not len(self.patterns)

    def pinned(self) -> dict[str, int]:
        """Return what is the same in every table, proved by enumeration.

        Returns
        -------
        dict of str to int
            Such as ``all.events.treated``, ``all.trials.informative``,
            by class and for ``all``; without the quantities that vary.
        """
        splits = self.splits
        by_class = np.concatenate(
            [
                splits.events,
                splits.treated[..., None],
                splits.informative[..., None],
            ],
            axis=-1,
        )
        if self.complete:
            with_events = self.patterns.sum(axis=-1) > 0
            treated = self.patterns[..., 0] > 0
            by_class = np.stack(
                [
                    np.stack(
                        [
                            self.patterns[:, mask, 0].sum(axis=-1),
                            self.patterns[:, mask, 1].sum(axis=-1),
                            treated[:, mask].sum(axis=-1),
                            with_events[:, mask].sum(axis=-1),
                        ],
                        axis=-1,
                    )
                    for mask in map(self.problem.mask, self.problem.classes)
                ],
                axis=1,
            )
        names = (
            "events.treated",
            "events.control",
            "trials.treated",
            "trials.informative",
        )
        scopes = dict(
            zip(self.problem.classes, np.moveaxis(by_class, 1, 0), strict=True)
        )
        scopes["all"] = by_class.sum(axis=1)
        return {
            f"{scope}.{name}": int(column[0])
            for scope, rows in scopes.items()
            for name, column in zip(names, rows.T, strict=True)
            if len(column) and np.all(column == column[0])
        }


def explore(problem: Problem) -> Space:
    """Enumerate where the events can be, less what is proved impossible.

    Raises
    ------
    TooManySplitsError
        If the statements bound the events too loosely.
    TooManyTrialsError
        With what is proved of the classes all the same.
    """
    splits = possible_splits(problem)
    if len(splits) and len(problem.trials) > MOST_TRIALS:
        raise TooManyTrialsError(_of_classes(problem, splits))
    if not Totals.of(problem).free.any():
        return _known_sizes(problem, splits)
    found, complete = patterns(problem, splits, MOST_PATTERNS)
    # Of a part nothing follows for the whole: the quick proof alone saves starts.
    proof = _is_possible if complete else arms.is_possible
    possible = np.array([proof(problem, one) for one in found], dtype=bool)
    return Space(problem, splits, len(found), found[possible], complete)


def _of_classes(problem: Problem, splits: Splits) -> str:
    """Say what is known where single trials are not looked at."""
    none = np.zeros((0, len(problem.trials), 2), dtype=np.int64)
    pinned = Space(problem, splits, 0, none, complete=False).pinned()
    same = ", ".join(f"{name} = {number}" for name, number in pinned.items())
    return (
        f"{len(problem.trials)} trials: no tables were looked for, as events can be "
        f"placed in up to {MOST_TRIALS} trials; found: the statements leave "
        f"{len(splits):,} ways to split the events over classes and arms"
        + (f", and all have {same}" if same else ", which share no number")
        + "; leave out trials of which all is known, or treat each class by itself"
    )


def _known_sizes(problem: Problem, splits: Splits) -> Space:
    """Return the space of a problem in which only events are unknown, exactly."""
    found, complete = patterns(problem, splits, _MOST_OF_KNOWN_SIZES)
    chunk = _MOST_CELLS // len(problem.trials)
    parts = [found[i : i + chunk] for i in range(0, len(found), chunk)]
    keep = [_say_it(problem, part) for part in parts]
    kept = found[np.concatenate(keep)] if keep else found
    return Space(problem, splits, len(found), kept, complete)


def _say_it(problem: Problem, events: Counts) -> NDArray[np.bool_]:
    """Whether tables of known sizes say all that is stated, (patterns,)."""
    targets = Targets.of(problem)
    sizes = problem.smallest.astype(float)
    values = targets.values(targets.sums(targets.terms(sizes + 0 * events, events)))
    low, high = targets.limits(events)
    holds = (values >= low) & (values <= high)
    rare = events <= problem.limits.largest_risk * sizes
    return np.asarray(holds.all(axis=-1) & rare.all(axis=(-1, -2)))


def is_contradictory(problem: Problem) -> bool:
    """Whether it is proved that no table can say all that is stated.

    Where the statements leave many ways to split the events, no proof is tried.
    """
    exact = not Totals.of(problem).free.any()
    most, at_once = (_MOST_TRIED_OF_KNOWN_SIZES, 500) if exact else (_MOST_TRIED, 1)
    tried, steps = 0, Steps(_MOST_STEPS)
    try:
        for splits in iterate_splits(problem, _MOST_ROWS):
            every = iterate_patterns(problem, splits, steps)
            while part := list(islice(every, at_once)):
                tried += len(part)
                some = (
                    _say_it(problem, np.array(part)).any()
                    if exact
                    else _is_possible(problem, part[0])
                )
                if some or tried > most:
                    return False
    except (TooManySplitsError, NoStepsLeftError):
        return False
    return True


def _is_possible(problem: Problem, pattern: Counts) -> bool:
    return arms.is_possible(problem, pattern) and shares.is_possible(problem, pattern)
