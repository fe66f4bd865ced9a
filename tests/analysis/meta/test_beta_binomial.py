"""The beta-binomial model, against glmmTMB 1.1.5 and the likelihood of scipy."""

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit
from scipy.stats import betabinom

from analysis import meta


def test_letter(letter):
    """glmmTMB(cbind(y, n - y) ~ treated, family = betabinomial)."""
    pooled = meta.beta_binomial(*letter.counts)
    assert pooled.estimate == pytest.approx(1.9371808178, rel=1e-6)
    assert pooled.se == pytest.approx(1.0921744007, rel=1e-6)
    assert pooled.p == pytest.approx(0.076114137633, rel=1e-5)


def test_no_other_parameters_are_likelier():
    a, n1 = np.array([1, 9, 3, 20, 2]), np.array([30, 35, 20, 50, 28])
    c, n2 = np.array([0, 5, 1, 9, 2]), np.array([31, 33, 22, 52, 25])

    def fall(at):
        m1, m2, concentration = expit(at[0]), expit(at[1]), np.exp(at[2])
        return -sum(
            betabinom.logpmf(x, n, m * concentration, (1 - m) * concentration).sum()
            for x, n, m in ((a, n1, m1), (c, n2, m2))
        )

    best = minimize(fall, [-1, -1, 2], method="Nelder-Mead", options={"xatol": 1e-8})
    pooled = meta.beta_binomial(a, n1, c, n2)
    assert pooled.estimate == pytest.approx(best.x[0] - best.x[1], abs=1e-5)


def test_counts_that_vary_no_more_than_chance_pool_as_totals():
    a, n1, c, n2 = [4, 5, 4], [50, 60, 50], [2, 2, 3], [50, 50, 70]
    pooled = meta.beta_binomial(a, n1, c, n2)
    cells = np.array([13, 147, 7, 163])
    log_or = np.log(cells[0] * cells[3] / (cells[1] * cells[2]))
    assert pooled.estimate == pytest.approx(log_or, rel=1e-12)
    assert pooled.se == pytest.approx(np.sqrt((1 / cells).sum()), rel=1e-12)


@pytest.mark.parametrize(
    "counts",
    [
        ([3, 1], [40, 50], [0, 0], [40, 50]),
        ([0, 40, 0], [40, 40, 40], [40, 0, 0], [40, 40, 40]),
    ],
)
def test_without_maximum_there_is_no_estimate(counts):
    pooled = meta.beta_binomial(*counts)
    assert np.isnan(pooled.estimate)
    assert "no finite estimate" in pooled.reason
