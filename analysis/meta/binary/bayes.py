"""Bayesian odds ratios with weakly informative priors."""

from __future__ import annotations

import numpy as np

from analysis.meta.binary.odds_ratio import UNINFORMATIVE, Correction, woolf
from analysis.meta.counts import TwoArms, check_choice, of_two_arms
from analysis.meta.pooling.bayes import PriorTau, bayes_effects
from analysis.meta.pooling.inference import why
from analysis.meta.results import Pooled


@of_two_arms
def bayes_odds_ratio(
    counts: TwoArms,
    *,
    correction: Correction = "half",
    prior_tau: PriorTau = "half-normal",
    scale_tau: float = 0.5,
    sd_effect: float = 2.82,
    level: float = 0.95,
) -> Pooled:
    """Pool log odds ratios by the Bayesian normal-normal model.

    Parameters
    ----------
    correction : {"half", "treatment-arm"}
        As in :func:`analysis.meta.inverse_variance`.
    prior_tau, scale_tau, sd_effect
        Priors; see :func:`analysis.meta.posterior`.

    Returns
    -------
    Pooled
        Posterior median and credible interval; see
        :func:`analysis.meta.pooling.bayes.bayes_effects`.

    Examples
    --------
    >>> pooled = bayes_odds_ratio([6, 3], [231, 306], [2, 1], [229, 302])
    >>> f"{pooled.natural()[0]:.2f}"
    '2.80'
    """
    check_choice("correction", correction, ("half", "treatment-arm"))
    used = counts.informative
    effect, variance = woolf(counts, correction, used)
    return bayes_effects(
        "bayes",
        "OR",
        effect,
        variance,
        prior_tau=prior_tau,
        scale_tau=scale_tau,
        sd_effect=sd_effect,
        level=level,
        reason=why(~np.asarray(used).any(axis=-1), UNINFORMATIVE),
    )
