"""Normand 1999, Stat Med 18:321-59: lidocaine after myocardial infarction.

Counts of Hine et al. 1989 from R package metadat, ``dat.hine1989``. Table III (page
330): risk differences in percent and their variances; Table VII (page 349): pooled
0.029 (0.004-0.055), by either model.
"""

import numpy as np
import pytest

from analysis import meta

COUNTS = (
    (2, 4, 6, 7, 7, 11),
    (39, 44, 107, 103, 110, 154),
    (1, 4, 4, 5, 3, 4),
    (43, 44, 110, 100, 106, 146),
)


def test_table_iii():
    trials = meta.risk_difference(*COUNTS).trials
    percent = (2.8026, 0.0000, 1.9711, 1.7961, 3.5334, 4.4031)
    np.testing.assert_allclose(100 * trials.estimate, percent, atol=5e-5)
    variance = (17.7575, 37.5657, 8.1323, 10.8998, 8.0114, 6.1320)
    np.testing.assert_allclose(1e4 * trials.se**2, variance, atol=5e-5)


@pytest.mark.parametrize("model", ["common", "DL", "REML"])
def test_table_vii(model):
    pooled = meta.risk_difference(*COUNTS, model=model)
    printed = (0.029, 0.004, 0.055)
    np.testing.assert_allclose(pooled.natural(), printed, atol=5e-4)
