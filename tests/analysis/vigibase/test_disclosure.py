"""No small count is shown, nor can be worked out from what is."""

from __future__ import annotations

from itertools import pairwise, product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.letter.extract import codes_path
from analysis.vigibase import Extract, describe, read_codes
from analysis.vigibase.disclosure import protect, suppress_flow
from analysis.vigibase.results import Count, Flow, FlowStep, shown
from tests.analysis.vigibase.small_cells import CODES, TABLES_OF_CASES


@pytest.mark.parametrize(
    ("numbers", "hidden", "sum_too"),
    [
        ((9, 3), ["withheld", "small"], False),
        ((3, 40, 81), ["small", "withheld", ""], False),
        ((1, 2, 40), ["small", "small", "withheld"], False),
        ((4, 4), ["small", "small"], True),
        ((2, 4, 0, 30), ["small", "small", "", ""], False),
        ((5, 6, 0), ["", "", ""], False),
    ],
)
def test_what_is_hidden_of_a_sum(
    numbers: tuple[int, ...], hidden: list[str], sum_too: bool
) -> None:
    assert protect(numbers, 5) == (hidden, sum_too)


@given(st.lists(st.integers(0, 12), min_size=1, max_size=4), st.integers(2, 6))
def test_no_hidden_count_has_one_possible_value(
    numbers: list[int], smallest: int
) -> None:
    hidden, sum_too = protect(numbers, smallest)
    places = [place for place, why in enumerate(hidden) if why]
    if sum_too or not places:
        return
    total = sum(numbers[place] for place in places)
    ranges = [
        range(1, smallest) if hidden[place] == "small" else range(smallest, total + 1)
        for place in places
    ]
    possible = [found for found in product(*ranges) if sum(found) == total]
    for place in range(len(places)):
        assert len({found[place] for found in possible}) > 1


def test_a_cell_that_protects_another_is_not_called_small() -> None:
    assert shown(None, "withheld", 10) == "withheld"
    assert shown(None, "small", 10) == "< 10"


def flow_of(*numbers: int) -> Flow:
    reports, duplicates, replaced, others, other_drugs = numbers
    counted = reports - duplicates - replaced
    reaction = counted - others
    return Flow(
        (
            FlowStep("reports", "Reports", reports),
            FlowStep(
                "counted",
                "Counted",
                counted,
                (Count("d", "D", duplicates), Count("r", "R", replaced)),
            ),
            FlowStep("all", "All", reaction, (Count("o", "O", others),)),
            FlowStep("x", "X", reaction - other_drugs, (Count("n", "N", other_drugs),)),
        )
    )


def test_the_flow_does_not_give_a_cell_away() -> None:
    flow = suppress_flow(flow_of(3000, 55, 2, 788, 1886), 5)
    assert [count.hidden for count in flow.steps[1].excluded] == ["withheld", "small"]
    assert [step.n for step in flow.steps] == [3000, 2943, 2155, 269]

    flow = suppress_flow(flow_of(54, 0, 0, 40, 2), 5)
    assert [step.n for step in flow.steps] == [54, 54, None, 12]
    assert flow.steps[2].excluded[0].hidden == "withheld"
    assert flow.steps[3].excluded[0].hidden == "small"


@given(*[st.integers(0, 9)] * 4, st.integers(0, 30), st.integers(2, 6))
def test_no_flow_gives_a_cell_away(
    duplicates: int, replaced: int, others: int, other_drugs: int, cases: int, low: int
) -> None:
    reports = duplicates + replaced + others + other_drugs + cases
    whole = flow_of(reports, duplicates, replaced, others, other_drugs)
    flow = suppress_flow(whole, low)
    cells = (duplicates, replaced, others, other_drugs)
    hidden = [count.hidden for step in flow.steps for count in step.excluded]
    for n, why in zip(cells, hidden, strict=True):
        assert why or n == 0 or n >= low
    told = [step.n for step in flow.steps]
    # A single hidden cell between two shown steps could be worked out.
    places = [place for place, n in enumerate(told) if n is not None]
    per_row = [(0, 1), (2,), (3,)]
    for start, end in pairwise(places):
        between = [cell for row in per_row[start:end] for cell in row]
        unknown = [cells[cell] for cell in between if hidden[cell]]
        assert len(unknown) != 1
        assert not unknown or sum(unknown) >= low


def test_a_stratum_does_not_give_another_away() -> None:
    found = describe(Extract.from_tables(TABLES_OF_CASES), CODES)
    assert all(table.a is None for table in found.disproportionality)
    sex = found.breakdown("sex")
    assert [count.hidden for count in sex.counts] == ["withheld", "small"]
    action = found.breakdown("action")
    assert [count.hidden for count in action.counts] == ["withheld", "", "small", ""]


def test_small_cells_are_hidden_unless_a_study_says_otherwise(
    tmp_path: Path,
) -> None:
    shipped = codes_path().read_text("utf-8")
    assert read_codes(codes_path()).smallest_cell == 1
    path = tmp_path / "codes.yml"
    path.write_text(shipped.replace("smallest_cell: 1", ""))
    assert read_codes(path).smallest_cell == 5
