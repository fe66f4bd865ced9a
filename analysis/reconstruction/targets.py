"""All statements about pools at once, as intervals that tables must hit."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.reconstruction.constraints import Problem
from analysis.reconstruction.pools import (
    POOLS,
    Bound,
    bounds,
    coordinates,
    counted_in_df,
    gradients,
)

Array = NDArray[np.float64]
Counts = NDArray[np.int64]

_STEP = 1e-5  # of a logarithm, for central differences


@dataclass(frozen=True)
class Targets:
    """The statements about pools, compiled for tables in batches.

    Attributes
    ----------
    bounds : tuple of Bound
        One a statement, r in all.
    pools : tuple of str
        The p pools that they are about.
    pool_of, masks : (u,) int array, (u, k) array
        Pool and trials of each of the u pairs of a pool and a scope.
    pair_of, coordinate : (r,) int arrays
        Pair and coordinate of each statement.
    """

    bounds: tuple[Bound, ...]
    pools: tuple[str, ...]
    pool_of: Counts
    masks: Array
    pair_of: Counts
    coordinate: Counts

    @classmethod
    def of(cls, problem: Problem) -> Targets:
        """Compile the statements of a problem."""
        about = bounds(problem)
        pairs = list(dict.fromkeys((b.pool, b.scope) for b in about))
        pools = tuple(dict.fromkeys(pool for pool, _ in pairs))
        k = len(problem.trials)
        return cls(
            about,
            pools,
            np.array([pools.index(pool) for pool, _ in pairs], dtype=np.int64),
            np.array([problem.mask(scope) for _, scope in pairs], float).reshape(-1, k),
            np.array([pairs.index((b.pool, b.scope)) for b in about], dtype=np.int64),
            np.array([b.coordinate for b in about], dtype=np.int64),
        )

    def terms(self, patients: Array | Counts, events: Array | Counts) -> Array:
        """Return the terms of each trial in each pool, (..., p, k, 3)."""
        n, m = patients.astype(float), events.astype(float)
        if not self.pools:
            return np.zeros((*n.shape[:-2], 0, n.shape[-2], 3))
        return np.stack([POOLS[pool](n, m) for pool in self.pools], axis=-3)

    def sums(self, terms: Array) -> Array:
        """Return the sums of terms over scopes, (..., u, 3)."""
        chosen = terms[..., self.pool_of, :, :]
        total: Array = (self.masks[:, None, :] @ chosen)[..., 0, :]
        return total

    def values(self, sums: Array) -> Array:
        """Return what each statement bounds, (..., r)."""
        values: Array = coordinates(sums)[..., self.pair_of, self.coordinate]
        return values

    def slopes(self, patients: Array, events: Array, sums: Array) -> Array:
        """Return derivatives of the values by the logarithms of patients.

        Returns
        -------
        (..., r, k, 2) array
        """
        sides = []
        for arm in (0, 1):
            step = np.zeros(2)
            step[arm] = _STEP
            up = self.terms(patients * np.exp(step), events)
            down = self.terms(patients * np.exp(-step), events)
            sides.append((up - down) / (2 * _STEP))
        # One row a term, one column a cell, so that a product sums the terms.
        by_pool = np.stack(sides, axis=-1).swapaxes(-2, -3)
        by_pool = by_pool.reshape(*by_pool.shape[:-2], 2 * self.masks.shape[-1])
        gradient = gradients(sums)[..., self.pair_of, self.coordinate, None, :]
        pool = self.pool_of[self.pair_of]
        slopes = (gradient @ by_pool[..., pool, :, :])[..., 0, :]
        inside = np.repeat(self.masks[self.pair_of], 2, axis=-1)
        answer: Array = slopes * inside
        return answer.reshape(*slopes.shape[:-1], self.masks.shape[-1], 2)

    def limits(self, events: Counts) -> tuple[Array, Array]:
        """Return the ends of each statement's interval.

        Parameters
        ----------
        events : (batch, k, 2) int array
            They set the degrees of freedom of each Q.

        Returns
        -------
        low, high : (batch, r) array
        """
        k = events.shape[-2]
        ends = [[b.interval(df) for df in range(-1, k)] for b in self.bounds]
        low = np.array([[i.low for i in row] for row in ends]).reshape(-1, k + 1)
        high = np.array([[i.high for i in row] for row in ends]).reshape(-1, k + 1)
        rows = np.arange(len(self.bounds))
        counted = (
            np.stack(
                [counted_in_df(b.pool, events.astype(float)) for b in self.bounds],
                axis=-2,
            )
            if self.bounds
            else np.zeros((len(events), 0, k), dtype=bool)
        )
        trials = (counted * self.masks[self.pair_of]).sum(axis=-1).astype(np.int64)
        return low[rows, trials], high[rows, trials]

    def merged(self, events: Counts) -> tuple[Targets, Array, Array]:
        """Return the targets with one row a value, and its :meth:`limits`.

        Two statements can bound one value: P and I² both bound Q.
        """
        low, high = self.limits(events)
        about = list(zip(self.pair_of.tolist(), self.coordinate.tolist(), strict=True))
        first = [about.index(value) for value in dict.fromkeys(about)]
        twins = np.array([[value == about[i] for value in about] for i in first])
        twins = twins.reshape(len(first), len(about))
        return (
            replace(
                self, pair_of=self.pair_of[first], coordinate=self.coordinate[first]
            ),
            np.where(twins, low[:, None, :], -np.inf).max(axis=-1, initial=-np.inf),
            np.where(twins, high[:, None, :], np.inf).min(axis=-1, initial=np.inf),
        )


def scales(low: Array, high: Array) -> Array:
    """Return the unit of each interval: its width, or a small one if open."""
    width = high - low
    closed = np.isfinite(width) & (width > 0)
    return np.where(closed, width, 0.05)


def misfits(values: Array, low: Array, high: Array) -> Array:
    """Return how far values lie outside their intervals, in the intervals' unit."""
    outside = np.maximum(np.maximum(low - values, values - high), 0.0)
    return np.where(np.isnan(values), np.inf, outside / scales(low, high))
