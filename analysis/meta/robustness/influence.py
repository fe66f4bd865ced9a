"""How much one trial matters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from analysis.meta.results import Array, Pooled, Result, TrialEffects

_AT_ONCE = 2_000_000


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
        With a last batch axis of length k: entry i omits trial i. Memory grows
        with the number of trials, time with its square.

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
    portion = max(_AT_ONCE // (k * max(arrays[0].size // k, 1)), 1)
    parts = []
    for start in range(0, k, portion):
        left_out = np.arange(start, min(start + portion, k))[:, np.newaxis]
        kept = np.arange(k - 1) + (np.arange(k - 1) >= left_out)
        parts.append(pool(*(array[..., kept] for array in arrays)))
    return parts[0] if len(parts) == 1 else _put_together(parts)


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
    """Put pools of growing numbers of trials on a last batch axis."""
    joined: Pooled = _joined(
        [replace(step, trials=None) for step in steps],
        lambda parts, _: np.stack(parts, axis=-1),
    )
    return replace(joined, reason=_reasons(steps))


def _put_together(parts: list[Pooled]) -> Pooled:
    """Put pools with a last batch axis one behind the other."""

    def join(arrays: list[Array], of_trials: bool) -> Array:
        return np.concatenate(arrays, axis=-2 if of_trials else -1)

    joined: Pooled = _joined(parts, join)
    return replace(joined, reason=_reasons(parts))


def _joined(parts: list[Any], join: Callable[[list[Array], bool], Array]) -> Any:
    """Join results field by field."""
    first = parts[0]
    if isinstance(first, np.ndarray):
        return join(parts, False)
    if isinstance(first, TrialEffects):
        return TrialEffects(
            *(
                join([getattr(part, field.name) for part in parts], True)
                for field in fields(first)
            )
        )
    if isinstance(first, Result):
        return type(first)(
            **{
                field.name: _joined([getattr(part, field.name) for part in parts], join)
                for field in fields(first)  # type: ignore[arg-type]
            }
        )
    return parts[-1]


def _reasons(parts: list[Pooled]) -> str:
    return "; ".join(dict.fromkeys(part.reason for part in parts if part.reason))
