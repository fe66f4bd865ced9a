"""Meta-regression of effects on one covariate of the trials."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc, ndtr, ndtri, stdtr, stdtrit

from analysis.meta.counts import check_choice, check_level
from analysis.meta.results import Array, Certificate, Result
from analysis.meta.search.variance import highest_over_variance

Model = Literal["common", "ML", "REML"]


@dataclass(frozen=True, eq=False)
class Regression(Result):
    """A weighted regression of effects on a covariate.

    Attributes
    ----------
    k : int
        Trials with an effect.
    coefficient, se, ci_low, ci_high, z, p : (2,) array
        Of the intercept and of the slope, a unit of the covariate.
    tau2 : float
        Residual variance between trials; NaN under the common-effect model.
    q, df, q_p : float
        Residual heterogeneity.
    certificate : Certificate or None
    reason : str
        Why fields are NaN.
    """

    k: int
    coefficient: Array
    se: Array
    ci_low: Array
    ci_high: Array
    z: Array
    p: Array
    tau2: float
    q: float
    df: float
    q_p: float
    certificate: Certificate | None = None
    reason: str = ""


def meta_regression(
    effect: ArrayLike,
    variance: ArrayLike,
    covariate: ArrayLike,
    *,
    model: Model = "REML",
    knapp_hartung: bool = False,
    level: float = 0.95,
) -> Regression:
    """Regress trial effects on one covariate.

    Parameters
    ----------
    effect, variance : (k,) array_like
        NaN for a trial that bears no information.
    covariate : (k,) array_like
        Finite numbers.
    model : {"common", "ML", "REML"}
        Without residual variance between trials, or with it by full or restricted
        maximum likelihood.
    knapp_hartung : bool
        Whether standard errors are scaled by the residual scatter and referred to
        t with k - 2 degrees of freedom.
    level : float
        Confidence level in (0, 1).

    Returns
    -------
    Regression
        NaN, with the reason, for fewer than three trials or a covariate that does
        not vary among them.

    Raises
    ------
    ValueError
        For arrays that do not match or a covariate that is not finite.

    References
    ----------
    Thompson SG, Higgins JPT. How should meta-regression analyses be undertaken
    and interpreted? Stat Med 2002;21:1559-73.

    Knapp G, Hartung J. Improved tests for a random effects meta-regression with a
    single covariate. Stat Med 2003;22:2693-710.

    Examples
    --------
    >>> found = meta_regression(
    ...     [0.1, 0.9, 0.4, 0.2], [0.04, 0.05, 0.02, 0.1], [1, 4, 2, 3]
    ... )
    >>> print(f"{found.coefficient[1]:.4f} {found.tau2:.4f}")
    0.2328 0.0000
    """
    check_level(level)
    check_choice("model", model, ("common", "ML", "REML"))
    y, v, x = (np.asarray(a, dtype=float) for a in (effect, variance, covariate))
    if not y.shape == v.shape == x.shape or y.ndim != 1:
        raise ValueError(
            f"meta_regression: got shapes {y.shape}, {v.shape} and {x.shape}, "
            "expected one number a trial in each"
        )
    if not np.isfinite(x).all():
        raise ValueError("covariate: expected a finite number for each trial")
    used = np.isfinite(y) & np.isfinite(v)
    y, v, x = y[used], v[used], x[used]
    k = y.size
    if k < 3 or np.ptp(x) <= 1e-12 * np.abs(x).max():
        nothing = np.full(2, np.nan)
        why = (
            "a regression needs three informative trials"
            if k < 3
            else "the covariate is the same in all informative trials"
        )
        nan = float("nan")
        lost = (nothing, nothing, nothing, nothing, nothing, nothing)
        return Regression(k, *lost, nan, nan, nan, nan, None, why)
    centre, unit = x.mean(), x.std()
    design = np.stack([np.ones(k), (x - centre) / unit], axis=1)
    tau2, certificate = float("nan"), None
    if model != "common":
        tau2, certificate = _tau2(y, v, design, restricted=model == "REML")
    w = 1 / (v + np.nan_to_num(tau2))
    covariance = np.linalg.inv(design.T @ (w[:, np.newaxis] * design))
    coefficient = covariance @ (design.T @ (w * y))
    residual = y - design @ coefficient
    # Back to units of the covariate, about its 0.
    back = np.array([[1.0, -centre / unit], [0.0, 1 / unit]])
    coefficient, covariance = back @ coefficient, back @ covariance @ back.T
    df = k - 2.0
    if knapp_hartung:
        covariance = covariance * float(np.sum(w * residual**2)) / df
    se = np.sqrt(np.diag(covariance))
    z = coefficient / se
    quantile = stdtrit(df, 0.5 + level / 2) if knapp_hartung else ndtri(0.5 + level / 2)
    p = 2 * (stdtr(df, -np.abs(z)) if knapp_hartung else ndtr(-np.abs(z)))
    plain = 1 / v
    fixed = np.linalg.solve(
        design.T @ (plain[:, np.newaxis] * design), design.T @ (plain * y)
    )
    q = float(np.sum(plain * (y - design @ fixed) ** 2))
    return Regression(
        k=k,
        coefficient=coefficient,
        se=se,
        ci_low=coefficient - quantile * se,
        ci_high=coefficient + quantile * se,
        z=z,
        p=np.asarray(p),
        tau2=tau2,
        q=q,
        df=df,
        q_p=float(chdtrc(df, q)),
        certificate=certificate,
    )


def _tau2(
    y: Array, v: Array, design: Array, *, restricted: bool
) -> tuple[float, Certificate]:
    """Return the residual variance of the highest likelihood."""

    def parts(tau2: Array) -> tuple[Array, Array, Array, Array]:
        w = 1 / (v + tau2[:, np.newaxis])
        inner = np.einsum("nk,ki,kj->nij", w, design, design)
        inverse = np.linalg.inv(inner)
        fitted = np.einsum("nij,nk,kj,k->ni", inverse, w, design, y)
        return w, inner, inverse, y - fitted @ design.T

    def value(row: NDArray[np.intp], tau2: Array) -> Array:
        w, inner, _, residual = parts(tau2)
        lost = np.log(w).sum(axis=1) - (w * residual**2).sum(axis=1)
        if restricted:
            lost = lost - np.linalg.slogdet(inner)[1]
        return np.asarray(lost / 2)

    def slopes(row: NDArray[np.intp], tau2: Array) -> tuple[Array, Array]:
        w, _, inverse, residual = parts(tau2)
        u = w * residual
        pulled = np.einsum("nk,nk,ki->ni", w, u, design)
        within = (w * u**2).sum(axis=1)
        curve = within - np.einsum("ni,nij,nj->n", pulled, inverse, pulled)
        trace, trace2 = w.sum(axis=1), (w**2).sum(axis=1)
        if restricted:
            second, third = (
                np.einsum("nk,ki,kj->nij", w**power, design, design) for power in (2, 3)
            )
            ratio = inverse @ second
            trace = trace - np.einsum("nii->n", ratio)
            trace2 = trace2 - 2 * np.einsum("nij,nji->n", inverse, third)
            trace2 = trace2 + np.einsum("nij,nji->n", ratio, ratio)
        return ((u**2).sum(axis=1) - trace) / 2, trace2 / 2 - curve

    scatter = float(np.sum((y - y.mean()) ** 2))
    most = np.array([max(float(v.max()), 10 * scatter / (y.size - 2))])
    tau2, found = highest_over_variance(
        value, slopes, np.array([float(v.min())]), most, y.size
    )
    one = {
        name: np.asarray(getattr(found, name)[0])
        for name in Certificate.__dataclass_fields__
    }
    return float(tau2[0]), replace(found, **one)
