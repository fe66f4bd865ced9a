"""Iterative answers are the highest maxima, by brute force and by integration."""

from functools import partial

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit, gammaln, logsumexp

from analysis import meta

close = partial(np.testing.assert_allclose, rtol=1e-8, atol=1e-8)

# Tables on which likelihoods have two maxima, or fall at a variance of 0.
PROPORTIONS = [
    ([17, 2], [2644, 13]),
    ([0, 1, 0, 30], [40, 30, 2000, 45]),
    ([3, 0, 0, 0, 9], [9, 300, 250, 700, 800]),
    ([1, 1, 2], [50, 40, 60]),
]
ARMS = [
    ([87, 2, 9], [2536, 15, 105], [83, 2, 10], [2536, 15, 105]),
    ([3, 7, 1, 4], [40, 50, 60, 30], [9, 2, 6, 5], [42, 50, 61, 33]),
    ([4, 0, 9, 0], [30, 80, 40, 25], [0, 2, 3, 1], [30, 70, 90, 20]),
    ([2, 1, 0, 12], [100, 60, 90, 40], [1, 3, 2, 2], [100, 55, 90, 44]),
]


def normal_grid():
    u = np.linspace(-14, 14, 20_001)
    return u, -(u**2) / 2 - np.log(2 * np.pi) / 2 + np.log(u[1] - u[0])


def integrated(terms):
    """Log integral over a standard normal u by the trapezoid rule."""
    u, log_weight = normal_grid()
    return float(logsumexp(terms(u) + log_weight))


def binomial(x, n, eta):
    return x * eta - n * np.logaddexp(0, eta)


def proportion_likelihood(x, n, mean, tau):
    return sum(
        integrated(lambda u, a=a, m=m: binomial(a, m, mean + tau * u))
        for a, m in zip(x, n, strict=True)
    )


@pytest.mark.parametrize(("x", "n"), PROPORTIONS)
def test_likelihood_of_proportions_is_the_integral(x, n):
    pooled = meta.glmm_proportion(x, n, nodes=None)
    proof = pooled.certificate
    assert proof.holds()
    tau = np.sqrt(pooled.heterogeneity.tau2)
    close(proof.log_likelihood, proportion_likelihood(x, n, pooled.estimate, tau))
    # No start of another optimiser ends higher.
    for start in ((pooled.estimate, 0.3), (-1.0, 1.5), (-4.0, 3.0)):
        found = minimize(
            lambda at: -proportion_likelihood(x, n, at[0], np.exp(at[1])),
            (start[0], np.log(start[1])),
            method="Nelder-Mead",
            options={"maxfev": 25},
        )
        assert -found.fun <= proof.log_likelihood + 1e-8


def test_proportions_whose_likelihood_falls_at_no_variance():
    """rma.glmm(measure = "PLO"), metafor 3.8-1: tau² 2.1319, logit -3.70037."""
    pooled = meta.glmm_proportion([17, 2], [2644, 13])
    np.testing.assert_allclose(pooled.heterogeneity.tau2, 2.13189, rtol=1e-5)
    np.testing.assert_allclose(pooled.natural(), (0.0241, 0.0026, 0.193), rtol=0.02)
    gain = pooled.certificate.log_likelihood - pooled.certificate.at_zero
    np.testing.assert_allclose(gain, 0.9274, atol=1e-4)
    assert pooled.certificate.maxima == 2
    assert pooled.certificate.integration_error < 1e-4


def beta_binomial_likelihood(x, n, mean, dispersion):
    a, b = mean / dispersion, (1 - mean) / dispersion
    x, n = np.asarray(x, dtype=float), np.asarray(n, dtype=float)
    rising = gammaln(a + x) - gammaln(a) + gammaln(b + n - x) - gammaln(b)
    return np.sum(rising - gammaln(a + b + n) + gammaln(a + b))


@pytest.mark.parametrize("table", ARMS)
def test_beta_binomial_is_the_highest(table):
    a, n1, c, n2 = table
    pooled = meta.beta_binomial(*table)
    proof = pooled.certificate
    assert proof.holds()

    def height(at):
        d = np.exp(at[2])
        return beta_binomial_likelihood(
            a, n1, expit(at[0]), d
        ) + beta_binomial_likelihood(c, n2, expit(at[1]), d)

    best = max(
        -minimize(lambda at: -height(at), start, method="Nelder-Mead").fun
        for start in ((-3.0, -3.0, -4.0), (-2.0, -2.0, 0.0), (-1.0, -1.0, -7.0))
    )
    assert best <= proof.log_likelihood + 1e-7


