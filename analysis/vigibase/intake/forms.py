"""The form of a file, recognised by what its lines hold, not by its name.

A sample of records is read in every form that they could have; the form in which
they make sense is taken. Where none does, the file is refused, with what stood
where and what was expected.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from analysis.vigibase.errors import ExtractError
from analysis.vigibase.intake.records import BREAK, records
from analysis.vigibase.layout import (
    BLANKS,
    OTHER_COLUMNS,
    SYNTHETIC_MARK,
    Column,
    Table,
)
from analysis.vigibase.lists import KNOWN_CODES

FIXED = "fixed width"
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", "$": "$"}

_SAMPLE = 1 << 18
_RECORDS = 300
# Share of sampled records that make sense in a form that is taken.
_ENOUGH = 0.5
# Among so many lines that are not blank, one may name the columns.
_BEFORE_NAMES = 20
# Without names, further columns are believed to come last only on this.
_EXTRA_ENOUGH = 0.95


@dataclass(frozen=True)
class Form:
    """How the lines of a file hold the columns of a table.

    Attributes
    ----------
    delimiter : str
        Empty for fixed width.
    header : int
        Number of the line that names the columns, after which the rows begin; 0 if
        none does.
    fields : int
        Fields in a line of a delimited file.
    places : tuple of (int or None)
        Of each column of the table, its field from 0; None if the file lacks it.
    unused : tuple of str
        Fields that are no column of the table, by name or number.
    """

    delimiter: str
    fields: int
    places: tuple[int | None, ...]
    header: int = 0
    unused: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The form in words."""
        if not self.delimiter:
            return FIXED
        return DELIMITERS[self.delimiter] + (", with names" if self.header else "")


def plain(table: Table, delimiter: str = ",") -> Form:
    """Return the form of the table as delivered, delimited or (``""``) fixed."""
    size = len(table.columns)
    return Form(delimiter, size, tuple(range(size)))


def recognise(table: Table, path: Path, name: str) -> Form:
    """Recognise the form of a file.

    Parameters
    ----------
    table : Table
    path : Path
        Lines of UTF-8.
    name : str
        Of the file, for messages.

    Raises
    ------
    ExtractError
        If its lines make sense in no form, or named columns lack one.
    """
    sample = _Sample(path)
    if not sample.records():
        return plain(table)
    for delimiter in sample.delimiters():
        for number, record in list(sample.numbered(delimiter))[:_BEFORE_NAMES]:
            if _is_header(table, names := _cut(record, delimiter)):
                return _named(table, sample, delimiter, (number, names), name)
    fixed = plain(table, "")
    tried = [(_share(table, sample, fixed), fixed)]
    for delimiter in sample.delimiters():
        cells = [_cut(record, delimiter) for record in sample.records(delimiter)]
        fields = _usual([len(found) for found in cells])
        if fields < len(table.columns):
            continue
        rest = range(len(table.columns), fields)
        form = Form(
            delimiter,
            fields,
            tuple(range(len(table.columns))),
            unused=tuple(f"field {number + 1}" for number in rest),
        )
        tried.append((_share(table, sample, form), form))
    share, form = max(tried, key=lambda found: (found[0], -found[1].fields))
    # A few lines of which none is whole are told one by one, when they are read.
    if share >= (_EXTRA_ENOUGH if form.unused else _ENOUGH):
        return form
    rows = sample.records(form.delimiter)
    if len(rows) < 3 and not form.unused and len(tried) < 3:
        return form if share or len(tried) == 1 else tried[-1][1]
    wrong = next(row for row in rows if not _makes_sense(table, row, form))
    raise ExtractError(_refusal(table, wrong, name, sample.line_of(wrong)))


def normal(name: str) -> str:
    """Write a column's name without case and signs: ``Age_Group`` as ``agegroup``."""
    return re.sub(r"[\W_]", "", name).lower()


def place_of(column: Column, names: Sequence[str]) -> int | None:
    """Find a column among names, in any spelling of its own and older names."""
    known = {
        normal(name) for name in (column.name, *OTHER_COLUMNS.get(column.name, ()))
    }
    return next((i for i, name in enumerate(names) if normal(name) in known), None)


