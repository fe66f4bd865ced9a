"""Measures of disproportionality, against R and against their definitions."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.letter.extract import description
from analysis.vigibase import Cohort, Extract, from_counts, stratified
from analysis.vigibase.cohort import cohort
from analysis.vigibase.disproportionality import disproportionality


def test_the_odds_ratio_and_its_limits_agree_with_r() -> None:
    # R: or <- 44 * 465 / (181 * 60)
    #    or * exp(c(-1, 1) * qnorm(.975) * sqrt(1/44 + 1/181 + 1/60 + 1/465))
    found = from_counts(44, 181, 60, 465)
    assert found.ror == pytest.approx(1.88397790055249, rel=1e-12)
    assert found.ror_low == pytest.approx(1.23141271741057, rel=1e-12)
    assert found.ror_high == pytest.approx(2.88235837517394, rel=1e-7)


def test_the_information_component_agrees_with_r() -> None:
    # R: E <- 225 * 104 / 750; log2(44.5 / (E + .5))
    #    log2(qgamma(.025, 44.5, rate = E + .5))
    found = from_counts(44, 181, 60, 465)
    assert found.expected == pytest.approx(31.2, rel=1e-12)
    assert found.ic == pytest.approx(0.489322495714353, rel=1e-12)
    assert found.ic025 == pytest.approx(0.0313631665252304, rel=1e-9)


def test_the_published_example_of_vigicaen_comes_out() -> None:
    # vigicaen, test of compute_dispro (colitis with nivolumab): 1.88 and 0.49.
    found = from_counts(44, 181, 60, 465)
    assert (round(found.ror, 2), round(found.ic, 2)) == (1.88, 0.49)


@pytest.mark.parametrize(
    "counts", [(0, 2, 3, 4), (1, 0, 3, 4), (1, 2, 0, 4), (1, 2, 3, 0), (0, 0, 0, 0)]
)
def test_an_empty_cell_leaves_the_odds_ratio_without_limits(
    counts: tuple[int, int, int, int],
) -> None:
    found = from_counts(*counts)
    assert math.isnan(found.ror_low)
    assert math.isnan(found.ror_high)


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="none below 0"):
        from_counts(-1, 2, 3, 4)


COUNT = st.integers(1, 10_000)


@given(COUNT, COUNT, COUNT, COUNT)
def test_drug_and_reaction_may_change_places(a: int, b: int, c: int, d: int) -> None:
    one, other = from_counts(a, b, c, d), from_counts(a, c, b, d)
    for name in ("ror", "ror_low", "ror_high", "ic", "ic_low", "ic_high"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), rel=1e-12)
    assert one.ror_low < one.ror < one.ror_high
    assert one.ic_low < one.ic_high


def strata_cohort() -> Cohort:
    """Two strata of sex: (a, b, c, d) = (10, 20, 4, 66) and (5, 12, 8, 75)."""
    tables = {"1": (10, 20, 4, 66), "2": (5, 12, 8, 75)}
    sex = [code for code, cells in tables.items() for _ in range(sum(cells))]
    kinds = [
        kind
        for cells in tables.values()
        for kind, n in zip(("both", "drug", "reaction", "none"), cells, strict=True)
        for _ in range(n)
    ]
    reports = list(range(len(kinds)))
    drugs = [r for r in reports if kinds[r] in ("both", "drug")]
    reactions = [r for r in reports if kinds[r] in ("both", "reaction")]
    extract = Extract.from_tables(
        {
            "demo": {"UMCReportId": reports, "Gender": sex},
            "drug": {
                "UMCReportId": drugs,
                "Drug_Id": drugs,
                "DrecNo": [1] * len(drugs),
                "Basis": ["1"] * len(drugs),
            },
            "adr": {
                "UMCReportId": reactions,
                "Adr_Id": reactions,
                "MedDRA_Id": [7] * len(reactions),
            },
        }
    )
    return cohort(extract, [1], [7])


def test_reports_are_counted_into_the_four_cells() -> None:
    found = disproportionality(strata_cohort())
    assert (found.a, found.b, found.c, found.d) == (15, 32, 12, 141)


def test_the_adjusted_odds_ratio_is_that_of_mantel_and_haenszel() -> None:
    # R: mantelhaen.test(array(c(10, 4, 20, 66, 5, 8, 12, 75), c(2, 2, 2)),
    #                    correct = FALSE)
    women, men, adjusted = stratified(strata_cohort(), ["sex"])
    assert (women.label, men.label) == ("Female", "Male")
    assert adjusted.ror == pytest.approx(5.88068181818182, rel=1e-12)
    assert adjusted.ror_low == pytest.approx(2.44111361595746, rel=1e-9)
    assert adjusted.ror_high == pytest.approx(14.16665673429960, rel=1e-9)


def test_the_adjusted_expectation_is_the_sum_over_strata() -> None:
    *strata, adjusted = stratified(strata_cohort(), ["sex"])
    assert adjusted.expected == pytest.approx(sum(s.expected for s in strata))
    assert (adjusted.a, adjusted.d) == (15, 141)


def test_fewer_than_three_reports_of_both_are_not_shown(extract: Extract) -> None:
    # Two reports have drug 1 and reaction 7.
    cases = cohort(extract, [1], [7])
    found = disproportionality(cases)
    assert (found.a, found.b, found.c, found.d) == (None, None, None, None)
    assert math.isnan(found.ic)
    assert disproportionality(cases, smallest=2).a == 2
    assert all(stratum.a is None for stratum in stratified(cases))


def test_without_any_report_nothing_is_estimated() -> None:
    cases = cohort(Extract.from_tables({}), [1], [7])
    found = disproportionality(cases, smallest=0)
    assert found.a == 0
    assert math.isnan(found.ror)


def test_the_proportional_reporting_ratio_is_that_of_phvid() -> None:
    # R: r <- (a / (a + b)) / (c / (c + d))
    #    se <- sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)), as PhViD::PRR
    found = from_counts(12, 88, 100, 1800)
    assert (found.prr, found.prr_low, found.prr_high) == pytest.approx(
        (2.28, 1.29715333389587, 4.00754472440596), rel=1e-12
    )


def test_strata_stand_in_the_order_of_age_with_unknown_last() -> None:
    labels = [table.label for table in description().disproportionality[1:-1]]
    ages = list(dict.fromkeys(label.split(" · ")[0] for label in labels))
    assert ages[0] == "Under 18 years"
    assert ages[-1] == "Age unknown"
