from dataclasses import dataclass
from pathlib import Path

import pytest

from analysis.review.records import Folder, text, whole, words
from analysis.schema import DataError, one_of


@dataclass(frozen=True)
class Row:
    name: str
    number: int
    keys: str


def table(folder: Path, content: str) -> tuple[Row, ...]:
    (folder / "rows.csv").write_text(content, encoding="utf-8")
    columns = {"name": text, "number": whole(optional=True), "keys": words}
    return Folder(folder, "data/evidence").read("rows.csv", Row, columns, ("name",))


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


def test_a_word_outside_the_list_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("name,number,keys\nc,1,\n", encoding="utf-8")
    columns = {"name": one_of("a", "b"), "number": whole(), "keys": words}
    with pytest.raises(DataError, match=r"rows\.csv:2:name: got 'c', expected one of"):
        Folder(tmp_path, "data/evidence").read("rows.csv", Row, columns)
