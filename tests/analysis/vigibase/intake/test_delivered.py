"""An extract is taken as the Uppsala Monitoring Centre, or a tool, delivers it."""

from __future__ import annotations

import gzip
import re
import shutil
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from analysis.vigibase import Extract, convert
from analysis.vigibase.errors import ExtractError
from analysis.vigibase.intake import text
from analysis.vigibase.layout import TABLES

Write = Callable[..., Path]
SUB = ("SUSPECTEDDUPLICATES.csv",)


def as_delivered(folder: Path) -> Path:
    """Lay a flat folder out as main/, sub/ and who/."""
    root = folder.parent / "delivered"
    for name in ("main", "sub", "who"):
        (root / name).mkdir(parents=True)
    for path in folder.iterdir():
        shutil.copy(path, root / ("sub" if path.name in SUB else "main") / path.name)
    (root / "sub" / "Gender_Lx.csv").write_text('"1","Male"\n"2","Female"\n')
    for name in ("SRCE", "MP", "ThG"):
        (root / "who" / f"{name}.csv").write_text('"1","INN","N/A"\n')
    return root


def content(place: Path) -> dict[str, list[tuple[object, ...]]]:
    extract = Extract.open(place)
    return {name: extract.query(f"FROM {name} ORDER BY ALL") for name in TABLES}


PLAIN: dict[str, dict[str, list[tuple[object, ...]]]] = {}


def plain(write: Write, form: str) -> dict[str, list[tuple[object, ...]]]:
    """Content of the small extract as it is, read once in each form."""
    if form not in PLAIN:
        PLAIN[form] = content(write(form))
    return PLAIN[form]


def test_main_sub_and_who_are_read_as_documented(write: Write) -> None:
    flat = write("csv")
    root = as_delivered(flat)
    assert content(root) == content(root / "main") == content(flat)


def test_main_alone_asks_for_the_duplicates(write: Write) -> None:
    folder = write("csv")
    (folder / "SUSPECTEDDUPLICATES.csv").unlink()
    with pytest.raises(ExtractError, match=r"it lies in sub/.*--accept SUSPECTED"):
        Extract.open(folder)
    extract = Extract.open(folder, accept=["SUSPECTEDDUPLICATES"])
    assert extract.query("SELECT count(*) FROM excluded") == [(1,)]
    with pytest.raises(ExtractError, match="expected one of DEMO"):
        Extract.open(folder, accept=["DUPLICATES"])


@pytest.mark.parametrize("ending", ["zip", "tar.gz"])
def test_an_archive_is_unpacked(write: Write, tmp_path: Path, ending: str) -> None:
    root = as_delivered(write("csv"))
    packed = tmp_path / f"extract.{ending}"
    if ending == "zip":
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(root.rglob("*.csv")):
                archive.write(path, path.relative_to(root.parent))
            archive.writestr("../outside.csv", "1,2\n")
    else:
        with tarfile.open(packed, "w:gz") as archive_:
            archive_.add(root, "extract")
    assert content(packed) == content(root)
    assert not (tmp_path.parent / "outside.csv").exists()


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "extract.zip"
    broken.write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(ExtractError, match="cannot be unpacked"):
        Extract.open(broken)
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("DEMO.csv", b"0" * (1 << 25))
    with pytest.raises(ExtractError, match="no extract does"):
        Extract.open(bomb)


def recode(folder: Path, change: Callable[[str, str], str]) -> None:
    for path in folder.iterdir():
        path.write_text(change(path.stem.lower(), path.read_text("utf-8")), "utf-8")


def with_sign(sign: str) -> Callable[[str, str], str]:
    return lambda name, lines: lines.replace('","', f'"{sign}"')


def with_names(name: str, lines: str) -> str:
    names = ",".join(column.name for column in TABLES[name].columns)
    return f"{names}\n{lines}"


def with_spelled_names(name: str, lines: str) -> str:
    names = with_names(name, "").replace("AgeGroup", "Age_Group")
    return names.replace("Record_Id", "MedicinalProd_Id").upper() + lines


def with_names_in_another_order(name: str, lines: str) -> str:
    rows = [f'"{name}",{line}' for line in lines.splitlines()]
    turned = [",".join(row.split(",")[::-1]) for row in rows if '"Mye' not in row]
    if name == "ind":
        return with_names(name, lines)
    names = ",".join(column.name for column in TABLES[name].columns[::-1])
    return "\n".join([f"{names},New", *turned]) + "\n"


def with_a_column_more(name: str, lines: str) -> str:
    if name == "ind":
        return lines
    return "".join(f'{line},"NEW, see note"\n' for line in lines.splitlines())


def as_numbers_with_decimals(name: str, lines: str) -> str:
    """Write numbers as a tool does that knows no missing whole numbers."""
    return re.sub(r'"(\d{1,7})"', r"\1.0", lines) if name != "ind" else lines


