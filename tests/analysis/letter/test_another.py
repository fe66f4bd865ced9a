"""Another meta-analysis: other columns, arms, event and classes, and no program."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.letter import Letter, data
from analysis.letter.figures import figure_1, figure_s2, figure_s4
from analysis.letter.study import Study
from analysis.letter.tables import counts, sensitivity

SAID = """\
trial: study
arms:
  rosiglitazone: {patients: N1, label: Rosiglitazone}
  comparator: {patients: N0, label: Comparator}
outcomes:
  infarction:
    label: MI
    events: {rosiglitazone: MI 1, comparator: MI 0}
classes:
  column: comparison
  names:
    sugar: {label: Sugar pill, title: Trials against a sugar pill}
    active: Active
"""
ROWS = """\
study,comparison,N1,N0,MI 1,MI 0
A,sugar,100,90,3,1
B,active,50,60,0,0
C,sugar,210,200,4,2
D,active,80,81,1,1
"""


@pytest.fixture
def letter(tmp_path: Path) -> Letter:
    table = tmp_path / "trials.csv"
    table.write_text(ROWS, encoding="utf-8")
    table.with_suffix(".yml").write_text(SAID, encoding="utf-8")
    basis = "file,basis,what\ntrials.csv,published,\n"
    table.with_name("basis.csv").write_text(basis, encoding="utf-8")
    return Letter(Study(data.trials(table), data.cases()))


def test_keys_name_what_the_schema_file_names(letter: Letter) -> None:
    v = letter
    assert v("patients.rosiglitazone").text == "440"
    assert v("cases.comparator").text == "4"
    assert v("trials.sugar").text == "2"
    assert v("trials.open_label").text == "2"
    assert v("trial.A.events_rosiglitazone").text == "3"
    assert v("pool.active.n_comparator").text == "141"
    assert v("sensitivity.sugar.peto.or").number == v("risk.sugar.or").number
    origin = v("risk.active.or").origin
    assert (origin.rows, origin.basis) == ("comparison = active", "published")


def test_figures_and_tables_say_its_words(letter: Letter) -> None:
    study, trials = letter.study, letter._trials
    assert isinstance(study, Study)
    drawn = figure_1(study)
    assert "Sugar pill" in drawn.alt
    assert "patients with MI per 100 given rosiglitazone" in drawn.alt
    told = " ".join(
        [
            drawn.alt,
            figure_s2(study).alt,
            figure_s4(study).alt,
            counts(trials, letter)._repr_markdown_(),
            sensitivity(trials, letter)._repr_markdown_(),
        ]
    )
    assert "Rosiglitazone: MI / patients" in told
    assert "Trials against a sugar pill" in told
    assert "Incidence under rosiglitazone" in told
    for word in ("lenalidomide", "ALL", "placebo", "leukemia", "chemotherapy"):
        assert word not in told.replace("ALLowed", "")
