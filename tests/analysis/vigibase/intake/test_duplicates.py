"""One report of each group of suspected duplicates is counted."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.vigibase import Extract
from analysis.vigibase.intake.duplicates import Groups


def extract_of(
    reports: list[int], pairs: list[tuple[int, int]], followup: list[tuple[int, int]]
) -> Extract:
    return Extract.from_tables(
        {
            "demo": {"UMCReportId": reports},
            "suspdup": {
                "UMCReportId": [a for a, _ in pairs],
                "SuspectedduplicateReportId": [b for _, b in pairs],
            },
            "followup": {
                "UMCReportId": [new for new, _ in followup],
                "ReplacedUMCReportId": [old for _, old in followup],
            },
        }
    )


def left_out(extract: Extract) -> set[int]:
    return {int(row[0]) for row in extract.query("SELECT UMCReportId FROM excluded")}


@pytest.mark.parametrize(
    ("pairs", "followup", "out"),
    [
        ([(1, 2)], [], {2}),
        ([(2, 1)], [], {1}),
        ([(1, 2), (2, 1)], [], {2}),
        ([(1, 1)], [], set()),
        ([(1, 2), (2, 3)], [], {2, 3}),
        ([(1, 2), (1, 3), (2, 3), (3, 1), (2, 1), (3, 2)], [], {2, 3}),
        ([(1, 3), (2, 3)], [], {2, 3}),
        ([(9, 2)], [], {2}),
        ([], [(1, 2), (3, 3)], {2}),
        # 4 goes on as 3, so that 3 stands for both listed.
        ([(4, 5), (5, 4)], [(3, 4)], {4, 5}),
    ],
)
def test_what_is_left_out(
    pairs: list[tuple[int, int]], followup: list[tuple[int, int]], out: set[int]
) -> None:
    assert left_out(extract_of([1, 2, 3, 4, 5], pairs, followup)) == out


def test_what_differs_from_the_list_is_counted() -> None:
    pairs = [(1, 2), (2, 1), (3, 5), (4, 5), (99, 6)]
    assert extract_of([1, 2, 3, 4, 5, 6], pairs, []).account.groups == Groups(
        groups=3,
        duplicates=4,
        replaced=0,
        kept_though_listed=1,
        out_though_unlisted=1,
        without_original=1,
    )


REPORT = st.integers(1, 7)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(REPORT, REPORT), max_size=8))
def test_every_group_keeps_one(pairs: list[tuple[int, int]]) -> None:
    out = left_out(extract_of(list(range(1, 8)), pairs, []))
    groups = {report: {report} for report in range(1, 8)}
    for a, b in pairs:
        joined = groups[a] | groups[b]
        for report in joined:
            groups[report] = joined
    assert all(len(group - out) == 1 for group in groups.values())
