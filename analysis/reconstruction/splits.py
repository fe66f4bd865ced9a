"""How the events can split over classes and arms: every way, less the impossible.

A split gives, for each class, the events of each arm, the trials with an event
in the treated arm and the trials with any event. The splits are enumerated
exhaustively; one is dropped only on proof (:mod:`.inequalities`) that no table
with it could print what was published. What all remaining splits share is
thereby proved for every table.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from analysis.reconstruction.constraints import ARMS, Problem
from analysis.reconstruction.inequalities import (
    incidence_weight,
    peto_possible,
    spread_limits,
    spread_possible,
    weight_possible,
)
from analysis.reconstruction.regions import Region, regions
from analysis.reconstruction.totals import Totals

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]
Array = NDArray[np.float64]

MOST_ROWS = 3_000_000


class TooManySplitsError(ValueError):
    """Raised where the statements leave too many splits to enumerate."""


@dataclass(frozen=True)
class Splits:
    """Ways in which the events may split.

    Attributes
    ----------
    classes : tuple of str
    events : (splits, classes, 2) int array
        Events of the treated and of the control arms.
    treated : (splits, classes) int array
        Trials with an event in the treated arm.
    informative : (splits, classes) int array
        Trials with an event in either arm.
    """

    classes: tuple[str, ...]
    events: Counts
    treated: Counts
    informative: Counts

    def __len__(self) -> int:
        return len(self.events)


def possible_splits(problem: Problem, most_rows: int = MOST_ROWS) -> Splits:
    """Enumerate the splits that cannot be proved impossible.

    Parameters
    ----------
    problem : Problem
    most_rows : int
        Candidates to look at before giving up.

    Raises
    ------
    TooManySplitsError
        If the events are too loosely bounded to enumerate.
    """
    parts = []
    rows = 0
    for part in iterate_splits(problem, most_rows):
        parts.append(part)
        rows += len(part)
        _refuse_too_many(rows, most_rows)
    return Splits(
        problem.classes,
        np.concatenate([part.events for part in parts]),
        np.concatenate([part.treated for part in parts]),
        np.concatenate([part.informative for part in parts]),
    )


def iterate_splits(problem: Problem, most_rows: int = MOST_ROWS) -> Iterator[Splits]:
    """Yield the splits of :func:`possible_splits` in parts; the first is empty."""
    empty = np.zeros((0, len(problem.classes), 2), dtype=np.int64)
    yield Splits(problem.classes, empty, empty[..., 0], empty[..., 0])
    known = regions(problem)
    if any(region.is_empty for region in known):
        return
    if not Totals.of(problem).are_possible():
        return
    spreads = {region: spread_limits(problem, region) for region in known}
    if any((low > high).all() for low, high in spreads.values()):
        return
    for pair in _possible_events(problem, known, most_rows):
        trials = _trials_with_events(problem, pair, most_rows)
        rows = np.concatenate(
            [np.broadcast_to(pair, (len(trials), *pair.shape)), trials], axis=-1
        )
        for region in known:
            rows = rows[weight_possible(problem, region, rows)]
        for pool in dict.fromkeys(region.pool for region in known):
            rows = rows[spread_possible(problem, spreads, pool, rows)]
        yield Splits(problem.classes, rows[..., :2], rows[..., 2], rows[..., 3])


def _refuse_too_many(rows: int, most: int) -> None:
    if rows > most:
        raise TooManySplitsError(
            "the statements bound the events too loosely to enumerate; "
            "add a statement of events, or lower limits: largest_total"
        )


def _possible_events(
    problem: Problem, known: tuple[Region, ...], most_rows: int
) -> Counts:
    """Return the events by class and arm, (ways, classes, 2)."""
    ways = np.zeros((1, 0, 2), dtype=np.int64)
    for g, name in enumerate(problem.classes):
        more = _class_events(problem, known, name, most_rows)
        _refuse_too_many(len(ways) * len(more), most_rows)
        ways = np.concatenate(
            [
                np.repeat(ways, len(more), axis=0),
                np.tile(more, (len(ways), 1))[:, None],
            ],
            axis=1,
        )
        ways = ways[_totals_of_events(problem, ways, set(problem.classes[: g + 1]))]
    keep = np.ones(len(ways), dtype=bool)
    for region in known:
        if region.pool == "peto":
            inside = [problem.classes.index(name) for name in region.classes]
            keep &= peto_possible(problem, region, ways[:, inside].sum(axis=1))
    return ways[keep]


def _class_events(
    problem: Problem, known: tuple[Region, ...], name: str, most_rows: int
) -> Counts:
    """Return the events that one class may have by its own statements, (ways, 2)."""
    least, most = _known_events(problem, name)
    size = int(problem.mask(name).sum())
    _refuse_too_many((most[0] - least[0] + 1) * (most[1] - least[1] + 1), most_rows)
    a, c = (np.arange(low, high + 1) for low, high in zip(least, most, strict=True))
    ways = np.stack(np.meshgrid(a, c, indexing="ij"), axis=-1).reshape(-1, 2)
    for region in (r for r in known if r.classes == {name}):
        if region.pool == "peto":
            ways = ways[peto_possible(problem, region, ways)]
        if region.pool == "incidence":
            some, many = np.minimum(ways[:, 0], 1), np.minimum(ways[:, 0], size)
            low, _ = incidence_weight(problem, ways[:, 0], many, size)
            _, high = incidence_weight(problem, ways[:, 0], some, size)
            ways = ways[(high >= region.weight.low) & (low <= region.weight.high)]
    return ways


def _known_events(
    problem: Problem, name: str
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the least and most events of a class's arms."""
    least, most = [0, 0], [0, 0]
    inside, risk = problem.mask(name), problem.limits.largest_risk
    for arm in (0, 1):
        known = [t.events[arm] for t in problem.trials if t.group == name]
        least[arm] = sum(m for m in known if m is not None)
        open_ended = any(m is None for m in known)
        limits = [
            s.count
            for s in problem.statements
            if s.quantity == "events"
            and arm in ARMS[s.arm]
            and s.scope in ("all", name)
        ]
        ceiling = min(limits, default=problem.limits.largest_total)
        rare = int(np.floor(risk * problem.largest[inside, arm]).sum())
        most[arm] = min(ceiling, rare) if open_ended else least[arm]
    return (least[0], least[1]), (most[0], most[1])


def _totals_of_events(problem: Problem, ways: Counts, done: set[str]) -> Mask:
    """Whether partial ways keep to the printed totals of events."""
    keep = np.ones(len(ways), dtype=bool)
    for s in problem.statements:
        if s.quantity != "events":
            continue
        scope = set(problem.classes) if s.scope == "all" else {s.scope}
        inside = [g for g, name in enumerate(problem.classes) if name in scope & done]
        total = ways[:, inside][:, :, list(ARMS[s.arm])].sum(axis=(1, 2))
        keep &= total == s.count if scope <= done else total <= s.count
    return keep


def _trials_with_events(problem: Problem, pair: Counts, most: int) -> Counts:
    """Return the trials that the events may lie in, (ways, classes, 2)."""
    by_class = []
    for name, (a, c) in zip(problem.classes, pair, strict=True):
        size = int(problem.mask(name).sum())
        by_class.append(
            [
                (k, informative)
                for k in range(min(a, 1), min(a, size) + 1)
                for informative in range(k, min(k + c, size) + 1)
                if informative >= min(a + c, 1)
            ]
        )
    _refuse_too_many(math.prod(map(len, by_class)), most)
    return np.array(list(product(*by_class)), dtype=np.int64).reshape(
        -1, len(problem.classes), 2
    )
