"""Time to onset, dechallenge, rechallenge and outcome: the rules of vigicaen."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.vigibase import (
    Cohort,
    Extract,
    dechallenge,
    outcome,
    rechallenge,
    time_to_onset,
)
from analysis.vigibase.cohort import cohort
from analysis.vigibase.results import DAYS_PER_YEAR, Breakdown


def linked(*rows: tuple[object, ...], columns: tuple[str, ...]) -> Cohort:
    """Link the drug 1 and the reaction 7 of a report, once for each row."""
    ids = list(range(len(rows)))
    reports = [row[0] for row in rows]
    link = {name: [row[i] for row in rows] for i, name in enumerate(columns, start=1)}
    extract = Extract.from_tables(
        {
            "demo": {"UMCReportId": sorted({int(str(r)) for r in reports})},
            "drug": {
                "UMCReportId": reports,
                "Drug_Id": ids,
                "DrecNo": [1] * len(rows),
                "Basis": ["1"] * len(rows),
            },
            "adr": {
                "UMCReportId": reports,
                "Adr_Id": ids,
                "MedDRA_Id": [7] * len(rows),
                "Outcome": link.get("Outcome", ["-"] * len(rows)),
            },
            "link": {"Drug_Id": ids, "Adr_Id": ids, **link},
        }
    )
    return cohort(extract, [1], [7])


def onset(*rows: tuple[object, ...]) -> Cohort:
    return linked(*rows, columns=("TimeToOnsetMin", "TimeToOnsetMax"))


def test_a_time_counts_if_it_is_known_to_a_day_and_not_negative() -> None:
    found = time_to_onset(
        onset((1, 10, 12), (2, 10, 12.1), (3, -3, -3), (4, "-", "-"), (5, -1, 1))
    )
    assert found.n == 2
    assert (found.min, found.max) == (0, 11)


def test_a_report_counts_once_with_its_longest_precise_time() -> None:
    found = time_to_onset(onset((1, 30, 30), (1, 60, 60), (1, 400, 800), (2, 90, 90)))
    assert (found.n, found.min, found.max) == (2, 60, 90)


def test_without_a_limit_every_interval_counts_with_its_midpoint() -> None:
    found = time_to_onset(onset((1, 30, 30), (1, 400, 800)), None)
    assert (found.n, found.median) == (1, 600)


def test_no_time_is_not_a_number() -> None:
    found = time_to_onset(onset((1, "-", "-")))
    assert found.n == 0
    assert math.isnan(found.median)
    assert found.by_year == ()


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(0, 5000), min_size=1, max_size=30))
def test_quartiles_are_those_of_type_7_and_years_are_whole(days: list[int]) -> None:
    found = time_to_onset(onset(*((i, day, day) for i, day in enumerate(days))))
    expected = np.quantile(days, [0.25, 0.5, 0.75], method="linear")
    assert [found.q1, found.median, found.q3] == pytest.approx(expected, rel=1e-12)
    years = np.floor(np.array(days) / DAYS_PER_YEAR).astype(int)
    assert found.by_year == tuple(np.bincount(years))


# The rows of vigicaen's own test of desc_dch (adr1, drug1), which expects three
# reports with positive dechallenge; report 14 repeats one of them.
DECHALLENGES = (
    (1, "1", "1"),
    (2, "4", "2"),
    (3, "2", "1"),
    (4, "1", "1"),
    (5, "2", "3"),
    (6, "2", "2"),
    (1, "1", "1"),
)


def test_dechallenge_is_positive_if_the_reaction_abated_on_less_drug() -> None:
    found = dechallenge(linked(*DECHALLENGES, columns=("Dechallenge1", "Dechallenge2")))
    assert found.reports == 6
    assert found.action_known == 6
    assert found.withdrawn == 2
    assert found.positive == 3


def test_an_unknown_action_is_no_data() -> None:
    found = dechallenge(
        linked(
            (1, "5", "5"), (2, "-", "-"), (3, "3", "3"), columns=("Dechallenge1", "x")
        )
    )
    assert (found.reports, found.action_known, found.withdrawn) == (3, 1, 0)


def test_rechallenge_goes_from_new_exposure_to_recurrence() -> None:
    rows = ((1, "1", "1"), (1, "1", "2"), (2, "1", "2"), (3, "1", "3"), (4, "2", "-"))
    found = rechallenge(linked(*rows, columns=("Rechallenge1", "Rechallenge2")))
    assert vars(found) == {
        "reports": 4,
        "rechallenged": 3,
        "informative": 2,
        "recurred": 1,
    }


def outcomes(*rows: tuple[int, str]) -> Breakdown:
    return outcome(linked(*rows, columns=("Outcome",)))


RANKED = ("1", "2", "4", "3", "5", "8", "7")
KEYS = dict(
    zip(
        RANKED,
        (
            "resolved",
            "resolving",
            "sequelae",
            "unresolved",
            "died",
            "died_unrelated",
            "died_contributory",
        ),
        strict=True,
    )
)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.sampled_from((*RANKED, "6", "-")), min_size=1, max_size=6))
def test_the_worst_outcome_of_a_report_counts(codes: list[str]) -> None:
    found = outcomes(*((1, code) for code in codes))
    known = [code for code in RANKED if code in codes]
    assert (found.reports, found.available) == (1, bool(known))
    if known:
        assert found[KEYS[known[-1]]] == 1


def test_vigicaens_example_of_outcomes() -> None:
    # vigicaen, test of desc_outcome: one recovered, one not recovered.
    found = outcomes((1, "1"), (2, "3"))
    assert {count.key: count.n for count in found.counts if count.n} == {
        "resolved": 1,
        "unresolved": 1,
    }
