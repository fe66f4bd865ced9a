"""Fisher's non-central hypergeometric laws of trials, and the law of their sum."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from heapq import heapify, heappop, heappush

import numpy as np
from numpy.typing import NDArray

from analysis.meta.results import Array

_WHOLE = 4096  # supports up to this length are held whole
_DROP = 80.0  # of longer ones, what is e**-80 of the mode or less is left out
_DIRECT = 200_000_000  # multiplications above which a convolution is by Fourier


@dataclass(frozen=True)
class Law:
    """Probabilities of whole numbers ``first``, ``first + 1``, ..."""

    first: float
    probability: Array

    @property
    def numbers(self) -> Array:
        """What the probabilities are of."""
        return np.asarray(self.first + np.arange(self.probability.size))


@dataclass(frozen=True)
class Trials:
    """Informative trials, by their margins.

    Attributes
    ----------
    n1, n2, events : (k,) array
        Patients of either arm and events of both, which are held fixed.
    """

    n1: Array
    n2: Array
    events: Array

    @cached_property
    def lowest(self) -> Array:
        """Fewest events that the first arm can have."""
        return np.maximum(0.0, self.events - self.n2)

    @cached_property
    def highest(self) -> Array:
        """Most events that the first arm can have."""
        return np.minimum(self.n1, self.events)

    @cached_property
    def _long(self) -> NDArray[np.intp]:
        return np.flatnonzero(self.highest - self.lowest >= _WHOLE)

    @cached_property
    def _flat(self) -> tuple[NDArray[np.intp], Array, Array, NDArray[np.intp]]:
        """Starts, numbers and log weights of the short supports end to end."""
        short = np.flatnonzero(self.highest - self.lowest < _WHOLE)
        n1, n2, m = self.n1[short], self.n2[short], self.events[short]
        low = self.lowest[short]
        sizes = (self.highest[short] - low).astype(int) + 1
        starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
        of = np.repeat(np.arange(short.size), sizes)
        x = low[of] + np.arange(of.size) - starts[of]
        before = x - 1
        with np.errstate(divide="ignore", invalid="ignore"):
            steps = np.log(
                (n1[of] - before) * (m[of] - before) / (x * (n2[of] - m[of] + x))
            )
        steps[starts] = 0.0
        # Each support begins again at 0, so that rounding stays its own.
        ends = np.add.reduceat(steps, starts)
        steps[starts[1:]] = -ends[:-1]
        log_weight = np.cumsum(steps)
        return starts, x, log_weight, of

    def laws(self, log_or: float) -> list[Law]:
        """Each trial's law, long ones cut where nothing is left of them."""
        laws = []
        if self._long.size < self.n1.size:
            starts, x, _, _ = self._flat
            weight = self._weights(log_or)
            ends = [*starts[1:].tolist(), weight.size]
            laws = [
                Law(float(x[i]), weight[i:j])
                for i, j in zip(starts.tolist(), ends, strict=True)
            ]
        return laws + [self._cut(int(i), log_or) for i in self._long]

    def mean_and_variance(self, log_or: float) -> tuple[float, float]:
        """Of the events of all first arms."""
        mean = variance = 0.0
        if self._long.size < self.n1.size:
            starts, x, _, of = self._flat
            weight = self._weights(log_or)
            means = np.add.reduceat(weight * x, starts)
            mean += float(means.sum())
            variance += float(weight @ (x - means[of]) ** 2)
        for i in self._long:
            law = self._cut(int(i), log_or)
            own = float(law.probability @ law.numbers)
            mean += own
            variance += float(law.probability @ (law.numbers - own) ** 2)
        return mean, variance

    def log_probability_of_end(self, log_or: float, side: int) -> float:
        """Of the most (``side`` 1) or the fewest (-1) possible events in all."""
        total = 0.0
        if self._long.size < self.n1.size:
            starts, _, _, _ = self._flat
            log_weight, log_total = self._log_weights(log_or)
            end = np.append(starts[1:], log_weight.size) - 1 if side > 0 else starts
            total += float((log_weight[end] - log_total).sum())
        for i in self._long:
            total += self._log_probability_of_end(int(i), log_or, side)
        return total

    def _log_weights(self, log_or: float) -> tuple[Array, Array]:
        starts, x, log_weight, of = self._flat
        tilted = log_weight + log_or * x
        highest = np.maximum.reduceat(tilted, starts)
        totals = np.add.reduceat(np.exp(tilted - highest[of]), starts)
        return tilted, highest + np.log(totals)

    def _weights(self, log_or: float) -> Array:
        of = self._flat[3]
        tilted, log_total = self._log_weights(log_or)
        return np.asarray(np.exp(tilted - log_total[of]))

    def _cut(self, i: int, log_or: float) -> Law:
        """Make the law of a long support about its mode."""
        low, high = self.lowest[i], self.highest[i]
        mode = min(max(np.floor(self._mode(i, log_or)), low), high)
        width = 1024.0
        while True:
            first, last = max(low, mode - width), min(high, mode + width)
            x = np.arange(first, last + 1)
            log_weight = np.cumsum(np.append(0.0, self._steps(i, x[1:], log_or)))
            log_weight -= log_weight.max()
            if (first == low or log_weight[0] < -_DROP) and (
                last == high or log_weight[-1] < -_DROP
            ):
                break
            width *= 4
        kept = np.flatnonzero(log_weight >= -_DROP)
        weight = np.exp(log_weight[kept[0] : kept[-1] + 1])
        return Law(float(x[kept[0]]), weight / weight.sum())

    def _steps(self, i: int, x: Array, log_or: float) -> Array:
        """Log of the weight of x over that of x - 1."""
        n1, n2, m = self.n1[i], self.n2[i], self.events[i]
        odds = np.log((n1 - x + 1) / x) + np.log((m - x + 1) / (n2 - m + x))
        return np.asarray(odds + log_or)

    def _mode(self, i: int, log_or: float) -> float:
        """Where the weight stops to grow: a step of 0, by bisection."""
        low, high = self.lowest[i], self.highest[i]
        while high - low > 1:
            middle = np.floor((low + high) / 2)
            grows = self._steps(i, middle, log_or) > 0
            low, high = (middle, high) if grows else (low, middle)
        return float(low)

    def _log_probability_of_end(self, i: int, log_or: float, side: int) -> float:
        """Sum the weights from the end towards the mode and beyond it."""
        low, high = float(self.lowest[i]), float(self.highest[i])
        total, log_weight = 0.0, 0.0  # log of the sum, and of the last weight
        at, portion = (high, 65536.0) if side > 0 else (low, 65536.0)
        while True:
            if side > 0:
                x = np.arange(at, max(at - portion, low), -1.0)
                steps = -self._steps(i, x, log_or)
                at = max(at - portion, low)
            else:
                x = np.arange(at + 1, min(at + portion, high) + 1)
                steps = self._steps(i, x, log_or)
                at = min(at + portion, high)
            weights = log_weight + np.cumsum(steps)
            if weights.size:
                top = max(float(weights.max()), total)
                rest = np.exp(weights - top).sum() + np.exp(total - top)
                total = top + float(np.log(rest))
                log_weight = float(weights[-1])
                if steps[-1] < 0 and log_weight < total - _DROP:
                    return -total
            if at == (low if side > 0 else high):
                return -total


