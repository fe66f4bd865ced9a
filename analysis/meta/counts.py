"""What counts a pool accepts, and what it says of those that it refuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.meta.results import Array


@dataclass(frozen=True)
class TwoArms:
    """Checked counts of two-armed trials.

    Attributes
    ----------
    a, n1 : (..., k) array
        Events and patients of the treated arm.
    c, n2 : (..., k) array
        Events and patients of the control arm.
    """

    a: Array
    n1: Array
    c: Array
    n2: Array

    @property
    def shape(self) -> tuple[int, ...]:
        """Common shape of the four arrays, ``(..., k)``."""
        return np.broadcast_shapes(
            self.a.shape, self.n1.shape, self.c.shape, self.n2.shape
        )

    @property
    def total(self) -> Array:
        """Patients of each trial."""
        return self.n1 + self.n2

    @property
    def events(self) -> Array:
        """Events of each trial."""
        return self.a + self.c

    @property
    def informative(self) -> NDArray[np.bool_]:
        """Trials with an event and a non-event: those that bear on an odds ratio."""
        events = self.events
        return np.asarray((events > 0) & (events < self.total))

    @property
    def has_empty_cell(self) -> NDArray[np.bool_]:
        """Trials with a zero in one of the four cells."""
        a, n1, c, n2 = self.a, self.n1, self.c, self.n2
        return np.asarray((a == 0) | (a == n1) | (c == 0) | (c == n2))

    def each(self) -> Iterator[tuple[tuple[int, ...], Array, Array, Array, Array]]:
        """Yield each data set's place on the batch axes and its (k,) arrays."""
        shape = self.shape
        arrays = (self.a, self.n1, self.c, self.n2)
        a, n1, c, n2 = (np.broadcast_to(array, shape) for array in arrays)
        for place in np.ndindex(shape[:-1]):
            yield place, a[place], n1[place], c[place], n2[place]


def two_arms(
    events_treated: ArrayLike,
    n_treated: ArrayLike,
    events_control: ArrayLike,
    n_control: ArrayLike,
    *,
    trials: Sequence[str] | None = None,
) -> TwoArms:
    """Check the counts of two-armed trials.

    Parameters
    ----------
    events_treated, n_treated, events_control, n_control : (..., k) array_like
        Whole numbers; one entry a trial on the last axis, any leading batch
        axes that broadcast.
    trials : sequence of str, optional
        Names of the trials for messages.

    Raises
    ------
    ValueError
        If lengths differ, a count is missing, negative, fractional or above its
        total, or a total is zero; the message names the trial.
    """
    a, n1, c, n2 = _arrays(
        {
            "events_treated": events_treated,
            "n_treated": n_treated,
            "events_control": events_control,
            "n_control": n_control,
        }
    )
    _check_arm(a, n1, "events_treated", "n_treated", trials)
    _check_arm(c, n2, "events_control", "n_control", trials)
    return TwoArms(a, n1, c, n2)


def one_arm(
    events: ArrayLike, n: ArrayLike, *, trials: Sequence[str] | None = None
) -> tuple[Array, Array]:
    """Check the counts of single arms; see :func:`two_arms`."""
    x, total = _arrays({"events": events, "n": n})
    _check_arm(x, total, "events", "n", trials)
    return x, total


def check_level(level: float) -> None:
    """Refuse a confidence level outside (0, 1)."""
    if not 0 < level < 1:
        raise ValueError(f"level: got {level!r}, expected a number between 0 and 1")


def check_choice(name: str, found: str, choices: tuple[str, ...]) -> None:
    """Refuse an option that is not among the choices."""
    if found not in choices:
        raise ValueError(f"{name}: got {found!r}, expected one of {', '.join(choices)}")


def _arrays(counts: Mapping[str, ArrayLike]) -> list[Array]:
    arrays = {name: _numbers(name, values) for name, values in counts.items()}
    lengths = {name: array.shape[-1] for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        found = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise ValueError(f"counts differ in their number of trials: {found}")
    if 0 in lengths.values():
        raise ValueError("no trials: expected at least one")
    try:
        np.broadcast_shapes(*(array.shape for array in arrays.values()))
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise ValueError(f"counts differ in their batch axes: {shapes}") from None
    return list(arrays.values())


def _numbers(name: str, values: ArrayLike) -> Array:
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name}: expected numbers, got {values!r}") from None
    if array.ndim == 0:
        raise ValueError(f"{name}: expected one count a trial, got {values!r}")
    return array


def _check_arm(
    events: Array,
    n: Array,
    events_name: str,
    n_name: str,
    trials: Sequence[str] | None,
) -> None:
    _check_whole(n, 1, n_name, trials)
    _check_whole(events, 0, events_name, trials)
    above = events > n
    if above.any():
        limit = np.broadcast_to(n, above.shape)[_first(above)]
        expected = f"at most {n_name} = {limit:g}"
        _refuse(above, events, events_name, expected, trials)


def _check_whole(x: Array, least: int, name: str, trials: Sequence[str] | None) -> None:
    # A NaN makes both extremes NaN, and every comparison with it false.
    whole = np.floor(x) == x
    if x.size == 0 or (x.min() >= least and x.max() < np.inf and whole.all()):
        return
    bad = ~(whole & (x >= least) & (x < np.inf))
    _refuse(bad, x, name, f"a whole number, at least {least}", trials)


def _first(bad: NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(int(i) for i in np.argwhere(bad)[0])


def _refuse(
    bad: NDArray[np.bool_],
    values: Array,
    name: str,
    expected: str,
    trials: Sequence[str] | None,
) -> None:
    *batch, trial = at = _first(bad)
    label = f" ({trials[trial]})" if trials is not None else ""
    where = f" of data set {tuple(batch)}" if batch else ""
    others = int(bad.any(axis=tuple(range(bad.ndim - 1))).sum()) - 1
    more = f"; so for {others} more trial{'s' * (others > 1)}" if others else ""
    found = np.broadcast_to(values, bad.shape)[at]
    raise ValueError(
        f"{name} of trial {trial + 1}{label}{where}: "
        f"got {found:g}, expected {expected}{more}"
    )
