"""``python -m analysis reconstruct``: what it prints, writes, and says of bad files."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from analysis.__main__ import main
from analysis.commands.reconstruct_report import _shown, _space
from analysis.reconstruction import findings
from analysis.reconstruction.findings import Findings
from analysis.reconstruction.reading import read_problem
from tests.analysis.reconstruction.problems import holds

EXAMPLE = Path(__file__).parents[3] / "data" / "reconstruction" / "example.yml"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(content: str, *options: str) -> tuple[int, str, str]:
        path = tmp_path / "paper.yml"
        path.write_text(content, encoding="utf-8")
        status = main(["reconstruct", str(path), *options])
        printed = capsys.readouterr()
        return status, printed.out, printed.err.replace(f"{tmp_path}/", "")

    return run


@pytest.fixture(scope="module")
def example() -> str:
    return EXAMPLE.read_text(encoding="utf-8")


def test_the_example_runs_as_a_newcomer_would_run_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(shutil.copy(EXAMPLE, tmp_path))
    assert main(["reconstruct", str(path), "--n", "1000"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.startswith("Invented example")
    assert re.search(r"192 distinct tables, seed 1\.", out)
    assert re.search(r"any\.events\.treated +10\n", out)
    assert re.search(r"all\.peto +2\.06 +2\.10 +2\.11 +0\.1685–0\.1863 +0\.0%", out)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_the_same_seed_prints_the_same(run: Run, example: str) -> None:
    first = run(example, "--n", "20", "--seed", "3")
    assert run(example, "--n", "20", "--seed", "3") == first


def test_tables_as_csv(run: Run, example: str, tmp_path: Path) -> None:
    status, _, _ = run(example, "--n", "20", "--csv", str(tmp_path / "tables.csv"))
    assert status == 0
    with (tmp_path / "tables.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    problem = read_problem(tmp_path / "paper.yml")
    columns = ("events_treated", "events_control", "n_treated", "n_control")
    assert {row["table"] for row in rows} == {str(i) for i in range(1, 21)}
    for number in range(1, 21):
        mine = [row for row in rows if row["table"] == str(number)]
        table = [[int(row[name]) for name in columns] for row in mine]
        assert [row["class"] for row in mine] == ["any"] * 4
        assert all(holds(problem, said, table) for said in problem.statements)


def test_findings_saved_are_read(run: Run, example: str, tmp_path: Path) -> None:
    status, out, _ = run(example, "--n", "20", "--save")
    found = findings.read(tmp_path / "paper.yml")
    assert status == 0
    assert found.tables == 20
    assert f"{found.tables} distinct tables, seed {found.seed}" in out


OR = '"2.1"'


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ((OR, "2.1"), "statements, or, printed: got 2.1, expected the number as"),
        ((OR, '"two"'), "statements, or, printed: got two, expected the number"),
        (("peto.estimate", "peto.odds"), "got peto.odds, expected one of patients"),
        (("largest_risk", "greatest_risk"), "limits: got the entry greatest_risk"),
        (("[120, 118]", "[120]"), "entry 1, patients: got [120], expected a pair"),
        (("[120, 118]", "120"), "entry 1, patients: got 120, expected a pair"),
        (("[120, 118]", "[120, 1180]"), "expected at most 3 to 1 (limits, allocation)"),
        (("trials: 4", "trials: 3"), "got 3 trials, expected at least the 4 listed"),
        (("trials: 4", "trials: four"), "got four, expected a whole number from 1"),
        (("classes:", "classes: ["), "expected well-formed YAML"),
        (("source:", "  source"), "expected well-formed YAML"),
    ],
    ids=lambda change: str(change)[:40],
)
def test_a_bad_file_is_refused_with_its_fault(
    run: Run, example: str, tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    assert change[0] in example
    bad = example.replace(*change, 1)
    status, out, err = run(bad, "--save", "--csv", str(tmp_path / "tables.csv"))
    assert (status, out) == (2, "")
    assert said in err
    assert "paper.yml:" in err
    assert [file.name for file in tmp_path.iterdir()] == ["paper.yml"]


def test_a_contradiction_is_reported_with_the_statements_that_make_it(
    run: Run, example: str, tmp_path: Path
) -> None:
    impossible = example.replace('"6.1"', '"1.9"')
    status, out, err = run(impossible, "--save")
    assert (status, out) == (1, "")
    assert err == (
        "These 2 statements contradict each other, and no fewer do:\n"
        "  or: peto.estimate of all = 2.1 (abstract)\n"
        "  ci_high: peto.ci_high of all = 1.9 (abstract)\n"
    )
    assert [file.name for file in tmp_path.iterdir()] == ["paper.yml"]


def test_a_statement_that_contradicts_the_limits(run: Run, example: str) -> None:
    status, _, err = run(example.replace('"14"', '"900"'))
    assert status == 1
    assert err.startswith("This statement contradicts itself or the limits:\n  events")


def test_a_search_without_a_table_writes_nothing(run: Run, tmp_path: Path) -> None:
    """Nothing proves it impossible: digits are finer than whole patients."""
    content = """
