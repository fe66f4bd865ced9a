"""Exact conditional odds ratio: Fisher's non-central hypergeometric law."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from analysis.meta.binary.hypergeometric import Law, Trials, of_sum
from analysis.meta.binary.odds_ratio import ONE_SIDED, UNINFORMATIVE
from analysis.meta.counts import TwoArms, of_two_arms
from analysis.meta.pooling.inference import why
from analysis.meta.results import Array, Certificate, Pooled
from analysis.meta.search.optimum import scalar_root

_TIE = 1 + 1e-7  # as in R's mantelhaen.test and fisher.test
_SEEN = -600.0  # log probability below which a law may have lost digits


@of_two_arms
def exact_conditional(
    counts: TwoArms, *, mid_p: bool = False, level: float = 0.95
) -> Pooled:
    """Estimate a common odds ratio conditional on each trial's number of events.

    Parameters
    ----------
    mid_p : bool
        Whether the observed table counts half in either tail, which makes the
        tests less conservative; ``p`` is then twice the smaller tail.

    Returns
    -------
    Pooled
        Conditional maximum likelihood estimate of the log odds ratio; limits by
        inverting two one-sided exact tests; ``p`` sums the probabilities of all
        tables no more probable than the observed one, under an odds ratio of 1.
        Limits and ``p`` can therefore disagree about 1. ``se`` is from the
        conditional information. With all events in one arm the estimate and one
        limit are infinite, and ``se`` is NaN.

    Notes
    -----
    ``mantelhaen.test(exact = TRUE)`` of R defines the same quantities but stops
    its root searches at a tolerance of 1e-4; the roots here are exact to
    rounding. The law of the sum is made about the odds ratio at which a tail is
    wanted, so that no probability underflows; of supports longer than 4,096
    numbers, what is below e**-80 of the mode is left out, so that neither time
    nor memory grows with the arms.

    References
    ----------
    Mehta CR, Patel NR, Gray R. Computing an exact confidence interval for the
    common odds ratio in several 2 x 2 contingency tables. J Am Stat Assoc
    1985;80:969-73.

    Berry G, Armitage P. Mid-P confidence intervals: a brief review. Statistician
    1995;44:417-23.

    Examples
    --------
    >>> pooled = exact_conditional([1000], [1000], [0], [1000])
    >>> print(pooled.estimate, f"{pooled.ci_low:.4f}")
    inf 11.8167
    """
    *batch, k_all = counts.shape
    answers = np.empty((*batch, 7))
    for place, *cells in counts.each():
        answers[place] = _answer(*cells, level=level, mid_p=mid_p)
    estimate, se, low, high, p, height, slope = (
        np.asarray(x) for x in np.moveaxis(answers, -1, 0)
    )
    k = np.asarray(counts.informative.sum(axis=-1), dtype=float)
    inside = np.isfinite(estimate)
    nothing = np.where(inside, -np.inf, np.nan)
    return Pooled(
        method="exact-mid-p" if mid_p else "exact-conditional",
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
        details=(
            "conditional on the events of each trial",
            "mid-P limits" if mid_p else "exact limits",
        ),
        certificate=Certificate(
            log_likelihood=height,
            slope=slope,
            curvature=-1 / np.asarray(se) ** 2,
            at_zero=nothing,
            at_most=nothing,
            maxima=np.where(inside, 1.0, np.nan),
            integration_error=np.where(inside, 0.0, np.nan),
        ),
    )


def _answer(
    a: Array, n1: Array, c: Array, n2: Array, *, level: float, mid_p: bool
) -> list[float]:
    used = (a + c > 0) & (a + c < n1 + n2)
    if not used.any():
        return [math.nan] * 7
    a, n1, c, n2 = a[used], n1[used], c[used], n2[used]
    trials = Trials(n1, n2, a + c)
    observed = float(a.sum())
    tail = (1 - level) / 2 * (2 if mid_p else 1)
    for side, ends in ((-1, trials.lowest), (1, trials.highest)):
        if observed == ends.sum():
            limit = _limit_at_end(trials, side, tail)
            limits = [limit, math.inf] if side > 0 else [-math.inf, limit]
            p = _p_value(of_sum(trials.laws(0.0)), 0.0, observed, mid_p)
            return [side * math.inf, math.nan, *limits, p, 0.0, math.nan]

    def excess(log_or: float) -> tuple[float, float]:
        mean, variance = trials.mean_and_variance(log_or)
        return mean - observed, variance

    total = n1 + n2
    start = math.log((a * (n2 - c) / total).sum() / ((n1 - a) * c / total).sum())
    estimate = scalar_root(excess, start)
    slope, information = excess(estimate)
    law = of_sum(trials.laws(estimate))
    tail = (1 - level) / 2
    z = -1.96 / math.sqrt(information)
    limits = [
        _limit(trials, law, estimate, estimate + side * z, side, observed, tail, mid_p)
        for side in (1, -1)
    ]
    null = law if _reaches(law, -estimate) else of_sum(trials.laws(0.0))
    tilt = -estimate if null is law else 0.0
    return [
        estimate,
        1 / math.sqrt(information),
        *limits,
        _p_value(null, tilt, observed, mid_p),
        float(np.log(law.probability[int(observed - law.first)])),
        abs(slope) / math.sqrt(information),
    ]


def _tilted(law: Law, tilt: float) -> Array:
    """Probabilities under a log odds ratio that is larger by ``tilt``."""
    if tilt == 0:
        return law.probability
    with np.errstate(divide="ignore"):
        log_weight = np.log(law.probability)
    log_weight += tilt * np.arange(law.probability.size)
    weight = np.exp(log_weight - log_weight.max())
    return np.asarray(weight / weight.sum())


def _reaches(law: Law, tilt: float) -> bool:
    """Whether a tilted law rests on probabilities that have all their digits."""
    with np.errstate(divide="ignore"):
        log_probability = np.log(law.probability)
    tilted = log_probability + tilt * np.arange(law.probability.size)
    mass = tilted > tilted.max() - 40
    return bool(log_probability[mass].min() > _SEEN) and law.probability.size < 4096


def _p_value(law: Law, tilt: float, observed: float, mid_p: bool) -> float:
    probability = _tilted(law, tilt)
    at = int(observed - law.first)
    inside = 0 <= at < probability.size
    seen = float(probability[at]) if inside else 0.0
    if mid_p:
        above = float(probability[max(at + 1, 0) :].sum()) + seen / 2
        return min(2 * min(above, 1 - above), 1.0)
    return min(float(probability[probability <= seen * _TIE].sum()), 1.0)


def _limit(
    trials: Trials,
    law: Law,
    about: float,
    start: float,
    side: int,
    observed: float,
    tail: float,
    mid_p: bool,
) -> float:
    """Return the log odds ratio that leaves ``tail`` beyond the observed events.

    ``side`` is 1 for the upper tail, whose probability grows with the log odds
    ratio and gives the lower limit, and -1 for the lower tail.
    """
    for _ in range(20):
        root = scalar_root(_log_tail(law, about, side, observed, tail, mid_p), start)
        if root == about or _reaches(law, root - about):
            return root
        # The law is made again nearer to the root, until it holds it.
        near = about + math.copysign(min(abs(root - about), 2.0), root - about)
        law, about, start = of_sum(trials.laws(near)), near, near
        if abs(root - about) < 1e-9 * max(abs(root), 1.0):
            return root
    return root


def _log_tail(
    law: Law, about: float, side: int, observed: float, tail: float, mid_p: bool
) -> Callable[[float], tuple[float, float]]:
    excess = law.numbers - observed
    share = np.where(side * excess > 0, 1.0, 0.0)
    share[excess == 0] = 0.5 if mid_p else 1.0
    with np.errstate(divide="ignore"):
        log_probability = np.log(law.probability)

    def difference(log_or: float) -> tuple[float, float]:
        log_weight = log_probability + (log_or - about) * excess
        weight = np.exp(log_weight - log_weight.max())
        beyond = weight * share
        total, part = float(weight.sum()), float(beyond.sum())
        if part == 0:
            return -side * math.inf, 0.0
        slope = float(beyond @ excess) / part - float(weight @ excess) / total
        return side * math.log(part / total / tail), side * slope

    return difference


def _limit_at_end(trials: Trials, side: int, tail: float) -> float:
    """Return the limit where the observed events are the most or the fewest."""

    def difference(log_or: float) -> tuple[float, float]:
        ends = trials.highest if side > 0 else trials.lowest
        slope = float(ends.sum()) - trials.mean_and_variance(log_or)[0]
        log_tail = trials.log_probability_of_end(log_or, side)
        return side * (log_tail - math.log(tail)), side * slope

    return scalar_root(difference, 0.0)
