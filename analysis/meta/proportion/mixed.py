"""Proportions by logistic regression with a random intercept for each trial."""

from __future__ import annotations

from dataclasses import fields
from typing import Literal

import numpy as np
from scipy.special import logit, xlogy

from analysis.meta.counts import OneArm, check_choice, of_one_arm
from analysis.meta.pooling.heterogeneity import heterogeneity
from analysis.meta.pooling.inference import Mask, wald, why
from analysis.meta.results import Array, Certificate, Pooled
from analysis.meta.search.random_effect import NODES, Binomial, Trials, highest


@of_one_arm
def glmm_proportion(
    arm: OneArm,
    *,
    model: Literal["random", "common"] = "random",
    nodes: int | None = NODES,
    level: float = 0.95,
) -> Pooled:
    """Pool proportions by maximum likelihood on the logit scale.

    Parameters
    ----------
    model : {"random", "common"}
        Normal random intercepts, or one logit for all trials.
    nodes : int or None
        Of the quadrature: 7 as in R; None integrates to rounding. The certificate
        tells how far apart they are.

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
    ``lme4``. Their answers stop short of a maximum by the tolerance of an
    optimiser, about 1e-6; this one is the highest maximum, of which the
    certificate is the proof. Its log-likelihood leaves out the binomial
    coefficients.

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
    mean, se = logit(share), np.sqrt(1 / information)
    tau2: Array = np.full(share.shape, np.nan)
    certificate = None
    expected = total * share[..., np.newaxis]
    if model == "random":
        found, its_se, tau2, certificate = _random(x, total, mean, finite, nodes)
        # At a variance of 0 the closed form is the exact one.
        mean = np.where(tau2 == 0, mean, found)
        se = np.where(tau2 == 0, se, its_se)
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
            deviance + missing,
            np.full(finite.shape, k),
            level,
            tau2 + missing,
            estimator="ML" if model == "random" else "",
        ),
        trials=None,
        reason=why(
            np.isnan(missing),
            "no finite estimate: no patient, or every one, has an event, "
            "or each trial has one or the other",
        ),
        tested=False,
        details=(
            "maximum likelihood",
            f"quadrature with {nodes} nodes" if nodes else "integrated to rounding",
        )[: 1 + (model == "random")],
        certificate=certificate,
    )


def _random(
    x: Array, n: Array, mean: Array, finite: Mask, nodes: int | None
) -> tuple[Array, Array, Array, Certificate]:
    """Return mean logits, their errors, tau² and the certificate."""
    shape = finite.shape
    x, n = x.reshape(-1, x.shape[-1]), n.reshape(-1, n.shape[-1])
    some = np.flatnonzero(finite)
    trials = Trials(
        x=x[some][..., np.newaxis],
        offset=np.zeros((some.size, x.shape[1], 1)),
        cumulants=Binomial(n[some][..., np.newaxis]),
        coefficient=np.ones(1),
        load=np.ones(1),
        own=False,
        nodes=nodes,
    )
    found = highest(trials, mean.reshape(-1)[some])

    def whole(part: Array) -> Array:
        answer = np.full(x.shape[0], np.nan)
        answer[some] = part
        return answer.reshape(shape)

    certificate = Certificate(
        **{
            field.name: whole(getattr(found.certificate, field.name))
            for field in fields(Certificate)
        }
    )
    return whole(found.shared), whole(found.se), whole(found.tau2), certificate
