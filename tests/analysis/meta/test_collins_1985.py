"""Collins, Yusuf & Peto 1985, Br Med J 290:17-23: diuretics in pregnancy.

Counts from R package metadat, ``dat.collins1985b``. The abstract (page 17) gives
the findings in words and the number of stillbirths; the figures behind it agree
with R to 1e-9 in test_tables_against_r.py.
"""

import numpy as np
import pytest

from analysis import meta

# Pre-eclampsia and women, diuretic and control.
PREECLAMPSIA = np.array(
    [
        (14, 131, 14, 136),
        (21, 385, 17, 134),
        (14, 57, 24, 48),
        (6, 38, 18, 40),
        (12, 1011, 35, 760),
        (138, 1370, 175, 1336),
        (15, 506, 20, 524),
        (6, 108, 2, 103),
        (65, 153, 40, 102),
    ]
).T
OEDEMA_WAS_A_CRITERION = np.array([0, 0, 1, 0, 1, 0, 0, 0, 0], dtype=bool)

# Stillbirths and women followed up; one trial did not tell them from later deaths.
STILLBIRTHS = np.array(
    [
        (1, 131, 2, 136),
        (3, 335, 2, 110),
        (1, 57, 1, 48),
        (0, 34, 1, 40),
        (6, 1011, 5, 760),
        (6, 506, 9, 524),
        (0, 108, 0, 103),
        (0, 153, 0, 102),
    ]
).T


def test_prevention_of_preeclampsia_is_overwhelming():
    pooled = meta.peto(*PREECLAMPSIA)
    assert pooled.p < 1e-5
    assert pooled.natural().ci_high < 0.8


def test_prevention_holds_where_oedema_was_no_criterion():
    pooled = meta.peto(*PREECLAMPSIA[:, ~OEDEMA_WAS_A_CRITERION])
    assert pooled.natural().ci_high < 1


def test_stillbirths_fall_by_about_a_third_but_not_significantly():
    assert STILLBIRTHS[0].sum() + STILLBIRTHS[2].sum() == 37
    pooled = meta.peto(*STILLBIRTHS)
    assert pooled.natural().estimate == pytest.approx(2 / 3, abs=0.02)
    assert pooled.p > 0.05


@pytest.mark.parametrize(
    ("model", "estimate", "low", "high", "tau2"),
    [
        # rma(measure = "OR", method = ...), metafor 3.8-1
        ("common", -0.39799883, -0.57310543, -0.22289223, np.nan),
        ("DL", -0.51676219, -0.91602961, -0.11749477, 0.22969909),
    ],
)
def test_inverse_variance(model, estimate, low, high, tau2):
    pooled = meta.inverse_variance(*PREECLAMPSIA, model=model)
    found = (pooled.estimate, pooled.ci_low, pooled.ci_high, pooled.heterogeneity.tau2)
    np.testing.assert_allclose(found, (estimate, low, high, tau2), atol=1e-8)
