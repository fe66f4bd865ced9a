"""Colditz et al. 1994, JAMA 271:698-702: BCG vaccine against tuberculosis.

Counts from R package metadat, ``dat.colditz1994``. The paper pools risk ratios
by DerSimonian & Laird over 13 trials: 0.49 (0.34-0.70), page 698. Viechtbauer
2010, J Stat Softw 36(3), pages 14-15, pools them by REML, and prints more digits.
"""

import numpy as np
import pytest

from analysis import meta

COUNTS = np.array(
    [
        (4, 123, 11, 139),
        (6, 306, 29, 303),
        (3, 231, 11, 220),
        (62, 13598, 248, 12867),
        (33, 5069, 47, 5808),
        (180, 1541, 372, 1451),
        (8, 2545, 10, 629),
        (505, 88391, 499, 88391),
        (29, 7499, 45, 7277),
        (17, 1716, 65, 1665),
        (186, 50634, 141, 27338),
        (5, 2498, 3, 2341),
        (27, 16913, 29, 17854),
    ]
).T


def pooled_risk_ratio(model):
    a, n1, c, n2 = COUNTS
    return meta.pool_effects(
        "risk-ratio",
        "OR",  # a log ratio, too
        np.log((a / n1) / (c / n2)),
        1 / a - 1 / n1 + 1 / c - 1 / n2,
        model=model,
        level=0.95,
        reason="",
    )


def test_risk_ratio_of_the_paper():
    natural = pooled_risk_ratio("DL").natural()
    np.testing.assert_allclose(natural, (0.49, 0.34, 0.70), atol=5e-3)


def test_risk_ratio_of_viechtbauer_2010():
    pooled = pooled_risk_ratio("REML")
    assert pooled.estimate == pytest.approx(-0.7145, abs=5e-5)
    assert pooled.se == pytest.approx(0.1798, abs=5e-5)
    assert pooled.ci_low == pytest.approx(-1.0669, abs=5e-5)
    assert pooled.ci_high == pytest.approx(-0.3622, abs=5e-5)
    assert pooled.heterogeneity.tau2 == pytest.approx(0.3132, abs=5e-5)
    assert pooled.heterogeneity.q == pytest.approx(152.2330, abs=5e-5)
    assert pooled.heterogeneity.df == 12


def test_common_odds_ratios_agree_among_frequent_events():
    estimates = [
        pool(*COUNTS).estimate
        for pool in (
            meta.peto,
            meta.mantel_haenszel,
            meta.exact_conditional,
            meta.glmm,
        )
    ]
    assert max(estimates) - min(estimates) < 0.005
