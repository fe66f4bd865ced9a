"""A conversion reports what it finds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from analysis.vigibase import Extract, convert
from analysis.vigibase.errors import ExtractError
from analysis.vigibase.intake import Summary, rejected_path
from analysis.vigibase.layout import TABLES

Write = Callable[..., Path]


def found(summary: Summary) -> set[tuple[str, str, int, bool]]:
    return {(f.file, f.what, f.rows, f.kept) for f in summary.findings}


def rejected(converted: Path) -> list[tuple[object, ...]]:
    path = rejected_path(converted)
    return duckdb.sql(f"FROM read_csv('{path}', all_varchar = true)").fetchall()


@pytest.mark.parametrize("form", ["txt", "csv"])
def test_a_whole_extract_is_read_without_a_finding(
    write: Write, tmp_path: Path, form: str
) -> None:
    converted = tmp_path / "x.duckdb"
    summary = convert(write(form), converted)
    assert summary.rows == {
        "demo": 5,
        "drug": 6,
        "adr": 5,
        "link": 6,
        "ind": 3,
        "out": 3,
        "srce": 3,
        "followup": 2,
        "suspectedduplicates": 1,
    }
    assert summary.findings == ()
    assert not summary.synthetic
    assert not rejected_path(converted).exists()


def test_both_forms_give_the_same_tables(write: Write, tmp_path: Path) -> None:
    paths = [tmp_path / f"{form}.duckdb" for form in ("txt", "csv")]
    for path in paths:
        folder = write(path.stem)
        convert(folder, path)
        for table in folder.iterdir():
            table.unlink()
    with duckdb.connect() as connection:
        for path in paths:
            connection.execute(f"ATTACH '{path}' AS {path.stem} (READ_ONLY)")
        for name in TABLES:
            rows = [
                connection.execute(f"FROM {path.stem}.{name} ORDER BY ALL").fetchall()
                for path in paths
            ]
            assert rows[0] == rows[1]
            assert rows[0]


def test_an_extract_that_is_cut_off_is_counted_and_set_aside(
    write: Write, tmp_path: Path
) -> None:
    folder, converted = write(), tmp_path / "x.duckdb"
    drug = folder / "DRUG.txt"
    lines = drug.read_text().splitlines()
    drug.write_text("\n".join(lines[:3]) + "\n" + lines[3][:30])
    assert found(convert(folder, converted)) == {
        ("DRUG.txt", "truncated line", 1, False),
        ("LINK.txt", "Drug_Id is not in DRUG", 3, False),
        ("IND.txt", "Drug_Id is not in DRUG", 1, False),
        ("DEMO", "the report has no drug", 3, True),
    }
    assert ("DRUG.txt", "4", "false", "truncated line", lines[3][:30]) in rejected(
        converted
    )


def test_line_numbers_hold_in_a_file_that_is_read_in_parallel(
    write: Write, tmp_path: Path
) -> None:
    lines, bad = 800_000, (3, 400_001, 799_999)
    folder, converted = write(), tmp_path / "x.duckdb"
    rows = [f"{number % 5 + 1:<11}1 " for number in range(lines)]
    for number in bad:
        rows[number - 1] = "cut"
    (folder / "SRCE.txt").write_text("\n".join(rows) + "\n")
    convert(folder, converted)
    assert [int(str(row[1])) for row in rejected(converted)] == list(bad)


def test_an_empty_table_is_an_empty_table(write: Write, tmp_path: Path) -> None:
    folder, converted = write(), tmp_path / "x.duckdb"
    (folder / "FOLLOWUP.txt").write_text("")
    assert convert(folder, converted).rows["followup"] == 0
    assert Extract.open(converted).query("SELECT count(*) FROM excluded") == [(1,)]


def test_ids_that_link_nowhere_are_set_aside_by_kind(
    write: Write, tmp_path: Path
) -> None:
    folder = write(out=[(1, "6", "Y"), (99, "6", "Y")], ind=[(11, "A"), (77, "B")])
    summary = convert(folder, tmp_path / "x.duckdb")
    assert found(summary) == {
        ("OUT.txt", "UMCReportId is not in DEMO", 1, False),
        ("IND.txt", "Drug_Id is not in DRUG", 1, False),
    }
    assert summary.set_aside == 2


def test_a_row_set_aside_takes_what_hangs_on_it_along(
    write: Write, tmp_path: Path
) -> None:
    folder = write()
    demo = folder / "DEMO.txt"
    demo.write_text(demo.read_text().replace("3          ", "x          ", 1))
    whats = {(file, what) for file, what, *_ in found(convert(folder, tmp_path / "x"))}
    assert whats == {
        ("DEMO.txt", "UMCReportId is not a whole number"),
        ("DRUG.txt", "UMCReportId is not in DEMO"),
        ("ADR.txt", "UMCReportId is not in DEMO"),
        ("OUT.txt", "UMCReportId is not in DEMO"),
        ("LINK.txt", "Drug_Id is not in DRUG"),
        ("IND.txt", "Drug_Id is not in DRUG"),
    }


def test_a_report_that_occurs_twice_counts_once(write: Write, tmp_path: Path) -> None:
    folder, converted = write(), tmp_path / "x.duckdb"
    demo = folder / "DEMO.txt"
    demo.write_text(demo.read_text() * 3)
    assert found(convert(folder, converted)) == {
        ("DEMO.txt", "UMCReportId occurs twice", 10, False)
    }
    assert Extract.open(converted).query("SELECT count(*) FROM demo") == [(5,)]


def test_unknown_codes_are_counted_and_kept(write: Write, tmp_path: Path) -> None:
    folder = write(srce=[(1, "1"), (2, "8"), (3, "8"), (4, "-")])
    assert found(convert(folder, tmp_path / "x.duckdb")) == {
        ("SRCE", "Type has the unknown code 8", 2, True)
    }


def test_of_many_unknown_codes_the_most_frequent_are_named(
    write: Write, tmp_path: Path
) -> None:
    rows = [(1, f"{code:02}") for code in range(20, 50)] + [(1, "99")] * 2
    folder = write(srce=rows)
    (folder / "Notifier_Lx.txt").write_text("1 One\n")
    findings = convert(folder, tmp_path / "x.duckdb").findings
    assert findings[0].what == "Type has the unknown code 99"
    assert findings[-1].what == "Type has 21 other unknown codes"
    assert sum(finding.rows for finding in findings) == len(rows)


def test_the_code_list_of_an_extract_decides_which_codes_are_known(
    write: Write, tmp_path: Path
) -> None:
    folder = write()
    (folder / "Region_Lx.txt").write_text("1Elsewhere\n")
    assert found(convert(folder, tmp_path / "x.duckdb")) == {
        ("DEMO", "Region has the unknown code 2", 5, True)
    }


def test_a_date_that_does_not_exist_leaves_the_report_in(
    write: Write, tmp_path: Path
) -> None:
    folder, converted = write(), tmp_path / "x.duckdb"
    demo = folder / "DEMO.txt"
    demo.write_text(demo.read_text().replace("20240229", "20230229", 1))
    summary = convert(folder, converted)
    what = "DateDatabase is not a date that exists"
    assert found(summary) == {("DEMO.txt", what, 1, True)}
    assert summary.set_aside == 0
    assert rejected(converted)[0][:4] == ("DEMO.txt", "1", "true", what)
    assert Extract.open(converted).query("SELECT count(*) FROM demo") == [(5,)]


def test_a_place_that_does_not_exist_is_refused(write: Write, tmp_path: Path) -> None:
    with pytest.raises(ExtractError, match="create it first"):
        convert(write(), tmp_path / "nowhere" / "x.duckdb")
    with pytest.raises(ExtractError, match="no such file"):
        Extract.open(tmp_path / "nowhere")


def test_a_large_folder_is_to_be_converted_first(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.vigibase.extract.MAX_BYTES_IN_MEMORY", 100)
    with pytest.raises(ExtractError, match="convert the extract"):
        Extract.open(write())


def test_rows_set_aside_are_told_whichever_way_an_extract_is_opened(
    write: Write, tmp_path: Path
) -> None:
    folder, converted = write(out=[(99, "6", "Y")]), tmp_path / "x.duckdb"
    convert(folder, converted)
    assert Extract.open(converted).set_aside == Extract.open(folder).set_aside == 1
