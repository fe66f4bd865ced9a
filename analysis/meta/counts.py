"""What counts a pool accepts, and what it says of those that it refuses.

The arrays of counts, the confidence level and the error of impossible counts
are the same for every method. A method takes them checked, by
:func:`of_two_arms` or :func:`of_one_arm`, which also write them into its
documentation.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.meta.results import Array

Options = ParamSpec("Options")
Answer = TypeVar("Answer")

_TWO_ARMS = """\
events_treated, n_treated, events_control, n_control : (..., k) array_like
    Events and patients of the two arms of k trials: whole numbers, with any
    leading batch axes that broadcast."""
_ONE_ARM = """\
events, n : (..., k) array_like
    Events and patients of k single arms: whole numbers, with any leading batch
    axes that broadcast."""
_SHARED = {
    "model": """\
model : {"common", "DL", "PM", "REML", "ML", "EB", "SJ", "HS", "HE", "IVhet"}
    Common effect, or random effects by the estimator of tau²; see
    :func:`analysis.meta.pool_effects`, as for the next two.""",
    "interval": """\
interval : {"normal", "t", "knapp-hartung", "knapp-hartung-safe"}
    Of the pooled effect.""",
    "prediction": """\
prediction : {"k-2", "k-1", "normal"}
    Degrees of freedom of the prediction interval.""",
    "level": """\
level : float
    Confidence level in (0, 1).""",
}
_RAISES = """\
Raises
------
ValueError
    For impossible counts, naming the trial, or an unknown option."""


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


@dataclass(frozen=True)
class OneArm:
    """Checked counts of single arms.

    Attributes
    ----------
    x, n : (..., k) array
        Events and patients, of one shape.
    """

    x: Array
    n: Array

    @property
    def k(self) -> int:
        """Trials of each data set."""
        return int(self.x.shape[-1])


def of_two_arms(
    method: Callable[Concatenate[TwoArms, Options], Answer],
) -> Callable[Concatenate[ArrayLike, ArrayLike, ArrayLike, ArrayLike, Options], Answer]:
    """Let a method of checked counts take the four arrays of a table.

    Parameters
    ----------
    method : callable
        Takes :class:`TwoArms`, then its options.

    Returns
    -------
    callable
        Takes ``events_treated``, ``n_treated``, ``events_control`` and
        ``n_control``, checks them and the level, and documents both.
    """

    @wraps(method)
    def of_arrays(
        events_treated: ArrayLike,
        n_treated: ArrayLike,
        events_control: ArrayLike,
        n_control: ArrayLike,
        *others: Options.args,
        **options: Options.kwargs,
    ) -> Answer:
        _check_options(options)
        counts = two_arms(events_treated, n_treated, events_control, n_control)
        return method(counts, *others, **options)

    names = ("events_treated", "n_treated", "events_control", "n_control")
    documented: Callable[
        Concatenate[ArrayLike, ArrayLike, ArrayLike, ArrayLike, Options], Answer
    ] = _documented(of_arrays, method, names, _TWO_ARMS)
    return documented


def of_one_arm(
    method: Callable[Concatenate[OneArm, Options], Answer],
) -> Callable[Concatenate[ArrayLike, ArrayLike, Options], Answer]:
    """Let a method of checked counts take the two arrays of single arms."""

    @wraps(method)
    def of_arrays(
        events: ArrayLike,
        n: ArrayLike,
        *others: Options.args,
        **options: Options.kwargs,
    ) -> Answer:
        _check_options(options)
        return method(
            OneArm(*np.broadcast_arrays(*one_arm(events, n))), *others, **options
        )

    documented: Callable[Concatenate[ArrayLike, ArrayLike, Options], Answer] = (
        _documented(of_arrays, method, ("events", "n"), _ONE_ARM)
    )
    return documented


def _check_options(options: Mapping[str, Any]) -> None:
    if "level" in options:
        check_level(options["level"])


def _documented(
    of_arrays: Any,
    method: Callable[..., Any],
    names: tuple[str, ...],
    counts: str,
) -> Any:
    """Give a method the signature and the documentation of its counts."""
    known = inspect.signature(method)
    _, *options = known.parameters.values()
    arrays = [
        inspect.Parameter(
            name, inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation="ArrayLike"
        )
        for name in names
    ]
    signature = known.replace(parameters=[*arrays, *options])
    of_arrays.__signature__ = signature
    doc = inspect.cleandoc(method.__doc__ or "")
    described = set(re.findall(r"^(\w+) :", doc, re.M))
    shared = "".join(
        f"\n{text}"
        for name, text in _SHARED.items()
        if name in known.parameters and name not in described
    )
    head, mark, rest = doc.partition("Parameters\n----------\n")
    if not mark:
        head, mark, rest = doc.partition("Returns\n-------\n")
        rest = f"{shared}\n\n{mark}{rest}"
    else:
        own, blank, rest = rest.partition("\n\n")
        rest = f"\n{own}{shared}{blank}{rest}"
    if "\nRaises\n------" not in rest:
        place = min(
            (
                at
                for section in ("Notes", "References", "Examples")
                if (at := rest.find(f"\n{section}\n---")) >= 0
            ),
            default=len(rest),
        )
        rest = f"{rest[:place].rstrip()}\n\n{_RAISES}\n{rest[place:]}"
    of_arrays.__doc__ = f"{head}Parameters\n----------\n{counts}{rest}"
    return of_arrays


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
    """Refuse a confidence level outside (0, 1).

    Parameters
    ----------
    level : float

    Returns
    -------
    None

    Raises
    ------
    ValueError
        Naming what was found.
    """
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
