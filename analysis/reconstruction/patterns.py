"""Where single trials may have their events, up to the order of equal trials."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice, product

import numpy as np
from numpy.typing import NDArray

from analysis.reconstruction.constraints import Problem, Trial
from analysis.reconstruction.splits import Splits

Counts = NDArray[np.int64]
Cell = tuple[int, int]

MOST_STEPS = 3_000_000


class NoStepsLeftError(Exception):
    """Ends an enumeration that takes too long."""


@dataclass
class Steps:
    """Cells that may still be tried: the same on every machine, unlike time."""

    left: int

    def take(self) -> None:
        """Try one more."""
        self.left -= 1
        if self.left < 0:
            raise NoStepsLeftError


def patterns(
    problem: Problem, splits: Splits, most: int, most_steps: int = MOST_STEPS
) -> tuple[Counts, bool]:
    """Enumerate the events of every trial in every split.

    Trials of which the same is known stand in descending order of their
    events, so that no two patterns differ by their order only.

    Parameters
    ----------
    problem : Problem
    splits : Splits
    most : int
        Of more than these, a part: one pattern, drawn at random, of each of as
        many splits, drawn at random.
    most_steps : int
        Cells to try before that part is all that is looked at; as many again are
        tried for it.

    Returns
    -------
    events : (patterns, k, 2) int array
    complete : bool
        Whether all patterns are there.
    """
    found: list[list[Cell]] = []
    try:
        found.extend(islice(_all(problem, splits, Steps(most_steps)), most + 1))
    except NoStepsLeftError:
        return _some(problem, splits, most, Steps(most_steps)), False
    if len(found) > most:
        return _some(problem, splits, most, Steps(most_steps)), False
    shape = (-1, len(problem.trials), 2)
    return np.array(found, dtype=np.int64).reshape(shape), True


def iterate_patterns(
    problem: Problem, splits: Splits, steps: Steps
) -> Iterator[Counts]:
    """Yield the patterns of :func:`patterns` one by one, (k, 2) each.

    Raises
    ------
    NoStepsLeftError
        When it takes more steps than given.
    """
    every = _all(problem, splits, steps)
    return (np.array(found, dtype=np.int64) for found in every)


def canonical(problem: Problem, patients: Counts, events: Counts) -> Counts:
    """Return tables with equal trials in descending order of events, then size.

    Parameters
    ----------
    patients, events : (batch, k, 2) int array

    Returns
    -------
    (batch, k, 4) int array
        Events, then patients, of each trial by arm.
    """
    tables = np.concatenate([events, patients], axis=-1)
    for trial in dict.fromkeys(problem.trials):
        equal = [i for i, other in enumerate(problem.trials) if other == trial]
        if len(equal) > 1:
            some = tables[:, equal]
            order = np.lexsort([-some[..., j] for j in (3, 2, 1, 0)], axis=-1)
            tables[:, equal] = np.take_along_axis(some, order[..., None], axis=1)
    return tables


def _all(problem: Problem, splits: Splits, steps: Steps) -> Iterator[list[Cell]]:
    for i in range(len(splits)):
        for parts in product(*_by_class(problem, splits, i, steps)):
            yield [cell for part in parts for cell in part]


def _some(problem: Problem, splits: Splits, most: int, steps: Steps) -> Counts:
    rng = random.Random(0)
    drawn = []
    with suppress(NoStepsLeftError):
        for i in rng.choices(range(len(splits)), k=most):
            ways = _by_class(problem, splits, i, steps, rng)
            parts = [next(way, None) for way in ways]
            drawn.append([cell for part in parts if part is not None for cell in part])
    whole = [cells for cells in drawn if len(cells) == len(problem.trials)]
    events = np.array(whole, dtype=np.int64).reshape(-1, len(problem.trials), 2)
    ordered = canonical(problem, np.zeros_like(events), events)[..., :2]
    return np.unique(ordered, axis=0)


def _by_class(
    problem: Problem,
    splits: Splits,
    i: int,
    steps: Steps,
    rng: random.Random | None = None,
) -> list[Iterator[list[Cell]]]:
    """Return the ways of each class to place the events of a split."""
    return [
        _of_class(
            [trial for trial in problem.trials if trial.group == name],
            (int(splits.events[i, g, 0]), int(splits.events[i, g, 1])),
            int(splits.treated[i, g]),
            int(splits.informative[i, g]),
            steps,
            rng=rng,
        )
        for g, name in enumerate(problem.classes)
    ]


def _of_class(
    trials: list[Trial],
    left: Cell,
    treated: int,
    informative: int,
    steps: Steps,
    before: tuple[Trial, Cell] | None = None,
    rng: random.Random | None = None,
) -> Iterator[list[Cell]]:
    """Yield the events of the trials, given what is left for them.

    In descending order of equal trials, or in any order, at random.
    """
    if not _can_hold(len(trials), left, treated, informative):
        return
    if not informative and all(trial.may_have_none for trial in trials):
        yield [(0, 0)] * len(trials)
        return
    if not trials:
        return
    too_few = before is not None and before[1][0] * treated < left[0]
    if before and too_few and all(trial == before[0] for trial in trials):
        return  # none has more events than the one before
    trial, *rest = trials
    ceiling = before[1] if before and before[0] == trial else left
    least = (0, 0) if rest else left
    cells = (
        (a, c)
        for a in _choices(trial.events[0], least[0], min(left[0], ceiling[0]), rng)
        for c in _choices(trial.events[1], least[1], left[1], rng)
        if a < ceiling[0] or c <= ceiling[1]
    )
    for a, c in cells:
        steps.take()
        yield from (
            [(a, c), *others]
            for others in _of_class(
                rest,
                (left[0] - a, left[1] - c),
                treated - (a > 0),
                informative - (a + c > 0),
                steps,
                (trial, (a, c)) if rng is None else None,
                rng,
            )
        )


def _can_hold(trials: int, left: Cell, treated: int, informative: int) -> bool:
    """Whether trials of which nothing is known can have these events.

    Without a way that leads nowhere, a pattern takes as many steps as it has trials.
    """
    return (
        0 <= treated <= left[0]
        and 0 <= informative - treated <= left[1]
        and informative <= trials
        and (treated > 0 or not left[0])
        and (informative > 0 or not left[1])
    )


def _choices(
    known: int | None, least: int, most: int, rng: random.Random | None
) -> Sequence[int]:
    if known is not None:
        return [known] if least <= known <= most else []
    every = range(most, least - 1, -1)
    return every if rng is None else rng.sample(every, len(every))
