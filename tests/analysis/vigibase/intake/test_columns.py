"""A column that cannot be read stops; a field here and there is counted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.vigibase import Extract, convert
from analysis.vigibase.errors import ExtractError
from analysis.vigibase.layout import TABLES

Write = Callable[..., Path]
Row = tuple[object, ...]
# Three hundred reports have few rows in the other tables.
OTHERS = [name for name in TABLES if name != "demo"]


def reports(n: int, **cells: Callable[[int], object]) -> list[Row]:
    """Make reports, with other cells where a column is named."""
    usual = {
        "UMCReportId": lambda r: r,
        "AgeGroup": lambda r: 6,
        "Gender": lambda r: 1,
        "DateDatabase": lambda r: "20240229",
        "Type": lambda r: 1,
        "Region": lambda r: 2,
        "FirstDateDatabase": lambda r: "20200101",
    }
    made = {**usual, **cells}
    return [tuple(cell(r) for cell in made.values()) for r in range(1, n + 1)]


def spoiled(share: float, cell: object, good: object) -> Callable[[int], object]:
    return lambda r: cell if r % 100 < share * 100 else good


@pytest.mark.parametrize("form", ["csv", "txt"])
@pytest.mark.parametrize(
    ("column", "cell", "good", "expected"),
    [
        ("DateDatabase", "20240000", "20240101", "days such as 20240131"),
        ("FirstDateDatabase", "20230229", "20200101", "days such as 20240131"),
        ("Gender", "F", "2", r"expected a code of its list \(0, 1, 2, 9\)"),
    ],
)
def test_a_column_of_which_too_much_cannot_be_read_stops(
    write: Write, form: str, column: str, cell: str, good: str, expected: str
) -> None:
    rows = reports(300, **{column: spoiled(0.1, cell, good)})
    folder = write(form, demo=rows)
    said = rf"{column} of DEMO.{form} cannot be read in 30 of 300 rows \(10%\), "
    with pytest.raises(ExtractError, match=f"{said}.*{cell}.*{expected}") as error:
        Extract.open(folder, accept=OTHERS)
    assert str(error.value).endswith("--accept DEMO")
    assert Extract.open(folder, accept=[*OTHERS, "DEMO"])


def test_the_example_has_its_line(write: Write) -> None:
    rows = reports(5, DateDatabase=lambda r: "20240000" if r == 3 else "-")
    with pytest.raises(
        ExtractError, match=r"1 of 1 rows \(100%\).*'20240000' in line 3"
    ):
        Extract.open(write("csv", demo=rows))


def test_a_form_that_makes_no_sense_is_shown_with_its_line(write: Write) -> None:
    rows = reports(5, DateDatabase=lambda r: "31/01/2020" if r > 1 else "-")
    with pytest.raises(ExtractError, match=r"line 2: DateDatabase .* '31/01/2020'"):
        Extract.open(write("csv", demo=rows))


def test_each_column_of_a_row_is_counted(write: Write) -> None:
    bad = spoiled(0.5, "20240000", "20240101")
    folder = write("csv", demo=reports(300, DateDatabase=bad, FirstDateDatabase=bad))
    with pytest.raises(ExtractError, match=r"DateDatabase of .*; FirstDateDatabase of"):
        Extract.open(folder)


def test_a_field_here_and_there_is_counted_and_left_empty(
    write: Write, tmp_path: Path
) -> None:
    rows = reports(300, DateDatabase=spoiled(0.01, "20240000", "20240101"))
    folder, converted = write("csv", demo=rows), tmp_path / "x.duckdb"
    account = convert(folder, converted, accept=list(TABLES)).account
    assert not any("cannot be read" in problem.what for problem in account.problems)
    (found,) = (f for f in account.findings if "DateDatabase" in f.what)
    assert (found.rows, found.kept, found.lines) == (3, True, (100, 200, 300))


def test_a_column_that_is_empty_throughout_stops(write: Write) -> None:
    folder = write("csv", demo=reports(1000, FirstDateDatabase=lambda r: "."))
    with pytest.raises(ExtractError, match=r"FirstDateDatabase of .* empty in all 1,0"):
        Extract.open(folder)


@pytest.mark.parametrize("form", ["csv", "txt"])
def test_seriousness_has_its_letters(write: Write, form: str) -> None:
    folder = write(form, out=[(1, "6", "1"), (2, "-", "0"), (3, "1", "1")])
    with pytest.raises(ExtractError, match=r"Serious of .*3 of 3 .*its list \(N, Y\)"):
        Extract.open(folder)


def test_parquet_is_held_to_the_same(write: Write) -> None:
    folder = write("csv")
    extract = Extract.open(folder)
    made = folder.parent / "parquet"
    made.mkdir()
    for name in TABLES:
        to = f"TO '{made}/{name}.parquet'"
        dates = (
            "SELECT * REPLACE (strftime(DateDatabase, '%d/%m/%Y') AS DateDatabase, "
            "FirstDateDatabase::TIMESTAMP AS FirstDateDatabase, "
            "Gender::DOUBLE AS Gender)"
        )
        extract.query(
            f"COPY ({dates if name == 'demo' else 'SELECT *'} FROM {name}) {to}"
        )
    with pytest.raises(
        ExtractError, match=r"DateDatabase of demo.parquet .*'29/02/2024' in line 1;"
    ) as error:
        Extract.open(made)
    assert "FirstDate" not in str(error.value)
    assert "Gender" not in str(error.value)


ISO = "2020-01-31"


@pytest.mark.parametrize("form", [",", ";"])
def test_days_may_be_written_as_other_tools_write_them(write: Write, form: str) -> None:
    folder = write("csv", demo=reports(5, FirstDateDatabase=lambda r: ISO))
    path = folder / "DEMO.csv"
    path.write_text(path.read_text().replace(",", form))
    extract = Extract.open(folder)
    assert extract.query("SELECT DISTINCT FirstDateDatabase::VARCHAR FROM demo") == [
        (ISO,)
    ]


def test_an_identifier_is_never_rounded(write: Write) -> None:
    folder = write("csv")
    (folder / "IND.csv").write_text('11.0,"A"\n21.4,"B"\n3.1e+01,"C, with D"\n')
    extract = Extract.open(folder)
    assert extract.query("FROM ind ORDER BY ALL") == [(11, "A"), (31, "C, with D")]
    assert [(f.what, f.lines) for f in extract.account.findings] == [
        ("Drug_Id is not a whole number", (2,))
    ]