def test_beta_binomial_whose_likelihood_falls_at_no_dispersion():
    pooled = meta.beta_binomial(*ARMS[0])
    np.testing.assert_allclose((pooled.estimate, pooled.se), (-0.015, 0.452), atol=5e-4)
    gain = pooled.certificate.log_likelihood - pooled.certificate.at_zero
    np.testing.assert_allclose(gain, 2.11, atol=5e-3)


def test_beta_binomial_does_not_mind_the_size_of_arms():
    big = [10**9, 10**8, 5 * 10**6]
    pooled = meta.beta_binomial(
        [2 * 10**6, 10**5, 9000], big, [10**6, 10**5, 7000], big
    )
    assert pooled.certificate.holds()
    assert np.isfinite(pooled.se)


@pytest.mark.parametrize("paired", [False, True])
def test_swapping_the_arms_of_a_beta_binomial(paired):
    a, n1, c, n2 = ARMS[2]
    one = meta.beta_binomial(a, n1, c, n2, paired=paired)
    other = meta.beta_binomial(c, n2, a, n1, paired=paired)
    close((one.estimate, one.se), (-other.estimate, other.se), rtol=1e-6)


def restricted_likelihood(y, v, tau2):
    w = 1 / (v + tau2)
    mean = np.sum(w * y) / np.sum(w)
    return (np.log(w).sum() - np.log(w.sum()) - np.sum(w * (y - mean) ** 2)) / 2


@pytest.mark.parametrize(
    ("pool", "table", "tau2", "estimate"),
    [
        (
            meta.inverse_variance,
            ([1562, 74, 888], [11461, 74, 4232], [2444, 34, 1164], [11461, 74, 4232]),
            8.33,
            1.16,
        ),
        (
            meta.risk_difference,
            ([1, 0, 46], [1305, 1055, 424], [0, 1, 19], [1305, 1055, 424]),
            0.0010,
            0.0174,
        ),
    ],
)
def test_reml_passes_its_lower_maximum(pool, table, tau2, estimate):
    pooled = pool(*table, model="REML")
    np.testing.assert_allclose(pooled.heterogeneity.tau2, tau2, rtol=5e-3)
    np.testing.assert_allclose(pooled.estimate, estimate, rtol=5e-3)
    assert pooled.certificate.holds()
    assert pooled.certificate.maxima == 2


@pytest.mark.parametrize("model", ["REML", "ML"])
def test_no_variance_on_a_fine_grid_is_more_likely(model):
    draw = np.random.default_rng(5)
    for _ in range(40):
        k = int(draw.integers(2, 7))
        v = np.exp(draw.normal(0, 2.5, k))
        y = draw.normal(0, 1, k) * np.sqrt(v + draw.exponential(2))
        found = meta.pool_effects("x", "OR", y, v, model=model)
        grid = np.append(0, np.geomspace(1e-6, 1e6, 4000))
        w = 1 / (v + grid[:, np.newaxis])
        mean = (w @ y) / w.sum(axis=1)
        lost = np.log(w).sum(axis=1) - np.log(w.sum(axis=1)) * (model == "REML")
        height = (lost - np.sum(w * (y - mean[:, np.newaxis]) ** 2, axis=1)) / 2
        w = 1 / (v + float(found.heterogeneity.tau2))
        lost = np.log(w).sum() - np.log(w.sum()) * (model == "REML")
        own = (lost - np.sum(w * (y - found.estimate) ** 2)) / 2
        assert own >= height.max() - 1e-9
        assert found.certificate.holds()


def conditional(a, n1, c, n2, eta):
    """Log of the non-central hypergeometric probability at many logits."""
    m = a + c
    x = np.arange(max(0, m - n2), min(n1, m) + 1)
    log_weight = -sum(gammaln(part + 1) for part in (x, n1 - x, m - x, n2 - m + x))
    terms = log_weight[:, np.newaxis] + x[:, np.newaxis] * eta
    return log_weight[x == a] + a * eta - logsumexp(terms, axis=0)


@pytest.mark.parametrize("table", ARMS[1:])
def test_conditional_likelihood_is_the_integral(table):
    pooled = meta.glmm_random(*table, likelihood="CM.EL", nodes=None)
    tau = float(np.sqrt(pooled.heterogeneity.tau2))

    def height(mean, tau):
        return sum(
            integrated(lambda u, row=row: conditional(*row, mean + tau * u))
            for row in zip(*table, strict=True)
        )

    own = height(float(pooled.estimate), tau)
    for mean, other in ((0.1, 0.0), (-0.1, 0.0), (0, 0.1), (0, -0.1 * (tau > 0.1))):
        assert own >= height(float(pooled.estimate) + mean, tau + other) - 1e-9
    assert pooled.certificate.holds()
    if tau > 0:
        gain = float(pooled.certificate.log_likelihood - pooled.certificate.at_zero)
        assert gain > 0


