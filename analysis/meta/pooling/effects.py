"""Pooling of any effects by their inverse variances."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from analysis.meta.counts import check_choice, check_level
from analysis.meta.pooling.heterogeneity import cochran_q, heterogeneity
from analysis.meta.pooling.inference import Mask, ratio, trial_effects, wald
from analysis.meta.pooling.tau2 import (
    ESTIMATORS,
    Estimator,
    certified_variance,
    q_profile,
    typical_variance,
)
from analysis.meta.results import Array, Pooled

Model = Literal["common", "IVhet"] | Estimator
Interval = Literal["normal", "t", "knapp-hartung", "knapp-hartung-safe"]
Prediction = Literal["k-2", "k-1", "normal"]

MODELS: tuple[str, ...] = ("common", *ESTIMATORS, "IVhet")
INTERVALS = ("normal", "t", "knapp-hartung", "knapp-hartung-safe")
PREDICTIONS = ("k-2", "k-1", "normal")

_HOW = {
    "normal": "normal interval",
    "t": "t interval with k - 1 degrees of freedom",
    "knapp-hartung": "Knapp-Hartung interval",
    "knapp-hartung-safe": "Knapp-Hartung interval, variance not reduced",
}


def pool_effects(
    method: str,
    measure: str,
    effect: ArrayLike,
    variance: ArrayLike,
    *,
    model: Model = "common",
    interval: Interval = "normal",
    prediction: Prediction = "k-2",
    level: float = 0.95,
    reason: str = "",
    tested: bool = True,
    details: tuple[str, ...] = (),
) -> Pooled:
    """Pool trial effects weighted by the inverse of their variances.

    Parameters
    ----------
    method, measure : str
        See :class:`analysis.meta.results.Pooled`.
    effect, variance : (..., k) array_like
        Variances above 0; NaN for a trial that bears no information.
    model : {"common", "DL", "PM", "REML", "ML", "EB", "SJ", "HS", "HE", "IVhet"}
        Common effect; random effects by the estimator of tau²; or the weights of
        the common effect with the variance that the DL tau² gives them (Doi et
        al. 2015, Contemp Clin Trials 45:130-8, equations 5 and 6).
    interval : {"normal", "t", "knapp-hartung", "knapp-hartung-safe"}
        Normal; t with k - 1 degrees of freedom; t with the variance scaled by
        the weighted scatter of the effects (Hartung & Knapp 2001, Stat Med
        20:3875-89); the same, but never scaled below 1 (Röver, Knapp & Friede
        2015, BMC Med Res Methodol 15:99).
    prediction : {"k-2", "k-1", "normal"}
        Degrees of freedom of the prediction interval: k - 2 (Higgins, Thompson &
        Spiegelhalter 2009, J R Stat Soc A 172:137-59; R ``meta`` up to version
        7), k - 1 (``meta`` since), or a normal one (``metafor``).
    level : float
        Confidence level in (0, 1).
    reason : str
        Why nothing can be pooled, where that is so.
    tested : bool
        Whether zero means no effect; False for proportions.
    details : tuple of str
        How the effects were made.

    Returns
    -------
    Pooled
        Q and I² are those of the common-effect weights. Random effects carry a
        prediction interval; without degrees of freedom for it, it is NaN.

    Raises
    ------
    ValueError
        For a variance that is not above 0, naming the trial, or an unknown
        option.

    Examples
    --------
    >>> pool_effects("log hazard ratio", "OR", [0.1, 0.9], [0.04, 0.05]).k
    array(2.)
    """
    check_level(level)
    check_choice("model", model, MODELS)
    check_choice("interval", interval, INTERVALS)
    check_choice("prediction", prediction, PREDICTIONS)
    effect, variance = _checked(effect, variance)
    used = np.isfinite(effect) & np.isfinite(variance)
    filled = np.where(used, effect, 0.0)
    safe = np.where(used, variance, 1.0)
    precision = used / safe
    k = np.asarray(used.sum(axis=-1), dtype=float)
    mean = ratio(np.sum(precision * filled, axis=-1), np.sum(precision, axis=-1))
    q = cochran_q(filled, precision, mean)
    name = method if model == "common" else f"{method}-{model.lower()}"
    if interval != "normal":
        name = f"{name}-{interval}"
    tau2: Array = np.full(k.shape, np.nan)
    limits: tuple[Array, Array] | None = None
    certificate = None
    weight = precision
    if model != "common":
        estimator: Estimator = "DL" if model == "IVhet" else model
        tau2, certificate = certified_variance(effect, variance, estimator)
        limits = q_profile(effect, variance, level)
    spread = np.nan_to_num(tau2)[..., np.newaxis]
    if model not in ("common", "IVhet"):
        weight = used / (safe + spread)
    total = np.sum(weight, axis=-1)
    estimate = ratio(np.sum(weight * filled, axis=-1), total)
    if model == "IVhet":
        squared = ratio(np.sum(weight**2 * (safe + spread), axis=-1), total**2)
    else:
        squared = ratio(np.ones(()), total)
    df: Array | None = None
    if interval != "normal":
        df = np.where(k > 1, k - 1, np.nan)
    if interval.startswith("knapp-hartung"):
        scale = cochran_q(filled, weight, estimate) / np.where(k > 1, k - 1, np.nan)
        if interval == "knapp-hartung-safe":
            scale = np.maximum(scale, 1.0)
        squared = squared * scale
    typical = typical_variance(safe, used) if model != "common" else np.nan
    pooled = wald(
        name,
        measure,
        level,
        k=k,
        k_all=effect.shape[-1],
        estimate=estimate,
        se=np.sqrt(squared),
        heterogeneity=heterogeneity(
            q,
            k,
            level,
            tau2,
            estimator="DL" if model == "IVhet" else "" if model == "common" else model,
            tau2_limits=limits,
            typical_variance=typical,
        ),
        trials=trial_effects(effect, np.sqrt(variance), weight, level),
        reason=reason or _few(k, interval),
        tested=tested,
        df=df,
        details=(*details, _HOW[interval]),
        certificate=certificate,
    )
    if model in ("common", "IVhet"):
        return pooled
    return _predicted(pooled, k, tau2, prediction)


def _predicted(pooled: Pooled, k: Array, tau2: Array, prediction: Prediction) -> Pooled:
    if prediction == "normal":
        lost = 1
        df = np.where(k > lost, np.inf, np.nan)
        detail = "normal prediction interval"
    else:
        lost = int(prediction[-1])
        df = np.where(k > lost, k - lost, np.nan)
        detail = f"prediction interval with k - {lost} degrees of freedom"
    half = stdtrit(df, 0.5 + pooled.level / 2) * np.sqrt(tau2 + pooled.se**2)
    return replace(
        pooled,
        prediction_low=pooled.estimate - half,
        prediction_high=pooled.estimate + half,
        prediction_reason=_no_prediction(k, lost),
        details=(*pooled.details, detail),
    )


def _no_prediction(k: Array, lost: int) -> str:
    if not np.any(k <= lost):
        return ""
    return f"a prediction interval needs more than {lost} informative trial" + (
        "s" * (lost > 1)
    )


def _few(k: Array, interval: Interval) -> str:
    if interval != "normal" and np.any(k == 1):
        return "a t interval needs two informative trials"
    return ""


def _checked(effect: ArrayLike, variance: ArrayLike) -> tuple[Array, Array]:
    y, v = np.broadcast_arrays(
        np.asarray(effect, dtype=float), np.asarray(variance, dtype=float)
    )
    if y.ndim == 0 or y.shape[-1] == 0:
        raise ValueError("effects: expected one effect a trial, at least one")
    bad: Mask = np.asarray((v <= 0) | np.isinf(y) | np.isinf(v))
    if bad.any():
        at = tuple(int(i) for i in np.argwhere(bad)[0])
        name, found, expected = "variance", v[at], "a number above 0"
        if np.isinf(y[at]):
            name, found, expected = "effect", y[at], "a finite number"
        raise ValueError(
            f"{name} of trial {at[-1] + 1}: got {found:g}, expected {expected}, "
            "or NaN to leave the trial out"
        )
    return y, v