def with_decimal_commas(name: str, lines: str) -> str:
    return (
        re.sub(r'"(\d+)"(?=,"[\d-]+"$|$)', r'"\1,0"', lines, flags=re.M)
        * (name == "link")
        or lines
    )


def with_days_of_iso(name: str, lines: str) -> str:
    return re.sub(r'"(\d{4})(\d\d)(\d\d)"', r"\1-\2-\3", lines)


@pytest.mark.parametrize(
    "change",
    [
        with_sign(";"),
        with_sign("\t"),
        with_sign("|"),
        lambda _, lines: "\ufeff" + lines,
        with_names,
        with_spelled_names,
        with_names_in_another_order,
        with_a_column_more,
        lambda _, lines: lines.replace('"-"', "NA"),
        lambda _, lines: lines.replace('"-"', "."),
        lambda _, lines: lines.replace('"-"', '"NaN"'),
        lambda name, lines: with_names(name, "").lower() + lines.replace('"-"', "N/A"),
        as_numbers_with_decimals,
        with_decimal_commas,
        with_days_of_iso,
        lambda name, lines: lines if name == "ind" else lines.replace("\n", ",\n"),
        lambda _, lines: lines.replace("\n", "\r"),
        lambda _, lines: lines.replace('","', '", "'),
        lambda _, lines: lines.replace("\n", "\r\n"),
        lambda name, lines: lines if name == "ind" else lines.replace('"', ""),
    ],
)
def test_other_forms_of_text_hold_the_same(
    write: Write, change: Callable[[str, str], str]
) -> None:
    folder = write("csv")
    recode(folder, change)
    assert content(folder) == plain(write, "csv")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("form", ["csv", "txt"])
def test_utf_16_is_read(write: Write, form: str, encoding: str) -> None:
    folder = write(form)
    for path in folder.iterdir():
        path.write_bytes(path.read_text("utf-8").encode(encoding))
    assert content(folder) == plain(write, form)


@pytest.mark.parametrize("form", ["csv", "txt"])
def test_windows_1252_is_read_line_by_line(write: Write, form: str) -> None:
    rows = [(11, "Crohn’s disease"), (21, "Myélome"), (31, "Zażółć")]
    folder = write(form, ind=rows)
    path = folder / f"IND.{form}"
    lines = path.read_text("utf-8").splitlines()
    path.write_bytes(
        b"".join(
            line.encode("cp1252" if number < 2 else "utf-8") + b"\n"
            for number, line in enumerate(lines)
        )
    )
    extract = Extract.open(folder)
    assert extract.query("FROM ind ORDER BY ALL") == rows
    (ind,) = (table for table in extract.account.tables if table.name == "ind")
    assert ind.form.endswith("UTF-8 and Windows-1252 (2 lines)")


@pytest.mark.parametrize("form", ["csv", "txt"])
@pytest.mark.parametrize("end", ["\n", ""])
def test_an_endless_line_is_set_aside_with_its_number(
    write: Write, form: str, end: str
) -> None:
    folder = write(form)
    with (folder / f"DEMO.{form}").open("a") as file:
        file.write("9" * 5_000_000 + end)
    found = Extract.open(folder).account.findings
    assert [(f.what, f.rows, f.kept, f.lines) for f in found] == [
        ("line of 5,000,000 bytes", 1, False, (6,))
    ]


def test_a_column_more_that_is_not_last_is_refused(write: Write) -> None:
    rows = [(r, "FR", 6, 1, "20240229", "1", "2", "20200101") for r in range(1, 6)]
    folder = write("csv")
    lines = [",".join(f'"{cell}"' for cell in row) for row in rows]
    (folder / "DEMO.csv").write_text("\n".join(lines) + "\n")
    with pytest.raises(ExtractError, match=r"DEMO.csv: not the table DEMO.*8 fields"):
        Extract.open(folder)


def test_a_named_column_that_is_missing_is_named(write: Write) -> None:
    folder = write("csv")
    path = folder / "DEMO.csv"
    path.write_text(with_names("demo", path.read_text()).replace("AgeGroup", "Years"))
    with pytest.raises(
        ExtractError, match=r"no column AgeGroup; its columns are .*Yea"
    ):
        Extract.open(folder)


def test_parquet_of_vigicaen_is_read(write: Write) -> None:
    folder = write("csv")
    expected = content(folder)
    made = folder.parent / "parquet"
    made.mkdir()
    extract = Extract.open(folder)
    for name in TABLES:
        more = (
            ", (TimeToOnsetMin + TimeToOnsetMax) / 2 AS tto_mean, 1 AS UMCReportId"
            if name == "link"
            else ""
        )
        dates = "SELECT * REPLACE (strftime(DateDatabase, '%Y%m%d') AS DateDatabase)"
        rows = f"{dates if name == 'demo' else 'SELECT *'} {more} FROM {name}"
        to = made / ("suspdup" if name == "suspectedduplicates" else name)
        extract.query(f"COPY ({rows}) TO '{to}.parquet'")
    assert content(made) == expected
    # The text beside what was made of it is what was delivered.
    for path in made.iterdir():
        shutil.copy(path, folder)
    assert content(folder) == expected


