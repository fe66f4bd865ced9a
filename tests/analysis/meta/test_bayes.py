"""The Bayesian model against integration in R (integrate, rel.tol = 1e-9)."""

import numpy as np
import pytest

from analysis import meta


def test_probability_and_evidence():
    found = meta.posterior([0.3, 0.8], [0.1, 0.2])
    np.testing.assert_allclose(found.probability_below(0), 0.090583858, atol=5e-8)
    np.testing.assert_allclose(found.log_evidence, -2.88160455, atol=5e-8)


def test_quantiles_invert_probabilities():
    found = meta.posterior([0.3, 0.8, -1.0], [0.1, 0.2, 0.3], prior_tau="half-cauchy")
    for share in (0.025, 0.5, 0.975):
        for predictive in (False, True):
            at = found.quantile(share, predictive=predictive)
            back = found.probability_below(at, predictive=predictive)
            np.testing.assert_allclose(back, share, atol=1e-12)
    below = found.weight[found.tau < found.quantile_tau(0.5)].sum()
    np.testing.assert_allclose(below, 0.5, atol=0.02)


def test_a_flat_prior_and_no_variance_give_the_common_effect():
    y, v = np.array([0.3, 0.8, 0.1]), np.array([0.1, 0.2, 0.3])
    found = meta.posterior(y, v, scale_tau=1e-6, sd_effect=1e4)
    pooled = meta.pool_effects("x", "OR", y, v)
    np.testing.assert_allclose(found.quantile(0.5), pooled.estimate, rtol=1e-6)
    np.testing.assert_allclose(found.quantile(0.975), pooled.ci_high, rtol=1e-6)


def test_priors_are_checked():
    with pytest.raises(ValueError, match="scale_tau"):
        meta.posterior([0.1], [0.1], scale_tau=0.0)
    with pytest.raises(ValueError, match="no trial"):
        meta.posterior([np.nan], [0.1])
