"""Morice et al., Blood Cancer J. 2024;14:177: every table kept says what it prints.

The tables are checked with :mod:`tests.analysis.reconstruction.plain`, which is
written from the definitions and shares nothing with the package.
"""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
import yaml

from analysis.reconstruction import findings
from analysis.reconstruction.constraints import Problem
from analysis.reconstruction.reading import read_problem
from analysis.reconstruction.sampler import sample
from analysis.reconstruction.splits import Splits, possible_splits
from tests.analysis.reconstruction import plain
from tests.analysis.reconstruction.problems import holds

DATA = Path(__file__).parents[3] / "data"
LETTER = DATA / "reconstruction" / "letter.yml"

Table = list[list[int]]


@pytest.fixture(scope="module")
def problem() -> Problem:
    return read_problem(LETTER)


@pytest.fixture(scope="module")
def tables() -> np.ndarray:
    return findings.read_tables(LETTER)


@pytest.fixture(scope="module")
def shipped() -> Table:
    """``data/trials.csv``: events, then patients, of each trial by arm."""
    with (DATA / "trials.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = ("all_lenalidomide", "all_control", "n_lenalidomide", "n_control")
    return [[int(row[name]) for name in columns] for row in rows]


def misses(problem: Problem, table: Table) -> list[str]:
    """Keys of the statements that a table does not make."""
    return [s.key for s in problem.statements if not holds(problem, s, table)]


def test_the_constraints_are_the_numbers_that_the_letter_prints() -> None:
    with (DATA / "reported-values.csv").open(encoding="utf-8", newline="") as file:
        reported = {row["key"]: row for row in csv.DictReader(file)}
    content = yaml.safe_load(LETTER.read_text(encoding="utf-8"))
    for key, said in content["statements"].items():
        assert said["printed"] == reported[key]["printed_as"].rstrip("%"), key
        assert said["place"]
    for name, group in content["classes"].items():
        assert str(group["trials"]) == reported[f"trials.{name}"]["value"]


def test_another_reading_of_the_letter_changes_one_statement(problem: Problem) -> None:
    other = read_problem(LETTER.with_name("other-reading.yml"))
    changed = [
        key
        for key, one, two in zip(
            problem.keys, problem.statements, other.statements, strict=True
        )
        if one != two
    ]
    assert changed == ["cases.all"]
    assert (other.trials, other.limits) == (problem.trials, problem.limits)


def test_a_thousand_distinct_tables_ship(problem: Problem, tables: np.ndarray) -> None:
    assert tables.shape == (1000, len(problem.trials), 4)
    assert len({table.tobytes() for table in tables}) == 1000


def test_every_table_that_ships_says_all_that_the_letter_prints(
    problem: Problem, tables: np.ndarray
) -> None:
    for number, table in enumerate(tables.tolist()):
        assert misses(problem, table) == [], f"table {number}"


def test_every_table_that_ships_keeps_to_the_limits(
    problem: Problem, tables: np.ndarray
) -> None:
    events, patients = tables[..., :2], tables[..., 2:]
    limits = problem.limits
    assert patients.min() >= limits.smallest_arm
    assert patients.max() <= limits.largest_arm
    assert (patients.max(-1) <= limits.allocation * patients.min(-1)).all()
    assert (events >= 0).all()
    assert (events <= limits.largest_risk * patients).all()


def test_the_table_analyzed_is_a_member(problem: Problem, shipped: Table) -> None:
    assert misses(problem, shipped) == []


@pytest.mark.parametrize(
    ("trial", "column", "change", "missed"),
    [
        (0, 0, 1, "cases.all"),
        (0, 2, 1, "patients.lenalidomide"),
        (8, 3, -1, "patients.control"),
        (15, 0, -2, "incidence.observation"),
    ],
)
def test_the_check_refuses_a_table_that_is_off_by_little(
    problem: Problem, shipped: Table, trial: int, column: int, change: int, missed: str
) -> None:
    off = [list(row) for row in shipped]
    off[trial][column] += change
    assert missed in misses(problem, off)


def test_the_check_refuses_events_that_change_places(
    problem: Problem, shipped: Table
) -> None:
    """All totals stay, the pooled numbers do not."""
    off = [list(row) for row in shipped]
    off[7][0], off[8][0] = 0, 3
    missed = misses(problem, off)
    assert not {"cases.all", "patients.lenalidomide", "patients.control"} & {*missed}
    assert "risk.placebo.or" in missed
    assert "incidence.chemotherapy" in missed


def as_set(splits: Splits) -> set[tuple[bytes, bytes, bytes]]:
    columns = (splits.events, splits.treated, splits.informative)
    return {
        tuple(np.ascontiguousarray(x).tobytes() for x in row)
        for row in zip(*columns, strict=True)
    }


@pytest.mark.parametrize(
    "key",
    [
        *("risk.placebo.i2", "risk.placebo.q_p", "risk.all.ci_high", "risk.all.q_p"),
        *("incidence.chemotherapy.i2", "incidence.all.q_p", "patients.control"),
    ],
)
def test_a_statement_less_leaves_every_split_that_was_left(
    problem: Problem, key: str
) -> None:
    assert as_set(possible_splits(problem)) <= as_set(
        possible_splits(problem.without(key))
    )


def test_without_the_incidences_more_splits_are_left(problem: Problem) -> None:
    keys = [key for key in problem.keys if key.startswith("incidence.observation")]
    fewer, more = possible_splits(problem), possible_splits(problem.without(*keys))
    assert as_set(fewer) < as_set(more)


def test_what_is_pinned_holds_in_every_table(
    problem: Problem, tables: np.ndarray, shipped: Table
) -> None:
    pinned = findings.read(LETTER).pinned
    assert pinned["all.events.treated"] == 18
    assert pinned["placebo.trials.informative"] == 3
    for table in [*tables.tolist(), shipped]:
        for name in (*problem.classes, "all"):
            rows = [
                row
                for trial, row in zip(problem.trials, table, strict=True)
                if name in ("all", trial.group)
            ]
            found = {
                "events.treated": sum(row[0] for row in rows),
                "events.control": sum(row[1] for row in rows),
                "trials.treated": sum(row[0] > 0 for row in rows),
                "trials.informative": sum(row[0] + row[1] > 0 for row in rows),
            }
            for quantity, number in found.items():
                assert pinned[f"{name}.{quantity}"] == number


def test_the_findings_are_those_of_the_tables(
    problem: Problem, tables: np.ndarray
) -> None:
    """Extremes and shares, by plain loops over the thousand tables."""
    found = findings.read(LETTER)
    assert found.tables == len(tables)
    assert sum(pattern.tables for pattern in found.patterns) == len(tables)
    for scope, pool, key in (
        ("all", "peto", "all.peto"),
        ("placebo", "peto", "placebo.peto"),
        ("placebo", "inverse-variance", "placebo.iv"),
    ):
        mask = problem.mask(scope)
        parts = [table[mask].tolist() for table in tables]
        odds_ratio = [plain.number(f"{pool}.estimate", "both", x) for x in parts]
        p = [plain.number(f"{pool}.p", "both", x) for x in parts]
        one = found[key]
        assert one.p is not None
        ends = (one.estimate.low, one.estimate.high, one.p.low, one.p.high)
        expected = (min(odds_ratio), max(odds_ratio), min(p), max(p))
        assert ends == pytest.approx(expected, rel=1e-8)
        assert one.significant == np.mean(np.array(p) < 0.05)


def test_leaving_out_a_trial_is_as_by_plain_loops(
    problem: Problem, tables: np.ndarray
) -> None:
    """The placebo odds ratio without its least favorable trial."""
    greatest = []
    for table in tables[:, problem.mask("placebo")].tolist():
        p = [
            plain.number("peto.p", "both", table[:i] + table[i + 1 :])
            for i in range(len(table))
        ]
        greatest.append(max(x for x in p if not math.isnan(x)))
    found = findings.read(LETTER)["placebo.without_one"]
    assert found.p is not None
    assert found.p.high == pytest.approx(max(greatest), rel=1e-8)
    assert found.significant == np.mean(np.array(greatest) < 0.05)


def test_the_seed_makes_the_tables_that_ship(
    problem: Problem, tables: np.ndarray
) -> None:
    """The first of a few patterns; a benchmark makes all thousand."""
    few = sample(problem, 8, findings.read(LETTER).seed)
    assert len(few) == 8
    kept = {table.astype(np.int64).tobytes() for table in tables}
    for table in few.tables:
        assert table.tobytes() in kept
        assert misses(problem, table.tolist()) == []
