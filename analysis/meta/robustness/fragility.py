"""How few outcomes carry a conclusion."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations_with_replacement, islice
from math import comb

import numpy as np
from numpy.typing import ArrayLike

from analysis.meta.counts import two_arms
from analysis.meta.results import Array, Pooled

_CHUNK = 1_000_000  # trials pooled at once, of all sets together
# Trials to pool in all, beyond which sets of a size are not searched: about a second.
_WORK = 20_000_000

Move = tuple[int, int, int]


@dataclass(frozen=True)
class OutcomeChange:
    """Outcomes of one arm to change.

    Attributes
    ----------
    trial : int
        Its place among the trials, from 0.
    arm : {"treated", "control"}
    events : int
        Events to add; negative to take away.
    """

    trial: int
    arm: str
    events: int


@dataclass(frozen=True)
class Fragility:
    """The fewest patients whose outcomes decide on significance.

    Attributes
    ----------
    changes : int or None
        Patients whose outcome, event or not, would have to be the other; None
        if more than the search covers.
    example : tuple of OutcomeChange
        The set of that many changes that moves P the furthest.
    ways : int
        How many sets of that many changes turn the conclusion.
    p, p_changed : float
        P value as observed, and with the changes of the example.
    searched : int
        Up to how many changes every set was tried.
    reason : str
        Why ``changes`` is None; empty if it is not.
    """

    changes: int | None
    example: tuple[OutcomeChange, ...]
    ways: int
    p: float
    p_changed: float
    searched: int
    reason: str = ""


def fragility(
    pool: Callable[..., Pooled],
    events_treated: ArrayLike,
    n_treated: ArrayLike,
    events_control: ArrayLike,
    n_control: ArrayLike,
    *,
    alpha: float = 0.05,
    at_most: int = 3,
) -> Fragility:
    """Search every set of changed outcomes for the smallest that turns the test.

    Parameters
    ----------
    pool : callable
        Any pool of two-armed trials with a P value.
    events_treated, n_treated, events_control, n_control : (k,) array_like
        Counts of k trials.
    alpha : float
        P below it counts as significant, and no P at all as not.
    at_most : int
        Largest number of changes to try. The sets grow as ``(4 k) ** at_most``; of
        many trials, sizes above one that would take long are not searched.

    Returns
    -------
    Fragility

    Raises
    ------
    ValueError
        For impossible counts, naming the trial, or batch axes.

    References
    ----------
    Atal I, Porcher R, Boutron I, Ravaud P. The statistical significance of
    meta-analyses is frequently fragile: definition of a fragility index for
    meta-analyses. J Clin Epidemiol 2019;111:32-40. (Theirs is a greedy search
    over single arms; this one is exhaustive.)
    """
    counts = two_arms(events_treated, n_treated, events_control, n_control)
    if len(counts.shape) != 1:
        raise ValueError(f"fragility: expected one data set, got {counts.shape}")
    events = np.stack([counts.a, counts.c])
    patients = np.stack([counts.n1, counts.n2])

    def p_of(changed: Array) -> Array:
        p = pool(changed[..., 0, :], patients[0], changed[..., 1, :], patients[1]).p
        return np.where(np.isnan(p), 1.0, p)

    p = float(p_of(events))
    moves = [
        (arm, trial, sign)
        for arm, trial in np.ndindex(events.shape)
        for sign in (1, -1)
        if 0 <= events[arm, trial] + sign <= patients[arm, trial]
    ]
    searched = 0
    for size in range(1, at_most + 1):
        if size > 1 and comb(len(moves) + size - 1, size) * counts.a.size > _WORK:
            break
        searched = size
        ways, best, best_p = 0, None, p
        for changed in _changed(events, patients, moves, size):
            changed_p = p_of(changed)
            turned = (changed_p < alpha) != (p < alpha)
            ways += int(turned.sum())
            distance = np.where(turned, np.abs(changed_p - p), -1.0)
            furthest = int(distance.argmax())
            if distance[furthest] > abs(best_p - p):
                best, best_p = changed[furthest] - events, float(changed_p[furthest])
        if best is not None:
            return Fragility(size, _example(best), ways, p, best_p, searched)
    outcomes = "outcome is" if searched == 1 else f"{searched} outcomes are"
    reason = f"the conclusion stands whichever {outcomes} changed"
    if searched < at_most:
        reason += f"; of {counts.a.size} trials, larger sets are too many to search"
    return Fragility(None, (), 0, p, float("nan"), searched, reason)


def _changed(
    events: Array, patients: Array, moves: list[Move], size: int
) -> Iterator[Array]:
    """Yield ``(sets, 2, k)`` events after every ``size`` moves, in chunks."""
    sets = combinations_with_replacement(moves, size)
    while chunk := list(islice(sets, max(1, _CHUNK // events.shape[1]))):
        arm, trial, sign = np.array(chunk).transpose(2, 0, 1)
        change = np.zeros((len(chunk), *events.shape))
        row = np.arange(len(chunk))[:, np.newaxis]
        np.add.at(change, (row, arm, trial), sign)
        kept = np.abs(change).sum(axis=(1, 2)) == size  # no move undoes another
        changed = events + change[kept]
        possible = ((changed >= 0) & (changed <= patients)).all(axis=(1, 2))
        if possible.any():
            yield changed[possible]


def _example(change: Array) -> tuple[OutcomeChange, ...]:
    return tuple(
        OutcomeChange(int(trial), ("treated", "control")[arm], int(change[arm, trial]))
        for arm, trial in np.argwhere(change != 0)
    )
