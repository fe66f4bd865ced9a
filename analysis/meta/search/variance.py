"""The highest maximum of a function of one variance, with its certificate."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from analysis.meta.results import Array, Certificate
from analysis.meta.search.optimum import increasing_root

_STEP = 0.25  # of log(variance + offset), in which 1/(v + t) changes by as much
_FINER = 16
_AT_ONCE = 4_000_000

Rows = NDArray[np.intp]


def highest_over_variance(
    value: Callable[[Rows, Array], Array],
    slopes: Callable[[Rows, Array], tuple[Array, Array]],
    offset: Array,
    most: Array,
    width: int,
) -> tuple[Array, Certificate]:
    """Find the variance, from 0 up, at which each of many functions is highest.

    Every stationary point between the ends is found by the changes of sign of the
    slope on a grid that is even in the logarithm of variance + offset; where the
    slope turns back towards 0 within a cell, the cell is searched again, more
    finely. All maxima and both ends are then compared.

    Parameters
    ----------
    value, slopes : callable
        Take ``(n,)`` rows and variances; return the function there, and its
        first and second derivatives.
    offset : (sets,) array
        Above 0: the smallest scale on which the function changes.
    most : (sets,) array
        Beyond it the function falls.
    width : int
        Numbers that a call handles a row, which limits how many are asked at once.

    Returns
    -------
    at : (sets,) array
    Certificate
        Slopes in the logarithm of variance + offset.
    """
    sets = offset.size
    span = np.log1p(most / offset)
    cells = max(int(np.ceil(span.max(initial=1.0) / _STEP)), 4)
    candidates = [(np.arange(sets), np.zeros(sets))]
    portion = max(_AT_ONCE // ((cells + 1) * max(width, 1)), 1)
    for start in range(0, sets, portion):
        row = np.arange(start, min(start + portion, sets))
        candidates += _maxima(slopes, row, offset, span, cells)
    row = np.concatenate([rows for rows, _ in candidates])
    at = np.concatenate([variances for _, variances in candidates])
    height = np.concatenate(
        [
            value(row[i : i + portion], at[i : i + portion])
            for i in range(0, row.size, portion)
        ]
    )
    # The last of each row's candidates by height; the end at 0 wins a tie.
    order = np.lexsort((-at, height, row))
    best = order[np.flatnonzero(np.append(np.diff(row[order]) != 0, True))]
    found, top = at[best], height[best]
    all_rows = np.arange(sets)
    zero_slope = slopes(all_rows, np.zeros(sets))[0]
    first, second = slopes(all_rows, found)
    scale = found + offset
    inside = found > 0
    curvature = np.where(inside, second * scale**2 + first * scale, -np.inf)
    slope = np.abs(first * scale) / np.sqrt(np.maximum(-curvature, 1e-300))
    number = np.bincount(row, minlength=sets) - 1 + (zero_slope <= 0)
    return found, Certificate(
        log_likelihood=top,
        slope=np.where(inside, slope, 0.0),
        curvature=curvature,
        at_zero=height[:sets],
        at_most=value(all_rows, most),
        maxima=np.asarray(number, dtype=float),
        integration_error=np.zeros(sets),
    )


def _maxima(
    slopes: Callable[[Rows, Array], tuple[Array, Array]],
    row: Rows,
    offset: Array,
    span: Array,
    cells: int,
) -> list[tuple[Rows, Array]]:
    """Return where the functions of some rows have their maxima inside."""

    def variance(rows: Rows, share: Array) -> Array:
        return np.asarray(offset[rows] * np.expm1(span[rows] * share))

    share = np.broadcast_to(np.linspace(0, 1, cells + 1), (row.size, cells + 1))
    rows = np.broadcast_to(row[:, np.newaxis], share.shape)
    first, second = (
        x.reshape(share.shape)
        for x in slopes(rows.ravel(), variance(rows, share).ravel())
    )
    left, right = first[:, :-1], first[:, 1:]
    falls = (left > 0) & (right <= 0)
    # A cell whose slope has one sign at both ends but bends to 0 between them.
    bends = (left * right > 0) & (
        ((left > 0) & (second[:, :-1] < 0) & (second[:, 1:] > 0))
        | ((left < 0) & (second[:, :-1] > 0) & (second[:, 1:] < 0))
    )
    brackets = [(rows[:, :-1][falls], share[:, :-1][falls], share[:, 1:][falls])]
    if bends.any():
        parts = np.arange(_FINER + 1) / (_FINER * cells)
        fine = share[:, :-1][bends][:, np.newaxis] + parts
        fine_rows = np.broadcast_to(rows[:, :-1][bends][:, np.newaxis], fine.shape)
        again = slopes(fine_rows.ravel(), variance(fine_rows, fine).ravel())[0]
        again = again.reshape(fine.shape)
        falls = (again[:, :-1] > 0) & (again[:, 1:] <= 0)
        brackets.append(
            (fine_rows[:, :-1][falls], fine[:, :-1][falls], fine[:, 1:][falls])
        )
    rows, low, high = (np.concatenate(part) for part in zip(*brackets, strict=True))
    if rows.size == 0:
        return []

    def descent(at: Array) -> tuple[Array, Array]:
        first, second = slopes(rows, at)
        return -first, -second

    low, high = variance(rows, low), variance(rows, high)
    return [(rows, increasing_root(descent, (low + high) / 2, low, high))]
