"""What published quantiles leave open about the values behind them.

A quantile of type 7 is a weighted mean of two neighbours among the sorted
values x1 <= ... <= xn, so each printed quantile bounds a linear form of them.
The least and greatest value of any other linear form, such as the mean or a
single x, are linear programmes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from analysis.reconstruction.constraints import Interval

Array = NDArray[np.float64]

_SLACK = 1e-9


class ContradictoryQuantilesError(ValueError):
    """Raised for quantiles that no sorted values have."""


@dataclass(frozen=True)
class Quantiles:
    """Quantiles of type 7 of n values that are not negative.

    Attributes
    ----------
    n : int
    printed : mapping of float to Interval
        For each probability in [0, 1], what the quantile can be.

    References
    ----------
    Hyndman RJ, Fan Y. Sample quantiles in statistical packages. Am Stat
    1996;50:361-5.
    """

    n: int
    printed: Mapping[float, Interval]

    def mean(self) -> Interval:
        """Return the extent of the mean."""
        return self._extent(np.full(self.n, 1 / self.n))

    def value(self, place: int) -> Interval:
        """Return the extent of a value by its place in order, from 0."""
        return self._extent(np.eye(self.n)[place])

    def below(self, limit: float) -> tuple[int, int]:
        """Return the fewest and most values that are below a limit."""
        # The ends of the extents ascend with the values: a bisection finds both.
        places = range(self.n)
        fewest = bisect_left(places, limit, key=lambda i: self.value(i).high)
        most = bisect_left(places, limit, key=lambda i: self.value(i).low)
        return fewest, most

    def at_least(self, limit: float) -> tuple[int, int]:
        """Return the fewest and most values that reach a limit."""
        fewest, most = self.below(limit)
        return self.n - most, self.n - fewest

    def _extent(self, form: Array) -> Interval:
        rows, limits = self._rows
        ends = []
        for sign in (1.0, -1.0):
            answer = linprog(sign * form, A_ub=rows, b_ub=limits, bounds=(0, None))
            if answer.status == 2:
                raise ContradictoryQuantilesError(
                    f"no {self.n} values have these quantiles"
                )
            ends.append(sign * float(answer.fun) if answer.status == 0 else np.inf)
        return Interval(ends[0], ends[1])

    @cached_property
    def _rows(self) -> tuple[Array, Array]:
        """Inequalities: the values ascend, and the quantiles print as they do."""
        rows = list(np.eye(self.n)[:-1] - np.eye(self.n)[1:])
        limits = [0.0] * len(rows)
        for probability, interval in self.printed.items():
            form = _quantile(self.n, probability)
            rows += [form, -form]
            limits += [interval.high + _SLACK, -interval.low + _SLACK]
        return np.array(rows), np.array(limits)


def _quantile(n: int, probability: float) -> Array:
    """Return the weights of the sorted values in a quantile of type 7."""
    at = (n - 1) * probability
    below = min(int(at), n - 1)
    form = np.zeros(n)
    form[below] = 1 - (at - below)
    form[min(below + 1, n - 1)] += at - below
    return form
