"""Rows that say again what another has said: a file written twice, or two mixed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import duckdb

from analysis.vigibase.intake.account import Problem, TableRead
from analysis.vigibase.layout import TABLES

# Reports may well say the same of two sources; a third of all rows is a copy.
_MOST_REPEATED = 1 / 3
_ENOUGH_ROWS = 4
# Of a larger table, a sample: all rows of the identifiers of one remainder.
_MANY_ROWS = 1_000_000
_SHARE = 61


def problems(
    connection: duckdb.DuckDBPyConnection, tables: Iterable[TableRead]
) -> Iterator[Problem]:
    """Say which tables hold many of their rows more than once.

    Of DEMO, whose key may not repeat, rows were set aside before.
    """
    for read in tables:
        table = TABLES[read.name]
        first = table.columns[0].name
        where = f"WHERE {first} % {_SHARE} = 0" if read.rows > _MANY_ROWS else ""
        # Equal rows have equal hashes; that others have so is too rare to matter.
        ((rows, distinct),) = connection.execute(
            "SELECT count(*), count(DISTINCT h) FROM (SELECT "
            f"hash({', '.join(column.name for column in table.columns)}) AS h "
            f"FROM {table.name} {where})"
        ).fetchall()
        if rows < _ENOUGH_ROWS or rows - distinct <= _MOST_REPEATED * rows:
            continue
        looked = "its rows" if not where else f"{rows:,} rows looked at"
        yield Problem(
            read.name,
            f"{1 - distinct / rows:.0%} of {looked} in {read.file} repeat another, "
            f"expected {_MOST_REPEATED:.0%} at most: one delivery may be there twice",
        )
