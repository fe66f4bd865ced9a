"""Risk ratios: Mantel-Haenszel and inverse variance."""

from __future__ import annotations

import numpy as np

from analysis.meta.binary.odds_ratio import Correction, corrected
from analysis.meta.counts import TwoArms, check_choice, of_two_arms
from analysis.meta.pooling.effects import Interval, Model, Prediction, pool_effects
from analysis.meta.pooling.inference import Mask, ratio, wald, why, with_trials
from analysis.meta.results import Array, Pooled

WITHOUT_EVENT = "no trial has an event"
ONE_ARM_EMPTY = "no finite estimate: one of the arms has no event in any trial"


@of_two_arms
def risk_ratio(
    counts: TwoArms,
    *,
    correction: Correction = "half",
    model: Model = "common",
    interval: Interval = "normal",
    prediction: Prediction = "k-2",
    level: float = 0.95,
) -> Pooled:
    """Pool risk ratios weighted by the inverse of their variances.

    Parameters
    ----------
    correction : {"half", "treatment-arm"}
        What a trial with an empty cell adds to the events and to the non-events
        of each arm: 0.5, or the arm's share of the trial's patients.

    Returns
    -------
    Pooled
        Log risk ratios (measure RR); a trial without event has none.

    References
    ----------
    Katz D, Baptista J, Azen SP, Pike MC. Obtaining confidence intervals for the
    risk ratio in cohort studies. Biometrics 1978;34:469-74.

    Examples
    --------
    >>> f"{risk_ratio([6, 3], [231, 306], [2, 1], [229, 302]).natural()[0]:.4f}"
    '2.9696'
    """
    check_choice("correction", correction, ("half", "treatment-arm"))
    used = counts.events > 0
    effect, variance = _katz(corrected(counts, correction), used)
    return pool_effects(
        f"risk-ratio-{correction}",
        "RR",
        effect,
        variance,
        model=model,
        interval=interval,
        prediction=prediction,
        level=level,
        reason=why(~used.any(axis=-1), WITHOUT_EVENT),
        details=(f"{correction} correction of empty cells",),
    )


@of_two_arms
def risk_ratio_mh(counts: TwoArms, *, level: float = 0.95) -> Pooled:
    """Pool risk ratios by Mantel and Haenszel's weights, without correction.

    Returns
    -------
    Pooled
        Log risk ratio with the variance of Greenland and Robins; trials' own
        effects take 0.5 in empty cells, and Q is about their inverse-variance
        mean. NaN where an arm has no event in any trial.

    References
    ----------
    Greenland S, Robins JM. Estimation of a common effect parameter from sparse
    follow-up data. Biometrics 1985;41:55-68, equations 4 and 13.

    Examples
    --------
    >>> f"{risk_ratio_mh([6, 3], [231, 306], [2, 0], [229, 302]).natural()[0]:.4f}"
    '4.4577'
    """
    used = counts.events > 0
    total = counts.total
    treated = np.sum(counts.a * counts.n2 / total, axis=-1)
    control = np.sum(counts.c * counts.n1 / total, axis=-1)
    finite = (treated > 0) & (control > 0)
    spread = counts.n1 * counts.n2 * counts.events - counts.a * counts.c * total
    variance = ratio(
        np.sum(spread / total**2, axis=-1), np.where(finite, treated * control, 0.0)
    )
    reason = why(~finite & used.any(axis=-1), ONE_ARM_EMPTY) or why(
        ~used.any(axis=-1), WITHOUT_EVENT
    )
    effect, own_variance = _katz(corrected(counts, "half"), used)
    method = "risk-ratio-mh"
    inverse = pool_effects(
        method, "RR", effect, own_variance, level=level, reason=reason
    )
    pooled = wald(
        method,
        "RR",
        level,
        k=inverse.k,
        k_all=counts.shape[-1],
        estimate=np.log(ratio(treated, np.where(finite, control, 0.0))),
        se=np.sqrt(variance),
        heterogeneity=inverse.heterogeneity,
        trials=inverse.trials,
        reason=reason,
        details=("no correction", "variance of Greenland and Robins"),
    )
    weight = np.broadcast_to(counts.c * counts.n1 / total, effect.shape)
    return with_trials(pooled, weight=np.where(used, weight, 0.0))


def _katz(cells: TwoArms, used: Mask) -> tuple[Array, Array]:
    a, n1, c, n2 = cells.a, cells.n1, cells.c, cells.n2
    with np.errstate(divide="ignore", invalid="ignore"):
        effect = np.log((a / n1) / (c / n2))
        variance = (n1 - a) / (a * n1) + (n2 - c) / (c * n2)
    return np.where(used, effect, np.nan), np.where(used, variance, np.nan)
