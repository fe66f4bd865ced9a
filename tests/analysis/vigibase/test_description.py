"""What is counted of the cases, and over which reports."""

from __future__ import annotations

import pytest

from analysis.vigibase import Codes, Extract, Group, describe
from analysis.vigibase.cohort import cohort
from analysis.vigibase.results import Breakdown, Count

CODES = Codes(
    drug=Group("lenalidomide", "Lenalidomide", (1,)),
    roles="sci",
    reaction=Group("reaction", "Leukemia", (7, 8)),
    terms=(Group("special", "Special", (8,)), Group("any", "Any", (7,))),
    indications=(
        Group("myeloma", "Myeloma", contains=("myeloma",)),
        Group("lymphoma", "Lymphoma", contains=("lymphoma",)),
    ),
    unknown_indication=("unknown indication",),
    co_reported=(Group("other", "Other drug", (2,)),),
)


def counts(found: Breakdown) -> dict[str, int | None]:
    return {count.key: count.n for count in found.counts}


def test_each_characteristic_has_its_own_denominator(extract: Extract) -> None:
    found = describe(extract, CODES)
    available = {b.key: b.available for b in found.breakdowns}
    assert available == {
        "term": 2,
        "sex": 2,
        "age": 2,
        "indication": 2,
        "role": 2,
        "co_reported": 2,
        "action": 2,
        "dechallenge": 2,
        "rechallenge": 1,
        "outcome": 2,
        "seriousness": 2,
        "region": 2,
        "report_type": 2,
        "reporter": 1,
    }
    assert all(breakdown.reports == 2 for breakdown in found.breakdowns)


def test_counts_are_of_reports_of_the_cohort(extract: Extract) -> None:
    found = describe(extract, CODES)
    assert counts(found.breakdown("sex")) == {"male": 1, "female": 1}
    assert counts(found.breakdown("action"))["withdrawn"] == 1
    assert counts(found.breakdown("role")) == {
        "suspect": 1,
        "interacting": 0,
        "concomitant": 1,
    }
    assert counts(found.breakdown("outcome")) == {
        "not_recovered": 0,
        "recovered": 1,
        "fatal": 1,
    }
    assert counts(found.breakdown("co_reported")) == {"other": 1}
    assert found.time("latency").n == 1
    assert found.time("duration").n == 2


def test_a_report_with_two_reporters_counts_for_both(extract: Extract) -> None:
    reporter = describe(extract, CODES).breakdown("reporter")
    assert (reporter.available, reporter["physician"], reporter["consumer"]) == (
        1,
        1,
        1,
    )


def one_report(**tables: dict[str, list[object]]) -> Extract:
    """One report with the drug 1 twice and the reactions 7 and 8."""
    given: dict[str, object] = {
        "demo": {"UMCReportId": [1]},
        "drug": {
            "UMCReportId": [1, 1],
            "Drug_Id": [1, 2],
            "DrecNo": [1, 1],
            "Basis": ["2", "1"],
        },
        "adr": {"UMCReportId": [1, 1], "Adr_Id": [1, 2], "MedDRA_Id": [7, 8]},
    }
    return Extract.from_tables(given | tables)


def test_a_report_counts_at_its_most_specific_term() -> None:
    term = describe(one_report(), CODES).breakdown("term")
    assert (term.available, term["special"], term["any"]) == (1, 1, 0)


def test_the_strongest_role_counts() -> None:
    assert describe(one_report(), CODES).breakdown("role")["suspect"] == 1


@pytest.mark.parametrize(
    ("texts", "key"),
    [
        (["Plasma cell MYELOMA"], "myeloma"),
        (["lymphoma", "myeloma"], "myeloma"),
        (["something else"], "other_indication"),
        (["Product used for unknown indication", "Lymphoma"], "lymphoma"),
    ],
)
def test_an_indication_counts_at_the_first_group_that_it_names(
    texts: list[object], key: str
) -> None:
    ind = {"Drug_Id": [1] * len(texts), "Indication": texts}
    found = describe(one_report(ind=ind), CODES).breakdown("indication")
    assert (found.available, found[key]) == (1, 1)


@pytest.mark.parametrize("text", ["", "-", "unknown indication"])
def test_an_indication_that_is_not_known_is_no_data(text: str) -> None:
    ind: dict[str, list[object]] = {"Drug_Id": [1], "Indication": [text]}
    found = describe(one_report(ind=ind), CODES).breakdown("indication")
    assert (found.available, found["other_indication"]) == (0, 0)


def test_the_indication_of_another_drug_does_not_count(extract: Extract) -> None:
    codes = Codes(
        drug=Group("other", "Other", (2,)),
        roles="sci",
        reaction=CODES.reaction,
        terms=CODES.terms,
        indications=CODES.indications,
    )
    assert describe(extract, codes).breakdown("indication")["myeloma"] == 0


def test_a_study_without_a_case_is_described_by_zeros(extract: Extract) -> None:
    codes = Codes(
        drug=Group("none", "None", (999,)),
        roles="sci",
        reaction=CODES.reaction,
        terms=CODES.terms,
    )
    found = describe(extract, codes)
    assert found.flow["none"] == 0
    assert all(b.available == 0 for b in found.breakdowns)
    assert found.time("duration").n == 0


def test_two_cohorts_of_one_extract_do_not_disturb_each_other(
    extract: Extract,
) -> None:
    first = cohort(extract, [1], [7])
    second = cohort(extract, [2], [7])
    assert (first.size, second.size) == (2, 2)
    assert {r for (r,) in extract.query(f"FROM {first.reports}")} == {"1", "3"}


def test_counts_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match="add up to 3, not to 4"):
        Breakdown("sex", "Sex", 5, 4, (Count("a", "A", 1), Count("b", "B", 2)))
