"""Draws of the shape that a database of reports has: skewed, with gaps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def skewed(
    rng: np.random.Generator, size: int, mean: float, sigma: float, largest: int
) -> Ints:
    """Draw counts from 1 up with a long tail (a rounded-up log-normal)."""
    drawn = np.ceil(rng.lognormal(mean, sigma, size)).astype(np.int64)
    return np.clip(drawn, 1, largest)


def popular(rng: np.random.Generator, size: int, kinds: int) -> Ints:
    """Draw kinds of skewed popularity, the popular ones scattered over the range."""
    rank = (kinds * rng.random(size) ** 3).astype(np.int64)
    return rank * 4999 % kinds


def some(rng: np.random.Generator, size: int, shares: dict[int, float]) -> Ints:
    """Draw values by their shares, which sum to 1."""
    limits = np.cumsum(list(shares.values()))[:-1]
    return np.array(list(shares))[np.searchsorted(limits, rng.random(size), "right")]
