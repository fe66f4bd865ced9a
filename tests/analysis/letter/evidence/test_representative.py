"""The table analyzed: chosen by its rule, and like no published trial.

Tables are compared by plain loops over the files, which share nothing with the
package.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from analysis.letter import data
from analysis.letter.answers.ensemble import CONSTRAINTS, letter_problem
from analysis.letter.evidence import representative
from analysis.reconstruction import findings
from tests.analysis.letter.counts import COUNTS

DATA = Path(data.DATA)
ARMS = ("n_lenalidomide", "n_control")


def rows_of(file: str) -> list[dict[str, str]]:
    with (DATA / file).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


SHIPPED = rows_of("trials.csv")
PUBLIC = rows_of("evidence/eligible-trials.csv")


@pytest.mark.parametrize("row", SHIPPED, ids=lambda row: row["trial"])
def test_no_row_could_be_taken_for_a_published_trial(row: dict[str, str]) -> None:
    ours = [int(row[arm]) for arm in ARMS]
    for trial in PUBLIC:
        theirs = [int(trial[arm]) for arm in ARMS if trial[arm]]
        assert not set(ours) & set(theirs), trial["id"]
        assert str(sum(ours)) != trial["randomized"], trial["id"]
        assert sum(ours) != sum(theirs), trial["id"]
        if len(theirs) == 2:
            for one, other in (theirs, theirs[::-1]):
                alike = abs(ours[0] - one) <= one / 20
                assert not (alike and abs(ours[1] - other) <= other / 20), trial["id"]
        if row["median_followup_months"] and trial["followup_months"]:
            months = float(row["median_followup_months"])
            assert months != float(trial["followup_months"]), trial["id"]


def test_the_comparison_finds_the_table_that_resembled_published_trials() -> None:
    """The counts of the tests against R: eleven of their rows did."""
    trials = COUNTS
    table = np.stack(
        [
            trials.events_treated,
            trials.events_control,
            trials.n_treated,
            trials.n_control,
        ],
        axis=-1,
    )
    alike = [
        representative.resembles(row[None, None], *representative.public_sizes())[0]
        for row in table
    ]
    names = [name for name, found in zip(trials.trial, alike, strict=True) if found]
    eleven = {"P1", "P2", "P3", "P4", "P5", "P6", "C2", "C3", "C6", "O2", "O3"}
    assert eleven <= set(names)


def test_the_table_is_one_of_the_ensemble() -> None:
    tables = findings.read_tables(CONSTRAINTS)
    groups = [trial.group for trial in letter_problem().trials]
    columns = ("all_lenalidomide", "all_control", *ARMS)
    ours = sorted(
        (row["control_class"], *(int(row[name]) for name in columns)) for row in SHIPPED
    )
    assert any(
        ours == sorted((g, *row) for g, row in zip(groups, table, strict=True))
        for table in tables.tolist()
    )


def test_the_rows_are_those_that_the_rule_gives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Order, names and follow-up; which table it is, a benchmark computes."""
    groups = [trial.group for trial in letter_problem().trials]
    columns = ("all_lenalidomide", "all_control", *ARMS)
    rows = sorted(SHIPPED, key=lambda row: groups.index(row["control_class"]))
    table = np.array([[int(row[name]) for name in columns] for row in rows])
    monkeypatch.setattr(representative, "representative", lambda: table)
    text = (DATA / "trials.csv").read_text(encoding="utf-8")
    assert representative.as_csv() == text


def test_the_order_of_rows_does_not_follow_their_size_or_events() -> None:
    sizes = [sum(int(row[arm]) for arm in ARMS) for row in SHIPPED[:8]]
    events = [int(row["all_lenalidomide"]) for row in SHIPPED[:8]]
    for numbers in (sizes, events):
        assert numbers not in (sorted(numbers), sorted(numbers, reverse=True))


def test_follow_up_is_as_the_letter_prints_it_and_nothing_more() -> None:
    times = [row["median_followup_months"] for row in SHIPPED]
    known = sorted(float(months) for months in times if months)
    assert len(known) == 16
    assert known == sorted(representative.followups())
    assert f"{known[0]:.1f}" == "12.9"
    assert f"{known[-1] / 12:.1f}" == "12.5"
    between = np.diff(np.log(known))
    assert between.max() - between.min() < 0.02