def absent(table: Table, names: Sequence[str], name: str) -> ExtractError | None:
    """Say which columns are missing that an analysis needs; None if none is."""
    lost = [
        column.name
        for column in table.columns
        if not column.optional and place_of(column, names) is None
    ]
    if not lost:
        return None
    return ExtractError(
        f"{name}: no column {', '.join(lost)}; its columns are "
        f"{', '.join(str(found)[:40] for found in names)}; give them the names of "
        "the extract"
    )


class _Sample:
    """Lines from the beginning of a file, and from its middle if it is large."""

    def __init__(self, path: Path) -> None:
        size = path.stat().st_size
        self._more: list[bytes] = []
        with path.open("rb") as file:
            self._first = file.read(_SAMPLE).splitlines()
            if size > _SAMPLE:
                self._first.pop()
            if size > 2 * _SAMPLE:
                file.seek(size // 2)
                self._more = file.read(_SAMPLE // 4).splitlines()[1:-1]

    def numbered(self, delimiter: str) -> Iterator[tuple[int, str]]:
        """Yield the first records that are not blank, with their numbers."""
        found = islice(records(self._first, delimiter), _RECORDS)
        for number, (_, record) in enumerate(found, start=1):
            if record.strip():
                yield number, record.decode("utf-8", "replace")

    def records(self, delimiter: str = "") -> list[str]:
        """Return the records that are not blank."""
        found = islice(records(self._more, delimiter), _RECORDS // 3)
        more = (record for _, record in found)
        return [
            *(record for _, record in self.numbered(delimiter)),
            *(record.decode("utf-8", "replace") for record in more if record.strip()),
        ]

    def line_of(self, record: str) -> int | None:
        """Return the number of the line with which a record begins."""
        begun = record.partition(BREAK)[0].encode()
        lines = enumerate(self._first, start=1)
        return next((number for number, line in lines if line.endswith(begun)), None)

    def delimiters(self) -> list[str]:
        return _delimiters("".join(self.records()))


def _delimiters(line: str) -> list[str]:
    return [delimiter for delimiter in DELIMITERS if delimiter in line]


def _cut(line: str, delimiter: str) -> list[str]:
    try:
        cells = csv.reader([line], delimiter=delimiter, skipinitialspace=True)
        return next(cells, [])
    except csv.Error:
        return [line]


def _usual(counts: Sequence[int]) -> int:
    return max(set(counts), key=lambda n: (counts.count(n), n))


def _is_header(table: Table, names: list[str]) -> bool:
    """Whether a line names columns: the first, or half of them, and no number."""
    if not names or names[0].strip().isdecimal():
        return False
    known = [column for column in table.columns if place_of(column, names) is not None]
    return len(known) * 2 >= len(table.columns)


def _named(
    table: Table,
    sample: _Sample,
    delimiter: str,
    found: tuple[int, list[str]],
    name: str,
) -> Form:
    """Return the form of a file with names in one of its first lines."""
    header, names = found
    if error := absent(table, names, name):
        raise error
    rows = [
        cells
        for number, record in sample.numbered(delimiter)
        if number > header and (cells := _cut(record, delimiter))
    ]
    fields = _usual([len(cells) for cells in rows]) if rows else len(names)
    usual = [cells for cells in rows if len(cells) == fields]
    if fields == len(names) + 1 and not any(cells[-1].strip() for cells in usual):
        # A delimiter at the end of each line.
        names = [*names, ""]
    elif fields == len(names) + 1 and _are_numbered(table, usual, names):
        names = ["", *names]
    elif fields == len(names) - 1 and not names[-1].strip():
        names = names[:-1]
    elif table.padded and fields != len(names):
        raise ExtractError(
            f"{name}: line {header} names {len(names)} columns, but the lines after it "
            f"have {fields} fields separated by {DELIMITERS[delimiter]}; expected as "
            "many; put a text that holds the separator in quotation marks, or write "
            "the table again"
        )
    places = tuple(place_of(column, names) for column in table.columns)
    unused = tuple(n for i, n in enumerate(names) if i not in places)
    return Form(delimiter, len(names), places, header, unused)


def _are_numbered(
    table: Table, rows: Sequence[Sequence[str]], names: Sequence[str]
) -> bool:
    """Whether rows have a name before their first field, as R writes them."""
    places = [place_of(column, names) for column in table.columns]
    return all(
        _is_whole(cells[place + 1].strip())
        for column, place in zip(table.columns, places, strict=True)
        if column.kind == "id" and place is not None
        for cells in rows
    )


def _share(table: Table, sample: _Sample, form: Form) -> float:
    rows = sample.records(form.delimiter)
    return sum(_makes_sense(table, row, form) for row in rows) / len(rows)


def _makes_sense(table: Table, line: str, form: Form) -> bool:
    if not form.delimiter:
        rest = line[table.width :].strip()
        if table.padded and (
            len(line) < table.width or rest not in ("", SYNTHETIC_MARK)
        ):
            return False
        cells = [line[c.first - 1 : c.last] for c in table.columns]
    else:
        cells = _cut(line, form.delimiter)
        if len(cells) != form.fields:
            return False
    return all(
        _fits(column, cell.strip())
        for column, cell in zip(table.columns, cells, strict=False)
    )


def _fits(column: Column, cell: str) -> bool:
    if column.kind == "id":
        return _is_whole(cell)
    if cell in BLANKS or column.kind == "text":
        return True
    match column.kind:
        case "number":
            return _is_whole(cell)
        case "days":
            return _is_number(cell)
        case "date":
            return _is_date(cell)
        case _:
            cell = cell.removesuffix(".0")
            known = KNOWN_CODES.get(column.code_list, "")
            # Lists differ a little from one extract to the next.
            return len(cell) <= max(column.width, 3) and (
                not known or cell.isdecimal() or len(cell) == 1
            )


def _is_date(cell: str) -> bool:
    if not re.fullmatch(r"\d{8}|\d{4}-\d\d-\d\d( 00:00:00)?", cell, re.ASCII):
        return False
    try:
        dt.date.fromisoformat(cell[:10])
    except ValueError:
        return False
    return True


def _is_whole(cell: str) -> bool:
    return bool(re.fullmatch(r"-?\d+(\.0*)?|\d(\.\d)?[eE]\+?\d+", cell, re.ASCII))


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return False
    return True


def _refusal(table: Table, line: str, name: str, number: int | None) -> str:
    """Say what stands in the fields of a line that makes no sense."""
    found = _delimiters(line)
    delimiter = max(found, key=lambda d: len(_cut(line, d)), default="")
    cells = _cut(line, delimiter) if delimiter else []
    wrong = next(
        (
            f"{column.name} expected in field {field} holds {cell.strip()[:20]!r}"
            for field, (column, cell) in enumerate(
                zip(table.columns, cells, strict=False), start=1
            )
            if not _fits(column, cell.strip())
        ),
        "",
    )
    known = (f"line {number}" if number else "", wrong)
    place = "; " * any(known) + ": ".join(filter(None, known))
    had = (
        f"{len(cells)} fields separated by {DELIMITERS[delimiter]}"
        if delimiter
        else f"lines of {len(line)} characters"
    )
    return (
        f"{name}: not the table {table.stem} in any known form: {had}"
        f"{place}; expected {len(table.columns)} fields "
        f"({', '.join(column.name for column in table.columns)}) or fixed width of "
        f"{table.width}; name the columns in a first line if their order differs"
    )


def delimiter_of_list(path: Path) -> str:
    """Tell what separates codes from texts in a code list; empty for nothing."""
    sample = _Sample(path)
    for delimiter in (",", ";", "\t", "|"):
        heads = [record.partition(delimiter) for record in sample.records(delimiter)]
        if heads and all(
            found and (code.strip(' "').isalnum() and len(code.strip(' "')) <= 4)
            for code, found, _ in heads
        ):
            return delimiter
    return ""
