"""From the scale of an analysis to the one that readers know, and back."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit

Array = NDArray[np.float64]

NAMES = {
    "OR": "odds ratio",
    "RR": "risk ratio",
    "PLOGIT": "proportion",
    "PFT": "proportion",
    "PAS": "proportion",
    "PRAW": "proportion",
    "RD": "risk difference",
    "ASD": "arcsine difference",
}
MEASURES = tuple(NAMES)
RATIOS = ("OR", "RR")


def to_natural(
    estimate: ArrayLike, measure: str, sample_size: ArrayLike | None = None
) -> Array:
    """Back-transform an estimate or a limit.

    Parameters
    ----------
    estimate : array_like
        On the scale of ``measure``.
    measure : str
        One of :data:`MEASURES`; see :class:`analysis.meta.results.Pooled`.
    sample_size : array_like, optional
        Patients behind a Freeman-Tukey estimate, which PFT needs.

    Returns
    -------
    array
        Ratio, proportion or difference; an arcsine difference has no
        natural scale and stays as it is.

    Raises
    ------
    ValueError
        For an unknown measure, or PFT without sample size.
    """
    x = np.asarray(estimate, dtype=float)
    if measure in RATIOS:
        with np.errstate(over="ignore"):
            return np.asarray(np.exp(x))
    if measure == "PLOGIT":
        return np.asarray(expit(x))
    if measure == "PFT":
        if sample_size is None:
            raise ValueError("PFT: expected a sample size to back-transform with")
        return _inverse_freeman_tukey(x, np.asarray(sample_size, dtype=float))
    if measure == "PAS":
        return np.asarray(np.sin(np.clip(x, 0.0, np.pi / 2)) ** 2)
    if measure in ("PRAW", "RD", "ASD"):
        return x
    raise ValueError(_unknown(measure))


def double_arcsine(events: ArrayLike, n: ArrayLike) -> Array:
    """Return the mean of the two arcsines of Freeman and Tukey (1950)."""
    x, total = np.asarray(events, dtype=float), np.asarray(n, dtype=float)
    below, above = np.sqrt(x / (total + 1)), np.sqrt((x + 1) / (total + 1))
    return np.asarray((np.arcsin(below) + np.arcsin(above)) / 2)


def _inverse_freeman_tukey(x: Array, n: Array) -> Array:
    # Miller JJ. The inverse of the Freeman-Tukey double arcsine transformation.
    # Am Stat 1978;32:138.
    lowest, highest = double_arcsine(0.0, n), double_arcsine(n, n)
    sine = np.sin(2 * np.clip(x, lowest, highest))
    root = np.sqrt(np.maximum(1 - (sine + (sine - 1 / sine) / n) ** 2, 0.0))
    p = (1 - np.sign(np.cos(2 * x)) * root) / 2
    return np.where(x <= lowest, 0.0, np.where(x >= highest, 1.0, p))


def from_natural(number: ArrayLike, measure: str) -> Array:
    """Transform a ratio, proportion or difference to ``measure``.

    The inverse of :func:`to_natural`, but for PFT, which starts from counts.

    Parameters
    ----------
    number : array_like
    measure : str
        One of :data:`MEASURES` but PFT.

    Returns
    -------
    array
        0 and infinity (ratios), 0 and 1 (logits) go to the infinities.

    Raises
    ------
    ValueError
        For another measure.
    """
    x = np.asarray(number, dtype=float)
    if measure in RATIOS:
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(x))
    if measure == "PLOGIT":
        return np.asarray(logit(x))
    if measure == "PAS":
        return np.asarray(np.arcsin(np.sqrt(x)))
    if measure in ("PRAW", "RD", "ASD"):
        return x
    raise ValueError(_unknown(measure))


def _unknown(measure: str) -> str:
    return f"unknown measure {measure!r}: expected one of {', '.join(MEASURES)}"
