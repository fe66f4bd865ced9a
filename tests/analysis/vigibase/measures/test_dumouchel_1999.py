"""Empirical Bayes geometric means, against openEBGM.

DuMouchel, Am Stat 1999;53:177-90.
"""

from __future__ import annotations

import numpy as np
import pytest

from analysis.vigibase import Extract
from analysis.vigibase.measures.shrinkage import Prior, fit, prior_of, shrunk

PRIOR = Prior(0.2, 0.1, 2.0, 4.0, 1 / 3)


@pytest.mark.parametrize(
    ("n", "e", "rounded", "low", "high"),
    [
        # openEBGM: ebgm(th, n, e, Qn(th, n, e)); quantBisect(5, ..., digits = 12)
        (1, 0.4, 0.75, 0.185908905863, 4.032529627825),
        (3, 5, 0.50, 0.214188361037, 1.053443399866),
        (10, 2, 4.56, 2.533999484345, 7.584617578366),
        (40, 11.5, 3.41, 2.599133487879, 4.407312275273),
        (2, 0.01, 14.09, 2.155109115206, 45.619643772353),
    ],
)
def test_posterior(n: int, e: float, rounded: float, low: float, high: float) -> None:
    found = shrunk(n, e, PRIOR)
    assert round(found.ebgm, 2) == rounded
    assert found.low == pytest.approx(low, rel=1e-10)
    assert found.high == pytest.approx(high, rel=1e-10)


def test_a_prior_is_found_again_at_a_maximum() -> None:
    rng = np.random.default_rng(3)
    e = np.exp(rng.normal(0, 1.2, 3000))
    ratio = np.where(
        rng.random(3000) < 0.2, rng.gamma(2, 2, 3000), rng.gamma(4, 0.2, 3000)
    )
    n = rng.poisson(ratio * e)
    found = fit(n[n > 0], e[n > 0])
    assert found.gradient < 1e-6
    assert found.pairs == (n > 0).sum()
    means = found.alpha1 / found.beta1, found.alpha2 / found.beta2
    assert means == pytest.approx((0.8, 4.0), rel=0.35)
    # As counts grow, a ratio is believed; a small one is drawn to the bulk.
    assert shrunk(4000, 1000, found).ebgm == pytest.approx(4, rel=0.01)
    assert shrunk(1, 0.1, found).ebgm < 5


def test_the_prior_of_an_extract_counts_pairs_of_codes() -> None:
    extract = Extract.from_tables(
        {
            "demo": {"UMCReportId": range(1, 41)},
            "drug": {
                "UMCReportId": [*range(1, 41), 1],
                "Drug_Id": range(41),
                "DrecNo": [r % 4 for r in range(1, 41)] + [1],
                "Basis": [1] * 41,
            },
            "adr": {
                "UMCReportId": range(1, 41),
                "Adr_Id": range(40),
                "MedDRA_Id": [r % 3 for r in range(1, 41)],
            },
        }
    )
    assert prior_of(extract).pairs == 12
