"""Where single trials may have their events, up to the order of equal trials."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product

import numpy as np
from numpy.typing import NDArray

from analysis.reconstruction.constraints import Problem, Trial
from analysis.reconstruction.splits import Splits

Counts = NDArray[np.int64]
Cell = tuple[int, int]

_MOST_IN_A_SPLIT = 2000


def patterns(problem: Problem, splits: Splits, most: int) -> tuple[Counts, bool]:
    """Enumerate the events of every trial in every split.

    Trials of which the same is known stand in descending order of their
    events, so that no two patterns differ by their order only.

    Parameters
    ----------
    problem : Problem
    splits : Splits
    most : int
        Of more than these, a part: one pattern each of splits drawn at random.

    Returns
    -------
    events : (patterns, k, 2) int array
    complete : bool
        Whether all patterns are there.
    """
    found = list(islice(_all(problem, splits), most + 1))
    complete = len(found) <= most
    if not complete:
        found = _some(problem, splits, most)
    shape = (-1, len(problem.trials), 2)
    return np.array(found, dtype=np.int64).reshape(shape), complete


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
    for events, treated, informative in zip(
        splits.events, splits.treated, splits.informative, strict=True
    ):
        by_class = [
            list(_of_class(trials, (int(e[0]), int(e[1])), int(k), int(informed), None))
            for trials, e, k, informed in zip(
                _by_class(problem), events, treated, informative, strict=True
            )
        ]
        for parts in product(*by_class):
            yield [cell for part in parts for cell in part]


def _some(problem: Problem, splits: Splits, most: int) -> list[list[Cell]]:
    rng = np.random.default_rng(0)
    found: dict[tuple[Cell, ...], None] = {}
    draws = rng.integers(len(splits), size=4 * most)
    draws.sort()
    for i in np.unique(draws):
        one = Splits(
            splits.classes,
            splits.events[[i]],
            splits.treated[[i]],
            splits.informative[[i]],
        )
        ways = list(islice(_all(problem, one), _MOST_IN_A_SPLIT))
        for j in rng.permutation(len(ways))[: np.count_nonzero(draws == i)]:
            found[tuple(ways[j])] = None
    chosen = list(found)
    return [list(chosen[i]) for i in rng.permutation(len(chosen))[:most]]


def _by_class(problem: Problem) -> list[list[Trial]]:
    return [
        [trial for trial in problem.trials if trial.group == name]
        for name in problem.classes
    ]


def _of_class(
    trials: list[Trial],
    left: Cell,
    treated: int,
    informative: int,
    before: tuple[Trial, Cell] | None,
) -> Iterator[list[Cell]]:
    """Yield the events of the trials, given what is left for them."""
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
    for a in _choices(trial.events[0], min(left[0], ceiling[0])):
        for c in _choices(trial.events[1], left[1]):
            if (a, c) > ceiling and before and before[0] == trial:
                continue
            yield from (
                [(a, c), *others]
                for others in _of_class(
                    rest,
                    (left[0] - a, left[1] - c),
                    treated - (a > 0),
                    informative - (a + c > 0),
                    (trial, (a, c)),
                )
            )


def _choices(known: int | None, most: int) -> range:
    if known is None:
        return range(most, -1, -1)
    return range(known, known + 1) if known <= most else range(0)
