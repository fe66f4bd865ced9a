"""Pooling of any effects by their inverse variances."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
from scipy.special import stdtrit

from analysis.meta.counts import check_level
from analysis.meta.heterogeneity import cochran_q, heterogeneity
from analysis.meta.inference import ratio, trial_effects, wald
from analysis.meta.results import Array, Pooled
from analysis.meta.tau2 import between_trial_variance

Model = Literal["common", "DL", "PM", "REML"]


def pool_effects(
    method: str,
    measure: str,
    effect: Array,
    variance: Array,
    *,
    model: Model,
    level: float,
    reason: str,
    tested: bool = True,
) -> Pooled:
    """Pool trial effects weighted by the inverse of their variances.

    Parameters
    ----------
    method, measure : str
        See :class:`analysis.meta.results.Pooled`.
    effect, variance : (..., k) array
        Variances above 0; NaN for a trial that bears no information.
    model : {"common", "DL", "PM", "REML"}
        Common effect, or random effects by the estimator of tau².
    level : float
        Confidence level in (0, 1).
    reason : str
        Why nothing can be pooled, where that is so.
    tested : bool
        Whether zero means no effect; False for proportions.

    Returns
    -------
    Pooled
        Q and I² are those of the common-effect weights. Random effects carry a
        prediction interval with k - 2 degrees of freedom, NaN below three
        trials (Higgins, Thompson & Spiegelhalter 2009, J R Stat Soc A
        172:137-59); R ``meta`` used it up to version 7 and k - 1 after.
    """
    check_level(level)
    used = np.isfinite(effect) & np.isfinite(variance)
    filled = np.where(used, effect, 0.0)
    precision = used / np.where(used, variance, 1.0)
    k = used.sum(axis=-1)
    mean = ratio(np.sum(precision * filled, axis=-1), np.sum(precision, axis=-1))
    q = cochran_q(filled, precision, mean)
    tau2: Array = np.zeros(np.shape(k))
    weight = precision
    if model != "common":
        tau2 = between_trial_variance(effect, variance, model)
        spread = np.where(k > 1, tau2, 0.0)[..., np.newaxis]
        weight = used / (np.where(used, variance, 1.0) + spread)
    total = np.sum(weight, axis=-1)
    pooled = wald(
        method if model == "common" else f"{method}-{model.lower()}",
        measure,
        level,
        k=k,
        k_all=effect.shape[-1],
        estimate=ratio(np.sum(weight * filled, axis=-1), total),
        se=np.sqrt(ratio(np.ones(()), total)),
        heterogeneity=heterogeneity(q, k, level, tau2),
        trials=trial_effects(effect, np.sqrt(variance), weight, level),
        reason=reason,
        tested=tested,
    )
    if model == "common":
        return pooled
    df = np.where(k > 2, k - 2.0, np.nan)
    half = stdtrit(df, 0.5 + level / 2) * np.sqrt(tau2 + pooled.se**2)
    return replace(
        pooled,
        prediction_low=pooled.estimate - half,
        prediction_high=pooled.estimate + half,
    )