def test_line_breaks_within_a_text_and_blank_lines_are_accounted_for(
    write: Write,
) -> None:
    folder = write("csv")
    (folder / "IND.csv").write_text('"11","Myeloma\nstage III"\n\n"21","Lymphoma"\n')
    extract = Extract.open(folder)
    assert extract.query("FROM ind") == [(11, "Myeloma\nstage III"), (21, "Lymphoma")]
    assert [(f.what, f.lines) for f in extract.account.findings] == [
        ("blank line", (3,))
    ]


def test_lines_are_named_by_number_in_a_large_delimited_file(
    write: Write,
) -> None:
    count, bad = 400_000, (3, 200_001, 399_999)
    rows = [f'"{number % 5 + 1}","1"' for number in range(count)]
    for number in bad:
        rows[number - 1] = '"x","1"'
    folder = write("csv")
    (folder / "SRCE.csv").write_text("\n".join(rows) + "\n")
    (found,) = Extract.open(folder, accept=["SRCE"]).account.findings
    assert (found.rows, found.lines) == (3, bad)


def test_halves_of_line_breaks_are_put_together(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"1,a\r\n2,\x92\r\n3,c\r4,d")
    lines = text.lines_of(path, tmp_path)
    assert (lines.count, lines.path.read_text("utf-8")) == (4, "1,a\n2,’\n3,c\n4,d\n")
    assert duckdb.sql("SELECT 1").fetchall() == [(1,)]


def test_single_tables_and_parts_may_be_packed(write: Write, tmp_path: Path) -> None:
    root = as_delivered(write("csv"))
    expected = content(root)
    drug = root / "main" / "DRUG.csv"
    with gzip.open(f"{drug}.gz", "wb") as file:
        file.write(drug.read_bytes())
    drug.unlink()
    assert content(root) == expected
    parts = tmp_path / "parts"
    parts.mkdir()
    for name in ("main", "sub", "who"):
        with zipfile.ZipFile(parts / f"{name}.zip", "w") as archive:
            for path in sorted((root / name).iterdir()):
                archive.write(path, path.name)
    assert content(parts) == expected


def test_archives_within_an_archive_are_unpacked(write: Write, tmp_path: Path) -> None:
    root = as_delivered(write("csv"))
    whole = tmp_path / "delivery.zip"
    with zipfile.ZipFile(whole, "w") as delivery:
        for name in ("main", "sub", "who"):
            inner = tmp_path / f"{name}.zip"
            with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
                for path in sorted((root / name).iterdir()):
                    archive.write(path, path.name)
            delivery.write(inner, f"VigiBase/{name}.zip")
        delivery.writestr("VigiBase/._main.zip", b"what a Mac leaves")
    assert content(whole) == content(root)


def test_a_refusal_shows_a_line_that_makes_no_sense(write: Write) -> None:
    folder = write("txt")
    path = folder / "ADR.txt"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], *(line[:28] for line in lines)]) + "\n")
    with pytest.raises(ExtractError, match=r"lines of 28 .* fixed width of 31"):
        Extract.open(folder)


def test_what_is_no_place_is_said(write: Write) -> None:
    folder = write("csv")
    with pytest.raises(ExtractError, match="one table; expected the folder"):
        Extract.open(folder / "DEMO.csv")
    with pytest.raises(ExtractError, match="a folder; expected the name of a file"):
        convert(folder, folder)


@pytest.mark.parametrize("name", [name for name in TABLES if name != "demo"])
def test_a_table_that_is_there_twice_over_stops(write: Write, name: str) -> None:
    folder = write("csv")
    path = folder / f"{TABLES[name].stem}.csv"
    lines = path.read_text()
    path.write_text(lines * (2 if lines.count("\n") > 1 else 4))
    with pytest.raises(ExtractError, match=rf"{path.name} repeat another.*--accept"):
        Extract.open(folder)


def test_a_faulty_line_may_hold_its_delimiter_in_quotation_marks(write: Write) -> None:
    folder = write("csv")
    path = folder / "SRCE.csv"
    path.write_text('UMCReportId,Type,Note\n1,1,"a, b"\n2.5,1,"c, d"\n2,3,"e "" f"\n')
    extract = Extract.open(folder)
    assert extract.query("FROM srce ORDER BY ALL") == [(1, "1"), (2, "3")]
    assert [(f.what, f.lines) for f in extract.account.findings] == [
        ("UMCReportId is not a whole number", (3,))
    ]
