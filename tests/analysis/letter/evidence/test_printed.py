"""Identities between the printed numbers of Morice 2024 (Blood Cancer J 14:177)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.letter import data
from analysis.letter.evidence import printed

REPORTED = data.reported_values()


def test_only_the_sources_of_the_cases_contradict_the_print() -> None:
    found = printed.implied(REPORTED)
    assert len(found) == 35
    assert [key for key, one in found.items() if not one.agrees] == ["cases.all"]
    assert found["cases.all"].central == 18


@pytest.mark.parametrize(
    ("key", "central"),
    [
        # sqrt(1.22 * 11.92) and sqrt(1.85 * 10.86)
        ("risk.placebo.or", 3.8134),
        ("risk.all.or", 4.4823),
        # 2 * pnorm(-log(1.22 * 11.92) / log(11.92 / 1.22) * qnorm(0.975)) in R
        ("risk.placebo.p", 0.0213),
        # (Q - 17) / Q with Q = qchisq(0.25, 17, lower.tail = FALSE) in R
        ("incidence.all.i2", 17.0273),
        ("vigibase.lenalidomide.percent", 100 * 269 / 2155),
    ],
)
def test_identities_against_hand_and_r(key: str, central: float) -> None:
    assert printed.implied(REPORTED)[key].central == pytest.approx(central, abs=1e-4)


def test_printed_incidences_differ_between_controls() -> None:
    q, p, p_max = printed.incidence_subgroups(REPORTED)
    # Logits and standard errors of 1.41 (0.81-2.44), 1.68 (0.73-3.84) and
    # 0.46 (0.21-0.98) through metafor: rma(yi, sei = se, method = "FE")$QE
    assert q == pytest.approx(6.7075, abs=1e-4)
    assert p == pytest.approx(0.03495, abs=1e-5)
    assert p < p_max < 0.05


def test_a_rounding_interval_is_half_a_unit_wide_on_either_side() -> None:
    percent = REPORTED["incidence.placebo"]
    assert printed.rounding_interval(percent) == pytest.approx((1.405, 1.415))
    assert printed.rounding_interval(REPORTED["patients.all"]) == (5980, 5980)
    assert printed.rounding_interval(REPORTED["risk.all.p"]) == (0, 0.01)


@given(st.floats(0.001, 99.0), st.integers(0, 4))
def test_a_number_holds_its_own_rounded_form(number: float, decimals: int) -> None:
    shown = replace(
        REPORTED["incidence.all"], number=round(number, decimals), decimals=decimals
    )
    assert printed.holds(shown, number)
    assert not printed.holds(shown, number + 1.01 * 10.0**-decimals)
