"""A schema file says what a table of trials holds, and every fault of it is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from analysis.schema import DataError
from analysis.trials import read_described, read_trials

SAID = """\
trial: study
arms:
  rosiglitazone: {patients: N1, label: Rosiglitazone}
  comparator: {patients: N0, label: Any comparator}
outcomes:
  infarction:
    label: Myocardial infarction
    events: {rosiglitazone: MI 1, comparator: MI 0}
  death: {label: Death, events: {rosiglitazone: D1, comparator: D0}}
classes:
  column: comparison
  names:
    placebo: Placebo
    active: {cell: active drug, label: Active, title: Active control}
others:
  weeks: count
  phase: {kind: [II, III], empty: true}
  dose: {kind: number, empty: true}
"""
TABLE = """\
study,comparison,N1,N0,MI 1,MI 0,D1,D0,weeks,phase,dose
A,placebo,100,90,3,1,0,0,24,II,4.5
B,active drug,50,60,0,0,1,0,52,,
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "counts.csv"
    path.write_text(TABLE, encoding="utf-8")
    path.with_suffix(".yml").write_text(SAID, encoding="utf-8")
    basis = "file,basis,what\ncounts.csv,published,\n"
    path.with_name("basis.csv").write_text(basis, encoding="utf-8")
    return path


def test_columns_and_classes_are_those_of_the_schema_file(table: Path) -> None:
    trials = read_trials(table)
    assert trials.names == ("A", "B")
    assert trials.classes == ("placebo", "active")
    assert [list(part) for part in trials.counts()] == [
        [3, 0],
        [100, 50],
        [1, 0],
        [90, 60],
    ]
    assert [list(part) for part in trials.counts("death")][::2] == [[0, 1], [0, 0]]
    assert trials.others["phase"] == ("II", "")
    assert trials.others["weeks"] == (24, 52)
    assert np.isnan(trials.others["dose"][1])
    assert trials.basis == "published"
    assert trials.described.title("active") == "Active control"
    assert trials.described.arms[1].within == "any comparator"
    assert trials.described.outcomes[0].label == "Myocardial infarction"


def test_trials_need_no_classes(table: Path) -> None:
    said, _, rest = SAID.partition("classes:")
    rest = rest[rest.index("others:") :]
    table.with_suffix(".yml").write_text(said + rest, encoding="utf-8")
    content = TABLE.replace("comparison,", "").replace("placebo,", "")
    table.write_text(content.replace("active drug,", ""), encoding="utf-8")
    assert read_trials(table).classes == ("", "")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("trial: study\n", "", "got no trial, expected the entry trial"),
        ("trial: study", "trial: 7", "trial: got 7, expected the name of a column"),
        ("arms:\n", "arms:\n  third: {patients: x, label: x}\n", "arms: got 3"),
        ("patients: N1, ", "", "arms, rosiglitazone: got no patients"),
        ("label: Any", "lable: x, label: Any", "comparator: got the entry lable"),
        ("comparator: MI 0", "control: MI 0", "infarction, events: got no comparator"),
        ("D0}}", "D1}}", "got the column D1 twice, expected each column once"),
        ("  death:", "  1st death:", "outcomes, 1st death: got '1st death'"),
        ("placebo: Placebo", "placebo: [x]", "classes, names, placebo: got ['x']"),
        ("label: Active,", "label: Placebo,", "the label 'Placebo' 2 times, expected"),
        ("Any comparator", "Rosiglitazone", "arms: got the label 'Rosiglitazone'"),
        ("label: Death", "label: Myocardial infarction", "outcomes: got the label"),
        ("weeks: count", "weeks: whole", "others, weeks: got 'whole', expected text"),
        ("classes:\n", "classes: none\nother:\n", "classes: got 'none', expected"),
        (SAID, "- a list", "got ['a list'], expected the entries trial, arms"),
        (SAID, "a: [", "expected well-formed YAML"),
    ],
)
def test_a_schema_file_is_refused_with_its_place(
    table: Path, old: str, new: str, fault: str
) -> None:
    assert old in SAID
    path = table.with_suffix(".yml")
    path.write_text(SAID.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError) as refusal:
        read_described(path)
    told = [str(one) for one in refusal.value.faults]
    assert any(fault in line for line in told), told
    assert all("counts.yml" in line and "\n" not in line for line in told)


def test_no_schema_file_is_told(table: Path) -> None:
    table.with_suffix(".yml").unlink()
    with pytest.raises(DataError, match=r"counts\.yml: got no such file"):
        read_trials(table)


def test_a_cell_is_refused_by_the_columns_own_name(table: Path) -> None:
    table.write_text(TABLE.replace("active drug", "active"), encoding="utf-8")
    with pytest.raises(DataError, match="3:comparison: got 'active', expected one of"):
        read_trials(table)
