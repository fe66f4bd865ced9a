"""How many decimals a P value prints with, in the letter and its supplements."""

from __future__ import annotations

import math

LEVEL = 0.05  # of significance, as the published letter set it
DECIMALS = 2  # as the published letter prints
_MOST = 6


def p_decimals(p: float) -> int:
    """Return two decimals, or as many more as show on which side of 0.05 it lies.

    Parameters
    ----------
    p : float
        NaN where there is none.

    Examples
    --------
    >>> [p_decimals(p) for p in (0.0009, 0.0212, 0.0504, 0.04996)]
    [2, 2, 4, 5]
    """
    decimals = DECIMALS
    while (
        math.isfinite(p)
        and p != LEVEL
        and round(p, decimals) == LEVEL
        and decimals < _MOST
    ):
        decimals += 1
    return decimals
