"""Which statements contradict each other: the smallest set that does."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analysis.reconstruction.constraints import Problem
from analysis.reconstruction.space import is_contradictory

Keys = frozenset[str]


def smallest_conflict(
    problem: Problem,
    contradictory: Callable[[Problem], bool] = is_contradictory,
) -> tuple[str, ...] | None:
    """Return the smallest set of statements that contradict each other.

    Parameters
    ----------
    problem : Problem
    contradictory : callable
        Whether a problem contradicts itself; by proof unless given.

    Returns
    -------
    tuple of str or None
        Keys in the order of the problem; None without contradiction.

    Notes
    -----
    Every conflict hits every set of statements whose removal ends the
    contradiction. The search keeps a list of such sets and tries a smallest set
    of statements that hits them all: if it is contradictory no smaller one is,
    else what remains of the problem beyond a largest extension of it joins the
    list. A deletion filter gives the upper bound at which to stop.

    References
    ----------
    Ignatiev A, Previti A, Liffiton M, Marques-Silva J. Smallest MUS extraction
    with minimal hitting set dualization. CP 2015, LNCS 9255:173-82.
    """
    if not contradictory(problem):
        return None
    best = deletion_filter(problem, contradictory)
    corrections: list[Keys] = []
    while True:
        hits = _smallest_hitting_set(corrections, len(best) - 1)
        if hits is None:
            return _in_order(problem, best)
        if contradictory(problem.only(hits)):
            return _in_order(problem, hits)
        grown = hits
        for key in problem.keys:
            if key not in grown and not contradictory(problem.only(grown | {key})):
                grown |= {key}
        corrections.append(frozenset(problem.keys) - grown)


def deletion_filter(problem: Problem, contradictory: Callable[[Problem], bool]) -> Keys:
    """Return statements that contradict each other, and none of them idly.

    Statements leave in ever smaller bunches as long as a contradiction stays.

    Parameters
    ----------
    problem : Problem
        Contradictory.
    contradictory : callable

    References
    ----------
    Chinneck JW, Dravnieks EW. Locating minimal infeasible constraint sets in
    linear programs. ORSA J Comput 1991;3:157-68.
    """
    kept = list(problem.keys)
    bunch = max(len(kept) // 2, 1)
    while True:
        first = 0
        while first < len(kept):
            rest = kept[:first] + kept[first + bunch :]
            if contradictory(problem.only(frozenset(rest))):
                kept = rest
            else:
                first += bunch
        if bunch == 1:
            return frozenset(kept)
        bunch //= 2


def _smallest_hitting_set(sets: Sequence[Keys], most: int) -> Keys | None:
    """Return a smallest set that meets all the sets; None if above ``most``."""
    for size in range(most + 1):
        found = _hitting_set(sets, frozenset(), size)
        if found is not None:
            return found
    return None


def _hitting_set(sets: Sequence[Keys], chosen: Keys, left: int) -> Keys | None:
    missed = next((s for s in sets if not s & chosen), None)
    if missed is None:
        return chosen
    if left == 0:
        return None
    for key in sorted(missed):
        found = _hitting_set(sets, chosen | {key}, left - 1)
        if found is not None:
            return found
    return None


def _in_order(problem: Problem, keys: Keys) -> tuple[str, ...]:
    return tuple(key for key in problem.keys if key in keys)
