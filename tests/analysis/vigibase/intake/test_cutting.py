"""Lines that are cut many at a time give what they give one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.vigibase.errors import ExtractError
from analysis.vigibase.intake import books, cutting, forms, tables
from analysis.vigibase.intake.cutting.words import whole_numbers, words_at
from analysis.vigibase.intake.forms import Form, plain
from analysis.vigibase.layout import TABLES, Column, Table

CELLS = {
    "id": st.one_of(
        st.integers(0, 99_999_999_999).map(str),
        st.sampled_from(["1", " 12", "007", "-", "", "1.0", "1e3", "-5", "x", "+3"]),
    ),
    "number": st.one_of(
        st.integers(0, 999_999).map(str),
        st.sampled_from(["-", "", "1.5", "x", "-7", " 8", "0x1"]),
    ),
    "days": st.one_of(
        st.integers(0, 9999).map(str),
        st.sampled_from(["-", "0.5", "12.25", "-3", "1e2", "x", "", "nan", ".5"]),
    ),
    "date": st.sampled_from(
        ["20240229", "20230229", "20200131", "2020", "00000000", "-", "", "2020-1-1"]
    ),
    "code": st.sampled_from(["1", "2", "A", "-", "", " ", "05", "NA", "é", "'", "N"]),
}
USUAL = {
    "id": "123456789",
    "number": "7",
    "days": "30",
    "date": "20240131",
    "code": "1",
}
SIGNS = st.sampled_from(["", " ", '"', ",", ";", "x", "é", "-", "7", '""', ",,"])
NAMES = st.sampled_from(["demo", "drug", "adr", "link", "out", "srce", "followup"])


@dataclass(frozen=True)
class Written:
    """A table as it is written."""

    name: str
    form: Form
    content: bytes

    @property
    def table(self) -> Table:
        return TABLES[self.name]


def as_fixed(table: Table, cells: list[str], tail: str) -> str:
    return (
        "".join(
            cell[: column.width].ljust(column.width)
            for column, cell in zip(table.columns, cells, strict=True)
        )
        + tail
    )


@st.composite
def written(draw: st.DrawFn) -> Written:
    table = TABLES[draw(NAMES)]

    def cell(column: Column, odd: bool) -> str:
        return draw(CELLS[column.kind]) if odd else USUAL[column.kind]

    rows = [
        [cell(column, odd and draw(st.booleans())) for column in table.columns]
        for odd in draw(st.lists(st.booleans(), min_size=1, max_size=25))
    ]
    delimiter = draw(st.sampled_from(["", ",", ";", "\t"]))
    quote = draw(st.sampled_from(["", '"']))
    more = draw(st.sampled_from(["", "", "NEW", "a, b"])) if delimiter else ""
    header = bool(delimiter) and draw(st.booleans())
    tail = draw(st.sampled_from(["", " synthetic"]))
    lines = []
    for row in rows:
        full = [*row, more] if more else row
        lines.append(
            delimiter.join(f"{quote}{found}{quote}" for found in full)
            if delimiter
            else as_fixed(table, row, tail)
        )
    for _ in range(draw(st.integers(0, 4))):
        number = draw(st.integers(0, len(lines) - 1))
        place = draw(st.integers(0, len(lines[number])))
        cut = draw(st.integers(0, 3))
        line = lines[number]
        lines[number] = line[:place] + draw(SIGNS) + line[place + cut :]
    if draw(st.booleans()):
        lines.insert(draw(st.integers(0, len(lines))), "")
    if header:
        lines.insert(0, delimiter.join(column.name for column in table.columns))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    content = end.join(lines) + draw(st.sampled_from([end, ""]))
    form = plain(table, delimiter)
    fields = form.fields + bool(more)
    form = Form(delimiter, fields, form.places, header)
    return Written(table.name, form, content.encode())


def read(case: Written, *, cut: bool) -> tuple[object, ...]:
    """Read a table one way or the other: rows, what was set aside, or the error."""
    with (
        TemporaryDirectory() as folder,
        duckdb.connect() as connection,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(forms, "recognise", lambda *_: case.form)
        patch.setattr(cutting.blocks, "_BLOCK", 400)
        patch.setattr(cutting.blocks, "_BATCH", 900)
        if not cut:
            patch.setattr(cutting, "can_cut", lambda _: False)
        path = Path(folder) / f"{case.table.stem}.txt"
        path.write_bytes(case.content)
        books.prepare(connection)
        try:
            found: Any = tables.read_table(connection, case.table, path, Path(folder))
        except ExtractError as error:
            return (str(error),)
        rows = connection.execute(f"FROM {case.name} ORDER BY ALL").fetchall()
        aside = connection.execute("FROM rejected ORDER BY ALL").fetchall()
        return found, repr(rows), aside


@settings(max_examples=50, deadline=None)
@given(written())
@example(Written("srce", plain(TABLES["srce"]), b'"1","1 "\n"2","NULL"\n"3","NA"\n'))
@example(Written("srce", plain(TABLES["srce"]), b'"1","a,b"\n"2","a""b"\n3,"4\n'))
@example(Written("srce", plain(TABLES["srce"], ""), b"\xef\xbb\xbf1          01\n"))
@example(Written("adr", plain(TABLES["adr"], ""), b"header\n" + b"1" * 31 + b"\n"))
def test_lines_cut_together_give_what_they_give_one_by_one(case: Written) -> None:
    assert read(case, cut=True) == read(case, cut=False)


@pytest.mark.parametrize("form", ["", ","])
def test_regular_lines_are_all_cut(write: Callable[..., Path], form: str) -> None:
    folder = write("csv" if form else "txt")
    for name, table in TABLES.items():
        if not cutting.can_cut(table):
            assert name == "ind"
            continue
        path = next(folder.glob(f"{table.stem}.*"))
        (batch,) = cutting.batches(
            table,
            path,
            plain(table, form),
            lambda column, cells: (
                np.array(cells, "datetime64[s]" if column.kind == "date" else object),
                np.ones(len(cells), np.bool_),
            ),
        )
        assert batch.others == ()
        assert len(batch.rows) == len(path.read_text().splitlines())


@given(st.lists(st.text("0123456789 -x", max_size=16), min_size=1))
def test_digits_and_blanks_after_them_are_whole_numbers(cells: list[str]) -> None:
    lines = np.frombuffer("".join(c.ljust(16) for c in cells).encode(), np.uint8)
    words = words_at(lines.reshape(-1, 16), 0, 16)
    values, fits = whole_numbers(words)
    for cell, value, is_whole in zip(cells, values, fits, strict=True):
        bare = cell.rstrip(" ")
        assert is_whole == bare.isdecimal()
        if is_whole:
            assert value == int(bare)
