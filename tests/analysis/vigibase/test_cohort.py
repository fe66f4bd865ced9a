"""Which reports count, and a flow that adds up."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.vigibase import Codes, Extract, Group, flow
from analysis.vigibase.cohort import cohort
from analysis.vigibase.results import Count, Flow, FlowStep

CODES = Codes(
    drug=Group("lenalidomide", "Lenalidomide", (1,)),
    roles="sci",
    reaction=Group("reaction", "Leukemia", (7,)),
    terms=(Group("all_nos", "Leukemia", (7,)),),
)


def reports(extract: Extract, roles: str = "sci") -> set[str]:
    cases = cohort(extract, [1], [7], roles)
    return {report for (report,) in extract.query(f"FROM {cases.reports}")}


def test_suspected_duplicates_and_replaced_versions_do_not_count(
    extract: Extract,
) -> None:
    assert reports(extract) == {"1", "3"}


@pytest.mark.parametrize(
    ("roles", "expected"),
    [("s", {"1"}), ("c", {"3"}), ("i", set()), ("si", {"1"}), ("sc", {"1", "3"})],
)
def test_a_drug_counts_in_the_roles_that_are_asked_for(
    extract: Extract, roles: str, expected: set[str]
) -> None:
    assert reports(extract, roles) == expected


def test_the_flow_tells_each_exclusion(extract: Extract) -> None:
    found = flow(cohort(extract, [1], [7]), CODES)
    assert [(step.key, step.n) for step in found.steps] == [
        ("reports", 5),
        ("counted", 3),
        ("all_drugs", 3),
        ("lenalidomide", 2),
    ]
    excluded = {count.key: count.n for step in found.steps for count in step.excluded}
    assert excluded == {
        "duplicates": 1,
        "replaced": 1,
        "other_reactions": 0,
        "other_drugs": 1,
    }


def test_a_report_that_is_duplicate_and_replaced_is_excluded_once() -> None:
    extract = Extract.from_tables(
        {
            "demo": {"UMCReportId": [1, 2]},
            "drug": {"UMCReportId": [1], "Drug_Id": [1], "DrecNo": [1], "Basis": ["1"]},
            "adr": {"UMCReportId": [1], "Adr_Id": [1], "MedDRA_Id": [7]},
            "followup": {"UMCReportId": [1], "ReplacedUMCReportId": [2]},
            "suspdup": {"UMCReportId": [1], "SuspectedduplicateReportId": [2]},
        }
    )
    found = flow(cohort(extract, [1], [7]), CODES)
    assert found["counted"] == 1
    assert found.steps[1].excluded[0].n == 1
    assert found.steps[1].excluded[1].n == 0


def test_a_flow_that_does_not_add_up_is_refused() -> None:
    first = FlowStep("reports", "Reports", 10)
    with pytest.raises(ValueError, match="does not add up at 'counted': 10"):
        Flow((first, FlowStep("counted", "Counted", 8, (Count("x", "X", 1),))))


def test_a_cohort_takes_codes_and_known_roles(extract: Extract) -> None:
    with pytest.raises(ValueError, match="at least one code"):
        cohort(extract, [], [7])
    with pytest.raises(ValueError, match="letters s, c, i"):
        cohort(extract, [1], [7], "x")


ID = st.integers(1, 8)


@settings(deadline=None, max_examples=25)
@given(
    reports=st.sets(ID, min_size=1),
    drugs=st.lists(st.tuples(ID, st.integers(1, 2), st.sampled_from("123"))),
    reactions=st.lists(st.tuples(ID, st.integers(7, 8))),
    duplicates=st.sets(ID),
    replaced=st.lists(st.tuples(ID, ID)),
)
def test_the_flow_counts_as_sets_do_and_always_adds_up(
    reports: set[int],
    drugs: list[tuple[int, int, str]],
    reactions: list[tuple[int, int]],
    duplicates: set[int],
    replaced: list[tuple[int, int]],
) -> None:
    drugs = [drug for drug in drugs if drug[0] in reports]
    reactions = [reaction for reaction in reactions if reaction[0] in reports]
    extract = Extract.from_tables(
        {
            "demo": {"UMCReportId": sorted(reports)},
            "drug": {
                "UMCReportId": [drug[0] for drug in drugs],
                "Drug_Id": list(range(len(drugs))),
                "DrecNo": [drug[1] for drug in drugs],
                "Basis": [drug[2] for drug in drugs],
            },
            "adr": {
                "UMCReportId": [reaction[0] for reaction in reactions],
                "Adr_Id": list(range(len(reactions))),
                "MedDRA_Id": [reaction[1] for reaction in reactions],
            },
            "suspectedduplicates": {
                "UMCReportId": [0] * len(duplicates),
                "SuspectedduplicateReportId": sorted(duplicates),
            },
            "followup": {
                "UMCReportId": [new for new, _ in replaced],
                "ReplacedUMCReportId": [old for _, old in replaced],
            },
        }
    )
    counted = reports - duplicates - {old for new, old in replaced if old != new}
    with_reaction = counted & {report for report, code in reactions if code == 7}
    with_drug = {report for report, code, basis in drugs if code == 1 and basis in "13"}
    found = flow(cohort(extract, [1], [7], "si"), CODES)
    assert [step.n for step in found.steps] == [
        len(reports),
        len(counted),
        len(with_reaction),
        len(with_reaction & with_drug),
    ]
