"""Niël-Weise, Stijnen & van den Broek 2007, Intensive Care Med 33:2058-68.

Bloodstream infections with anti-infective catheters; counts from R package
metadat, ``dat.nielweise2007``. Stijnen, Hamza & Özdemir 2010, Stat Med
29:3046-67, pool them: Table II (page 3050) the risks of each arm, Table III (page
3052) the odds ratio. The values are those that metafor's documentation
(analyses:stijnen2010) compares with the paper.
"""

import numpy as np
import pytest

from analysis import meta

COUNTS = np.array(
    [
        (0, 116, 3, 117),
        (1, 44, 3, 35),
        (2, 208, 9, 195),
        (0, 130, 7, 136),
        (5, 151, 6, 157),
        (1, 98, 4, 139),
        (1, 174, 3, 177),
        (1, 74, 2, 39),
        (1, 97, 19, 103),
        (1, 113, 2, 122),
        (0, 66, 7, 64),
        (0, 70, 1, 58),
        (3, 188, 5, 175),
        (6, 187, 11, 180),
        (0, 118, 0, 105),
        (0, 252, 1, 262),
        (1, 345, 3, 362),
        (4, 64, 1, 69),
    ]
).T
TREATED, CONTROL = COUNTS[:2], COUNTS[2:]


def assert_prints(pooled, logit, se, tau2):
    found = (pooled.estimate, pooled.se, pooled.heterogeneity.tau2)
    np.testing.assert_allclose(found, (logit, se, tau2), atol=6e-5)


@pytest.mark.parametrize(
    ("arm", "printed"),
    [
        (CONTROL, (-3.3018, 0.2378, 0.6629)),
        (TREATED, (-4.2604, 0.2589, 0.3928)),
    ],
)
def test_table_ii_normal_normal_model(arm, printed):
    assert_prints(meta.logit_inverse_variance(*arm, model="REML"), *printed)


@pytest.mark.parametrize(
    ("arm", "printed"),
    [
        (CONTROL, (-3.4964, 0.2570, 0.8124)),
        (TREATED, (-4.8121, 0.3555, 0.8265)),
    ],
)
def test_table_ii_binomial_normal_model(arm, printed):
    assert_prints(meta.glmm_proportion(*arm), *printed)


def test_table_iii_normal_normal_model():
    pooled = meta.inverse_variance(*COUNTS, model="REML")
    assert_prints(pooled, -0.9804, 0.2435, 0.1886**2)
