"""How much of each column can be read, and where that is implausible.

A field that cannot be read is left empty, and a code that no list has is kept;
where most of a column is so, what the study asks of it would find nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import duckdb

from analysis.vigibase.intake.account import Finding, Problem, TableRead
from analysis.vigibase.intake.plausibility.coverage import (
    ENOUGH_REPORTS,
    MANY_REPORTS,
    MOST_BAD,
)
from analysis.vigibase.intake.reading import EXPECTED
from analysis.vigibase.layout import TABLES, Column, Table

# Unknown codes of a column that are named one by one.
_MOST_CODES = 10
_SHOWN = 20


@dataclass(frozen=True)
class CodesUsed:
    """Codes in a column for which there is a list.

    Attributes
    ----------
    table : Table
    column : Column
    known : int
        Rows with a code of the list.
    padded : int
        Of these, rows with zeros before the code (``05``), which are taken off.
    unknown : tuple of (str, int)
        Other codes and their rows, the most frequent first.
    listed : tuple of str
        The codes of the list.
    """

    table: Table
    column: Column
    known: int
    padded: int
    unknown: tuple[tuple[str, int], ...]
    listed: tuple[str, ...]


def codes_used(connection: duckdb.DuckDBPyConnection) -> tuple[CodesUsed, ...]:
    """Count the codes of each column that has a list; take zeros off before them."""
    lists: dict[str, set[str]] = {}
    for name, code in connection.execute("SELECT list, code FROM codes").fetchall():
        lists.setdefault(name, set()).add(code)
    return tuple(
        _used(connection, table, column, lists[column.code_list])
        for table in TABLES.values()
        for column in table.columns
        if column.code_list in lists
    )


def findings(used: Iterable[CodesUsed]) -> Iterator[Finding]:
    """Name the most frequent unknown codes of each column, and count the rest."""
    for found in used:
        name, stem = found.column.name, found.table.stem
        if found.padded:
            what = f"{name} has zeros before its code, which were taken off"
            yield Finding(stem, what, found.padded, True)
        for code, n in found.unknown[:_MOST_CODES]:
            what = f"{name} has the unknown code {code[:_SHOWN]}"
            yield Finding(stem, what, n, True)
        if rest := found.unknown[_MOST_CODES:]:
            what = f"{name} has {len(rest)} other unknown codes"
            yield Finding(stem, what, sum(n for _, n in rest), True)


def problems(
    connection: duckdb.DuckDBPyConnection,
    tables: Iterable[TableRead],
    used: Iterable[CodesUsed],
) -> Iterator[Problem]:
    """Say of which columns too little can be read, of those that analyses need.

    Parameters
    ----------
    connection : DuckDBPyConnection
    tables : iterable of TableRead
    used : iterable of CodesUsed
    """
    for read in tables:
        table = TABLES[read.name]
        needed = [column for column in table.columns if not column.optional]
        counts = ", ".join(f"count({column.name})" for column in needed)
        ((rows, *filled),) = connection.execute(
            f"SELECT count(*), {counts} FROM {table.name}"
        ).fetchall()
        bad = _unreadable(connection, read.file)
        for column, known in zip(needed, filled, strict=True):
            n, line, found = bad.get(column.name, (0, None, ""))
            where = f" in line {line:,}" if line else ""
            expected = EXPECTED.get(column.kind, "")
            if _is_implausible(n, n + known):
                example = f"{found[:_SHOWN]!r}{where}; expected {expected}"
                yield _problem(read, column, n, n + known, example)
            elif not known and rows >= MANY_REPORTS:
                what = f"{column.name} of {read.file} is empty in all {rows:,} rows"
                yield Problem(read.name, what)
    by_name = {read.name: read for read in tables}
    for codes in used:
        n = sum(rows for _, rows in codes.unknown)
        if not codes.column.optional and _is_implausible(n, n + codes.known):
            example = (
                f"{codes.unknown[0][0][:_SHOWN]!r}; expected a code of its list "
                f"({', '.join(codes.listed[:_SHOWN])})"
            )
            read = by_name[codes.table.name]
            yield _problem(read, codes.column, n, n + codes.known, example)


def _used(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    column: Column,
    listed: set[str],
) -> CodesUsed:
    rows: dict[str, int] = dict(
        connection.execute(
            f"SELECT {column.name} AS code, count(*) AS n FROM {table.name} "
            f"WHERE {column.name} IS NOT NULL GROUP BY 1 ORDER BY n DESC, code"
        ).fetchall()
    )
    bare = {
        code: stripped
        for code in rows
        if code not in listed and (stripped := code.lstrip("0")) in listed
    }
    if bare:
        connection.execute(
            f"UPDATE {table.name} SET {column.name} = ltrim({column.name}, '0') "
            f"WHERE list_contains(?, {column.name})",
            [list(bare)],
        )
    unknown = tuple(
        (code, n) for code, n in rows.items() if code not in listed and code not in bare
    )
    return CodesUsed(
        table,
        column,
        sum(rows.values()) - sum(n for _, n in unknown),
        sum(rows[code] for code in bare),
        unknown,
        tuple(sorted(listed)),
    )


def _unreadable(
    connection: duckdb.DuckDBPyConnection, file: str
) -> dict[str, tuple[int, int | None, str]]:
    """Count the fields left empty, by column, with the first line and its cell."""
    rows = connection.execute(
        "SELECT name, count(*), min(line), arg_min(found, line) FROM rejected "
        "WHERE file = ? AND kept AND name IS NOT NULL GROUP BY name",
        [file],
    ).fetchall()
    return {name: (n, line, (found or "").strip()) for name, n, line, found in rows}


def _is_implausible(n: int, of: int) -> bool:
    """Whether so many of all that is filled are bad: all, or many of enough."""
    return n > 0 and (n == of or (of >= ENOUGH_REPORTS and n > MOST_BAD * of))


def _problem(read: TableRead, column: Column, n: int, of: int, example: str) -> Problem:
    return Problem(
        read.name,
        f"{column.name} of {read.file} cannot be read in {n:,} of {of:,} rows "
        f"({n / of:.0%}), such as {example}",
    )
