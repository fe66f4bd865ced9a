"""How large the treated arms with events can be, given a pooled incidence.

With events in one or two arms of a class, all sizes of these arms are tried,
each whole number of patients within the limits. What remains are the arms
without event. Of weight W0 together, at an effect unknown, they add least to Q
when they are all alike; then, for overall effect t and event arms of weight w
and effect x,

    Q = sum w (x - t)² + (sum w (x - t))² / W0,

as the weighted distances from t sum to zero. Sizes for which this exceeds the
published Q are impossible, and so is a pattern of events without possible size.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from analysis.reconstruction.constraints import Problem
from analysis.reconstruction.pools import incidence
from analysis.reconstruction.regions import Region, regions

Array = NDArray[np.float64]
Counts = NDArray[np.int64]

_MOST_ARMS = 2


def possible_sizes(
    problem: Problem, name: str, events: tuple[int, ...]
) -> Counts | None:
    """Return the least and most patients of the treated arms with events.

    Parameters
    ----------
    problem : Problem
    name : str
        A class of trials.
    events : tuple of int
        Events of its treated arms that have any.

    Returns
    -------
    (2, arms) int array or None
        Least and most patients of each; None if no size is possible. The
        limits of the problem where nothing is published of the incidence in
        the class, or there are too many arms to try all sizes.
    """
    some = _Arms.of(problem, name)
    if some.region is None or not 0 < len(events) <= _MOST_ARMS:
        return np.array([some.limits(x) for x in events], dtype=np.int64).T
    return _try_all(some, events)


@dataclass(frozen=True)
class _Arms:
    """What bounds the treated arms of a class."""

    region: Region | None
    trials: int
    smallest: int
    largest: int
    largest_risk: float

    @classmethod
    def of(cls, problem: Problem, name: str) -> _Arms:
        inside = problem.mask(name)
        mine = (r for r in regions(problem) if r.pool == "incidence")
        return cls(
            next((r for r in mine if r.classes == {name}), None),
            int(inside.sum()),
            int(problem.smallest[inside, 0].min()),
            int(problem.largest[inside, 0].max()),
            problem.limits.largest_risk,
        )

    def limits(self, events: int) -> tuple[int, int]:
        """Return the least and most patients of an arm with some events."""
        least = max(self.smallest, math.ceil(events / self.largest_risk))
        return least, max(self.largest, least)

    def alone(self, events: int) -> Counts:
        """Return the sizes of an arm whose own part of Q is not above the whole."""
        least, most = self.limits(events)
        sizes: Counts = np.arange(least, most + 1)
        if self.region is None or not events:
            return sizes
        effect = np.log(events / (sizes - events))
        near = self.region.effect
        away = np.maximum(np.maximum(near.low - effect, effect - near.high), 0.0)
        part = events * (1 - events / sizes) * away**2
        fits: Counts = sizes[part <= self.region.q(self.trials - 1).high]
        return fits


@lru_cache(maxsize=4096)
def _try_all(some: _Arms, events: tuple[int, ...]) -> Counts | None:
    axes = [some.alone(x) for x in events]
    fits = np.argwhere(_fits(some, axes, events))
    if not len(fits):
        return None
    sizes = [axis[fits[:, i]] for i, axis in enumerate(axes)]
    return np.array([[x.min() for x in sizes], [x.max() for x in sizes]])


def sizes_alone(problem: Problem, name: str, events: Counts) -> Array:
    """Return the least and most patients of treated arms, each by its part of Q.

    Parameters
    ----------
    problem : Problem
    name : str
        A class of trials.
    events : (arms,) int array
        Events of treated arms; 0 gives the limits of the problem.

    Returns
    -------
    (arms, 2) array
        Least above most where no size is possible.
    """
    some = _Arms.of(problem, name)
    alone = [some.alone(int(x)) for x in events]
    ends = [(a.min(initial=some.largest), a.max(initial=some.smallest)) for a in alone]
    return np.array(ends, dtype=float).reshape(-1, 2)


def is_possible(problem: Problem, pattern: Counts) -> bool:
    """Whether a pattern of events, (k, 2), leaves possible sizes in every class."""
    return all(
        possible_sizes(problem, name, tuple(sorted(int(x) for x in treated if x)))
        is not None
        for name in problem.classes
        for treated in [pattern[problem.mask(name), 0]]
    )


def _fits(
    some: _Arms, axes: list[Counts], events: tuple[int, ...]
) -> NDArray[np.bool_]:
    """Whether each combination of sizes, one axis an arm, leaves a table."""
    region, without = some.region, some.trials - len(events)
    assert region is not None
    by_arm = [_terms(axis, x) for axis, x in zip(axes, events, strict=True)]
    weight, product, square = (
        sum(np.ix_(*(terms[i] for terms in by_arm))) for i in range(3)
    )
    small, large = some.smallest, some.largest
    rest_low = without * (small + 0.5) / (2 * small + 2)
    rest_high = without * (large + 0.5) / (2 * large + 2)
    fits = weight + rest_low <= region.weight.high
    fits &= weight + rest_high >= region.weight.low
    if without:
        # Q is a parabola in the overall effect, with its minimum at ``best``.
        curve = weight + weight**2 / rest_high
        best = (product + weight * product / rest_high) / curve
        at = np.clip(best, region.effect.low, region.effect.high)
        away = product - weight * at
        q = square - 2 * at * product + at**2 * weight + away**2 / rest_high
    else:
        q = square - product**2 / weight
    return np.asarray(fits & (q <= region.q(some.trials - 1).high))


def _terms(sizes: Counts, events: int) -> Array:
    """Return the terms of arms in a pool of incidences, (3, sizes)."""
    patients = np.stack([sizes, sizes], axis=-1).astype(float)
    return incidence(patients, np.full(patients.shape, float(events))).T
