"""Miller 1978, Am Stat 32:138: the inverse of the double arcsine.

His arcsines, on page 138, are twice ours. The pooled values are those of
metafor's documentation (analyses:miller1978).
"""

import numpy as np
import pytest

from analysis import meta

X, N = np.array([3, 6, 10, 1]), np.array([11, 17, 21, 6])


def test_transformed_proportions():
    trials = meta.freeman_tukey(X, N).trials
    doubled = 2 * trials.estimate
    np.testing.assert_allclose(doubled, (1.1391, 1.2888, 1.5253, 0.9515), atol=5e-5)
    quadrupled = 4 * trials.se**2
    np.testing.assert_allclose(quadrupled, (0.0870, 0.0571, 0.0465, 0.1538), atol=5e-5)


def test_weighted_pool():
    pooled = meta.freeman_tukey(X, N)
    assert 2 * pooled.estimate == pytest.approx(1.3093, abs=5e-5)
    assert pooled.natural().estimate == pytest.approx(0.3595, abs=5e-5)


@pytest.mark.parametrize("n", [1, 10, 400])
def test_each_proportion_comes_back(n):
    x = np.arange(n + 1)
    back = meta.to_natural(
        meta.freeman_tukey(x, np.full(n + 1, n)).trials.estimate, "PFT", n
    )
    np.testing.assert_allclose(back, x / n, atol=1e-12)
