"""Files of an extract: found, read in both forms, faults named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from analysis.vigibase.errors import ExtractError
from analysis.vigibase.intake import files_of
from analysis.vigibase.intake.forms import delimiter_of_list, plain
from analysis.vigibase.intake.reading import code_list_sql, rows_sql
from analysis.vigibase.layout import CODE_LISTS, LINKS, TABLES
from analysis.vigibase.lists import KNOWN_CODES


def rows(
    name: str, path: Path, form: str = "txt", *, numbered: bool = False
) -> list[tuple[object, ...]]:
    delimited = plain(TABLES[name], "," if form == "csv" else "")
    query = rows_sql(TABLES[name], path, delimited, numbered=numbered)
    # Of the blemishes, the reasons.
    return [
        (*row[:-1], row[-1] and [found["reason"] for found in row[-1]])
        for row in duckdb.sql(query).fetchall()
    ]


# One line a table, written out by the positions that vigicaen documents.
LINES = {
    "demo": "90000001   62202402291420200131",
    "drug": "90000001   11         4901354    064392080055011025 31- 806",
    "adr": "90000001   21         712345673",
    "link": "11         21         14--0.5        12         ",
    "ind": "11         Some condition, unspecified",
    "out": "90000001   6 Y",
    "srce": "90000001   3 ",
    "followup": "90000001   89999999   ",
    "suspectedduplicates": "90000001   90000002   ",
}
DAY, FIRST = dt.date(2024, 2, 29), dt.date(2020, 1, 31)
EXPECTED = {
    "demo": (90000001, "6", "2", DAY, "1", "4", FIRST),
    "drug": (
        *(90000001, 11, 4901354, 64392, "08", "005", "50"),
        *("1", "1025", "31", None, "806"),
    ),
    "adr": (90000001, 21, 71234567, "3"),
    "link": (11, 21, "1", "4", None, None, 0.5, 12.0),
    "ind": (11, "Some condition, unspecified"),
    "out": (90000001, "6", "Y"),
    "srce": (90000001, "3"),
    "followup": (90000001, 89999999),
    "suspectedduplicates": (90000001, 90000002),
}


@pytest.mark.parametrize("name", TABLES)
def test_fixed_width_lines_are_cut_where_vigicaen_cuts_them(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / "table.txt"
    path.write_text(LINES[name] + "\n")
    assert rows(name, path) == [(*EXPECTED[name], None, None)]


def test_a_time_to_onset_keeps_its_decimals_and_may_be_missing(tmp_path: Path) -> None:
    path = tmp_path / "LINK.txt"
    path.write_text(
        "2          654654     5---0.78991    0.98745    \n"
        "2          456456     5----          -          \n"
    )
    first, second = rows("link", path)
    assert first[6:] == (0.78991, 0.98745, None, None)
    assert second[6:] == (None, None, None, None)


def test_csv_keeps_commas_and_quotation_marks_of_an_indication(tmp_path: Path) -> None:
    path = tmp_path / "IND.csv"
    path.write_text('"8","Pain, ""severe"""\n9,"A"\n')
    assert rows("ind", path, "csv") == [
        (8, 'Pain, "severe"', None, None),
        (9, "A", None, None),
    ]


@pytest.mark.parametrize("form", ["txt", "csv"])
def test_a_carriage_return_ends_a_line_too(
    write: Callable[..., Path], form: str
) -> None:
    path = write(form) / f"ADR.{form}"
    unix = rows("adr", path, form)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert rows("adr", path, form) == unix


