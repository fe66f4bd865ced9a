"""What leaves an extract: counts with denominators, quantiles, a flow."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from analysis.vigibase.measures.interaction import Interaction
    from analysis.vigibase.measures.logistic import Adjusted
    from analysis.vigibase.measures.onset import Weibull
    from analysis.vigibase.measures.shrinkage import Prior, Shrunk

DAYS_PER_YEAR = 365.25

# Why a number is not shown: below the smallest cell, or to protect such a one;
# or, of a four-fold table, because it holds too few reports to say anything.
Hidden = Literal["", "small", "withheld", "few"]
SMALL: Hidden = "small"
WITHHELD: Hidden = "withheld"
FEW: Hidden = "few"


def shown(n: int | None, hidden: Hidden, smallest: int) -> str:
    """Print a count, or why it is not shown.

    >>> shown(None, "small", 5), shown(None, "withheld", 5), shown(7, "", 5)
    ('< 5', 'withheld', '7')
    """
    if n is not None:
        return str(n)
    return f"< {smallest}" if hidden == SMALL else "withheld"


@dataclass(frozen=True)
class Count:
    """Reports of one category.

    Attributes
    ----------
    key, label : str
    n : int or None
        None where it is not shown.
    hidden : {"", "small", "withheld"}
        Why it is not.
    """

    key: str
    label: str
    n: int | None
    hidden: Hidden = ""


@dataclass(frozen=True)
class Breakdown:
    """Reports by the categories of one characteristic.

    Attributes
    ----------
    key, title : str
    reports : int or None
        Reports of the cohort, with or without data.
    available : int or None
        Reports with data: the denominator.
    counts : tuple of Count
    exclusive : bool
        Whether a report is in one category only, so that counts add up to
        ``available``.
    hidden : {"", "small", "withheld"}
        Why ``available`` is not shown.
    """

    key: str
    title: str
    reports: int | None
    available: int | None
    counts: tuple[Count, ...]
    exclusive: bool = True
    hidden: Hidden = ""

    def __post_init__(self) -> None:
        total = _sum(count.n for count in self.counts)
        comparable = self.exclusive and None not in (total, self.available)
        if comparable and total != self.available:
            raise ValueError(
                f"{self.key}: counts add up to {total}, not to {self.available}"
            )

    def __getitem__(self, key: str) -> int | None:
        """Return the count of a category."""
        return next(count.n for count in self.counts if count.key == key)


@dataclass(frozen=True)
class Quantiles:
    """A time, over the reports that have it.

    Attributes
    ----------
    key, title : str
    n : int or None
        Reports with the time.
    median, q1, q3, min, max : float
        Days; quartiles of type 7 (Hyndman and Fan 1996). NaN if there are none
        or they may not be shown.
    by_year : tuple of (int or None)
        Reports by whole years: below 1, from 1 to below 2, and so on.
    hidden : {"", "small"}
        Why ``n`` is not shown.
    """

    key: str
    title: str
    n: int | None
    median: float
    q1: float
    q3: float
    min: float
    max: float
    by_year: tuple[int | None, ...] = ()
    hidden: Hidden = ""


@dataclass(frozen=True)
class FlowStep:
    """Reports left at a step, and those that left at it.

    Attributes
    ----------
    key, label : str
    n : int or None
    excluded : tuple of Count
    hidden : {"", "small", "withheld"}
        Why ``n`` is not shown.
    """

    key: str
    label: str
    n: int | None
    excluded: tuple[Count, ...] = ()
    hidden: Hidden = ""


@dataclass(frozen=True)
class Flow:
    """The way from all reports to the cases; it always adds up.

    Raises
    ------
    ValueError
        If a step and its exclusions are not what the step before had.
    """

    steps: tuple[FlowStep, ...]

    def __post_init__(self) -> None:
        for before, step in zip(self.steps, self.steps[1:], strict=False):
            after = _sum((step.n, *(count.n for count in step.excluded)))
            if None not in (before.n, after) and before.n != after:
                raise ValueError(
                    f"the flow does not add up at {step.key!r}: {before.n} reports "
                    f"before it, {after} left and excluded"
                )

    def __getitem__(self, key: str) -> int | None:
        """Return the reports left at a step."""
        return next(step.n for step in self.steps if step.key == key)


@dataclass(frozen=True)
class Disproportionality:
    """A four-fold table of reports and what it says.

    Attributes
    ----------
    label : str
        The stratum; ``all reports`` or ``adjusted`` outside one.
    a, b, c, d : int or None
        Reports with drug and reaction, with the drug only, with the reaction
        only, with neither. None where ``a`` is too small to be shown.
    expected : float
        Reports with both if drug and reaction were reported independently.
    ror, ror_low, ror_high : float
        Reporting odds ratio with Wald limits; NaN if it cannot be estimated.
    ic, ic_low, ic_high : float
        Information component with its credibility limits.
    prr, prr_low, prr_high : float
        Proportional reporting ratio with limits; NaN if it cannot be estimated.
    hidden : {"", "few", "withheld"}
        Why the numbers are not shown.
    """

    label: str
    a: int | None
    b: int | None
    c: int | None
    d: int | None
    expected: float
    ror: float
    ror_low: float
    ror_high: float
    ic: float
    ic_low: float
    ic_high: float
    prr: float = math.nan
    prr_low: float = math.nan
    prr_high: float = math.nan
    hidden: Hidden = ""

    @classmethod
    def none(cls, label: str, why: Hidden) -> Disproportionality:
        """Make one of which nothing is shown."""
        nan = math.nan
        return cls(
            *(label, None, None, None, None),
            *(nan, nan, nan, nan, nan, nan, nan),
            hidden=why,
        )

    @property
    def ic025(self) -> float:
        """Lower limit of the information component; IC025 at a level of 95%."""
        return self.ic_low


@dataclass(frozen=True)
class Sensitivity:
    """The same question asked of other reports.

    Attributes
    ----------
    key, label : str
    table : Disproportionality
    """

    key: str
    label: str
    table: Disproportionality


@dataclass(frozen=True)
class Further:
    """What is reported of the cases beyond the description.

    Attributes
    ----------
    breakdowns : tuple of Breakdown
        Criterion of seriousness, year, and what the reports say.
    adjusted : Adjusted or None
        By logistic regression; None if not shown.
    shrunk : Shrunk or None
        None if not asked for or not shown.
    prior : Prior or None
    interactions : tuple of Interaction
    sensitivity : tuple of Sensitivity
    onset : tuple of Weibull
        Without and with right truncation.
    """

    breakdowns: tuple[Breakdown, ...] = ()
    adjusted: Adjusted | None = None
    shrunk: Shrunk | None = None
    prior: Prior | None = None
    interactions: tuple[Interaction, ...] = ()
    sensitivity: tuple[Sensitivity, ...] = ()
    onset: tuple[Weibull, ...] = ()


@dataclass(frozen=True)
class Description:
    """Everything that is reported about the cases.

    Attributes
    ----------
    flow : Flow
    breakdowns : tuple of Breakdown
    times : tuple of Quantiles
    disproportionality : tuple of Disproportionality
        Over all reports, by stratum of age and sex, and adjusted for them.
    synthetic : bool
        Whether the reports are synthetic.
    set_aside : int
        Rows of the extract that could not be used.
    smallest_cell : int
        Counts from 1 to below this are not shown.
    further : Further
    """

    flow: Flow
    breakdowns: tuple[Breakdown, ...]
    times: tuple[Quantiles, ...]
    disproportionality: tuple[Disproportionality, ...]
    synthetic: bool
    set_aside: int
    smallest_cell: int
    further: Further = field(default_factory=Further)

    def breakdown(self, key: str) -> Breakdown:
        """Return the breakdown of a characteristic."""
        return next(found for found in self.breakdowns if found.key == key)

    def time(self, key: str) -> Quantiles:
        """Return a time."""
        return next(found for found in self.times if found.key == key)


def _sum(counts: Iterable[int | None]) -> int | None:
    known = list(counts)
    return None if None in known else sum(n for n in known if n is not None)
