import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.review import certainty as grade

RISK = st.floats(1e-5, 0.5)


@pytest.mark.parametrize(
    ("baseline", "treated", "power", "an_arm"),
    [
        # power.prop.test(p1 = , p2 = , power = )$n of R 4.2.2, rounded up
        (0.10, 0.20, 0.80, 199),
        (0.0017, 0.002125, 0.80, 165893),
        (0.01, 0.02, 0.90, 3103),
    ],
)
def test_information_size_against_r(
    baseline: float, treated: float, power: float, an_arm: int
) -> None:
    size = grade.optimal_information_size(baseline, treated, power=power)
    assert size == 2 * an_arm


def test_no_information_size_without_a_difference() -> None:
    assert math.isnan(grade.optimal_information_size(0.0, 0.0))
    assert math.isnan(grade.optimal_information_size(0.2, 0.1))
    assert math.isnan(grade.optimal_information_size(math.nan, 0.1))


@given(RISK, st.floats(0.05, 50))
def test_a_risk_turns_back_into_its_odds_ratio(baseline: float, ratio: float) -> None:
    risk = grade.treated_risk(baseline, ratio)
    odds = risk / (1 - risk) / (baseline / (1 - baseline))
    assert odds == pytest.approx(ratio, rel=1e-9)
    assert 0 < risk < 1


@given(RISK, st.floats(1.01, 20), st.floats(1.01, 3))
def test_a_larger_difference_needs_fewer_patients(
    baseline: float, ratio: float, more: float
) -> None:
    near, far = (grade.treated_risk(baseline, r) for r in (ratio, ratio * more))
    size = grade.optimal_information_size
    assert size(baseline, far) <= size(baseline, near)


@pytest.mark.parametrize(
    ("patients", "wanted", "interval", "levels"),
    [
        (100, 50, (1.2, 4.0), 0),
        (100, 50, (0.2, 0.9), 0),
        (100, 50, (0.9, 4.0), 1),
        (100, 500, (1.2, 4.0), 1),
        (49, 500, (1.2, 4.0), 2),
        (50, 500, (1.2, 4.0), 1),
        (100, 500, (0.9, 4.0), 2),
        (100, math.nan, (1.2, 4.0), 2),
        (100, 50, (math.nan, math.nan), 1),
    ],
)
def test_imprecision_goes_down_for_size_and_for_no_effect(
    patients: int, wanted: float, interval: tuple[float, float], levels: int
) -> None:
    assert grade.imprecision(patients, wanted, interval) == levels


def test_signs_show_the_certainty_that_is_left() -> None:
    shown = [grade.signs(levels) for levels in range(6)]
    assert shown == ["⊕⊕⊕⊕", "⊕⊕⊕○", "⊕⊕○○", "⊕○○○", "⊕○○○", "⊕○○○"]


def test_certainty_is_never_below_very_low() -> None:
    named = [grade.certainty(levels) for levels in range(6)]
    assert named == ["High", "Moderate", "Low", "Very low", "Very low", "Very low"]
