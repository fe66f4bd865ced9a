from pathlib import Path

import pytest

from analysis.reconstruction.reading import read_problem
from analysis.schema import DataError

GOOD = """
source: A paper
classes: {drug: {trials: 3}}
statements:
  or: {quantity: peto.estimate, printed: "2.10"}
"""


def read(tmp_path: Path, text: str):
    path = tmp_path / "paper.yml"
    path.write_text(text, encoding="utf-8")
    return read_problem(path)


def test_what_is_left_out_takes_its_default(tmp_path: Path) -> None:
    problem = read(tmp_path, GOOD)
    [statement] = problem.statements
    assert (statement.scope, statement.arm, statement.printed) == (
        "all",
        "both",
        "2.10",
    )
    assert len(problem.trials) == 3
    assert problem.limits.smallest_arm == 10


def test_known_trials_stand_first_in_their_class(tmp_path: Path) -> None:
    known = GOOD + "trials: [{class: drug, patients: [100, 90], events: [1, null]}]"
    trials = read(tmp_path, known).trials
    assert trials[0].patients == (100, 90)
    assert trials[0].events == (1, None)
    assert trials[1].patients == (None, None)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (('"2.10"', "2.10"), "printed: got 2.1, expected the number as printed"),
        (('"2.10"', '"2,10"'), "printed: got 2,10"),
        (("peto.estimate", "peto.hr"), "quantity: got peto.hr, expected one of"),
        (('printed: "2.10"', ""), "got no printed"),
        (("trials: 3", "trials: 0"), "got 0, expected a whole number from 1"),
        (("trials: 3", "trials: yes"), "got True, expected a whole number"),
        (("source: A paper", ""), "got no source"),
        (("peto.estimate", "peto.estimate, arm: treated"), "no arm for a pooled"),
        (("peto.estimate", "peto.estimate, scope: x"), "got x, expected all or a"),
        (("peto.estimate", "peto.estimate, color: x"), "got the entry color"),
        (("statements:", "limits: {allocation: 0}\nstatements:"), "got 0, expected"),
        (("statements:", "limits: [1]\nstatements:"), "expected a mapping"),
        (("statements:", "trials: [{class: z}]\nstatements:"), "got the class z"),
        (
            (
                "statements:",
                "trials: [{class: drug, patients: [90, 10]}]\nstatements:",
            ),
            "got patients 90 and 10, expected at most 3 to 1",
        ),
        (
            (
                "statements:",
                "trials: [{class: drug, patients: [9, 9], events: [8, 0]}]\n"
                "statements:",
            ),
            "got 8 events of 9 patients",
        ),
        (("quantity: peto.estimate", "quantity: events"), "expected a whole number"),
    ],
)
def test_a_fault_says_where_and_what_was_expected(
    tmp_path: Path, change: tuple[str, str], fault: str
) -> None:
    assert change[0] in GOOD
    with pytest.raises(DataError) as error:
        read(tmp_path, GOOD.replace(*change))
    assert fault in str(error.value)
    assert "paper.yml" in str(error.value)


def test_all_faults_are_reported_at_once(tmp_path: Path) -> None:
    bad = GOOD.replace("trials: 3", "trials: 0").replace("peto.estimate", "x")
    with pytest.raises(DataError, match="2 faults"):
        read(tmp_path, bad)


def test_a_second_statement_of_the_same_is_refused(tmp_path: Path) -> None:
    twice = GOOD + '  again: {quantity: peto.estimate, printed: "2.2"}'
    with pytest.raises(DataError, match=r"one statement of .*; or is another"):
        read(tmp_path, twice)


def test_a_key_given_twice_is_refused_with_its_line(tmp_path: Path) -> None:
    """YAML would keep the last and lose the first."""
    twice = GOOD + '  or: {quantity: peto.ci_low, printed: "2.2"}'
    with pytest.raises(DataError, match=r"paper\.yml:6: got the entry or twice"):
        read(tmp_path, twice)


@pytest.mark.parametrize(
    "text",
    [
        *("", "- 1", "a: [", "a: !!python/object:x {}", "\0", "2024-99-99"),
        "{[a]: 1}",
        "[" * 5000,
        GOOD.replace("drug", "1") + "trials: [{class: z}]",
        GOOD.replace("peto.estimate", "peto.estimate, arm: [treated]"),
        GOOD.replace("peto.estimate", "events").replace("2.10", "9" * 5000),
        GOOD + "limits: {allocation: .nan}",
        GOOD + "limits: {allocation: true}",
    ],
    ids=lambda text: text[:8],
)
def test_what_is_no_file_of_constraints_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(DataError):
        read(tmp_path, text)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.yml: got no such file"):
        read_problem(tmp_path / "none.yml")


def test_a_base_lends_what_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "base.yml").write_text(GOOD, encoding="utf-8")
    over = 'base: base.yml\nstatements: {or: {quantity: peto.estimate, printed: "3"}}'
    problem = read(tmp_path, over)
    assert problem.source == "A paper"
    assert [s.printed for s in problem.statements] == ["3"]


@pytest.mark.parametrize("base", ["paper.yml", "../base.yml", "none.yml", "3"])
def test_a_base_is_a_file_beside_without_base(tmp_path: Path, base: str) -> None:
    with pytest.raises(DataError):
        read(tmp_path, f"base: {base}")
