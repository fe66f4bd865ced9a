"""Where the sums of a pool can lie, given what is printed of it.

All that a publication prints of a pool over a scope bounds its weight W (the
sum of w), its effect S/W (S the sum of wx) and its Q. These boxes are what the
proofs of :mod:`analysis.reconstruction.splits` reason with: each contains
every value that the printed numbers allow.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from analysis.reconstruction.constraints import ALL, Interval, Problem
from analysis.reconstruction.pools import ABS_Z, EFFECT, HIGH, LOW, Bound, Q, Z, bounds

Array = NDArray[np.float64]

EVERYTHING = Interval(-np.inf, np.inf)
_SLACK = 1e-6  # well above the tolerance of the linear programmes


@dataclass(frozen=True)
class Region:
    """A box that contains what a pool can be over some trials.

    Attributes
    ----------
    pool : str
    classes : frozenset of str
        The classes whose trials it pools.
    weight, effect, product : Interval
        Of W, S/W and S.
    spread : tuple of Bound
        The statements about Q.
    """

    pool: str
    classes: frozenset[str]
    weight: Interval
    effect: Interval
    product: Interval
    spread: tuple[Bound, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether what is printed contradicts itself."""
        return any(
            side.low > side.high for side in (self.weight, self.effect, self.product)
        )

    def q(self, df: int) -> Interval:
        """Return where Q can lie, given its degrees of freedom."""
        intervals = [bound.interval(df) for bound in self.spread]
        return Interval(
            max([0.0, *(i.low for i in intervals)]),
            min([np.inf, *(i.high for i in intervals)]),
        )


@lru_cache(maxsize=256)
def regions(problem: Problem) -> tuple[Region, ...]:
    """Return a region for each pool and scope of which something is printed.

    Where a pool is printed for all trials and for some classes, the rest of
    the trials has a region too: sums over them are differences.
    """
    found = [_printed(problem, *key) for key in _pooled(problem)]
    return (*found, *_rests(problem, found))


def _pooled(problem: Problem) -> list[tuple[str, str]]:
    return list(dict.fromkeys((bound.pool, bound.scope) for bound in bounds(problem)))


def _printed(problem: Problem, pool: str, scope: str) -> Region:
    about = [b for b in bounds(problem) if (b.pool, b.scope) == (pool, scope)]
    effect, half = _box(tuple(b for b in about if b.coordinate != Q))
    weight = Interval((Z / half.high) ** 2, _ratio(Z, half.low) ** 2)
    classes = problem.classes if scope == ALL else (scope,)
    return Region(
        pool,
        frozenset(classes),
        weight,
        effect,
        _times(effect, weight),
        tuple(b for b in about if b.coordinate == Q),
    )


@lru_cache(maxsize=1024)
def _box(about: tuple[Bound, ...]) -> tuple[Interval, Interval]:
    """Return the extent of effect and half-width of interval.

    What is printed bounds linear forms of the two (a P value does once the
    side of the effect is known), so their extents are linear programmes.
    """
    forms: dict[int, tuple[float, float]] = {
        EFFECT: (1.0, 0.0),
        LOW: (1.0, -1.0),
        HIGH: (1.0, 1.0),
    }
    rows: list[tuple[float, float]] = []
    limits: list[float] = []

    def bound(form: tuple[float, float], interval: Interval) -> None:
        for sign, limit in ((1, interval.high), (-1, -interval.low)):
            if np.isfinite(limit):
                rows.append((sign * form[0], sign * form[1]))
                limits.append(limit)

    for b in about:
        if b.coordinate in forms:
            bound(forms[b.coordinate], b.interval(0))
    effect, half = _extent(rows, limits, 0), _extent(rows, limits, 1)
    side = 1.0 if effect.low >= 0 else -1.0 if effect.high <= 0 else 0.0
    for b in about:
        if b.coordinate == ABS_Z and side:
            z = b.interval(0)
            bound((-side, z.low / Z), Interval(-np.inf, 0.0))
            if np.isfinite(z.high):
                bound((side, -z.high / Z), Interval(-np.inf, 0.0))
    if side:
        effect, half = _extent(rows, limits, 0), _extent(rows, limits, 1)
    return effect, half


def _extent(
    rows: list[tuple[float, float]], limits: list[float], variable: int
) -> Interval:
    """Return the least and greatest value of a variable; empty if infeasible."""
    if not rows:
        return Interval(0.0, np.inf) if variable else EVERYTHING
    ends = []
    for sign in (1.0, -1.0):
        cost = np.zeros(2)
        cost[variable] = sign
        answer = linprog(
            cost, A_ub=rows, b_ub=limits, bounds=[(None, None), (0.0, None)]
        )
        if answer.status == 2:
            return Interval(np.inf, -np.inf)
        ends.append(sign * float(answer.fun) if answer.status == 0 else -sign * np.inf)
    return Interval(ends[0] - _SLACK, ends[1] + _SLACK)


def _rests(problem: Problem, found: list[Region]) -> list[Region]:
    everything = frozenset(problem.classes)
    rests = []
    for whole in (r for r in found if r.classes == everything):
        parts = [r for r in found if r.pool == whole.pool and r is not whole]
        classes = everything.difference(*(r.classes for r in parts))
        if not parts or not classes:
            continue
        weight = _minus(whole.weight, [r.weight for r in parts])
        product = _minus(whole.product, [r.product for r in parts])
        weight = Interval(max(weight.low, 0.0), weight.high)
        rests.append(
            Region(whole.pool, classes, weight, _over(product, weight), product)
        )
    return rests


def _minus(whole: Interval, parts: list[Interval]) -> Interval:
    return Interval(
        whole.low - sum(part.high for part in parts),
        whole.high - sum(part.low for part in parts),
    )


def _times(a: Interval, b: Interval) -> Interval:
    if a.low > a.high or b.low > b.high:
        return Interval(np.inf, -np.inf)
    if not np.all(np.isfinite([a.low, a.high, b.low, b.high])):
        return EVERYTHING
    products = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
    return Interval(min(products), max(products))


def _over(a: Interval, b: Interval) -> Interval:
    if b.low <= 0 or not np.all(np.isfinite([a.low, a.high, b.low, b.high])):
        return EVERYTHING
    quotients = [x / y for x in (a.low, a.high) for y in (b.low, b.high)]
    return Interval(min(quotients), max(quotients))


def _ratio(a: float, b: float) -> float:
    return a / b if b > 0 else np.inf
