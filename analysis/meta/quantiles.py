"""Median, quartiles and range."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Summary:
    """Five-number summary of n known values."""

    median: float
    q1: float
    q3: float
    min: float
    max: float
    n: int


def summary(values: ArrayLike) -> Summary:
    """Summarise the known values of a variable.

    Parameters
    ----------
    values : array_like
        NaN for a value that is not known.

    Returns
    -------
    Summary
        Quantiles of type 7 of Hyndman & Fan (1996), which is the default of R
        and numpy; NaN throughout if no value is known.
    """
    x = np.asarray(values, dtype=float).ravel()
    known = x[~np.isnan(x)]
    if known.size == 0:
        return Summary(np.nan, np.nan, np.nan, np.nan, np.nan, 0)
    low, q1, median, q3, high = np.quantile(known, [0, 0.25, 0.5, 0.75, 1]).tolist()
    return Summary(median, q1, q3, low, high, known.size)
