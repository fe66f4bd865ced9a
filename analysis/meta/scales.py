"""From the scale of an analysis to the one that readers know, and back."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit

Array = NDArray[np.float64]

MEASURES = ("OR", "PLOGIT", "PFT", "PRAW", "RD", "ASD")


def to_natural(estimate: ArrayLike, measure: str) -> Array:
    """Back-transform an estimate or a limit.

    Parameters
    ----------
    estimate : array_like
        On the scale of ``measure``.
    measure : {"OR", "PLOGIT", "PFT", "PRAW", "RD", "ASD"}
        See :class:`analysis.meta.results.Pooled`. Proportions pooled as
        Freeman-Tukey arcsines (PFT) are on the scale
        ``(asin(sqrt(x / (n + 1))) + asin(sqrt((x + 1) / (n + 1)))) / 2`` and
        go back as ``sin(.) ** 2``, without the harmonic mean of Miller (1978),
        which can reverse the order of two pools.

    Returns
    -------
    array
        Odds ratio, proportion or difference; an arcsine difference has no
        natural scale and stays as it is.

    Raises
    ------
    ValueError
        For an unknown measure.
    """
    x = np.asarray(estimate, dtype=float)
    if measure == "OR":
        with np.errstate(over="ignore"):
            return np.asarray(np.exp(x))
    if measure == "PLOGIT":
        return np.asarray(expit(x))
    if measure == "PFT":
        return np.asarray(np.sin(np.clip(x, 0.0, np.pi / 2)) ** 2)
    if measure in ("PRAW", "RD", "ASD"):
        return x
    raise ValueError(_unknown(measure))


def from_natural(number: ArrayLike, measure: str) -> Array:
    """Transform an odds ratio, proportion or difference to ``measure``.

    The inverse of :func:`to_natural`; 0 and infinity (odds ratios), 0 and 1
    (logits) go to the infinities.
    """
    x = np.asarray(number, dtype=float)
    if measure == "OR":
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(x))
    if measure == "PLOGIT":
        return np.asarray(logit(x))
    if measure == "PFT":
        return np.asarray(np.arcsin(np.sqrt(x)))
    if measure in ("PRAW", "RD", "ASD"):
        return x
    raise ValueError(_unknown(measure))


def _unknown(measure: str) -> str:
    return f"unknown measure {measure!r}: expected one of {', '.join(MEASURES)}"
