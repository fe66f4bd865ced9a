"""Odds ratio by logistic regression with an intercept for each trial."""

from __future__ import annotations

import numpy as np
from scipy.special import xlogy

from analysis.meta.binary.odds_ratio import ONE_SIDED, UNINFORMATIVE
from analysis.meta.counts import TwoArms, of_two_arms
from analysis.meta.pooling.heterogeneity import heterogeneity
from analysis.meta.pooling.inference import ratio, wald, why
from analysis.meta.results import Array, Pooled
from analysis.meta.search.optimum import increasing_root


@of_two_arms
def glmm(
    counts: TwoArms,
    *,
    level: float = 0.95,
) -> Pooled:
    """Estimate a common odds ratio by maximum likelihood.

    The generalised linear model with a logit link, a fixed intercept for each
    trial and a common treatment effect: ``UM.FS`` of R ``metafor``.

    Returns
    -------
    Pooled
        Log odds ratio with its Wald interval. Q is the likelihood-ratio
        statistic against an odds ratio for each trial. NaN where the likelihood
        has no maximum.

    Notes
    -----
    Given the log odds ratio, the intercepts maximise the likelihood where each
    trial's fitted number of events is its observed one, a quadratic equation in
    closed form. What remains is one increasing score in one unknown. Treating
    the intercepts as fixed biases the estimate away from zero when trials are
    many and small.

    References
    ----------
    Simmonds MC, Higgins JPT. A general framework for the use of logistic
    regression models in meta-analysis. Stat Methods Med Res 2016;25:2858-77.
    """
    used = counts.informative
    lowest = np.maximum(0.0, counts.events - counts.n2)
    highest = np.minimum(counts.n1, counts.events)
    k = np.sum(used, axis=-1)
    finite = np.any(used & (counts.a > lowest), axis=-1) & np.any(
        used & (counts.a < highest), axis=-1
    )
    solvable = finite[..., np.newaxis]

    def score(log_or: Array) -> tuple[Array, Array]:
        fitted, information = fit(counts, log_or)
        excess = np.where(solvable & used, fitted - counts.a, 0.0)
        return (
            np.where(finite, np.sum(excess, axis=-1), log_or),
            np.sum(np.where(used, information, 0.0), axis=-1),
        )

    log_or = increasing_root(score, np.zeros(finite.shape))
    information = score(log_or)[1]
    return wald(
        "glmm",
        "OR",
        level,
        k=k,
        k_all=counts.shape[-1],
        estimate=np.where(finite, log_or, np.nan),
        se=np.sqrt(np.where(finite, ratio(np.ones(()), information), np.nan)),
        heterogeneity=heterogeneity(
            np.where(finite, deviance(counts, log_or), np.nan), k, level
        ),
        trials=None,
        reason=why(~finite & (k > 0), ONE_SIDED) or why(k == 0, UNINFORMATIVE),
    )


def fit(counts: TwoArms, log_or: Array) -> tuple[Array, Array]:
    """Return fitted treated events and the information on the log odds ratio."""
    n1, n2, m = counts.n1, counts.n2, counts.events
    odds_ratio = np.exp(log_or)[..., np.newaxis]
    slope = n2 - m + odds_ratio * (n1 + m)
    square = slope**2 + 4 * (1 - odds_ratio) * odds_ratio * n1 * m
    root = np.sqrt(np.maximum(square, 0.0))
    # The root of (1 - or) x² + slope x - or n1 m, in the form without cancellation.
    down = slope < 0
    fitted = np.where(
        down,
        (root - slope) / np.where(down, 2 * (1 - odds_ratio), 1.0),
        2 * odds_ratio * n1 * m / np.where(down, 1.0, slope + root),
    )
    fitted = np.clip(fitted, np.maximum(0.0, m - n2), np.minimum(n1, m))
    control = m - fitted
    treated_variance = fitted * (n1 - fitted) / n1
    control_variance = control * (n2 - control) / n2
    information = ratio(
        treated_variance * control_variance, treated_variance + control_variance
    )
    return fitted, np.nan_to_num(information)


def deviance(counts: TwoArms, log_or: Array) -> Array:
    """Return twice the log-likelihood lost to an odds ratio for each trial."""
    fitted, _ = fit(counts, log_or)
    control = counts.events - fitted
    cells = (
        (counts.a, fitted),
        (counts.n1 - counts.a, counts.n1 - fitted),
        (counts.c, control),
        (counts.n2 - counts.c, counts.n2 - control),
    )
    terms = [
        xlogy(seen, np.where(seen > 0, seen / np.where(seen > 0, expected, 1.0), 1.0))
        for seen, expected in cells
    ]
    return np.asarray(2 * np.sum(sum(terms), axis=-1))
