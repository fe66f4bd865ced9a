"""Rothman, Greenland & Lash 2008, Modern Epidemiology, 3rd edition, chapter 15.

Table 15-1: deaths in the University Group Diabetes Program by age. The values are
those that metafor's documentation (analyses:rothman2008) compares with the
chapter; intervals are of 90%.
"""

import numpy as np
import pytest

from analysis import meta

COUNTS = ((8, 22), (106, 98), (5, 16), (120, 85))


def test_mantel_haenszel_odds_ratio():
    pooled = meta.mantel_haenszel(*COUNTS, level=0.90)
    np.testing.assert_allclose(pooled.natural(), (1.4031, 0.8411, 2.3409), atol=5e-5)


def test_mantel_haenszel_risk_difference():
    pooled = meta.risk_difference_mh(*COUNTS, level=0.90)
    # The chapter rounds the upper limit to 0.088.
    np.testing.assert_allclose(pooled.natural(), (0.0349, -0.0176, 0.0874), atol=6e-5)


def test_conditional_odds_ratio():
    pooled = meta.exact_conditional(*COUNTS)
    assert pooled.estimate == pytest.approx(0.3381, abs=5e-5)
