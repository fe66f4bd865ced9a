"""Proportions by logistic regression with a random intercept for each trial."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, xlogy

from analysis.meta.counts import OneArm, check_choice, of_one_arm
from analysis.meta.pooling.heterogeneity import heterogeneity
from analysis.meta.pooling.inference import wald, why
from analysis.meta.results import Array, Pooled
from analysis.meta.search.optimum import increasing_root, maximum

_NODES = 7
_MOST = 5.0  # log tau: logits that differ by hundreds, as of 0% and 100%


@of_one_arm
def glmm_proportion(
    arm: OneArm,
    *,
    model: Literal["random", "common"] = "random",
    level: float = 0.95,
) -> Pooled:
    """Pool proportions by maximum likelihood on the logit scale.

    Parameters
    ----------
    model : {"random", "common"}
        Normal random intercepts, or one logit for all trials.

    Returns
    -------
    Pooled
        The mean logit. Back-transformed it is the proportion of the median
        trial, which lies below the mean proportion when events are rare and
        tau² is large. tau² is the variance of the intercepts; Q is the
        likelihood-ratio statistic against a proportion for each trial. NaN
        where no patient, or every one, has an event, or where each trial has
        one or the other.

    Notes
    -----
    The likelihood is integrated by adaptive Gauss-Hermite quadrature with seven
    nodes about each trial's mode, as R ``metafor`` and ``meta`` do through
    ``lme4``. Their answers stop short of the maximum by the tolerance of an
    optimiser, about 1e-6; this one is the maximum.

    References
    ----------
    Stijnen T, Hamza TH, Özdemir P. Random effects meta-analysis of event outcome
    in the framework of the generalized linear mixed model with applications in
    sparse data. Stat Med 2010;29:3046-67.

    Pinheiro JC, Bates DM. Approximations to the log-likelihood function in the
    nonlinear mixed-effects model. J Comput Graph Stat 1995;4:12-35.
    """
    check_choice("model", model, ("random", "common"))
    x, total = arm.x, arm.n
    sum_x, sum_n = x.sum(axis=-1), total.sum(axis=-1)
    k = x.shape[-1]
    finite = (sum_x > 0) & (sum_x < sum_n)
    share = np.where(finite, sum_x / sum_n, 0.5)
    information = sum_n * share * (1 - share)
    mean, se, tau2 = logit(share), np.sqrt(1 / information), np.zeros(share.shape)
    expected = total * share[..., np.newaxis]
    # The slope of the likelihood in tau² at 0: nothing to integrate if negative.
    excess = np.sum((x - expected) ** 2, axis=-1) - information
    spread = np.asarray(finite & (excess > 0) & (model == "random"))
    if spread.any():
        mean, se, tau2 = (np.array(field) for field in (mean, se, tau2))
        mean[spread], se[spread], tau2[spread] = _maximise(
            x[spread], total[spread], mean[spread]
        )
    deviance = 2 * np.sum(
        xlogy(x, x / expected) + xlogy(total - x, (total - x) / (total - expected)),
        axis=-1,
    )
    missing = np.where(finite & np.isfinite(se), 0.0, np.nan)
    return wald(
        "glmm-proportion" if model == "random" else "glmm-proportion-common",
        "PLOGIT",
        level,
        k=np.full(finite.shape, k),
        k_all=k,
        estimate=mean + missing,
        se=se + missing,
        heterogeneity=heterogeneity(
            deviance + missing, np.full(finite.shape, k), level, tau2 + missing
        ),
        trials=None,
        reason=why(
            np.isnan(missing),
            "no finite estimate: no patient, or every one, has an event, "
            "or each trial has one or the other",
        ),
        tested=False,
    )


def _maximise(x: Array, n: Array, mean: Array) -> tuple[Array, Array, Array]:
    """Return mean logit, its standard error and tau² of ``(sets, k)`` counts."""

    def value(at: Array) -> Array:
        return _log_likelihood(at, x, n)

    def derivatives(at: Array) -> tuple[Array, Array]:
        return _derivatives(at, x, n)

    start = np.stack([mean, np.zeros_like(mean)], axis=-1)
    at, covariance = maximum(value, derivatives, start, np.array([np.inf, _MOST]))
    return at[:, 0], np.sqrt(covariance[:, 0, 0]), np.exp(2 * at[:, 1])


def _derivatives(at: Array, x: Array, n: Array) -> tuple[Array, Array]:
    """Gradients and Hessians at ``(sets, 2)`` points of mean and log tau.

    Gradients are by complex steps, exact to rounding; Hessians by differences of
    fourth order of the gradients.
    """
    unit = np.eye(2)
    near = np.array([-2, -1, 1, 2]) * 1e-3
    shifts = [np.zeros((1, 2)), *(near[:, np.newaxis] * unit[j] for j in range(2))]
    points = np.concatenate(shifts)[:, np.newaxis] + at
    modes = _modes(points, x, n)[:, np.newaxis]
    steps = points[:, np.newaxis] + 1e-30j * unit[:, np.newaxis]
    gradients = _integrals(steps, modes, x, n).imag / 1e-30
    stencil = np.array([1, -8, 8, -1]) / 12e-3
    hessian = np.einsum("d,jdis->sij", stencil, gradients[1:].reshape(2, 4, 2, -1))
    return gradients[0].T, (hessian + np.swapaxes(hessian, -1, -2)) / 2


def _log_likelihood(at: Array, x: Array, n: Array) -> Array:
    """Log-likelihood at ``(..., sets, 2)`` points of mean and log tau.

    Each trial's integral is over a standard normal deviate u; its logit is
    ``mean + tau u``. Binomial coefficients are left out.
    """
    return np.asarray(_integrals(at, _modes(at, x, n), x, n))


def _modes(at: Array, x: Array, n: Array) -> Array:
    """Return the most probable deviate of each trial, ``(..., sets, k)``."""
    mean, tau = at[..., :1], np.exp(at[..., 1:])

    def slope(u: Array) -> tuple[Array, Array]:
        p = expit(mean + tau * u)
        return u - tau * (x - n * p), 1 + tau**2 * n * p * (1 - p)

    value, curvature = slope(np.zeros(np.broadcast_shapes(mean.shape, x.shape)))
    far = -value
    return increasing_root(
        slope, far / curvature, np.minimum(far, 0.0), np.maximum(far, 0.0)
    )


def _integrals(at: NDArray[Any], modes: Array, x: Array, n: Array) -> NDArray[Any]:
    """Sum the trials' log integrals, by quadrature about their modes.

    ``at`` may be complex, the modes being those of its real part.
    """
    mean, tau = at[..., :1], np.exp(at[..., 1:])
    p = 1 / (1 + np.exp(-(mean + tau * modes)))
    # A Newton step, which is nil at real points, carries the modes' derivatives.
    modes = modes + (tau * (x - n * p) - modes) / (1 + tau**2 * n * p * (1 - p))
    p = 1 / (1 + np.exp(-(mean + tau * modes)))
    scale = 1 / np.sqrt(1 + tau**2 * n * p * (1 - p))
    nodes, log_weights = _quadrature()
    u = modes[..., np.newaxis] + scale[..., np.newaxis] * nodes
    eta = mean[..., np.newaxis] + tau[..., np.newaxis] * u
    terms = x[..., np.newaxis] * eta - n[..., np.newaxis] * _softplus(eta) - u**2 / 2
    terms = terms + log_weights
    highest = terms.real.max(axis=-1, keepdims=True)
    integral = np.log(np.sum(np.exp(terms - highest), axis=-1)) + highest[..., 0]
    return np.asarray(np.sum(integral + np.log(scale), axis=-1))


def _softplus(eta: NDArray[Any]) -> NDArray[Any]:
    up = eta.real > 0
    return np.asarray(np.where(up, eta, 0) + np.log1p(np.exp(np.where(up, -eta, eta))))


@cache
def _quadrature() -> tuple[Array, Array]:
    """Nodes, and log weights with the normal density's, of the integral over u."""
    nodes, weights = np.polynomial.hermite.hermgauss(_NODES)
    return nodes * np.sqrt(2), np.log(weights) + nodes**2 - np.log(np.pi) / 2
