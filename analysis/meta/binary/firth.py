"""Odds ratio by logistic regression with Firth's penalty."""

from __future__ import annotations

import numpy as np
from scipy.special import expit, xlog1py, xlogy

from analysis.meta.counts import TwoArms, of_two_arms
from analysis.meta.pooling.inference import wald, why
from analysis.meta.results import Array, Certificate, Pooled

_MAX_ITERATIONS = 1000


@of_two_arms
def firth(counts: TwoArms, *, level: float = 0.95) -> Pooled:
    """Estimate a common odds ratio by penalised maximum likelihood.

    A fixed intercept for each trial and a common treatment effect; the penalty,
    half the log determinant of the information, is Jeffreys' prior.

    Returns
    -------
    Pooled
        Log odds ratio, finite for any counts, with its Wald interval. Trials
        without event take part through the penalty, which draws the estimate
        towards no effect the more of them there are.

    Notes
    -----
    The information has one row and column a trial and one for the effect, and is
    inverted in closed form; Fisher's scoring steps are repeated to 1e-12. The
    certificate's log-likelihood includes the penalty.

    References
    ----------
    Firth D. Bias reduction of maximum likelihood estimates. Biometrika
    1993;80:27-38, section 4.2.

    Heinze G, Schemper M. A solution to the problem of separation in logistic
    regression. Stat Med 2002;21:2409-19, equation 2.

    Examples
    --------
    >>> pooled = firth([4], [10], [0], [10])  # adds 1/2 to each cell: log 14.54
    >>> f"{pooled.estimate:.4f}"
    '2.6768'
    """
    a, n1, c, n2 = (
        np.broadcast_to(x, counts.shape)
        for x in (counts.a, counts.n1, counts.c, counts.n2)
    )
    share = (a + c + 0.5) / (n1 + n2 + 1)
    own, effect = np.log(share / (1 - share)), np.zeros(counts.shape[:-1])
    for _ in range(_MAX_ITERATIONS):
        step_own, step, _ = _step(a, n1, c, n2, own, effect)
        largest = np.maximum(np.abs(step_own).max(axis=-1), np.abs(step))
        short = 1 / np.maximum(largest / 2, 1.0)
        own = own + short[..., np.newaxis] * step_own
        effect = effect + short * step
        if np.all(largest < 1e-13 * np.maximum(np.abs(effect), 1.0)):
            break
    _, step, information = _step(a, n1, c, n2, own, effect)
    height = _penalised(a, n1, c, n2, own, effect, information)
    nothing = np.full(effect.shape, -np.inf)
    missing = largest > 1e-6
    return wald(
        "firth",
        "OR",
        level,
        k=np.full(effect.shape, counts.shape[-1]),
        k_all=counts.shape[-1],
        estimate=np.where(missing, np.nan, effect),
        se=np.where(missing, np.nan, 1 / np.sqrt(information)),
        heterogeneity=None,
        trials=None,
        reason=why(missing, "the penalised likelihood was not maximised"),
        details=("penalised maximum likelihood", "fixed trial effects"),
        certificate=Certificate(
            log_likelihood=height,
            slope=np.abs(step) * np.sqrt(information),
            curvature=-information,
            at_zero=nothing,
            at_most=nothing,
            maxima=np.ones(effect.shape),
            integration_error=np.zeros(effect.shape),
        ),
    )


def _step(
    a: Array, n1: Array, c: Array, n2: Array, own: Array, effect: Array
) -> tuple[Array, Array, Array]:
    """Return the scoring steps of intercepts and effect, and its information."""
    p1, p2 = expit(own + effect[..., np.newaxis]), expit(own)
    w1, w2 = n1 * p1 * (1 - p1), n2 * p2 * (1 - p2)
    both = w1 + w2
    information = np.sum(w1 * w2 / both, axis=-1)
    whole = information[..., np.newaxis]
    share = w1 / both
    leverage1 = w1 * (1 / both + (1 - share) ** 2 / whole)
    leverage2 = w2 * (1 / both + share**2 / whole)
    score1 = a - n1 * p1 + leverage1 * (0.5 - p1)
    score2 = c - n2 * p2 + leverage2 * (0.5 - p2)
    slope = np.sum(score1 - share * (score1 + score2), axis=-1)
    step = slope / information
    step_own = (score1 + score2) / both - share * step[..., np.newaxis]
    return step_own, step, information


def _penalised(
    a: Array,
    n1: Array,
    c: Array,
    n2: Array,
    own: Array,
    effect: Array,
    information: Array,
) -> Array:
    p1, p2 = expit(own + effect[..., np.newaxis]), expit(own)
    terms = xlogy(a, p1) + xlog1py(n1 - a, -p1) + xlogy(c, p2) + xlog1py(n2 - c, -p2)
    both = n1 * p1 * (1 - p1) + n2 * p2 * (1 - p2)
    return np.asarray(
        np.sum(terms + np.log(both) / 2, axis=-1) + np.log(information) / 2
    )
