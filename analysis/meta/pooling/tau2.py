"""Between-trial variance of effects with known sampling variances."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri

from analysis.meta.pooling.heterogeneity import cochran_q
from analysis.meta.pooling.inference import Mask
from analysis.meta.results import Array, Certificate
from analysis.meta.search.optimum import increasing_root
from analysis.meta.search.variance import highest_over_variance

Estimator = Literal["DL", "PM", "REML", "ML", "EB", "SJ", "HS", "HE"]
ESTIMATORS: tuple[Estimator, ...] = get_args(Estimator)


@dataclass(frozen=True)
class _Effects:
    """Effects in units of a typical variance, ``(sets, k)``.

    Sets without two trials borrow two equal ones, and answer NaN at the end.
    """

    y: Array
    v: Array
    used: Mask
    unit: Array
    few: Mask

    @classmethod
    def of(cls, effect: Array, variance: Array) -> _Effects:
        used = np.isfinite(effect) & np.isfinite(variance)
        used = used.reshape(-1, used.shape[-1])
        y = np.where(used, effect.reshape(used.shape), 0.0)
        v = np.where(used, variance.reshape(used.shape), 1.0)
        few = used.sum(axis=-1) < 2
        if few.any():
            first = np.arange(used.shape[-1]) < 2
            used = np.where(few[:, np.newaxis], first, used)
            y = np.where(few[:, np.newaxis], 0.0, y)
        unit = used.sum(axis=-1) / np.sum(used / v, axis=-1)
        scale = unit[:, np.newaxis]
        centre = np.sum(used * y, axis=-1) / used.sum(axis=-1)
        y = np.where(used, y - centre[:, np.newaxis], 0.0)
        return cls(y / np.sqrt(scale), v / scale, used, unit, few)

    @property
    def k(self) -> Array:
        return np.asarray(self.used.sum(axis=-1), dtype=float)

    @property
    def scatter(self) -> Array:
        """Sum of squares of the effects, which are centred."""
        return np.asarray(np.sum(self.y**2, axis=-1))

    def rows(self, row: NDArray[np.intp]) -> _Effects:
        return _Effects(
            self.y[row], self.v[row], self.used[row], self.unit[row], self.few[row]
        )

    def weights(self, tau2: Array | float) -> Array:
        return np.asarray(self.used / (self.v + np.asarray(tau2)[..., np.newaxis]))

    def residuals(self, w: Array) -> Array:
        mean = np.sum(w * self.y, axis=-1) / np.sum(w, axis=-1)
        return np.asarray(self.y - mean[..., np.newaxis])

    def generalised_q(self, tau2: Array) -> tuple[Array, Array]:
        """Q with the weights of tau², and the size of its negative slope."""
        w = self.weights(tau2)
        residual = self.residuals(w)
        q = np.sum(w * residual**2, axis=-1)
        return q, np.asarray(np.sum((w * residual) ** 2, axis=-1))


def between_trial_variance(
    effect: Array, variance: Array, estimator: Estimator
) -> Array:
    """Estimate tau², truncated at 0.

    Parameters
    ----------
    effect, variance : (..., k) array
        NaN for trials to leave out.
    estimator : {"DL", "PM", "REML", "ML", "EB", "SJ", "HS", "HE"}
        DerSimonian & Laird (1986), Paule & Mandel (1982), restricted or full
        maximum likelihood, empirical Bayes (Morris 1983; its equation is that of
        Paule & Mandel), Sidik & Jonkman (2005), Hunter & Schmidt (2004), Hedges
        & Olkin (1985).

    Returns
    -------
    (...) array
        NaN with fewer than two trials. The likelihoods can have several maxima;
        this is the highest.

    Raises
    ------
    ValueError
        For an unknown estimator.

    References
    ----------
    Viechtbauer W. Bias and efficiency of meta-analytic variance estimators in
    the random-effects model. J Educ Behav Stat 2005;30:261-93.

    Examples
    --------
    >>> import numpy as np
        >>> y, v = np.array([0.1, 0.9, 0.4]), np.array([0.04, 0.05, 0.02])
    >>> [round(float(between_trial_variance(y, v, e)), 4) for e in ("DL", "REML")]
    [0.0895, 0.1079]
    """
    return certified_variance(effect, variance, estimator)[0]


def certified_variance(
    effect: Array, variance: Array, estimator: Estimator
) -> tuple[Array, Certificate | None]:
    """Estimate tau² with the certificate of a likelihood; None for the others.

    The log-likelihood is that of R ``metafor``, with all its constants.
    """
    estimators: dict[str, Callable[[_Effects], Array]] = {
        "DL": _dersimonian_laird,
        "PM": _paule_mandel,
        "EB": _paule_mandel,
        "SJ": _sidik_jonkman,
        "HS": _hunter_schmidt,
        "HE": _hedges_olkin,
    }
    if estimator not in ESTIMATORS:
        known = ", ".join(ESTIMATORS)
        raise ValueError(f"model: got {estimator!r}, expected one of common, {known}")
    shape = np.broadcast_shapes(effect.shape, variance.shape)
    effect, variance = np.broadcast_to(effect, shape), np.broadcast_to(variance, shape)
    if shape[-1] < 2:
        return np.full(shape[:-1], np.nan), None
    data = _Effects.of(effect, variance)
    certificate = None
    if estimator in estimators:
        tau2 = estimators[estimator](data)
    else:
        tau2, certificate = _likelihood(data, restricted=estimator == "REML")
    tau2 = np.where(data.few, np.nan, data.unit * tau2)
    return tau2.reshape(shape[:-1]), certificate and _shaped(
        certificate, data.few, shape[:-1]
    )


def q_profile(effect: Array, variance: Array, level: float) -> tuple[Array, Array]:
    """Return the limits of tau² that the generalised Q leaves possible.

    Parameters
    ----------
    effect, variance : (..., k) array
        NaN for trials to leave out.
    level : float
        Confidence level in (0, 1).

    Returns
    -------
    low, high : (...) array
        NaN with fewer than two trials, and where trials agree so well that no
        tau² is possible.

    References
    ----------
    Viechtbauer W. Confidence intervals for the amount of heterogeneity in
    meta-analysis. Stat Med 2007;26:37-52, section 3.6.
    """
    shape = effect.shape
    if shape[-1] < 2:
        return np.full(shape[:-1], np.nan), np.full(shape[:-1], np.nan)
    data = _Effects.of(effect, variance)
    at_zero = data.generalised_q(np.zeros(data.k.shape))[0]
    limits = []
    for tail in ((1 - level) / 2, (1 + level) / 2):
        bound = chdtri(data.k - 1, tail)
        inside = at_zero > bound

        def excess(
            tau2: Array, bound: Array = bound, inside: Mask = inside
        ) -> tuple[Array, Array]:
            q, slope = data.generalised_q(tau2)
            return np.where(inside, bound - q, tau2), np.where(inside, slope, 1.0)

        most = np.where(inside, data.scatter / bound, 0.0)
        root = increasing_root(excess, most / 2, np.zeros(most.shape), most)
        limits.append(np.where(inside, root, 0.0))
    low, high = limits
    empty = (high == 0) | data.few
    return (
        np.where(empty, np.nan, data.unit * low).reshape(shape[:-1]),
        np.where(empty, np.nan, data.unit * high).reshape(shape[:-1]),
    )


def typical_variance(variance: Array, used: Mask) -> Array:
    """Return the sampling variance of a typical trial (Higgins & Thompson 2002)."""
    w = used / np.where(used, variance, 1.0)
    k, total = used.sum(axis=-1), w.sum(axis=-1)
    scale = total**2 - (w**2).sum(axis=-1)
    typical: Array = (k - 1) * total / np.where(scale > 0, scale, 1.0)
    return np.asarray(np.where((k > 1) & (scale > 0), typical, np.nan))


def _dersimonian_laird(data: _Effects) -> Array:
    w = data.weights(0.0)
    total = w.sum(axis=-1)
    excess = data.generalised_q(np.zeros(data.k.shape))[0] - (data.k - 1)
    scale = total - (w**2).sum(axis=-1) / total
    return np.asarray(np.maximum(excess, 0.0) / np.where(scale > 0, scale, 1.0))


def _hunter_schmidt(data: _Effects) -> Array:
    excess = data.generalised_q(np.zeros(data.k.shape))[0] - data.k
    return np.asarray(np.maximum(excess, 0.0) / data.weights(0.0).sum(axis=-1))


def _hedges_olkin(data: _Effects) -> Array:
    mean_variance = np.sum(data.used * data.v, axis=-1) / data.k
    excess = data.scatter / (data.k - 1) - mean_variance
    return np.asarray(np.maximum(excess, 0.0))


def _sidik_jonkman(data: _Effects) -> Array:
    rough = data.scatter / data.k
    return np.asarray(rough * data.generalised_q(rough)[0] / (data.k - 1))


def _paule_mandel(data: _Effects) -> Array:
    df = data.k - 1
    inside = data.generalised_q(np.zeros(df.shape))[0] > df

    def shortfall(tau2: Array) -> tuple[Array, Array]:
        q, slope = data.generalised_q(tau2)
        return np.where(inside, df - q, tau2), np.where(inside, slope, 1.0)

    most = np.where(inside, data.scatter / df, 0.0)
    root = increasing_root(shortfall, most / 2, np.zeros(most.shape), most)
    return np.where(inside, root, 0.0)


def _likelihood(data: _Effects, *, restricted: bool) -> tuple[Array, Certificate]:
    """Return the variance of the highest (restricted) likelihood.

    Beyond the largest variance tried the likelihood falls. With w = 1/(v + t) and
    t at least the largest v, its doubled slope is at most S/(t + min v)² less
    Σ w - Σ w²/Σ w >= (k - 1)(t + min v)/(t + max v)² for REML, S being the
    effects' scatter, which is negative from t = 4 S/(k - 1) on; for ML, S/(t +
    min v)² less Σ w >= k/(t + max v), from 2 S/k on.
    """
    largest = np.max(np.where(data.used, data.v, 0.0), axis=-1)
    smallest = np.min(np.where(data.used, data.v, np.inf), axis=-1)
    df = data.k - restricted
    most = np.maximum(largest, 4 * data.scatter / df)

    def value(row: NDArray[np.intp], tau2: Array) -> Array:
        part = data.rows(row)
        w = part.weights(tau2)
        total = w.sum(axis=-1)
        lost = np.sum(np.where(part.used, np.log(np.where(w > 0, w, 1.0)), 0.0), -1)
        scatter = np.sum(w * part.residuals(w) ** 2, axis=-1)
        return np.asarray((lost - restricted * np.log(total) - scatter) / 2)

    def slopes(row: NDArray[np.intp], tau2: Array) -> tuple[Array, Array]:
        part = data.rows(row)
        w = part.weights(tau2)
        s1, s2, s3 = (np.sum(w**power, axis=-1) for power in (1, 2, 3))
        residual = part.residuals(w)
        first = np.sum((w * residual) ** 2, axis=-1) - s1
        drift = np.sum(w**2 * residual, axis=-1) ** 2 / s1
        second = s2 - 2 * (np.sum(w**3 * residual**2, axis=-1) - drift)
        if restricted:
            first = first + s2 / s1
            second = second - (2 * s3 * s1 - s2**2) / s1**2
        return first / 2, second / 2

    tau2, found = highest_over_variance(value, slopes, smallest, most, data.y.shape[-1])
    constant = restricted * np.log(data.k) - df * np.log(2 * np.pi * data.unit)
    return tau2, replace(
        found,
        log_likelihood=found.log_likelihood + constant / 2,
        at_zero=found.at_zero + constant / 2,
        at_most=found.at_most + constant / 2,
    )


def _shaped(certificate: Certificate, few: Mask, shape: tuple[int, ...]) -> Certificate:
    parts = {
        name: np.where(few, np.nan, getattr(certificate, name)).reshape(shape)
        for name in Certificate.__dataclass_fields__
    }
    return Certificate(**parts)


__all__ = [
    "ESTIMATORS",
    "Estimator",
    "between_trial_variance",
    "certified_variance",
    "cochran_q",
    "q_profile",
    "typical_variance",
]
