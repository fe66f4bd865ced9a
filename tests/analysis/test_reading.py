import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.reading import read_table
from analysis.schema import (
    Column,
    DataError,
    Schema,
    at_most,
    count,
    label,
    one_of,
    quantity,
)

SCHEMA = Schema(
    columns=(
        Column("name", label),
        Column("events", count()),
        Column("n", count(1)),
        Column("months", quantity(optional=True)),
        Column("arm", one_of("a", "b")),
    ),
    unique=("name",),
    checks=(at_most("events", "n", "no more events than"),),
)
HEADER = "name,events,n,months,arm\n"


def faults(tmp_path: Path, content: str | bytes) -> list[str]:
    table = tmp_path / "table.csv"
    table.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(DataError) as error:
        read_table(table, SCHEMA, "table.csv")
    return [str(fault) for fault in error.value.faults]


def test_every_fault_is_listed_at_its_row_and_column(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        HEADER + "x,1,2,3.5,a\nx,-1,2,,a\ny,5,2,,a\nz,1.5,0,x,c\nw,1,2\n",
    )
    assert found == [
        "table.csv:3:events: got '-1', expected a whole number from 0 up",
        "table.csv:4:events: got '5', expected no more events than (n)",
        "table.csv:5:events: got '1.5', expected a whole number from 0 up",
        "table.csv:5:n: got '0', expected a whole number from 1 up",
        "table.csv:5:months: got 'x', expected a number that is not negative, "
        "such as 12.5, or nothing",
        "table.csv:5:arm: got 'c', expected one of a, b",
        "table.csv:6: got 3 cells, expected 5 cells",
    ]


def test_a_repeated_name_is_reported_with_its_first_row(tmp_path: Path) -> None:
    assert faults(tmp_path, HEADER + "x,1,2,,a\ny,1,2,,a\nx,1,2,,b\n") == [
        "table.csv:4:name: got 'x' again (first in row 2), "
        "expected a name that is not repeated"
    ]


def test_missing_and_extra_columns(tmp_path: Path) -> None:
    assert faults(tmp_path, "name,events,n,arm,weight\nx,1,2,a,3\n") == [
        "table.csv:1:months: got no such column, expected the column months",
        "table.csv:1:weight: got an extra column, expected a first line with the "
        "columns name,events,n,months,arm",
    ]


@pytest.mark.parametrize(
    ("content", "got"),
    [
        ("", "an empty file"),
        ("\n\n", "an empty file"),
        (HEADER, "no row"),
        (HEADER.replace(",", ";"), "semicolons as separator"),
        (HEADER.replace(",", "\t"), "tabs as separator"),
        (HEADER.encode() + b"M\xfcller,1,2,,a\n", "byte 0xFC"),
        (HEADER.encode("utf-16"), "byte 0xFF"),
        (HEADER + '"x,1,2,,a\n', "unreadable CSV"),
    ],
)
def test_files_that_are_no_table(
    tmp_path: Path, content: str | bytes, got: str
) -> None:
    (found,) = faults(tmp_path, content)
    assert f"got {got}" in found


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file or directory"):
        read_table(tmp_path / "none.csv", SCHEMA)


def test_columns_in_another_order_and_a_byte_order_mark_are_read(
    tmp_path: Path,
) -> None:
    table = tmp_path / "table.csv"
    table.write_text("arm,n,name,months,events\r\na,2, x ,,1\r\n", "utf-8-sig")
    (row,) = read_table(table, SCHEMA)
    assert row["name"] == "x"
    assert (row["events"], row["n"], row["line"]) == (1, 2, 2)


@given(content=st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_no_bytes_raise_anything_but_a_data_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    table = tmp_path_factory.mktemp("any") / "table.csv"
    table.write_bytes(HEADER.encode() + content)
    with contextlib.suppress(DataError):
        rows = read_table(table, SCHEMA)
        assert all(set(SCHEMA.names) < set(row) for row in rows)


def test_a_count_above_the_greatest_is_told_its_limit(tmp_path: Path) -> None:
    (found,) = faults(tmp_path, HEADER + "x,1,1000000001,1,a\n")
    assert found.endswith("expected a whole number from 1 to 1000000000")
