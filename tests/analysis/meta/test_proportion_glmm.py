"""The random-intercept model: a maximum, of the likelihood that lme4 defines."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.special import expit

from analysis import meta


def log_likelihood(mean, tau2, x, n, nodes):
    """Adaptive Gauss-Hermite quadrature, written out trial by trial."""
    z, w = np.polynomial.hermite.hermgauss(nodes)
    tau, total = np.sqrt(tau2), 0.0
    for events, patients in zip(x, n, strict=True):

        def log_integrand(u, events=events, patients=patients):
            eta = mean + tau * u
            binomial = events * eta - patients * np.logaddexp(0, eta)
            return binomial - u**2 / 2 - np.log(2 * np.pi) / 2

        mode = minimize_scalar(
            lambda u: -log_integrand(u), (-1, 1), options={"xtol": 1e-12}
        ).x
        p = expit(mean + tau * mode)
        scale = np.sqrt(2 / (1 + tau2 * patients * p * (1 - p)))
        terms = np.log(w) + z**2 + log_integrand(mode + scale * z)
        highest = terms.max()
        total += np.log(np.exp(terms - highest).sum()) + highest + np.log(scale)
    return total


def test_no_neighbour_is_likelier(letter):
    x, n = letter.counts[:2]
    pooled = meta.glmm_proportion(x, n)
    at = np.array([pooled.estimate, pooled.heterogeneity.tau2])
    best = log_likelihood(*at, x, n, 7)
    for step in ([1e-3, 0], [-1e-3, 0], [0, 1e-3], [0, -1e-3]):
        assert log_likelihood(*(at + step), x, n, 7) < best


def test_the_answers_of_metafor_are_less_likely(letter):
    """Reference: letter-r-meta.json and metafor-sets.json."""
    x, n = letter.counts[:2]
    pooled = meta.glmm_proportion(x, n)
    ours = log_likelihood(pooled.estimate, pooled.heterogeneity.tau2, x, n, 7)
    theirs = log_likelihood(-5.81363832256259538, 1.43995549765727926, x, n, 7)
    assert 0 < ours - theirs < 1e-9


def test_the_standard_error_is_of_the_observed_information(letter):
    x, n = letter.counts[:2]
    pooled = meta.glmm_proportion(x, n)
    at, h = np.array([pooled.estimate, pooled.heterogeneity.tau2]), 1e-3
    steps = h * np.eye(2)
    hessian = np.array(
        [
            [
                sum(
                    s * t * log_likelihood(*(at + s * i + t * j), x, n, 7)
                    for s in (1, -1)
                    for t in (1, -1)
                )
                / (4 * h**2)
                for j in steps
            ]
            for i in steps
        ]
    )
    se = np.sqrt(np.linalg.inv(-hessian)[0, 0])
    assert pooled.se == pytest.approx(se, rel=1e-4)


def test_seven_nodes_are_close_to_the_integral(letter):
    x, n = letter.counts[:2]
    pooled = meta.glmm_proportion(x, n)
    at = (pooled.estimate, pooled.heterogeneity.tau2, x, n)
    assert log_likelihood(*at, 7) == pytest.approx(log_likelihood(*at, 40), abs=2e-3)


def test_counts_that_vary_no_more_than_chance_have_no_tau2():
    pooled = meta.glmm_proportion([2, 2, 3], [40, 42, 60])
    assert pooled.heterogeneity.tau2 == 0
    common = meta.glmm_proportion([2, 2, 3], [40, 42, 60], model="common")
    assert (pooled.estimate, pooled.se) == (common.estimate, common.se)
    assert pooled.estimate == pytest.approx(np.log(7 / 135))


def test_extreme_trials_reach_the_far_maximum():
    """rma.glmm(measure = "PLO"): 18.2512, tau2 100.5755, on a flat ridge."""
    pooled = meta.glmm_proportion([143, 111, 272, 210, 81], [203, 111, 272, 210, 81])
    assert pooled.estimate == pytest.approx(18.2512, rel=1e-4)
    assert pooled.heterogeneity.tau2 == pytest.approx(100.5755, rel=1e-4)


@pytest.mark.parametrize("events", [[0, 0], [30, 40], [0, 40]])
def test_without_contrast_there_is_no_estimate(events):
    pooled = meta.glmm_proportion(events, [30, 40])
    assert np.isnan([pooled.estimate, pooled.se, pooled.ci_low]).all()
    assert "no finite estimate" in pooled.reason
