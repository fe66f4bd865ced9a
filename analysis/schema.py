"""Reading a CSV table against a schema, with every fault in one error.

A schema is a sequence of columns, each with a parser, and of checks that look
at a whole row or at a whole column. Nothing is guessed: the first line must
name exactly the columns of the schema, in any order.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

Cell = str | int | float
Row = Mapping[str, Cell]

MAX_BYTES = 64 * 1024 * 1024
MAX_COUNT = 1_000_000_000


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in a table, and what was expected instead."""

    file: str
    row: int | None
    column: str | None
    got: str
    expected: str

    def __str__(self) -> str:
        where = [self.file]
        if self.row is not None:
            where.append(str(self.row))
        if self.column is not None:
            where.append(self.column)
        return f"{':'.join(where)}: got {self.got}, expected {self.expected}"


class DataError(ValueError):
    """A table that breaks its schema; lists every fault.

    Attributes
    ----------
    faults : tuple of Fault
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        lines = [f"{count} fault{'' if count == 1 else 's'} in the data:"]
        super().__init__("\n  ".join(lines + [str(fault) for fault in self.faults]))


class CellError(ValueError):
    """Raised by a column's parser; its message says what was expected."""


Parser = Callable[[str], Cell]


@dataclass(frozen=True)
class Column:
    """A named column and how its cells are read."""

    name: str
    parse: Parser


@dataclass(frozen=True)
class RowCheck:
    """A rule within a row; the fault is reported at ``column``."""

    column: str
    expected: str
    holds: Callable[[Row], bool]


@dataclass(frozen=True)
class Schema:
    """Columns, columns whose cells must not repeat, and rules within a row."""

    columns: tuple[Column, ...]
    unique: tuple[str, ...] = ()
    checks: tuple[RowCheck, ...] = field(default=())

    @property
    def names(self) -> tuple[str, ...]:
        """Column names, in order."""
        return tuple(column.name for column in self.columns)


def label(cell: str) -> str:
    """Read a name: 1 to 200 printable characters on one line."""
    if not cell or len(cell) > 200 or not cell.isprintable():
        raise CellError("a name of 1 to 200 printable characters")
    return cell


def free_text(cell: str) -> str:
    """Read printable text, which may be empty."""
    if not cell.isprintable():
        raise CellError("printable text on one line")
    return cell


def count(minimum: int = 0) -> Parser:
    """Make a parser of whole numbers from ``minimum`` up."""

    def parse(cell: str) -> int:
        if re.fullmatch(r"[0-9]{1,10}", cell) and minimum <= int(cell) <= MAX_COUNT:
            return int(cell)
        raise CellError(f"a whole number from {minimum} up")

    return parse


def quantity(*, optional: bool = False) -> Parser:
    """Make a parser of non-negative decimal numbers; empty is NaN if optional."""
    suffix = ", or nothing" if optional else ""

    def parse(cell: str) -> float:
        if optional and cell == "":
            return float("nan")
        if re.fullmatch(r"[0-9]{1,10}(\.[0-9]{1,10})?", cell):
            return float(cell)
        raise CellError(f"a number that is not negative, such as 12.5{suffix}")

    return parse


def one_of(*choices: str) -> Parser:
    """Make a parser that takes one of a few words."""

    def parse(cell: str) -> str:
        if cell in choices:
            return cell
        raise CellError("one of " + ", ".join(choices))

    return parse


def pattern(expression: str, expected: str) -> Parser:
    """Make a parser of text that matches a regular expression whole."""

    def parse(cell: str) -> str:
        if re.fullmatch(expression, cell):
            return cell
        raise CellError(expected)

    return parse