def of_sum(laws: list[Law]) -> Law:
    """Return the law of the sum of independent numbers."""
    first = sum(law.first for law in laws)
    if len(laws) <= 64 and sum(law.probability.size for law in laws) < 2000:
        total = laws[0].probability
        for law in laws[1:]:
            total = np.convolve(total, law.probability)
        return Law(first, total)
    heap = [(law.probability.size, i) for i, law in enumerate(laws)]
    parts = {i: law.probability for i, law in enumerate(laws)}
    heapify(heap)
    while len(heap) > 1:
        (_, i), (_, j) = heappop(heap), heappop(heap)
        parts[i], shift = _trimmed(_convolved(parts[i], parts.pop(j)))
        first += shift
        heappush(heap, (parts[i].size, i))
    return Law(first, parts[heap[0][1]])


def _convolved(one: Array, other: Array) -> Array:
    if one.size * other.size <= _DIRECT:
        return np.convolve(one, other)
    size = one.size + other.size - 1
    length = 1 << (size - 1).bit_length()
    product = np.fft.rfft(one, length) * np.fft.rfft(other, length)
    return np.maximum(np.fft.irfft(product, length)[:size], 0.0)


def _trimmed(probability: Array) -> tuple[Array, int]:
    """Leave out the ends of a long law that add up to nothing."""
    if probability.size <= 2 * _WHOLE:
        return probability, 0
    kept = np.flatnonzero(probability > np.exp(-_DROP) * probability.max())
    return probability[kept[0] : kept[-1] + 1], int(kept[0])
