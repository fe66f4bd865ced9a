"""Whether Peto's statistics of a scope agree with where its events lie.

Given the events a and m = a + c of each informative trial, V, O - E and Q
depend on its share r of treated patients and, weakly, on its size: with
v = r (1 - r) and f = (N - m)/(N - 1), which is at most 1,

    V = sum m v f,   O - E = sum (a - m r),   Q = sum (a - m r)² / (m v f) - (O - E)²/V.

Boxes of shares are bisected until each is proved impossible or too small to
matter (interval arithmetic). A pattern is impossible when no box is left. The
losses m v (1 - f) come out of the same V, which bounds every f from below.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from analysis.reconstruction.arms import sizes_alone
from analysis.reconstruction.constraints import Problem
from analysis.reconstruction.regions import Region, regions

Array = NDArray[np.float64]
Counts = NDArray[np.int64]

_SMALLEST = 4e-3  # width of a share from which a box counts as possible
_MOST_BOXES = 200_000
_MOST_TRIALS = 4


def is_possible(problem: Problem, pattern: Counts) -> bool:
    """Whether some box of shares agrees with a pattern of events, (k, 2)."""
    groups = np.array([trial.group for trial in problem.trials])
    sizes = np.zeros((len(pattern), 2))
    for name in problem.classes:
        mine = groups == name
        sizes[mine] = sizes_alone(problem, name, pattern[mine, 0])
    for region in regions(problem):
        with_events = np.isin(groups, list(region.classes)) & (pattern.sum(-1) > 0)
        if region.pool != "peto" or not region.spread:
            continue
        rows = np.concatenate([pattern, sizes], axis=1)[with_events]
        if 0 < len(rows) <= _MOST_TRIALS and not _some_box(
            problem.limits.allocation, region, tuple(map(tuple, rows.tolist()))
        ):
            return False
    return True


@lru_cache(maxsize=4096)
def _some_box(
    allocation: float, region: Region, trials: tuple[tuple[float, ...], ...]
) -> bool:
    """Whether a box is left for trials of given events and limits of size."""
    rows = np.array(trials)
    events, sizes = rows[:, :2], rows[:, 2:]
    few = 1 / (1 + allocation)
    boxes = np.tile([few, 1 - few], (1, len(rows), 1))
    m = events.sum(axis=-1)
    q = region.q(len(rows) - 1)
    while True:
        boxes = boxes[_may_hold(region, (q.low, q.high), events, sizes, boxes)]
        if not len(boxes):
            return False
        width = boxes[0, :, 1] - boxes[0, :, 0]
        if len(boxes) > _MOST_BOXES or width.max() < _SMALLEST:
            return True
        boxes = _bisect(boxes, int(np.argmax(width * np.sqrt(m))))


def _bisect(boxes: Array, trial: int) -> Array:
    middle = boxes[:, trial].mean(axis=1)
    low, high = boxes.copy(), boxes.copy()
    low[:, trial, 1] = high[:, trial, 0] = middle
    return np.concatenate([low, high])


def _may_hold(
    region: Region,
    q: tuple[float, float],
    events: Array,
    sizes: Array,
    boxes: Array,
) -> NDArray[np.bool_]:
    """Whether anything in each box can agree with what was published, (boxes,)."""
    a, m = events[:, 0], events.sum(axis=-1)
    low, high = boxes[..., 0], boxes[..., 1]
    ends = np.stack([low * (1 - low), high * (1 - high)], axis=-1)
    v_low = m * ends.min(axis=-1)
    v_most = m * np.where((low < 0.5) & (high > 0.5), 0.25, ends.max(axis=-1))
    v_high = v_most * (1 - (m - 1) / (sizes[:, 1] / low - 1))
    possible = v_high.sum(axis=-1) >= region.weight.low
    excess_low, excess_high = a - m * high, a - m * low
    total_low, total_high = excess_low.sum(axis=-1), excess_high.sum(axis=-1)
    total_low = np.maximum(total_low, region.product.low)
    total_high = np.minimum(total_high, region.product.high)
    possible &= total_low <= total_high
    square_high = np.maximum(excess_low**2, excess_high**2)
    apart = (excess_low > 0) | (excess_high < 0)
    square_low = np.where(apart, np.minimum(excess_low**2, excess_high**2), 0.0)
    within_low = (square_low / v_high).sum(axis=-1)
    # Losses m v (1 - f) raise Q, most so where one trial has them all. They are
    # bounded by V as published and by the least size of the trial.
    loss = np.maximum(v_most.sum(axis=-1) - region.weight.low, 0.0)
    lost = np.minimum(loss[:, None], v_most * (m - 1) / (sizes[:, 0] / high - 1))
    with np.errstate(divide="ignore"):
        raised = square_high / np.maximum(v_low - lost, 0.0) - square_high / v_low
    within_high = (square_high / v_low).sum(axis=-1) + raised.max(axis=-1)
    both = np.maximum(total_low**2, total_high**2)
    one_sided = (total_low > 0) | (total_high < 0)
    least = np.where(one_sided, np.minimum(total_low**2, total_high**2), 0.0)
    if region.weight.low > 0:
        possible &= within_low - both / region.weight.low <= q[1]
    possible &= within_high - least / region.weight.high >= q[0]
    return np.asarray(possible)
