"""Tables read into records: judgements, checklists and published facts are data."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from analysis.reading import read_table
from analysis.schema import (
    Cell,
    CellError,
    Column,
    DataError,
    Fault,
    Parser,
    Schema,
)

Record = TypeVar("Record")


@dataclass(frozen=True)
class Folder:
    """A folder of tables.

    Attributes
    ----------
    path : Path
    shown : str
        How messages call it: its path in the project, such as ``data/evidence``.
    """

    path: Path
    shown: str

    def read(
        self,
        name: str,
        record: Callable[..., Record],
        columns: Mapping[str, Parser],
        unique: tuple[str, ...] = (),
    ) -> tuple[Record, ...]:
        """Read a table into one record a row.

        Parameters
        ----------
        name : str
            File in the folder, such as ``bias-judgements.csv``.
        record : callable
            Takes the columns as keyword arguments.
        columns : mapping
            Parser of each column, by name.
        unique : tuple of str, optional
            Columns whose cells must not repeat.

        Raises
        ------
        DataError
            With every fault of the table.
        """
        schema = Schema(
            tuple(Column(column, parse) for column, parse in columns.items()), unique
        )
        rows = read_table(self.path / name, schema, f"{self.shown}/{name}")
        return tuple(
            record(**{column: row[column] for column in columns}) for row in rows
        )

    def refuse(self, name: str, faults: list[tuple[str, str, str]]) -> None:
        """Raise one error for rules that span rows or tables.

        Parameters
        ----------
        name : str
            File in the folder.
        faults : list of (column, got, expected)

        Raises
        ------
        DataError
            If there is any fault.
        """
        if faults:
            raise DataError(
                [
                    Fault(f"{self.shown}/{name}", None, column, got, expected)
                    for column, got, expected in faults
                ]
            )


def not_once(
    found: Sequence[tuple[str, str]], wanted: Iterable[tuple[str, str]]
) -> list[tuple[str, str, str]]:
    """List what of a domain should have one row and has none or several."""
    return [
        ("domain", f"{found.count(pair)} rows for {', '.join(pair)}", "one row")
        for pair in wanted
        if found.count(pair) != 1
    ]


def text(cell: str) -> str:
    """Read one line of text, which must say something."""
    if not cell or not cell.isprintable():
        raise CellError("text on one line")
    return cell


def words(cell: str) -> Cell:
    """Read names separated by blanks, possibly none."""
    if not cell.isprintable():
        raise CellError("names separated by blanks")
    return " ".join(cell.split())


def whole(*, optional: bool = False) -> Parser:
    """Make a parser of whole numbers; an empty cell is -1 where optional."""

    def parse(cell: str) -> int:
        if optional and not cell:
            return -1
        if re.fullmatch(r"[0-9]{1,9}", cell):
            return int(cell)
        raise CellError("a whole number" + (", or nothing" if optional else ""))

    return parse
