"""Nissen & Wolski 2007, N Engl J Med 356:2457-71: rosiglitazone.

Counts from Table 3 (page 2465); odds ratios by Peto's method from the abstract
(page 2457): myocardial infarction 1.43 (1.03-1.98), P = 0.03; death from
cardiovascular causes 1.64 (0.98-2.74), P = 0.06.
"""

import numpy as np
import pytest

from analysis import meta

# Patients, infarctions and cardiovascular deaths: rosiglitazone, then control.
TABLE_3 = np.array(
    [
        (357, 2, 1, 176, 0, 0),
        (391, 2, 0, 207, 1, 0),
        (774, 1, 0, 185, 1, 0),
        (213, 0, 0, 109, 1, 0),
        (232, 1, 1, 116, 0, 0),
        (43, 0, 0, 47, 1, 0),
        (121, 1, 0, 124, 0, 0),
        (110, 5, 3, 114, 2, 2),
        (382, 1, 0, 384, 0, 0),
        (284, 1, 0, 135, 0, 0),
        (294, 0, 2, 302, 1, 1),
        (563, 2, 0, 142, 0, 0),
        (278, 2, 0, 279, 1, 1),
        (418, 2, 0, 212, 0, 0),
        (395, 2, 2, 198, 1, 0),
        (203, 1, 1, 106, 1, 1),
        (104, 1, 0, 99, 2, 0),
        (212, 2, 1, 107, 0, 0),
        (138, 3, 1, 139, 1, 0),
        (196, 0, 1, 96, 0, 0),
        (122, 0, 0, 120, 1, 0),
        (175, 0, 0, 173, 1, 0),
        (56, 1, 0, 58, 0, 0),
        (39, 1, 0, 38, 0, 0),
        (561, 0, 1, 276, 2, 0),
        (116, 2, 2, 111, 3, 1),
        (148, 1, 2, 143, 0, 0),
        (231, 1, 1, 242, 0, 0),
        (89, 1, 0, 88, 0, 0),
        (168, 1, 1, 172, 0, 0),
        (116, 0, 0, 61, 0, 0),
        (1172, 1, 1, 377, 0, 0),
        (706, 0, 1, 325, 0, 0),
        (204, 1, 0, 185, 2, 1),
        (288, 1, 1, 280, 0, 0),
        (254, 1, 0, 272, 0, 0),
        (314, 1, 0, 154, 0, 0),
        (162, 0, 0, 160, 0, 0),
        (442, 1, 1, 112, 0, 0),
        (394, 1, 1, 124, 0, 0),
        (2635, 15, 12, 2634, 9, 10),
        (1456, 27, 2, 2895, 41, 5),
    ]
).T
N1, MI1, DEATH1, N2, MI2, DEATH2 = TABLE_3
INFARCTION = (MI1, N1, MI2, N2)
DEATH = (DEATH1, N1, DEATH2, N2)


def test_totals_of_the_abstract():
    assert TABLE_3.shape == (6, 42)
    assert (MI1.sum(), MI2.sum(), DEATH1.sum(), DEATH2.sum()) == (86, 72, 39, 22)


@pytest.mark.parametrize(
    ("counts", "printed", "p"),
    [
        (INFARCTION, (1.43, 1.03, 1.98), 0.03),
        (DEATH, (1.64, 0.98, 2.74), 0.06),
    ],
)
def test_odds_ratios_of_the_abstract(counts, printed, p):
    pooled = meta.peto(*counts)
    np.testing.assert_allclose(pooled.natural(), printed, atol=5e-3)
    assert pooled.p == pytest.approx(p, abs=5e-3)


def test_the_finding_on_infarction_hangs_on_few_outcomes():
    found = meta.fragility(meta.peto, *INFARCTION, at_most=2)
    assert found.changes is not None
    assert found.p < 0.05 <= found.p_changed
