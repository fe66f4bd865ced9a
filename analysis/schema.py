"""What a table must hold, and the faults of one that does not.

A schema is a sequence of columns, each with a parser, and of checks that look
at a whole row or at a whole column.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

Cell = str | int | float
Row = Mapping[str, Cell]

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
        most = f"to {MAX_COUNT}" if re.fullmatch(r"[0-9]{10,}", cell) else "up"
        raise CellError(f"a whole number from {minimum} {most}")

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


def or_nothing(parse: Parser) -> Parser:
    """Make a parser that takes an empty cell as well, and leaves it empty."""

    def read(cell: str) -> Cell:
        try:
            return parse(cell) if cell else cell
        except CellError as error:
            raise CellError(f"{error}, or nothing") from error

    return read


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


def at_most(column: str, limit: str, expected: str) -> RowCheck:
    """Make the rule that a number is not above that of another column.

    Parameters
    ----------
    column, limit : str
    expected : str
        What the fault says; the name of ``limit`` follows it.
    """

    def holds(row: Row) -> bool:
        return float(row[column]) <= float(row[limit])

    return RowCheck(column, f"{expected} ({limit})", holds)