source: A paper
classes: {a: {trials: 1}}
statements:
  events: {quantity: events, printed: "3"}
  or: {quantity: peto.estimate, printed: "2.00000001"}
  low: {quantity: peto.ci_low, printed: "0.2000000001"}
limits: {largest_arm: 20}
"""
    status, out, err = run(content, "--save")
    assert (status, err) == (1, "")
    assert "0 distinct tables" in out
    assert [file.name for file in tmp_path.iterdir()] == ["paper.yml"]


def test_events_bounded_too_loosely(run: Run) -> None:
    content = """
source: A paper
classes: {a: {trials: 20}, b: {trials: 20}, c: {trials: 20}}
statements:
  or: {quantity: peto.estimate, printed: "2.0"}
"""
    status, _, err = run(content)
    assert status == 2
    assert "add a statement of events" in err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--n", "0"), "--n: got 0, expected 1 or more"),
        (("--seed", "-1"), "--seed: got -1, expected 0 or more"),
        (("--csv", "nowhere/tables.csv"), "expected a file in a folder that exists"),
    ],
)
def test_options_that_cannot_be_met(
    run: Run, example: str, options: tuple[str, str], said: str
) -> None:
    status, out, err = run(example, *options)
    assert (status, out) == (2, "")
    assert said in err


def test_a_missing_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reconstruct", "none.yml"]) == 2
    assert "none.yml: got no such file" in capsys.readouterr().err


def test_a_disk_that_is_full_is_no_traceback(
    run: Run, example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "paper.npz")

    monkeypatch.setattr(findings, "write", full)
    status, _, err = run(example, "--n", "5", "--save")
    assert status == 2
    assert err == "paper.npz: not written: no space left on device\n"


def test_fragility_beyond_the_search_is_no_number() -> None:
    assert _shown(3.0, "changes") == "> 2"
    assert _shown(2.0, "changes") == "2"


@pytest.mark.parametrize(
    ("enumerated", "said"),
    [
        (1, "1 pattern of events agrees with the class totals; 0 of them are proved"),
        (3, "3 patterns of events agree with the class totals; 2 of them are proved"),
        (2, "2 patterns of events agree with the class totals; 1 of them is proved"),
    ],
)
def test_counts_of_patterns_are_told_as_one_says_them(
    enumerated: int, said: str
) -> None:
    found = SimpleNamespace(
        patterns=(None,),
        enumerated=enumerated,
        complete=True,
        reached=1,
        nearest_miss=0.0,
        tables=1,
        seed=1,
    )
    first, last = _space(cast(Findings, found))
    assert first.startswith(said)
    assert last == "1 distinct table, seed 1."
