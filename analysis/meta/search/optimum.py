"""Roots of monotone functions and maxima of likelihoods, many at once."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from analysis.meta.results import Array

_MAX_ITERATIONS = 200


def increasing_root(
    function: Callable[[Array], tuple[Array, Array]],
    start: Array,
    low: Array | None = None,
    high: Array | None = None,
    tolerance: float = 1e-10,
) -> Array:
    """Find where increasing functions cross zero, by safeguarded Newton steps.

    Parameters
    ----------
    function : callable
        Takes an array of the shape of ``start``; returns the values and slopes.
        Its values must change sign on the real line.
    start : array
        Where to begin.
    low, high : array, optional
        Bounds of the roots; searched for about ``start`` if not given.
    tolerance : float
        Relative length of the last Newton step, whose square is the error.

    Returns
    -------
    array
        Roots to about the precision of the function's values.
    """
    x = np.asarray(start, dtype=float)
    if low is None or high is None:
        low, high = _bracket(function, x)
    x = np.clip(x, low, high)
    for _ in range(_MAX_ITERATIONS):
        value, slope = function(x)
        low = np.where(value <= 0, x, low)
        high = np.where(value >= 0, x, high)
        step = -value / np.where(slope > 0, slope, 1.0)
        # Newton's error is squared by a step, so after a small one it is nil.
        small = (slope > 0) & (np.abs(step) <= tolerance * np.maximum(np.abs(x), 1.0))
        inside = (slope > 0) & (x + step > low) & (x + step < high)
        middle = low + (high - low) / 2
        narrow = high - low <= 4e-16 * np.maximum(np.abs(x), 1.0)
        x = np.where(small | inside, x + step, np.where(narrow, x, middle))
        if np.all(small | narrow):
            break
    return x


def _bracket(
    function: Callable[[Array], tuple[Array, Array]], x: Array
) -> tuple[Array, Array]:
    low, high, width = x - 1.0, x + 1.0, 1.0
    for _ in range(12):
        too_high, too_low = function(low)[0] > 0, function(high)[0] < 0
        if not (too_high.any() or too_low.any()):
            break
        width *= 2
        low = np.where(too_high, low - width, low)
        high = np.where(too_low, high + width, high)
    return low, high


def maximum(
    value: Callable[[Array], Array],
    derivatives: Callable[[Array], tuple[Array, Array]],
    start: Array,
    highest: Array,
) -> tuple[Array, Array]:
    """Climb to maxima by Newton steps, short and halved until they rise.

    Parameters
    ----------
    value : callable
        Takes ``(sets, p)`` points; returns ``(sets,)`` values.
    derivatives : callable
        Takes the same; returns ``(sets, p)`` gradients and ``(sets, p, p)``
        Hessians.
    start : (sets, p) array
    highest : (p,) array
        Coordinates that a climb passes only if there is no maximum.

    Returns
    -------
    at : (sets, p) array
    covariance : (sets, p, p) array
        Inverse of the negative Hessian; both NaN where there is no maximum.
    """
    at = np.asarray(start, dtype=float)
    height = value(at)
    for _ in range(_MAX_ITERATIONS):
        gradient, hessian = derivatives(at)
        step = newton_step(gradient, hessian)
        step = step / np.maximum(np.abs(step).max(axis=-1, keepdims=True), 1.0)
        step = np.where(np.any(at > highest, axis=-1, keepdims=True), 0.0, step)
        for _ in range(30):
            reached = value(at + step)
            fell = reached < height - 1e-12 * np.abs(height)
            if not fell.any():
                break
            step = np.where(np.expand_dims(fell, -1), step / 2, step)
        at, height = at + step, reached
        if np.all(np.abs(step) < 1e-10 * np.maximum(np.abs(at), 1.0)):
            break
    hessian = derivatives(at)[1]
    found = (at <= highest).all(axis=-1) & (np.linalg.eigvalsh(hessian) < 0).all(
        axis=-1
    )
    covariance = np.full(hessian.shape, np.nan)
    covariance[found] = np.linalg.inv(-hessian[found])
    return np.where(np.expand_dims(found, -1), at, np.nan), covariance


def newton_step(gradient: Array, hessian: Array) -> Array:
    """Return Newton's step, taking every curvature for negative."""
    curvatures, directions = np.linalg.eigh(hessian)
    along = np.einsum("sij,si->sj", directions, gradient)
    lengths = along / np.maximum(np.abs(curvatures), 1e-8)
    return np.asarray(np.einsum("sij,sj->si", directions, lengths))


def scalar_root(
    function: Callable[[float], tuple[float, float]], start: float
) -> float:
    """Find where one increasing function crosses zero; see :func:`increasing_root`.

    Parameters
    ----------
    function : callable
        Returns its value, which may be infinite, and its slope.
    start : float

    Returns
    -------
    float
        To about the precision of the function's values.
    """
    x, low, high, reach = start, -math.inf, math.inf, 1.0
    for _ in range(_MAX_ITERATIONS):
        value, slope = function(x)
        if value == 0:
            return x
        if value < 0:
            low = x
        else:
            high = x
        step = -value / slope if slope > 0 and math.isfinite(value) else math.inf
        if abs(step) <= 1e-10 * max(abs(x), 1.0):
            return x + step
        if high - low <= 4e-16 * max(abs(x), 1.0):
            return x
        if low < x + step < high and abs(step) <= max(reach, abs(high - low) / 2):
            x += step
        elif math.isinf(low) or math.isinf(high):
            x += math.copysign(reach, -value)
            reach *= 2
        else:
            x = low + (high - low) / 2
    return x
