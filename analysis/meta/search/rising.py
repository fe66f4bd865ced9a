"""The likelihood of beta-binomial counts, at a cost that no count changes.

With mean m and dispersion d, the probability of x events of n is, but for the
binomial coefficient, the product of m + j d over j < x and of 1 - m + j d over
j < n - x, divided by that of 1 + j d over j < n. It is binomial at d = 0. The
products are rising factorials: their first terms are multiplied out, and the
others follow from Stirling's series, in a form that loses no digits as d goes to 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.meta.results import Array

_OUT = 8
# Of Stirling's series: B(2 i) / (2 i (2 i - 1)).
_STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156)

Complex = NDArray[Any]


def log_rising(start: Complex, step: Complex, number: Array) -> Complex:
    """Return the sum of log(start + j step) over j from 0 to number - 1.

    Parameters
    ----------
    start, step : array
        Above 0, and at least 0; may be complex, for derivatives by complex steps.
    number : array
        Whole numbers.

    Returns
    -------
    array
        To about rounding of the largest term.

    Examples
    --------
    >>> import numpy as np
    >>> at = np.array(0.1), np.array(0.25), np.array(40.0)
    >>> direct = sum(np.log(0.1 + 0.25 * j) for j in range(40))
    >>> bool(abs(log_rising(*at) - direct) < 1e-13)
    True
    """
    start, step = np.broadcast_arrays(start, step)
    total: Complex = np.zeros(np.broadcast_shapes(start.shape, number.shape))
    most = int(min(number.max(initial=0), _OUT))
    for j in range(most):
        total = total + np.where(number > j, np.log(start + j * step), 0.0)
    if most < _OUT:
        return np.asarray(total)
    rest = np.maximum(number - _OUT, 0.0)
    first = start + _OUT * step
    share = step / first  # at most 1/8
    grown = rest * share
    tail = rest * np.log(first) + rest * _excess(grown) - np.log1p(grown) / 2
    for i, coefficient in enumerate(_STIRLING):
        power = 2 * i + 1
        shrunk = np.expm1(-power * np.log1p(grown))
        tail = tail + coefficient * share**power * shrunk
    return np.asarray(total + np.where(rest > 0, tail, 0.0))


def _excess(t: Complex) -> Complex:
    """Return (1 + 1/t) log(1 + t) - 1, which is t/2 - t²/6 + ... near 0."""
    small = np.abs(t) < 1e-3
    safe = np.where(small, 1.0, t)
    series = t / 2 - t**2 / 6 + t**3 / 12 - t**4 / 20 + t**5 / 30
    return np.asarray(np.where(small, series, (1 + 1 / safe) * np.log1p(safe) - 1))
