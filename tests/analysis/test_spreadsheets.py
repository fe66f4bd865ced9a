"""Thirty-six ways in which a table of trials comes out of a spreadsheet."""

from pathlib import Path

import pytest

from analysis.letter import data
from analysis.schema import DataError
from tests.described import described

HEADER = (
    "trial,control_class,n_lenalidomide,n_control,all_lenalidomide,all_control,"
    "median_followup_months,source_type"
)
FIRST = "P1,placebo,231,229,6,2,91.0,publication"
SECOND = "P2,placebo,306,302,3,0,,registry"
TABLE = "\n".join((HEADER, FIRST, SECOND)) + "\n"
NBSP = "\N{NO-BREAK SPACE}"

# What a spreadsheet or an editor adds and changes nothing.
HARMLESS = {
    "byte order mark": "\ufeff" + TABLE,
    "carriage returns": TABLE.replace("\n", "\r\n"),
    "old carriage returns": TABLE.replace("\n", "\r"),
    "no last line feed": TABLE.rstrip("\n"),
    "all quoted": "\n".join(
        ",".join(f'"{cell}"' for cell in line.split(",")) for line in TABLE.splitlines()
    ),
    "empty rows": f"\n{TABLE}\n,,,,,,,\n\n",
    "empty trailing columns": TABLE.replace("\n", ",,\n"),
    "one row longer": TABLE.replace(FIRST, FIRST + ",,"),
    "spaces of a column without name": TABLE.replace("\n", f",{NBSP}\n"),
    "an empty leading column": "\n".join(f",{row}" for row in TABLE.splitlines()),
    "spaces around": TABLE.replace(",", " , "),
    "no-break spaces around": TABLE.replace("P1,", f"{NBSP}P1{NBSP},"),
    "columns in another order": "\n".join(
        ",".join(reversed(line.split(","))) for line in TABLE.splitlines()
    ),
}

# What is refused: where, and a word of what was found.
BAD = {
    "empty": ("", "an empty file"),
    "blank": ("\n \n", "an empty file"),
    "a header alone": (HEADER + "\n", ":2: got no row"),
    "a column missing": (TABLE.replace("n_control,", "", 1), "n_control"),
    "a column renamed": (TABLE.replace("n_control,", "control_n,", 1), "control_n"),
    "a column twice": (
        TABLE.replace("n_control,", "n_lenalidomide,", 1),
        "n_lenalidomide: got the column 2 times",
    ),
    "a column of its own": (TABLE.replace("\n", ",x\n"), ":1:x: got an extra column"),
    "an unnamed column with entries": (
        TABLE.replace("\n", ",x\n").replace("type,x", "type,"),
        "(unnamed): got an extra column",
    ),
    "semicolons": (TABLE.replace(",", ";"), "semicolons as separator"),
    "tabs": (TABLE.replace(",", "\t"), "tabs as separator"),
    "a cell short": (TABLE.replace(",publication", ""), ":2: got 7 cells"),
    "negative": (TABLE.replace("231", "-231"), ":2:n_lenalidomide: got '-231'"),
    "fraction": (TABLE.replace("231", "231.5"), ":2:n_lenalidomide: got '231.5'"),
    "thousands": (TABLE.replace(",231,", ',"1,231",'), "got '1,231'"),
    "text in a number": (TABLE.replace("231", "231*"), ":2:n_lenalidomide: got '231*'"),
    "not available": (TABLE.replace(",6,", ",NA,"), ":2:all_lenalidomide: got 'NA'"),
    "a count missing": (TABLE.replace(",6,", ",,"), ":2:all_lenalidomide: got nothing"),
    "more events than patients": (TABLE.replace(",6,", ",600,"), "no more events"),
    "no patients": (TABLE.replace(",229,", ",0,"), ":2:n_control: got '0'"),
    "an unknown class": (TABLE.replace("placebo", "Placebo"), "got 'Placebo'"),
    "a name twice": (TABLE.replace("P2", "P1"), ":3:trial: got 'P1' again"),
    "a name twice but for spaces": (TABLE.replace("P2", f"{NBSP}P1"), "'P1' again"),
    "no name": (TABLE.replace("P1", ""), ":2:trial: got nothing"),
    "a line break in a name": (TABLE.replace("P1", '"P\n1"'), ":2:trial"),
}


def test_there_are_as_many_as_were_tried() -> None:
    assert len(HARMLESS) + len(BAD) >= 36


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return described(tmp_path / "trials.csv")


@pytest.mark.parametrize("name", HARMLESS)
def test_what_spreadsheets_add_is_passed_over(name: str, path: Path) -> None:
    path.write_bytes(HARMLESS[name].encode())
    table = data.trials(path)
    assert table.trial == ("P1", "P2")
    assert [list(counts) for counts in table.counts] == [
        [6, 3],
        [231, 306],
        [2, 0],
        [229, 302],
    ]


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_refused_in_a_line_with_its_place(
    name: str, path: Path
) -> None:
    text, found = BAD[name]
    path.write_bytes(text.encode())
    with pytest.raises(DataError) as refusal:
        data.trials(path)
    lines = [str(fault) for fault in refusal.value.faults]
    assert any(found in line for line in lines), lines
    assert all("\n" not in line and "expected" in line for line in lines)


def test_a_file_in_another_encoding_is_refused(path: Path) -> None:
    path.write_bytes(TABLE.encode("utf-16"))
    with pytest.raises(DataError, match="UTF-8"):
        data.trials(path)
