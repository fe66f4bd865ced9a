"""Recomputations agree with what they are made from, and with published numbers."""

from math import erfc, exp, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from manuscript.check.results.numbers import printed
from manuscript.check.results.shares import agrees
from manuscript.check.results.significance import deviate, quantile, two_sided
from manuscript.check.results.spread import possible
from manuscript.check.results.statistics import chi_squared_tail, i_squared
from tests.manuscript.check.results.sentences import faults

Z95 = 1.959963984540054


@given(n=st.integers(0, 500), more=st.integers(0, 500), decimals=st.integers(0, 2))
def test_a_share_agrees_with_itself(n: int, more: int, decimals: int) -> None:
    total = n + more + 1
    percent = f"{100 * n / total:.{decimals}f}"
    assert agrees(str(n), str(total), percent)
    assert not agrees(str(n), str(total), f"{float(percent) + 2:.{decimals}f}")
    assert faults(f"It occurred in {n} of {total} patients ({percent}%).") == []


@given(
    effect=st.floats(-2, 3),
    se=st.floats(0.05, 1.2),
    decimals=st.integers(2, 4),
    level=st.sampled_from([90, 95, 99]),
    kind=st.sampled_from(["HR", "mean difference"]),
)
def test_a_wald_interval_agrees_with_its_estimate_and_p(
    effect: float, se: float, decimals: int, level: int, kind: str
) -> None:
    def back(x: float) -> float:
        return exp(x) if kind == "HR" else x

    z = quantile(level)
    x, low, high = (f"{back(effect + k * se):.{decimals}f}" for k in (0, -z, z))
    p = erfc(abs(effect) / se / sqrt(2))
    shown = "< 0.001" if p < 0.001 else f"= {p:.{decimals}f}"
    if shown == f"= {0:.{decimals}f}":
        return
    text = f"It was so ({kind} {x}; {level}% CI {low} to {high}; P {shown})."
    assert faults(text) == []


@given(st.floats(0.01, 100), st.integers(1, 60))
def test_the_tail_of_chi_squared_is_scipys(x: float, df: int) -> None:
    assert chi_squared_tail(x, df) == pytest.approx(stats.chi2.sf(x, df), rel=1e-9)


def test_normal_quantiles() -> None:
    assert quantile(95) == pytest.approx(Z95, abs=1e-12)
    assert two_sided(Z95) == pytest.approx(0.05, abs=1e-12)
    assert deviate(0.05) == pytest.approx(Z95, abs=1e-12)


def test_i_squared_of_higgins_and_thompson_2002() -> None:
    # Page 1552: I² = (Q - df) / Q.
    assert i_squared(20.0, 10) == pytest.approx(50.0)
    assert i_squared(5.0, 10) == 0.0


def test_grim_of_brown_and_heathers_2017() -> None:
    # Their example: a mean of 3.48 is possible, and 3.49 is not, for 25 whole numbers.
    assert possible(printed("3.48"), 25)
    assert not possible(printed("3.49"), 25)


@given(st.integers(1, 80), st.data())
def test_a_mean_of_whole_numbers_is_possible(n: int, data: st.DataObject) -> None:
    total = data.draw(st.integers(0, 9 * n))
    assert possible(printed(f"{total / n:.2f}"), n)


@given(st.integers(1, 60), st.floats(0.1, 80))
def test_q_agrees_with_its_p_and_i_squared(df: int, q: float) -> None:
    shown = float(f"{q:.2f}")
    p = stats.chi2.sf(shown, df)
    if p < 0.005:
        return
    text = (
        f"(Q = {shown:.2f}, df = {df}, P = {p:.3f}; I² = {i_squared(shown, df):.0f}%)"
    )
    assert faults(text) == []


@given(st.integers(3, 200), st.floats(0.01, 6))
def test_t_agrees_with_its_p(df: int, t: float) -> None:
    shown = float(f"{t:.2f}")
    p = 2 * stats.t.sf(shown, df)
    if p >= 0.001:
        assert faults(f"It did, t({df}) = {shown:.2f}, p = {p:.3f}.") == []


@given(st.floats(0, 100), st.integers(0, 3))
def test_halves_may_be_rounded_up_or_to_even(x: float, decimals: int) -> None:
    unit = 10.0**-decimals
    half = (int(x / unit) + 0.5) * unit
    for text in (f"{half - unit / 2:.{decimals}f}", f"{half + unit / 2:.{decimals}f}"):
        assert printed(text).may_be(half)
