"""Exact conditional odds ratio: Fisher's non-central hypergeometric law."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import ArrayLike

from analysis.meta.counts import check_level, two_arms
from analysis.meta.inference import why
from analysis.meta.odds_ratio import ONE_SIDED, UNINFORMATIVE
from analysis.meta.optimum import increasing_root
from analysis.meta.results import Array, Pooled

_TIE = 1 + 1e-7  # as in R's mantelhaen.test and fisher.test


def exact_conditional(
    events_treated: ArrayLike,
    n_treated: ArrayLike,
    events_control: ArrayLike,
    n_control: ArrayLike,
    *,
    level: float = 0.95,
) -> Pooled:
    """Estimate a common odds ratio conditional on each trial's number of events.

    Parameters
    ----------
    events_treated, n_treated, events_control, n_control : (..., k) array_like
        Counts of k trials, with any leading batch axes.
    level : float
        Confidence level in (0, 1).

    Returns
    -------
    Pooled
        Conditional maximum likelihood estimate of the log odds ratio; limits by
        inverting two one-sided exact tests; ``p`` sums the probabilities of all
        tables no more probable than the observed one, under an odds ratio of 1.
        Limits and ``p`` can therefore disagree about 1. ``se`` is from the
        conditional information. With all events in one arm the estimate and one
        limit are infinite, and ``se`` is NaN.

    Raises
    ------
    ValueError
        For impossible counts, naming the trial.

    Notes
    -----
    ``mantelhaen.test(exact = TRUE)`` of R defines the same quantities but stops
    its root searches at a tolerance of 1e-4; the roots here are exact to
    rounding.

    References
    ----------
    Mehta CR, Patel NR, Gray R. Computing an exact confidence interval for the
    common odds ratio in several 2 x 2 contingency tables. J Am Stat Assoc
    1985;80:969-73.
    """
    check_level(level)
    counts = two_arms(events_treated, n_treated, events_control, n_control)
    *batch, k_all = counts.shape
    answers = np.empty((*batch, 5))
    for place, *cells in counts.each():
        answers[place] = _answer(*cells, level=level)
    estimate, se, low, high, p = (answers[..., i] for i in range(5))
    k = np.asarray(counts.informative.sum(axis=-1), dtype=float)
    return Pooled(
        method="exact-conditional",
        measure="OR",
        level=level,
        k=k,
        k_all=np.full(k.shape, float(k_all)),
        estimate=estimate,
        se=se,
        ci_low=low,
        ci_high=high,
        z=np.full(k.shape, np.nan),
        p=p,
        heterogeneity=None,
        trials=None,
        reason=why(np.isinf(estimate), ONE_SIDED) or why(k == 0, UNINFORMATIVE),
    )


@dataclass(frozen=True)
class _Law:
    """Events of the treated arms, given the margins, about a log odds ratio."""

    excess: Array  # treated events, less the observed ones
    log_probability: Array  # under ``log_or``
    log_or: float

    def weights(self, log_or: Array) -> Array:
        """Probabilities under another log odds ratio."""
        log_weights = self.log_probability + (log_or - self.log_or) * self.excess
        weights = np.exp(log_weights - log_weights.max())
        return np.asarray(weights / weights.sum())


def _answer(a: Array, n1: Array, c: Array, n2: Array, *, level: float) -> list[float]:
    lowest = np.maximum(0.0, a + c - n2).sum()
    highest = np.minimum(n1, a + c).sum()
    observed = a.sum()
    if lowest == highest:
        return [np.nan] * 5
    null = _law(a, n1, c, n2, 0.0)
    probability = null.weights(np.zeros(()))
    seen = probability[null.excess == 0]
    p = min(float(probability[probability <= seen * _TIE].sum()), 1.0)
    tail = (1 - level) / 2
    if observed == lowest:
        return [-np.inf, np.nan, -np.inf, _limit(null, -1, tail), p]
    if observed == highest:
        return [np.inf, np.nan, _limit(null, 1, tail), np.inf, p]

    def score(log_or: Array) -> tuple[Array, Array]:
        weights = law.weights(log_or)
        mean = weights @ law.excess
        return mean, weights @ law.excess**2 - mean**2

    # Convolved about Mantel and Haenszel's estimate, so that nothing underflows.
    total = n1 + n2
    start = np.log((a * (n2 - c) / total).sum() / ((n1 - a) * c / total).sum())
    law = _law(a, n1, c, n2, float(start))
    estimate = increasing_root(score, start)
    information = score(estimate)[1]
    return [
        float(estimate),
        float(1 / np.sqrt(information)),
        _limit(law, 1, tail),
        _limit(law, -1, tail),
        p,
    ]


def _limit(law: _Law, side: int, tail: float) -> float:
    """Return the log odds ratio that leaves ``tail`` beyond the observed events.

    ``side`` is 1 for the upper tail, whose probability grows with the log odds
    ratio and gives the lower limit, and -1 for the lower tail.
    """
    beyond = side * law.excess >= 0

    def excess_log_tail(log_or: Array) -> tuple[Array, Array]:
        weights = law.weights(log_or)
        probability = weights[beyond].sum()
        if probability == 0:
            return np.asarray(-side * np.inf), np.zeros(())
        conditional = weights[beyond] @ law.excess[beyond] / probability
        slope = side * (conditional - weights @ law.excess)
        return side * (np.log(probability) - np.log(tail)), slope

    return float(increasing_root(excess_log_tail, np.asarray(law.log_or)))


def _law(a: Array, n1: Array, c: Array, n2: Array, log_or: float) -> _Law:
    laws = [
        _one_trial(x1, m1, x2, m2, log_or)
        for x1, m1, x2, m2 in zip(a, n1, c, n2, strict=True)
        if 0 < x1 + x2 < m1 + m2
    ]
    probability = reduce(np.convolve, laws)
    first = np.maximum(0.0, a + c - n2).sum() - a.sum()
    with np.errstate(divide="ignore"):
        log_probability = np.log(probability)
    return _Law(first + np.arange(probability.size), log_probability, log_or)


def _one_trial(a: float, n1: float, c: float, n2: float, log_or: float) -> Array:
    m = a + c
    lowest, highest = max(0.0, m - n2), min(n1, m)
    x = np.arange(lowest, highest)
    steps = np.log((n1 - x) * (m - x) / ((x + 1) * (n2 - m + x + 1))) + log_or
    log_weights = np.concatenate(([0.0], np.cumsum(steps)))
    weights = np.exp(log_weights - log_weights.max())
    return np.asarray(weights / weights.sum())
