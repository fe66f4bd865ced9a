from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from analysis.letter import letter
from analysis.letter.evidence import bias, checklist, eligible, grade, literature
from analysis.letter.evidence.records import read, text, whole, words
from analysis.schema import DataError, one_of
from manuscript.values.templates import fill


@dataclass(frozen=True)
class Row:
    name: str
    number: int
    keys: str


def table(folder: Path, content: str) -> tuple[Row, ...]:
    (folder / "rows.csv").write_text(content, encoding="utf-8")
    columns = {"name": text, "number": whole(optional=True), "keys": words}
    return read("rows.csv", Row, columns, unique=("name",), folder=folder)


def test_rows_become_records(tmp_path: Path) -> None:
    rows = table(tmp_path, "name,number,keys\na,3,x  y\nb,,\n")
    assert rows == (Row("a", 3, "x y"), Row("b", -1, ""))


def test_a_bad_table_names_every_fault_by_row_and_column(tmp_path: Path) -> None:
    with pytest.raises(DataError) as error:
        table(tmp_path, "name,number,keys\n,3,\na,-1,\nb,1,\nb,2,\n")
    assert [str(fault).partition(": got")[0] for fault in error.value.faults] == [
        "data/evidence/rows.csv:2:name",
        "data/evidence/rows.csv:3:number",
        "data/evidence/rows.csv:5:name",
    ]


@pytest.mark.parametrize(
    "reader",
    [
        bias.domains,
        bias.judgements,
        checklist.items,
        eligible.eligible_trials,
        eligible.sources,
        grade.judged,
        literature.reports,
    ],
)
def test_the_shipped_tables_hold_something(reader: Callable[[], object]) -> None:
    assert reader()


def test_a_text_takes_values_in_the_place_of_keys() -> None:
    filled = fill("in {trials.all} of {trials.all} (*x*)", letter(), plain=str.upper)
    assert filled == "IN 18 OF 18 (*X*)"


def test_an_unknown_key_in_a_text_is_refused() -> None:
    with pytest.raises(LookupError, match=r"trials\.al"):
        fill("in {trials.al}", letter())


def test_every_text_of_the_judgements_can_be_filled() -> None:
    reasons = [one.reason for one in bias.judgements().values()]
    reasons += [one.reason for one in grade.judged().values()]
    for reason in reasons:
        assert "{" not in fill(reason, letter())


def test_a_word_outside_the_list_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("name,number,keys\nc,1,\n", encoding="utf-8")
    columns = {"name": one_of("a", "b"), "number": whole(), "keys": words}
    with pytest.raises(DataError, match=r"rows\.csv:2:name: got 'c', expected one of"):
        read("rows.csv", Row, columns, folder=tmp_path)
