"""Where single trials may have their events, up to the order of equal trials."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import islice, product

import numpy as np
from numpy.typing import NDArray

from analysis.reconstruction.constraints import Problem, Trial
from analysis.reconstruction.splits import Splits

Counts = NDArray[np.int64]
Cell = tuple[int, int]


def patterns(problem: Problem, splits: Splits, most: int) -> tuple[Counts, bool]:
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

    Returns
    -------
    events : (patterns, k, 2) int array
    complete : bool
        Whether all patterns are there.
    """
    found = list(islice(_all(problem, splits), most + 1))
    if len(found) > most:
        return _some(problem, splits, most), False
    shape = (-1, len(problem.trials), 2)
    return np.array(found, dtype=np.int64).reshape(shape), True


def iterate_patterns(problem: Problem, splits: Splits) -> Iterator[Counts]:
    """Yield the patterns of :func:`patterns` one by one, (k, 2) each."""
    return (np.array(found, dtype=np.int64) for found in _all(problem, splits))


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


def _all(problem: Problem, splits: Splits) -> Iterator[list[Cell]]:
    for i in range(len(splits)):
        for parts in product(*_by_class(problem, splits, i)):
            yield [cell for part in parts for cell in part]


def _some(problem: Problem, splits: Splits, most: int) -> Counts:
    rng = random.Random(0)
    drawn = []
    for i in rng.choices(range(len(splits)), k=most):
        parts = [next(ways, None) for ways in _by_class(problem, splits, i, rng)]
        drawn.append([cell for part in parts if part is not None for cell in part])
    whole = [cells for cells in drawn if len(cells) == len(problem.trials)]
    events = np.array(whole, dtype=np.int64).reshape(-1, len(problem.trials), 2)
    ordered = canonical(problem, np.zeros_like(events), events)[..., :2]
    return np.unique(ordered, axis=0)


def _by_class(
    problem: Problem, splits: Splits, i: int, rng: random.Random | None = None
) -> list[Iterator[list[Cell]]]:
    """Return the ways of each class to place the events of a split."""
    return [
        _of_class(
            [trial for trial in problem.trials if trial.group == name],
            (int(splits.events[i, g, 0]), int(splits.events[i, g, 1])),
            int(splits.treated[i, g]),
            int(splits.informative[i, g]),
            rng=rng,
        )
        for g, name in enumerate(problem.classes)
    ]


def _of_class(
    trials: list[Trial],
    left: Cell,
    treated: int,
    informative: int,
    before: tuple[Trial, Cell] | None = None,
    rng: random.Random | None = None,
) -> Iterator[list[Cell]]:
    """Yield the events of the trials, given what is left for them.

    In descending order of equal trials, or in any order, at random.
    """
    if not trials:
        if left == (0, 0) and treated == informative == 0:
            yield []
        return
    if not 0 <= treated <= min(informative, left[0]) or informative > len(trials):
        return
    if not informative <= sum(left) or (left[0] and not treated):
        return
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
        yield from (
            [(a, c), *others]
            for others in _of_class(
                rest,
                (left[0] - a, left[1] - c),
                treated - (a > 0),
                informative - (a + c > 0),
                (trial, (a, c)) if rng is None else None,
                rng,
            )
        )


def _choices(
    known: int | None, least: int, most: int, rng: random.Random | None
) -> Sequence[int]:
    if known is not None:
        return [known] if least <= known <= most else []
    every = range(most, least - 1, -1)
    return every if rng is None else rng.sample(every, len(every))
