from pathlib import Path

import numpy as np
import pytest

from analysis.letter import data
from analysis.schema import DataError
from tests.described import described

SHIPPED = data.DATA / "trials.csv"
FIXTURE = Path(__file__).parents[1] / "meta" / "reference" / "letter-trials.csv"


def test_shipped_trials_add_up_to_the_published_totals() -> None:
    trials = data.trials()
    assert len(trials) == 18
    assert trials.n_treated.sum() == 3265
    assert trials.n_control.sum() == 2715
    assert trials.events_treated.sum() + trials.events_control.sum() == 20


def test_a_class_keeps_rows_together() -> None:
    placebo = data.trials().of_class("placebo")
    assert placebo.trial == ("P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8")
    assert placebo.line.tolist() == list(range(2, 10))
    assert placebo.n_treated.sum() + placebo.n_control.sum() == 2362
    trials = data.trials()
    assert np.isnan(trials.median_followup_months).sum() == 2


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("P1,placebo,231", "P1,placebo,-231", "2:n_lenalidomide: got '-231'"),
        ("P1,placebo,231", "P1,placebo,0", "2:n_lenalidomide: got '0'"),
        ("231,229,6,2", "231,229,6.5,2", "2:all_lenalidomide: got '6.5'"),
        ("231,229,6,2", "231,229,232,2", "2:all_lenalidomide: got '232'"),
        ("231,229,6,2", "231,229,6,230", "2:all_control: got '230'"),
        ("P2,placebo", "P2,sugar", "3:control_class: got 'sugar'"),
        ("P2,placebo", "P1,placebo", "3:trial: got 'P1' again"),
        ("91.0,publication", "91.0,hearsay", "2:source_type: got 'hearsay'"),
        (",source_type", "", "1:source_type: got no such column"),
        ("trial,", "trial,sponsor,", "1:sponsor: got an extra column"),
    ],
)
def test_a_bad_trial_is_refused_with_its_place(
    tmp_path: Path, old: str, new: str, fault: str
) -> None:
    table = described(tmp_path / "trials.csv")
    content = FIXTURE.read_text(encoding="utf-8")
    assert old in content
    table.write_text(content.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError) as error:
        data.trials(table)
    assert f"trials.csv:{fault}" in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("dead,5.8", "dead,", "time_to_death_months"),
        ("A,58.3,2.1,2.1,alive,", "A,58.3,2.1,2.1,alive,3.0", "time_to_death_months"),
        ("B,61.0,3.4", "B,61.0,4.4", "exposure_years"),
    ],
)
def test_a_case_that_contradicts_itself_is_refused(
    tmp_path: Path, old: str, new: str, column: str
) -> None:
    table = described(tmp_path / "cases.csv")
    content = (data.DATA / "cases.csv").read_text(encoding="utf-8")
    assert old in content
    table.write_text(content.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError) as error:
        data.cases(table)
    assert [fault.column for fault in error.value.faults] == [column]


def test_reported_values_keep_their_printed_form() -> None:
    reported = data.reported_values()
    assert len(reported) == 110
    assert reported["risk.placebo.or"].printed_as == "3.82"
    assert np.isnan(reported["risk.all.p"].number)


def test_tables_as_data_frames_keep_lines_and_columns() -> None:
    trials = data.trials().frame()
    assert trials.loc[2, "trial"] == "P1"
    assert trials.groupby("control_class").n_lenalidomide.sum()["placebo"] == 1117
    assert data.cases().frame().outcome.eq("dead").sum() == 2


def test_the_basis_stands_beside_the_tables(tmp_path: Path) -> None:
    assert data.trials().basis == data.cases().basis == "reconstruction"
    table = described(tmp_path / "trials.csv")
    table.write_text(FIXTURE.read_text(encoding="utf-8"), encoding="utf-8")
    assert data.trials(table).is_invented
    stated = tmp_path / "basis.csv"
    stated.write_text("file,basis,what\ntrials.csv,collected,\n", encoding="utf-8")
    collected = data.trials(table)
    assert collected.basis == "collected"
    assert not collected.is_invented
    assert collected.origin(data.trials).basis == "collected"
    assert collected.of_class("placebo").basis == "collected"


def test_an_unknown_basis_is_refused_with_its_place(tmp_path: Path) -> None:
    table = described(tmp_path / "trials.csv")
    table.write_text(FIXTURE.read_text(encoding="utf-8"), encoding="utf-8")
    stated = tmp_path / "basis.csv"
    stated.write_text("file,basis,what\ntrials.csv,rumor,\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"basis\.csv:2:basis: got 'rumor'"):
        data.trials(table)


def test_no_basis_is_assumed(tmp_path: Path) -> None:
    table = described(tmp_path / "trials.csv")
    table.write_text(FIXTURE.read_text(encoding="utf-8"), encoding="utf-8")
    stated = tmp_path / "basis.csv"
    stated.write_text("file,basis,what\ncases.csv,collected,\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"got nothing on trials\.csv, expected a row"):
        data.trials(table)
    stated.unlink()
    with pytest.raises(DataError, match=r"basis\.csv: got no such file, expected"):
        data.trials(table)


def test_the_source_of_counts_may_be_unknown() -> None:
    assert set(data.trials().source_type) == {""}