@pytest.mark.parametrize("likelihood", ["UM.FS", "CM.AL", "CM.EL"])
def test_swapping_the_arms_of_a_mixed_model(likelihood):
    a, n1, c, n2 = ARMS[1]
    one = meta.glmm_random(a, n1, c, n2, likelihood=likelihood)
    other = meta.glmm_random(c, n2, a, n1, likelihood=likelihood)
    close((one.estimate, one.se), (-other.estimate, other.se), rtol=1e-6)


@pytest.mark.parametrize(
    ("likelihood", "estimate", "se", "tau2", "q"),
    [
        # rma.glmm(measure = "OR", model = ...), metafor 3.8-1 with lme4 1.1-31
        ("UM.FS", -0.40561108, 0.55310232, 0.66606606, 9.48315743),
        ("CM.AL", -0.38551159, 0.54455871, 0.64691920, 8.65831466),
    ],
)
def test_random_effects_of_metafor(likelihood, estimate, se, tau2, q):
    pooled = meta.glmm_random(*ARMS[1], likelihood=likelihood)
    h = pooled.heterogeneity
    # R stops at a tolerance of its optimiser.
    np.testing.assert_allclose(
        (pooled.estimate, pooled.se, h.tau2), (estimate, se, tau2), rtol=1e-4
    )
    close(h.q, q, rtol=1e-7)


def test_firth_of_one_trial_adds_a_half_to_each_cell():
    pooled = meta.firth([4], [10], [0], [10])
    close(pooled.estimate, np.log(4.5 * 10.5 / (0.5 * 6.5)))
    assert pooled.certificate.holds()


def test_firth_is_the_highest_penalised_likelihood():
    a, n1, c, n2 = (np.array(x, dtype=float) for x in ARMS[2])

    def height(at):
        own, effect = at[:-1], at[-1]
        p1, p2 = expit(own + effect), expit(own)
        w1, w2 = n1 * p1 * (1 - p1), n2 * p2 * (1 - p2)
        fit = binomial(a, n1, own + effect) + binomial(c, n2, own)
        penalty = np.log(w1 + w2).sum() + np.log(np.sum(w1 * w2 / (w1 + w2)))
        return fit.sum() + penalty / 2

    pooled = meta.firth(a, n1, c, n2)
    found = minimize(lambda at: -height(at), np.append(np.full(4, -2.0), 0.0))
    np.testing.assert_allclose(pooled.estimate, found.x[-1], atol=1e-4)
    close(pooled.certificate.log_likelihood, -found.fun, rtol=1e-7)


@pytest.mark.parametrize(
    ("table", "limit"),
    [
        (([1000], [1000], [0], [1000]), 11.8167),
        (([540], [541], [0], [541]), 10.1146),
    ],
)
def test_exact_limits_do_not_underflow(table, limit):
    pooled = meta.exact_conditional(*table)
    np.testing.assert_allclose(pooled.ci_low, limit, atol=5e-4)


def test_exact_limits_of_empty_arms():
    pooled = meta.exact_conditional([0], [20000], [1100], [20000])
    assert (pooled.estimate, pooled.ci_low) == (-np.inf, -np.inf)
    # The upper limit leaves 0.025 at 0 events: the product over 1,100 events.
    upper = np.exp(pooled.ci_high)
    x = np.arange(1101)
    log_weight = -sum(gammaln(part + 1) for part in (x, 20000 - x, 1100 - x, 18900 + x))
    log_total = logsumexp(log_weight + x * np.log(upper))
    close(log_weight[0] - log_total, np.log(0.025), rtol=1e-7)


def test_exact_limits_of_large_arms_end():
    big = 5_200_000
    pooled = meta.exact_conditional(
        [5_100_000, 3000], [big, 40_000], [5_000_000, 2900], [big, 39_000]
    )
    glmm = meta.glmm([5_100_000, 3000], [big, 40_000], [5_000_000, 2900], [big, 39_000])
    np.testing.assert_allclose(pooled.ci_low, glmm.ci_low, atol=1e-5)


def test_exact_mid_p_lies_within_the_exact_limits():
    exact = meta.exact_conditional(*ARMS[1])
    mid = meta.exact_conditional(*ARMS[1], mid_p=True)
    assert exact.ci_low < mid.ci_low < mid.ci_high < exact.ci_high
    close(exact.estimate, mid.estimate)
