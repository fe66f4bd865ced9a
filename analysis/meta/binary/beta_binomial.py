"""Odds ratio from a beta-binomial model of the arms' risks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from analysis.meta.counts import TwoArms, of_two_arms
from analysis.meta.pooling.inference import wald, why
from analysis.meta.results import Array, Pooled
from analysis.meta.search.optimum import maximum

_START, _MOST = -4.0, 12.0  # log dispersion


@of_two_arms
def beta_binomial(
    counts: TwoArms,
    *,
    level: float = 0.95,
) -> Pooled:
    """Estimate an odds ratio of mean risks that vary between trials.

    Each arm's events are beta-binomial; the mean depends on the arm, and the
    dispersion is common. Trials without event contribute, and the two arms of a
    trial count as independent.

    Returns
    -------
    Pooled
        Log odds ratio by maximum likelihood, with its Wald interval. Where the
        counts vary no more than binomial ones, the dispersion is 0 and the
        estimate is that of the trials' totals. NaN where the likelihood has no
        maximum.

    References
    ----------
    Kuss O. Statistical methods for meta-analyses including information from
    studies without any events. Stat Med 2015;34:1097-116.
    """
    *batch, k = counts.shape
    answers = np.empty((*batch, 2))
    for place, a, n1, c, n2 in counts.each():
        answers[place] = _answer(_Arm.of(a, n1), _Arm.of(c, n2))
    estimate, se = answers[..., 0], answers[..., 1]
    return wald(
        "beta-binomial",
        "OR",
        level,
        k=np.full(estimate.shape, k),
        k_all=k,
        estimate=estimate,
        se=se,
        heterogeneity=None,
        trials=None,
        reason=why(
            np.isnan(estimate),
            "no finite estimate: an arm has no event, or only events, "
            "or every trial has one or the other",
        ),
    )


@dataclass(frozen=True)
class _Arm:
    """How many trials have more than j events, non-events and patients.

    With mean m and dispersion d, the probability of x events of n is, but for a
    constant, the product of m + j d over j < x and of 1 - m + j d over j < n - x,
    divided by that of 1 + j d over j < n. It is binomial at d = 0.
    """

    events: Array
    others: Array
    patients: Array
    share: float

    @classmethod
    def of(cls, x: Array, n: Array) -> _Arm:
        return cls(_above(x), _above(n - x), _above(n), float(x.sum() / n.sum()))

    def factors(self, mean: float) -> tuple[tuple[Array, float, int, int], ...]:
        """Numbers and starts of the products, with their signs in m and in all."""
        return (
            (self.events, mean, 1, 1),
            (self.others, 1 - mean, -1, 1),
            (self.patients, 1.0, 0, -1),
        )

    def log_likelihood(self, mean: float, dispersion: float) -> float:
        return sum(
            sign * float(number @ np.log(start + dispersion * np.arange(number.size)))
            for number, start, _, sign in self.factors(mean)
        )

    def derivatives(self, mean: float, dispersion: float) -> tuple[Array, Array]:
        """Gradient and Hessian in the mean and the dispersion."""
        gradient, hessian = np.zeros(2), np.zeros((2, 2))
        for number, start, of_mean, sign in self.factors(mean):
            j = np.arange(number.size)
            inverse = 1 / (start + j * dispersion)
            first, second = sign * number * inverse, sign * number * inverse**2
            gradient += of_mean * first.sum(), j @ first
            mixed = of_mean * (j @ second)
            hessian -= [[of_mean**2 * second.sum(), mixed], [mixed, j**2 @ second]]
        return gradient, hessian


def _above(x: Array) -> Array:
    at = np.bincount(x.astype(int))
    return np.asarray(x.size - np.cumsum(at)[:-1], dtype=float)


def _answer(*arms: _Arm) -> tuple[float, float]:
    """Return the log odds ratio of the first arm to the second, and its error."""
    if not all(0 < arm.share < 1 for arm in arms):
        return np.nan, np.nan
    logits = logit([arm.share for arm in arms])
    if sum(arm.derivatives(arm.share, 0.0)[0][1] for arm in arms) <= 0:
        # The likelihood falls from dispersion 0, where the arms are binomial.
        information = [arm.patients.sum() * arm.share * (1 - arm.share) for arm in arms]
        return logits[0] - logits[1], float(np.sqrt(np.sum(1 / np.array(information))))

    def value(at: Array) -> Array:
        means, dispersion = expit(at[0, :2]), np.exp(at[0, 2])
        both = [
            arm.log_likelihood(mean, dispersion)
            for arm, mean in zip(arms, means, strict=True)
        ]
        return np.array([sum(both)])

    def derivatives(at: Array) -> tuple[Array, Array]:
        means, dispersion = expit(at[0, :2]), np.exp(at[0, 2])
        gradient, hessian = np.zeros(3), np.zeros((3, 3))
        for i, (arm, mean) in enumerate(zip(arms, means, strict=True)):
            slope = np.array([mean * (1 - mean), dispersion])
            curve = np.array([slope[0] * (1 - 2 * mean), dispersion])
            own_gradient, own_hessian = arm.derivatives(mean, dispersion)
            place = np.ix_([i, 2], [i, 2])
            hessian[place] += own_hessian * np.outer(slope, slope)
            hessian[place] += np.diag(own_gradient * curve)
            gradient[[i, 2]] += own_gradient * slope
        return gradient[np.newaxis], hessian[np.newaxis]

    start = np.array([[*logits, _START]])
    at, covariance = maximum(
        value, derivatives, start, np.array([np.inf, np.inf, _MOST])
    )
    contrast = np.array([1.0, -1.0, 0.0])
    return contrast @ at[0], np.sqrt(contrast @ covariance[0] @ contrast)
