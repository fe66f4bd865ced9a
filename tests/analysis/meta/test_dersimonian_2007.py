"""DerSimonian & Kacker 2007, Contemp Clin Trials 28:105-14.

Tables 3 and 4, pages 111-112: tau, log odds ratio and standard error of the CLASP
example by several estimators.
"""

import numpy as np
import pytest

from analysis import meta

EVENTS = ((5, 5, 12, 69, 9, 313), (8, 17, 9, 94, 11, 352))
PATIENTS = ((156, 303, 565, 1570, 103, 4659), (74, 303, 477, 1565, 105, 4650))


@pytest.mark.parametrize(
    ("model", "tau", "log_or", "se"),
    [
        ("DL", 0.2323, -0.3240, 0.1540),
        ("PM", 0.3681, -0.3811, 0.2060),
        ("REML", 0.1843, -0.2980, 0.1343),
    ],
)
def test_tables_3_and_4(model, tau, log_or, se):
    pooled = meta.inverse_variance(
        EVENTS[0], PATIENTS[0], EVENTS[1], PATIENTS[1], model=model
    )
    found = (np.sqrt(pooled.heterogeneity.tau2), pooled.estimate, pooled.se)
    np.testing.assert_allclose(found, (tau, log_or, se), atol=6e-5)