def read_table(path: Path, schema: Schema, name: str = "") -> list[dict[str, Cell]]:
    """Read a UTF-8, comma-separated table.

    Parameters
    ----------
    path : Path
    schema : Schema
    name : str, optional
        How faults call the file; its last two path parts by default.

    Returns
    -------
    list of dict
        One mapping a row, from column name to parsed cell, with the row's
        line in the file under ``"line"``.

    Raises
    ------
    DataError
        With every fault of the table.
    """
    file = name or "/".join(path.parts[-2:])
    lines = list(_records(_text(path, file), file))
    if not lines:
        raise DataError(
            [Fault(file, None, None, "an empty file", _columns_expected(schema))]
        )
    header = [cell.strip() for cell in lines[0][1]]
    if faults := _header_faults(file, header, schema):
        raise DataError(faults)
    if len(lines) == 1:
        raise DataError([Fault(file, 2, None, "no row", "at least one row of data")])
    faults = []
    rows = [
        row
        for line, cells in lines[1:]
        if (row := _row(file, line, cells, header, schema, faults)) is not None
    ]
    faults += _repeats(file, rows, schema)
    if faults:
        raise DataError(sorted(faults, key=lambda fault: fault.row or 0))
    return rows


def _text(path: Path, file: str) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise DataError(
                [Fault(file, None, None, "over 64 MiB", "a table of at most 64 MiB")]
            )
        raw = path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise DataError(
            [Fault(file, None, None, reason.lower(), "a readable file")]
        ) from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw.count(b"\n", 0, error.start) + 1
        byte = f"byte 0x{raw[error.start]:02X}"
        raise DataError(
            [Fault(file, row, None, byte, "UTF-8 text (save the file as UTF-8)")]
        ) from error


def _records(content: str, file: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    records: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                records.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise DataError(
            [Fault(file, line, None, f"unreadable CSV ({error})", "well-formed CSV")]
        ) from error
    return records


def _columns_expected(schema: Schema) -> str:
    return "a first line with the columns " + ",".join(schema.names)


def _header_faults(file: str, header: Sequence[str], schema: Schema) -> list[Fault]:
    for separator, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(header) == 1 and separator in header[0]:
            return [Fault(file, 1, None, f"{word} as separator", "commas")]
    given, known = Counter(header), frozenset(schema.names)
    faults = [
        Fault(file, 1, name, "no such column", "the column " + name)
        for name in schema.names
        if name not in given
    ]
    faults += [
        Fault(
            file, 1, name or "(unnamed)", "an extra column", _columns_expected(schema)
        )
        for name in header
        if name not in known
    ]
    faults += [
        Fault(file, 1, name, f"the column {times} times", "it once")
        for name, times in given.items()
        if times > 1 and name in known
    ]
    return faults


def _row(
    file: str,
    line: int,
    cells: Sequence[str],
    header: Sequence[str],
    schema: Schema,
    faults: list[Fault],
) -> dict[str, Cell] | None:
    if len(cells) != len(header):
        got = f"{len(cells)} cells"
        faults.append(Fault(file, line, None, got, f"{len(header)} cells"))
        return None
    raw = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    row: dict[str, Cell] = {"line": line}
    for column in schema.columns:
        try:
            row[column.name] = column.parse(raw[column.name])
        except CellError as error:
            got = _shown(raw[column.name])
            faults.append(Fault(file, line, column.name, got, str(error)))
    if len(row) <= len(schema.columns):
        return None
    for check in schema.checks:
        if not check.holds(row):
            got = _shown(raw[check.column])
            faults.append(Fault(file, line, check.column, got, check.expected))
    return row


def _repeats(
    file: str, rows: Sequence[Mapping[str, Cell]], schema: Schema
) -> list[Fault]:
    faults = []
    for name in schema.unique:
        first: dict[Cell, Cell] = {}
        for row in rows:
            seen = first.setdefault(row[name], row["line"])
            if seen != row["line"]:
                got = f"{_shown(str(row[name]))} again (first in row {seen})"
                expected = f"a {name} that is not repeated"
                faults.append(Fault(file, int(row["line"]), name, got, expected))
    return faults


def _shown(cell: str) -> str:
    if not cell:
        return "nothing"
    return repr(cell if len(cell) <= 60 else cell[:57] + "...")
