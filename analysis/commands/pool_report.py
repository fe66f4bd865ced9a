"""What ``pool`` found in one table, and how numbers of a measure print."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from analysis import meta
from analysis.meta.methods import Method
from analysis.meta.results import Array, Pooled
from analysis.meta.subgroups import SubgroupTest
from manuscript.values import text

INFINITE = "\N{INFINITY}"
NOT_COMPUTED = "\N{EM DASH}"
_LARGE = 1e7


@dataclass(frozen=True)
class Scale:
    """How numbers of a measure print."""

    name: str
    factor: int
    decimals: int

    def number(self, x: ArrayLike) -> str:
        """Print one number: fixed decimals, or three significant digits if small."""
        return number(self.factor * float(np.asarray(x)), self.decimals)

    def shown(self, estimate: ArrayLike, low: ArrayLike, high: ArrayLike) -> str:
        """Print an estimate with its limits, all on the natural scale."""
        if all(math.isnan(float(np.asarray(x))) for x in (estimate, low, high)):
            return text.NOT_ESTIMABLE
        one, *limits = (self.number(x) for x in (estimate, low, high))
        return f"{one} [{text.interval(*limits)}]"


SCALES = {
    "OR": Scale("odds ratio", 1, 2),
    "RR": Scale("risk ratio", 1, 2),
    "PLOGIT": Scale("proportion, %", 100, 2),
    "PRAW": Scale("proportion, %", 100, 2),
    "PFT": Scale("proportion, %", 100, 2),
    "PAS": Scale("proportion, %", 100, 2),
    "RD": Scale("risk difference, %", 100, 2),
    "ASD": Scale("arcsine difference", 1, 3),
}


def number(x: float, decimals: int) -> str:
    """Print a number with fixed decimals, or three significant digits if small.

    Examples
    --------
    >>> number(3.8194, 2), number(0.01234, 2), number(math.inf, 2), number(0.0, 2)
    ('3.82', '0.0123', '∞', '0')
    """
    if math.isnan(x):
        return text.NOT_ESTIMABLE
    if math.isinf(x):
        return (text.MINUS if x < 0 else "") + INFINITE
    if x == 0:
        return "0"
    if abs(x) >= _LARGE or abs(x) < 1e-6:
        digits = f"{abs(x):.2e}"
        return (text.MINUS if x < 0 else "") + digits
    if abs(x) < 10.0 ** (1 - decimals):
        decimals = 2 - math.floor(math.log10(abs(x)))
    return text.decimal(x, decimals)


def p_value(p: ArrayLike) -> str:
    """Print a P value with three decimals."""
    return text.p_value(float(np.asarray(p)), 3)


@dataclass(frozen=True)
class Report:
    """A pool of one table, with its parts.

    Attributes
    ----------
    method : Method
    counts : tuple of (k,) arrays
    trial : tuple of k str
    pooled : Pooled
        All trials.
    advice : tuple of Advice
    notes : tuple of str
        On the reading of the table.
    leave_one_out, cumulative : Pooled or None
        All but each, and the first ones; None if not asked for, or for a single
        trial.
    regression : Regression or None
    covariate : str
        What it is on.
    groups : mapping from str to Pooled
        Empty without a grouping column.
    test : SubgroupTest or None
        Between the groups.
    within : tuple of three numbers, or None
        Q within the groups, its degrees of freedom and P value.
    """

    method: Method
    counts: tuple[Array, ...]
    trial: tuple[str, ...]
    pooled: Pooled
    advice: tuple[meta.Advice, ...] = ()
    notes: tuple[str, ...] = ()
    leave_one_out: Pooled | None = None
    cumulative: Pooled | None = None
    regression: meta.Regression | None = None
    covariate: str = ""
    groups: Mapping[str, Pooled] = field(default_factory=dict)
    test: SubgroupTest | None = None
    within: tuple[float, float, float] | None = None

    def trials(self) -> dict[str, Array]:
        """Each trial's estimate, limits, standard error and weight.

        Proportions are those observed, with Clopper-Pearson limits; odds ratios
        and differences those of the method, NaN where it has none.
        """
        own = self.pooled.trials
        missing = np.full(len(self.trial), np.nan)
        se, weight = (own.se, own.weight) if own else (missing, missing)
        log_estimate = own.estimate if own else missing
        if len(self.counts) == 2:
            estimate = self.counts[0] / self.counts[1]
            low, high = meta.clopper_pearson(*self.counts, level=self.pooled.level)
        elif own:
            estimate, low, high = (
                meta.to_natural(x, self.pooled.measure)
                for x in (own.estimate, own.ci_low, own.ci_high)
            )
        else:
            estimate = low = high = missing
        return {
            "estimate": estimate,
            "ci_low": low,
            "ci_high": high,
            "effect": log_estimate,
            "se": se,
            "weight": weight,
        }

    def prediction(self) -> tuple[Array, Array] | None:
        """Limits for another trial on the natural scale; None where there is none."""
        low, high = self.pooled.prediction_low, self.pooled.prediction_high
        if low is None or high is None:
            return None
        natural = [
            meta.to_natural(x, self.pooled.measure, self.pooled.sample_size)
            for x in (low, high)
        ]
        return natural[0], natural[1]
