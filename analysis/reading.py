"""Reading a CSV table against a schema, with every fault in one error.

Nothing is guessed: the first line must name exactly the columns of the schema,
in any order. What spreadsheets add and nobody typed is passed over: empty rows,
columns without name and content, and spaces of other kinds than the plain one.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from unicodedata import category

from analysis import foreign
from analysis.foreign import ForeignError
from analysis.schema import Cell, CellError, DataError, Fault, Schema


def read_table(
    path: Path, schema: Schema, name: str = "", *, ignore_others: bool = False
) -> list[dict[str, Cell]]:
    """Read a UTF-8, comma-separated table.

    Parameters
    ----------
    path : Path
    schema : Schema
    name : str, optional
        How faults call the file; its last two path parts by default.
    ignore_others : bool, optional
        Pass over columns that the schema does not name, whatever they hold;
        without, they are faults.

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
    header, lines = _without_empty([_plain(cell) for cell in lines[0][1]], lines)
    if ignore_others:
        header, lines = _of_columns(header, lines, schema)
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
        return foreign.read_text(path)
    except ForeignError as error:
        raise _fault(file, error) from error


def _fault(file: str, error: ForeignError) -> DataError:
    return DataError([Fault(file, error.row, None, error.got, error.expected)])


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


def _plain(cell: str) -> str:
    """Return a cell without spaces at its ends, and none but plain ones within."""
    return "".join(" " if category(c) == "Zs" else c for c in cell).strip()


_Lines = list[tuple[int, list[str]]]


def _without_empty(header: list[str], lines: _Lines) -> tuple[list[str], _Lines]:
    """Leave out columns that have neither a name nor an entry."""
    widest = max(len(cells) for _, cells in lines)
    empty = {
        i
        for i in range(widest)
        if not "".join(header[i : i + 1])
        and not any("".join(cells[i : i + 1]).strip() for _, cells in lines)
    }
    return _some(header, lines, [i for i in range(widest) if i not in empty])


def _of_columns(
    header: list[str], lines: _Lines, schema: Schema
) -> tuple[list[str], _Lines]:
    """Leave out columns that the schema does not name."""
    wanted = [i for i, name in enumerate(header) if name in schema.names]
    # A header of none tells what separates its names, and stays.
    return _some(header, lines, wanted) if wanted else (header, lines)


def _some(
    header: list[str], lines: _Lines, columns: Sequence[int]
) -> tuple[list[str], _Lines]:
    some = [
        (line, [cells[i] for i in columns if i < len(cells)]) for line, cells in lines
    ]
    return [header[i] for i in columns if i < len(header)], some


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
    raw = {name: _plain(cell) for name, cell in zip(header, cells, strict=True)}
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


def read_yaml(path: Path) -> Any:
    """Read a file of plain YAML; :mod:`analysis.foreign` has the limits.

    Raises
    ------
    DataError
        When there is no file, or no YAML in it; says on which line.
    """
    try:
        return foreign.read_yaml(path)
    except ForeignError as error:
        raise _fault(path.name, error) from error
