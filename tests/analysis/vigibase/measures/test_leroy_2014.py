"""Weibull distributions of times to onset, with and without right truncation.

Leroy et al., BMC Med Res Methodol 2014;14:17.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import weibull_min

from analysis.vigibase.measures.onset import weibull

DAYS = np.array([3, 5, 8, 12, 20, 33, 41, 60, 85, 120, 240, 400, 730.0])
LATER = np.array([10, 400, 300, 20, 50, 90, 1000, 30, 300, 200, 90, 800, 45.0])


def test_without_truncation_it_is_survreg() -> None:
    # R: m <- survival::survreg(Surv(x) ~ 1, control = survreg.control(
    #      rel.tolerance = 1e-15)); 1 / m$scale; exp(coef(m)); sqrt(diag(vcov(m)))
    found = weibull(DAYS)
    assert found.shape == pytest.approx(0.6561631488897218, rel=1e-9)
    assert found.scale == pytest.approx(97.1278145914431406, rel=1e-9)
    z = 1.959963984540054
    errors = (
        math.log(found.shape_high / found.shape) / z,
        math.log(found.scale_high / found.scale) / z,
    )
    assert errors == pytest.approx((0.2104125817861431, 0.4481019981583486), rel=1e-9)


def test_with_truncation_it_is_the_maximum_of_the_likelihood() -> None:
    # R: nlm on -sum(dweibull(x, k, s, log = TRUE) - pweibull(t, k, s, log.p = TRUE))
    found = weibull(DAYS, DAYS + LATER)
    assert found.shape == pytest.approx(0.7177295787, rel=1e-6)
    assert found.scale == pytest.approx(680.456026, rel=1e-5)

    def loss(theta: np.ndarray) -> float:
        law = weibull_min(math.exp(theta[0]), scale=math.exp(theta[1]))
        return -float(np.sum(law.logpdf(DAYS) - law.logcdf(DAYS + LATER)))

    start = np.log([found.shape, found.scale])
    best = minimize(loss, start, method="Nelder-Mead", options={"xatol": 1e-9})
    assert loss(start) <= best.fun + 1e-9


def test_truncation_undoes_what_a_closed_database_hides() -> None:
    rng = np.random.default_rng(5)
    days = 300 * rng.weibull(1.5, 20_000)
    limits = rng.uniform(50, 900, len(days))
    seen = days <= limits
    naive = weibull(days[seen])
    found = weibull(days[seen], limits[seen])
    assert naive.scale < 270
    assert found.shape_low < 1.5 < found.shape_high
    assert found.scale_low < 300 < found.scale_high


@pytest.mark.parametrize("days", [[], [5.0] * 9, [1, 2, 3]])
def test_too_little_says_nothing(days: list[float]) -> None:
    assert math.isnan(weibull(days).shape)


def test_an_onset_on_the_first_day_is_half_a_day() -> None:
    assert weibull([0, 2, 3, 4, 9]) == weibull([0.5, 2, 3, 4, 9])
