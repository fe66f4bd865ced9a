"""The fast sums say what ``analysis.meta`` says, to rounding."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import meta
from analysis.reconstruction import pools
from analysis.reconstruction.constraints import Problem
from analysis.reconstruction.pools import POOLS, Bound, coordinates, gradients
from tests.analysis.reconstruction.problems import (
    Row,
    of_known_sizes,
    statement,
    tables,
)

META = {
    "peto": meta.peto,
    "inverse-variance": meta.inverse_variance,
}


def sums(pool: str, rows: list[Row]) -> np.ndarray:
    table = np.array(rows, dtype=float)
    return POOLS[pool](table[:, 2:], table[:, :2]).sum(axis=0)


@pytest.mark.parametrize("pool", POOLS)
@given(rows=tables(4))
def test_coordinates_are_those_of_the_meta_analysis(pool: str, rows: list[Row]) -> None:
    a, c, n1, n2 = np.array(rows).T
    if pool == "incidence":
        pooled = meta.logit_inverse_variance(a, n1)
    else:
        pooled = META[pool](a, n1, c, n2)
    ours = coordinates(sums(pool, rows))
    assert pooled.heterogeneity is not None
    theirs = [pooled.estimate, pooled.ci_low, pooled.ci_high]
    np.testing.assert_allclose(ours[:3], theirs, rtol=1e-9, atol=1e-12)
    if pool != "incidence":
        z = np.abs(pooled.estimate) / pooled.se
        np.testing.assert_allclose(ours[pools.ABS_Z], z, rtol=1e-9, atol=1e-12)
    if pooled.k > 1:
        q = pooled.heterogeneity.q
        np.testing.assert_allclose(ours[pools.Q], q, rtol=1e-8, atol=1e-8)


@given(st.floats(0.1, 50), st.floats(-20, 20).filter(lambda x: abs(x) > 0.1))
def test_gradients_are_slopes_of_coordinates(weight: float, product: float) -> None:
    at = np.array([weight, product, product**2 / weight + 1])
    for i in range(3):
        step = np.zeros(3)
        step[i] = 1e-6
        slope = (coordinates(at + step) - coordinates(at - step)) / 2e-6
        np.testing.assert_allclose(gradients(at)[:, i], slope, rtol=1e-4, atol=1e-4)


def test_without_information_nothing_is_known() -> None:
    assert np.isnan(coordinates(sums("peto", [(0, 0, 10, 10)]))).all()


@pytest.mark.parametrize(
    ("quantity", "printed", "df", "low", "high"),
    [
        # R 4.2.2: log(c(3.815, 3.825))
        ("peto.estimate", "3.82", 1, 1.33894066473642, 1.34155846727850),
        # R: qlogis(c(0.01405, 0.01415))
        ("incidence.estimate", "1.41", 1, -4.25098324759794, -4.24378958912303),
        # R: qnorm(1 - c(0.025, 0.015) / 2)
        ("peto.p", "0.02", 1, 2.24140272760495, 2.43237905858445),
        # R: qchisq(1 - c(0.725, 0.715), 2)
        ("peto.q_p", "0.72", 2, 0.643167248254925, 0.670945472576259),
        ("peto.i2", "0", 2, 0.0, 2 / 0.995),
        ("peto.i2", "17", 17, 17 / 0.835, 17 / 0.825),
    ],
)
def test_a_statement_bounds_its_coordinate(
    quantity: str, printed: str, df: int, low: float, high: float
) -> None:
    pool, _, name = quantity.partition(".")
    coordinate = pools.bounds(_problem(quantity, printed))[0].coordinate
    bound = Bound(statement(quantity, printed), pool, "all", coordinate)
    interval = bound.interval(df)
    assert (interval.low, interval.high) == pytest.approx((low, high), rel=1e-9)
    assert name in pools.STATISTICS


def test_a_pool_of_one_trial_has_no_heterogeneity() -> None:
    bound = pools.bounds(_problem("peto.q_p", "0.72"))[0]
    interval = bound.interval(0)
    assert interval.low > interval.high


def _problem(quantity: str, printed: str) -> Problem:
    return of_known_sizes([(50, 50)], [statement(quantity, printed)])
