"""How much one trial matters."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from analysis.meta.results import Pooled


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
    arrays = [np.asarray(count) for count in counts]
    k = arrays[0].shape[-1]
    if k < 2:
        raise ValueError("leaving out the only trial leaves none to pool")
    pool(*arrays)  # refuses bad counts under the trials' own numbers
    kept = np.array([[j for j in range(k) if j != i] for i in range(k)])
    return pool(*(array[..., kept] for array in arrays))
