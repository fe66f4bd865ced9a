import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.reconstruction.constraints import Interval, Limits, Problem, Trial
from tests.analysis.reconstruction.problems import statement


@pytest.mark.parametrize(
    ("printed", "low", "high"),
    [
        ("3.82", 3.815, 3.825),
        ("17", 16.5, 17.5),
        ("0", 0.0, 0.5),
        ("1.0", 0.95, 1.05),
        ("< 0.01", 0.0, 0.01),
        ("<0.001", 0.0, 0.001),
    ],
)
def test_a_printed_number_stands_for_all_that_round_to_it(
    printed: str, low: float, high: float
) -> None:
    interval = Interval.of(printed)
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=1e-12)


@given(st.floats(0, 1e4), st.integers(0, 6))
def test_a_number_lies_among_those_that_print_like_it(x: float, decimals: int) -> None:
    interval = Interval.of(f"{x:.{decimals}f}")
    assert interval.low - 1e-9 <= x <= interval.high + 1e-9


@pytest.mark.parametrize("printed", ["", "3,82", "-1", "about 3", "1e3", "> 2", "٣"])
def test_what_is_no_number_is_refused(printed: str) -> None:
    with pytest.raises(ValueError, match="is not a number such as"):
        Interval.of(printed)


def test_percentages_are_fractions() -> None:
    assert statement("incidence.ci_low", "0.81").interval.low == pytest.approx(0.00805)
    assert statement("peto.i2", "17").interval.high == pytest.approx(0.175)
    assert statement("peto.estimate", "3.82").interval.high == pytest.approx(3.825)


def test_scopes_cover_their_trials() -> None:
    trials = (Trial("a"), Trial("a"), Trial("b"))
    problem = Problem("", trials, (statement("events", "3", key="e"),), Limits())
    assert problem.classes == ("a", "b")
    assert problem.mask("a").tolist() == [True, True, False]
    assert problem.mask("all").all()
    assert problem.without("e").keys == ()
    assert problem.only({"e"}).keys == ("e",)
