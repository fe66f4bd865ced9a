"""A cut or empty table is told before anything is described."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.letter.extract import SHIPPED
from analysis.vigibase import Extract, convert
from analysis.vigibase.errors import ExtractError, PrivacyError
from analysis.vigibase.intake import rejected_path
from analysis.vigibase.layout import SYNTHETIC_FILE, TABLES

Write = Callable[..., Path]


def cut(to: Path, **rows: int) -> Path:
    """Copy the shipped extract, with the first rows of some tables only."""
    folder = to / "cut"
    folder.mkdir()
    for name, table in TABLES.items():
        lines = (SHIPPED / f"{table.stem}.txt").read_bytes().splitlines(True)
        (folder / f"{table.stem}.txt").write_bytes(b"".join(lines[: rows.get(name)]))
    return folder


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ({"link": 339}, r"LINK covers 339 of 20,852 \(1.6%"),
        ({"link": 0}, "LINK covers 0 of 20,852"),
        ({"link": 18_000}, "LINK says nothing of the last .* drugs of DRUG"),
        ({"out": 100, "srce": 100}, "OUT covers 100 of 3,000.*SRCE covers 100"),
        ({"out": 2600}, "OUT says nothing of the last .* reports of DEMO"),
        ({"suspectedduplicates": 0}, "SUSPECTEDDUPLICATES.txt has no row for 3,000"),
        ({"demo": 1500}, "rows of DRUG .* name a UMCReportId that DEMO does not have"),
        ({"drug": 7000}, "DRUG covers"),
        ({"demo": 0}, "DEMO.txt has no row"),
        ({"adr": 0}, "ADR.txt has no row"),
    ],
)
def test_a_table_that_was_cut_off_is_told(
    tmp_path: Path, rows: dict[str, int], what: str
) -> None:
    with pytest.raises(ExtractError, match=what) as error:
        Extract.open(cut(tmp_path, **rows))
    assert "--accept" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_gap_that_is_accepted_is_stored_with_the_file(tmp_path: Path) -> None:
    folder, converted = cut(tmp_path, link=339), tmp_path / "x.duckdb"
    assert convert(folder, converted).account.open_problems
    with pytest.raises(ExtractError, match="LINK covers 339"):
        Extract.open(converted)
    assert not convert(folder, converted, accept=["LINK"]).account.open_problems
    account = Extract.open(converted).account
    assert account.accepted == ("link",)
    assert "LINK covers 339" in account.problems[0].what


@pytest.mark.parametrize("form", ["csv", "txt"])
def test_a_table_of_which_no_row_can_be_used_stops(write: Write, form: str) -> None:
    folder = write(form)
    (folder / f"DEMO.{form}").write_text("cut\ncut\n")
    with pytest.raises(ExtractError, match=r"DEMO\.\w+: none of its 2 rows .*line 1"):
        Extract.open(folder)


def test_real_reports_are_converted_into_a_restricted_folder_only(
    write: Write, tmp_path: Path
) -> None:
    open_folder = tmp_path.parent
    folder, converted = write("csv"), open_folder / "x.duckdb"
    (folder / SYNTHETIC_FILE).write_text("a file beside the tables proves nothing")
    with pytest.raises(PrivacyError, match="folder called restricted only"):
        convert(folder, converted)
    # Only some lines say that they are synthetic: known when all are read.
    half = cut(tmp_path)
    demo = half / "DEMO.txt"
    demo.write_bytes(demo.read_bytes() + b"999999991  612024022912420200131\n")
    with pytest.raises(PrivacyError, match="folder called restricted only"):
        convert(half, converted)
    assert not converted.exists()
    kept = tmp_path / "Restricted"
    kept.mkdir()
    convert(write("csv", out=[(99, "6", "Y")]), kept / "x.duckdb")
    for path in (kept / "x.duckdb", rejected_path(kept / "x.duckdb")):
        assert path.stat().st_mode & 0o077 == 0


def test_codes_with_zeros_before_them_are_the_codes(write: Write) -> None:
    reports = [(r, "05", 1, "20240229", "1", "2", "20200101") for r in range(1, 6)]
    extract = Extract.open(write("csv", demo=reports, srce=[(1, "01"), (2, "99")]))
    assert extract.query("SELECT DISTINCT AgeGroup FROM demo") == [("5",)]
    whats = [(found.what, found.rows) for found in extract.account.findings]
    assert whats == [
        ("AgeGroup has zeros before its code, which were taken off", 5),
        ("Type has zeros before its code, which were taken off", 1),
        ("Type has the unknown code 99", 1),
    ]


def test_too_little_memory_is_called_so(write: Write, tmp_path: Path) -> None:
    with pytest.raises(ExtractError, match="--memory"):
        convert(write(), tmp_path / "x.duckdb", memory_limit="600KB")
