"""What a publication prints about its trials, as intervals.

A printed number stands for every number that rounds to it. Intervals are
closed: programs differ in how they round a tie.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

ALL = "all"

Arm = Literal["treated", "control", "both"]
ARMS: dict[Arm, tuple[int, ...]] = {"treated": (0,), "control": (1,), "both": (0, 1)}

COUNTS = ("patients", "events")
PERCENTAGES = ("incidence.estimate", "incidence.ci_low", "incidence.ci_high")

_PRINTED = re.compile(r"(?P<below><\s*)?(?P<number>[0-9]+(?:\.(?P<decimals>[0-9]+))?)")


@dataclass(frozen=True)
class Interval:
    """A closed interval of numbers."""

    low: float
    high: float

    @classmethod
    def of(cls, printed: str) -> Interval:
        """Return the numbers that round to a printed one.

        Raises
        ------
        ValueError
            If the text is not a number, such as ``3.82`` or ``< 0.01``.

        Examples
        --------
        >>> Interval.of("17")
        Interval(low=16.5, high=17.5)
        >>> Interval.of("< 0.01")
        Interval(low=0.0, high=0.01)
        """
        match = _PRINTED.fullmatch(printed.strip())
        if match is None:
            raise ValueError(f"{printed!r} is not a number such as 3.82 or < 0.01")
        number = float(match["number"])
        if match["below"]:
            return cls(0.0, number)
        half = 0.5 * 10.0 ** -len(match["decimals"] or "")
        return cls(max(number - half, 0.0), number + half)

    def __contains__(self, number: float) -> bool:
        return self.low <= number <= self.high


@dataclass(frozen=True)
class Statement:
    """One published aggregate.

    Attributes
    ----------
    key : str
        Its name, such as ``risk.all.or``.
    quantity : str
        ``patients``, ``events``, or a pool and its statistic, such as
        ``peto.estimate``, ``incidence.i2``.
    scope : str
        A class of trials, or ``all``.
    arm : {"treated", "control", "both"}
        The arm that a count is about.
    printed : str
        As published; strings keep trailing zeros.
    place : str
        Where it stands in the publication.
    """

    key: str
    quantity: str
    scope: str
    arm: Arm
    printed: str
    place: str

    @property
    def is_count(self) -> bool:
        """Whether it counts patients or events."""
        return self.quantity in COUNTS

    @property
    def pool(self) -> str:
        """Name of the pool, such as ``peto``."""
        return self.quantity.partition(".")[0]

    @property
    def statistic(self) -> str:
        """Name of the statistic of a pool, such as ``q_p``."""
        return self.quantity.partition(".")[2]

    @property
    def count(self) -> int:
        """The printed count."""
        return int(self.printed)

    @cached_property
    def interval(self) -> Interval:
        """The numbers that print so, shares and I² as fractions of 1."""
        interval = Interval.of(self.printed)
        if self.quantity in PERCENTAGES or self.statistic == "i2":
            return Interval(interval.low / 100, interval.high / 100)
        return interval


@dataclass(frozen=True)
class Limits:
    """Assumptions that bound the space of tables; no publication states them.

    Attributes
    ----------
    smallest_arm, largest_arm : int
        Patients of an arm.
    allocation : float
        Most patients in one arm for each in the other arm of a trial.
    largest_risk : float
        Greatest share of the patients of an arm that has the event.
    largest_total : int
        Most events in a class and arm whose number no statement bounds.
    """

    smallest_arm: int = 10
    largest_arm: int = 2000
    allocation: float = 3.0
    largest_risk: float = 0.5
    largest_total: int = 30


@dataclass(frozen=True)
class Trial:
    """What is known of one trial; None where nothing is."""

    group: str
    patients: tuple[int | None, int | None] = (None, None)
    events: tuple[int | None, int | None] = (None, None)

    @property
    def may_have_none(self) -> bool:
        """Whether nothing says that it has events."""
        return not any(self.events)


@dataclass(frozen=True)
class Problem:
    """Trials of unknown counts, and what is published of them together.

    Attributes
    ----------
    source : str
        The publication.
    trials : tuple of Trial
        Those of a class stand together.
    statements : tuple of Statement
    limits : Limits
    """

    source: str
    trials: tuple[Trial, ...]
    statements: tuple[Statement, ...]
    limits: Limits

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """The classes of trials, in order."""
        return tuple(dict.fromkeys(trial.group for trial in self.trials))

    @cached_property
    def scopes(self) -> tuple[str, ...]:
        """The classes, then ``all``."""
        return (*self.classes, ALL)

    def mask(self, scope: str) -> NDArray[np.bool_]:
        """Return which trials a scope holds, as a (k,) array."""
        return np.array([scope in (ALL, trial.group) for trial in self.trials])

    def without(self, *keys: str) -> Problem:
        """Return the problem without some statements."""
        kept = tuple(s for s in self.statements if s.key not in keys)
        return Problem(self.source, self.trials, kept, self.limits)

    def only(self, keys: frozenset[str] | set[str]) -> Problem:
        """Return the problem with no statements but some."""
        return self.without(*(s.key for s in self.statements if s.key not in keys))

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Keys of the statements, in order."""
        return tuple(statement.key for statement in self.statements)

    @cached_property
    def smallest(self) -> NDArray[np.int64]:
        """Least patients of each arm, as a (k, 2) array."""
        return self._patients(self.limits.smallest_arm)

    @cached_property
    def largest(self) -> NDArray[np.int64]:
        """Most patients of each arm, as a (k, 2) array."""
        return self._patients(self.limits.largest_arm)

    def _patients(self, unknown: int) -> NDArray[np.int64]:
        return np.array(
            [
                [unknown if n is None else n for n in trial.patients]
                for trial in self.trials
            ],
            dtype=np.int64,
        )