NO_NUMBER, NO_DATE = "is not a whole number", "is not a date that exists"
NO_DAYS = "is not a number of days"
FAULTS = (
    ("adr", "txt", "1          2          100474", "truncated line"),
    ("adr", "txt", "", "blank line"),
    ("adr", "txt", "1          2          100474561 extra", "line too long"),
    ("adr", "txt", "x1         2          100474561", f"UMCReportId {NO_NUMBER}"),
    ("adr", "csv", '"1","2","3"', "truncated line"),
    ("adr", "csv", '"1","2","3","4', "truncated line"),
    ("adr", "csv", '"1","2","3","4","5"', "line too long"),
    ("ind", "txt", "1          ", "truncated line"),
    ("ind", "csv", '"1"', "truncated line"),
)
BLEMISHES = (
    ("adr", "txt", "1          2          1004x4561", f"MedDRA_Id {NO_NUMBER}"),
    ("demo", "csv", '"1","1","1","20230229","1","1","-"', f"DateDatabase {NO_DATE}"),
    ("link", "csv", '"1","2",1,1,1,1,-,"x"', f"TimeToOnsetMax {NO_DAYS}"),
    ("link", "csv", '"1","2",1,1,1,1,-,"inf"', f"TimeToOnsetMax {NO_DAYS}"),
    (
        *("link", "txt", f"{1:<11}{2:<11}1111{'nan':<11}{3:<11}"),
        f"TimeToOnsetMin {NO_DAYS}",
    ),
)
GOOD = (
    ("adr", "txt", "1          2          100474561 synthetic"),
    ("demo", "csv", '"1","1","1","-","1","1","20230228"'),
)


@pytest.mark.parametrize(
    ("name", "form", "line", "fault", "blemish"),
    [
        *((*fault, None) for fault in FAULTS),
        *((*found[:3], None, [found[3]]) for found in BLEMISHES),
        *((*good, None, None) for good in GOOD),
    ],
)
def test_a_bad_line_is_named_with_its_number(
    tmp_path: Path, name: str, form: str, line: str, fault: str, blemish: list[str]
) -> None:
    path = tmp_path / f"table.{form}"
    path.write_text(f"{line}\n" * 2)
    found = rows(name, path, form, numbered=True)
    assert [row[:2] for row in found] == [(1, line), (2, line)]
    assert all(row[-2:] == (fault, blemish) for row in found)


def test_files_are_found_in_any_case_and_one_folder_down(
    write: Callable[..., Path],
) -> None:
    folder = write("csv")
    (folder / "main").mkdir()
    (folder / "DEMO.csv").rename(folder / "main" / "demo.CSV")
    with files_of(folder) as files:
        assert files.tables["demo"].name == "demo.CSV"


def test_missing_tables_are_all_named(write: Callable[..., Path]) -> None:
    folder = write()
    for name in ("LINK", "IND"):
        (folder / f"{name}.txt").unlink()
    with pytest.raises(ExtractError, match="the tables LINK, IND"), files_of(folder):
        pass


def test_a_table_that_is_there_twice_is_refused(write: Callable[..., Path]) -> None:
    folder = write()
    (folder / "copy").mkdir()
    (folder / "copy" / "DRUG.txt").write_text("")
    with (
        pytest.raises(ExtractError, match=r"DRUG.txt, copy.DRUG.txt"),
        files_of(folder),
    ):
        pass


def test_a_mixture_of_text_and_parquet_is_refused(write: Callable[..., Path]) -> None:
    folder = write()
    (folder / "DRUG.txt").rename(folder / "DRUG.parquet")
    with pytest.raises(ExtractError, match="one form"), files_of(folder):
        pass


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(ExtractError, match="no such folder"),
        files_of(tmp_path / "nowhere"),
    ):
        pass


@pytest.mark.parametrize(
    ("form", "line"), [("txt", "41Oral (own words)"), ("csv", '"41","Oral, or so"')]
)
def test_codes_of_a_code_list_are_read(tmp_path: Path, form: str, line: str) -> None:
    path = tmp_path / f"RouteOfAdm_Lx.{form}"
    path.write_text(line + "\n")
    query = code_list_sql("RouteOfAdm", path, delimiter_of_list(path))
    assert duckdb.sql(query).fetchall() == [("RouteOfAdm", "41")]


def test_columns_follow_one_another_without_a_gap() -> None:
    for table in TABLES.values():
        places = [column.first for column in table.columns]
        ends = [column.last + 1 for column in table.columns]
        assert places == [1, *ends[:-1]]


def test_links_and_code_lists_name_what_exists() -> None:
    for pair in LINKS.items():
        for name, column in pair:
            assert TABLES[name].column(column).kind == "id"
    for table in TABLES.values():
        lists = {column.code_list for column in table.columns} - {""}
        assert lists <= CODE_LISTS.keys() | KNOWN_CODES.keys()
