"""A cell in quotation marks may hold line breaks, wherever it stands."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.vigibase import Extract
from analysis.vigibase.errors import ExtractError
from analysis.vigibase.intake.records import BREAK, records

Write = Callable[..., Path]
BROKEN, A, B = '"11","My\nIII"', '"21","A"', '"31","B"'
WHOLE = [(11, "My\nIII"), (21, "A"), (31, "B")]


def delivered(write: Write, content: str, *, name: str = "IND") -> Extract:
    folder = write("csv")
    (folder / f"{name}.csv").write_bytes(content.encode())
    return Extract.open(folder)


DELIMITERS = (",", ";", "\t")
NAMES = ("", "Drug_Id,Indication\n", '"drug_id","IND"\n')
ROWS = (
    f"{BROKEN}\n{A}\n{B}\n",
    f"{A}\n{BROKEN}\n{B}\n",
    f"{A}\n{B}\n{BROKEN}",
    f"{BROKEN}\n{A}\n{B}\n".replace("\n", "\r\n"),
    f"{BROKEN}\n{A}\n{B}\n".replace("My\n", "My\r"),
    f"\ufeff{BROKEN}\n{A}\n{B}\n",
    f"{BROKEN}\n{A}\n{B}\n".replace('"', "", 2),
)


# Every two of the three once together.
@pytest.mark.parametrize(
    ("delimiter", "names", "rows"),
    [
        (DELIMITERS[d], NAMES[(d + r) % 3], rows)
        for r, rows in enumerate(ROWS)
        for d in range(3)
    ],
)
def test_a_line_break_within_a_text_may_stand_anywhere(
    write: Write, delimiter: str, names: str, rows: str
) -> None:
    names = names.replace("IND", "Indication").replace(",", delimiter)
    mark = "\ufeff" * rows.startswith("\ufeff")
    content = mark + names + rows.removeprefix(mark).replace(",", delimiter)
    extract = delivered(write, content)
    assert extract.query("FROM ind ORDER BY ALL") == WHOLE
    assert extract.account.findings == ()
    assert extract.account.rows["ind"] == 3


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ('"My, x; y\tz\nIII"', "My, x; y\tz\nIII"),
        ('"My ""big""\nIII"', 'My "big"\nIII'),
        ('"""My""\nIII"', '"My"\nIII'),
        ('"My\n\nIII"', "My\n\nIII"),
        ('"' + "line\n" * 400 + '"', ("line\n" * 400).strip()),
    ],
)
def test_a_text_is_read_as_it_was_quoted(write: Write, text: str, read: str) -> None:
    extract = delivered(write, f'"11",{text}\n{A}\n')
    ((found,),) = extract.query("SELECT Indication FROM ind WHERE Drug_Id = 11")
    assert found.strip() == read
    assert extract.account.findings == ()


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (f'"",""\n{BROKEN}\n{A}\n', [("Drug_Id is not a whole number", (1,))]),
        (f"\n{BROKEN}\n{A}\n", [("blank line", (1,))]),
        # A mark that is never closed costs its own line.
        (f'{B}\n"11","My\n{A}\n', [("truncated line", (2,))]),
        (f'{A}\n{B}\n"11","My', [("truncated line", (3,))]),
        # Breaks are counted once where other lines are at fault.
        (
            f'{BROKEN}\n"x","B"\n{A}\n\n"31","D\nE"\n"y","F"\n',
            [("Drug_Id is not a whole number", (3, 8)), ("blank line", (5,))],
        ),
    ],
)
def test_lines_keep_their_numbers_beside_broken_texts(
    write: Write, content: str, found: list[tuple[str, tuple[int, ...]]]
) -> None:
    findings = delivered(write, content).account.findings
    assert [(f.what, f.lines) for f in findings] == found


def test_lines_keep_their_numbers_after_one_that_was_set_aside(write: Write) -> None:
    rows = ['"' + "9" * 200_000 + '","1"', '"1","1"', '"x","1"', '"2","1"']
    findings = delivered(write, "\n".join(rows) + "\n", name="SRCE").account.findings
    assert {f.what: f.lines for f in findings} == {
        "line of 200,006 bytes": (1,),
        "UMCReportId is not a whole number": (3,),
    }


def test_a_column_that_is_not_used_may_hold_line_breaks(write: Write) -> None:
    rows = ['"1","1","by\nmail"', '"2","3","by phone"', '"3","1","by\n\nmail"']
    content = "UMCReportId,Type,Note\n" + "\n".join(rows) + "\n"
    extract = delivered(write, content, name="SRCE")
    assert extract.query("FROM srce ORDER BY ALL") == [(1, "1"), (2, "3"), (3, "1")]


def test_a_code_list_may_hold_line_breaks(write: Write) -> None:
    folder = write("csv")
    (folder / "Gender_Lx.csv").write_text('"1","Male\nor so"\n"2","Female"\n')
    assert Extract.open(folder).account.findings == ()


@pytest.mark.parametrize("before", ["\n", "Report sources, as of June\n\n"])
def test_the_names_may_stand_below_other_lines(write: Write, before: str) -> None:
    """Else columns in another order would be taken for those of the table."""
    rows = "Type,UMCReportId\n" + "1,2\n3,1\n"
    extract = delivered(write, before + rows, name="SRCE")
    assert extract.query("FROM srce ORDER BY ALL") == [(1, "3"), (2, "1")]
    found = {f.what: f.lines for f in extract.account.findings}
    assert found.get("line before the names", (1,)) == (1,)
    assert "blank line" in found


def test_lines_with_more_fields_than_names_are_refused(write: Write) -> None:
    content = "UMCReportId,Type\n" + "1,2,3,4\n" * 3
    with pytest.raises(ExtractError, match=r"SRCE.csv: line 1 names 2 .* have 4 field"):
        delivered(write, content, name="SRCE")


@pytest.mark.parametrize(
    "content",
    [
        'UMCReportId,Type\n"a",1,2\n"b",2,3\n',
        "UMCReportId,Type\n1,2,\n2,3,\n",
        "UMCReportId,Type,\n1,2\n2,3\n",
        "UMCReportId,Type,\n1,2,\n2,3,\n",
        "1,2,\n2,3,\n",
    ],
)
def test_names_of_rows_and_delimiters_at_the_end_are_no_columns(
    write: Write, content: str
) -> None:
    extract = delivered(write, content, name="SRCE")
    assert extract.query("FROM srce ORDER BY ALL") == [(1, "2"), (2, "3")]


@given(
    st.lists(
        st.lists(st.text('ab"\n,; ', max_size=6), min_size=2, max_size=3),
        min_size=1,
        max_size=6,
    )
)
def test_records_are_those_of_the_csv_reader(rows: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    found = list(records(out.getvalue().encode().split(b"\n")[:-1], ","))
    read = [next(csv.reader([record.decode()])) for _, record in found]
    assert [[cell.replace(BREAK, "\n") for cell in row] for row in read] == rows
    assert sum(size for size, _ in found) == out.getvalue().count("\n")


def test_a_text_without_quotation_marks_may_hold_the_delimiter(write: Write) -> None:
    extract = delivered(write, "Drug_Id,Indication\n11,My, III\n21,A, B\n31,C, D\n")
    assert extract.query("FROM ind ORDER BY ALL") == [
        (11, "My, III"),
        (21, "A, B"),
        (31, "C, D"),
    ]
