"""How much one trial matters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from analysis.meta.results import Heterogeneity, Pooled


def leave_one_out(pool: Callable[..., Pooled], *counts: ArrayLike) -> Pooled:
    """Pool again with each trial left out.

    Parameters
    ----------
    pool : callable
        Any pool of this package, such as :func:`analysis.meta.peto`; bind its
        options with :func:`functools.partial`.
    *counts : (..., k) array_like
        Its counts, in its order.

    Returns
    -------
    Pooled
        With a last batch axis of length k: entry i omits trial i.

    Raises
    ------
    ValueError
        For a single trial, or whatever the pool refuses.
    """
    pool(*counts)  # refuses bad counts under the trials' own numbers
    arrays = [np.asarray(count) for count in counts]
    k = arrays[0].shape[-1]
    if k < 2:
        raise ValueError("leaving out the only trial leaves none to pool")
    kept = np.array([[j for j in range(k) if j != i] for i in range(k)])
    return pool(*(array[..., kept] for array in arrays))


def cumulative(pool: Callable[..., Pooled], *counts: ArrayLike) -> Pooled:
    """Pool again as each trial is added, in the order given.

    Parameters
    ----------
    pool : callable
        Any pool of this package; see :func:`leave_one_out`.
    *counts : (..., k) array_like
        Its counts, in its order.

    Returns
    -------
    Pooled
        With a last batch axis of length k: entry i pools the first i + 1
        trials. Without trial effects, whose number varies.

    Raises
    ------
    ValueError
        For whatever the pool refuses.
    """
    pool(*counts)  # refuses bad counts whole
    arrays = [np.asarray(count) for count in counts]
    return _stacked(
        [
            pool(*(array[..., :end] for array in arrays))
            for end in range(1, arrays[0].shape[-1] + 1)
        ]
    )


def _stacked(steps: list[Pooled]) -> Pooled:
    def stack(parts: list[Any]) -> Any:
        if isinstance(parts[0], np.ndarray):
            return np.stack(parts, axis=-1)
        if isinstance(parts[0], Heterogeneity):
            return Heterogeneity(**columns(parts))
        return parts[-1]

    def columns(parts: list[Any]) -> dict[str, Any]:
        names = [field.name for field in fields(parts[0])]
        return {name: stack([getattr(part, name) for part in parts]) for name in names}

    reasons = dict.fromkeys(step.reason for step in steps if step.reason)
    joined = Pooled(**columns([replace(step, trials=None) for step in steps]))
    return replace(joined, reason="; ".join(reasons))
