"""Checks that need more than one line: links between tables, codes, gaps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from analysis.vigibase.layout import LINKS, MISSING, TABLES, Column, Table
from analysis.vigibase.lists import KNOWN_CODES
from analysis.vigibase.reading import Files, code_list_sql

# Unknown codes of a column that are named one by one.
_MOST_CODES = 10


@dataclass(frozen=True)
class Finding:
    """Something found in the extract, and how often.

    Attributes
    ----------
    file : str
    what : str
    rows : int
    kept : bool
        Whether the rows stay in; a field that could not be read is then empty.
    """

    file: str
    what: str
    rows: int
    kept: bool


def check(connection: duckdb.DuckDBPyConnection, files: Files) -> None:
    """Set aside rows that repeat or link nowhere; list what is not counted.

    Leaves the tables ``codes`` (the code lists) and ``excluded`` (reports that
    no analysis counts, each with one reason).
    """
    for table in TABLES.values():
        if table.key:
            _set_aside(
                connection,
                files,
                table,
                f"{table.key} occurs twice",
                f"SELECT unnest(list(rowid ORDER BY rowid)[2:]) FROM {table.name} "
                f"WHERE {table.key} IN (SELECT {table.key} FROM {table.name} "
                f"GROUP BY 1 HAVING count(*) > 1) GROUP BY {table.key}",
            )
    for (name, column), (other, key) in LINKS.items():
        _set_aside(
            connection,
            files,
            TABLES[name],
            f"{column} is not in {TABLES[other].stem}",
            f"SELECT {name}.rowid FROM {name} ANTI JOIN {other} "
            f"ON {name}.{column} = {other}.{key}",
        )
    _read_code_lists(connection, files)
    exclude(connection)


def exclude(connection: duckdb.DuckDBPyConnection) -> None:
    """List suspected duplicates and replaced versions among the reports."""
    connection.execute(
        """
        CREATE OR REPLACE TABLE excluded AS
        SELECT UMCReportId, min(reason) AS reason FROM (
            SELECT SuspectedduplicateReportId AS UMCReportId, 'duplicate' AS reason
            FROM suspectedduplicates
            UNION ALL
            SELECT ReplacedUMCReportId, 'replaced' FROM followup
            WHERE ReplacedUMCReportId <> UMCReportId
        ) WHERE UMCReportId IS NOT NULL GROUP BY UMCReportId
        """
    )


def findings(connection: duckdb.DuckDBPyConnection) -> tuple[Finding, ...]:
    """Count what was found, by file and kind."""
    rejected = connection.execute(
        "SELECT file, reason, count(*), kept FROM rejected GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return (
        *(Finding(*row) for row in rejected),
        *_unknown_codes(connection),
        *_bare_reports(connection),
    )


def _set_aside(
    connection: duckdb.DuckDBPyConnection,
    files: Files,
    table: Table,
    reason: str,
    rowids: str,
) -> None:
    connection.execute(f"CREATE OR REPLACE TEMP TABLE aside AS {rowids}")
    if connection.execute("FROM aside LIMIT 1").fetchone():
        content = ", ".join(f"{column.name}::VARCHAR" for column in table.columns)
        where = "WHERE rowid IN (FROM aside)"
        connection.execute(
            "INSERT INTO rejected SELECT ?, NULL, false, ?, "
            f"concat_ws(',', {content}) FROM {table.name} {where}",
            [files.tables[table.name].name, reason],
        )
        connection.execute(f"DELETE FROM {table.name} {where}")


def _read_code_lists(connection: duckdb.DuckDBPyConnection, files: Files) -> None:
    parts = [
        code_list_sql(name, path, files.form) for name, path in files.code_lists.items()
    ] + [
        f"SELECT '{name}' AS list, unnest(string_split('{known}', '')) AS code"
        for name, known in KNOWN_CODES.items()
        if name not in files.code_lists
    ]
    connection.execute(f"CREATE OR REPLACE TABLE codes AS {' UNION ALL '.join(parts)}")


def _unknown_codes(connection: duckdb.DuckDBPyConnection) -> list[Finding]:
    listed = {
        name for (name,) in connection.execute("SELECT list FROM codes").fetchall()
    }
    return [
        finding
        for table in TABLES.values()
        for column in table.columns
        if column.code_list in listed
        for finding in _unknown_codes_of(connection, table, column)
    ]


def _unknown_codes_of(
    connection: duckdb.DuckDBPyConnection, table: Table, column: Column
) -> Iterator[Finding]:
    """Count each of the most frequent unknown codes of a column, and the rest."""
    found = connection.execute(
        f"SELECT code[:{column.width}], n FROM (SELECT trim({column.name}) AS code, "
        f"count(*) AS n FROM {table.name} GROUP BY 1) ANTI JOIN "
        f"(SELECT code FROM codes WHERE list = '{column.code_list}') USING (code) "
        f"WHERE code NOT IN ('', 'NA', '{MISSING}') ORDER BY n DESC, code"
    ).fetchall()
    for code, n in found[:_MOST_CODES]:
        what = f"{column.name} has the unknown code {code}"
        yield Finding(table.stem, what, n, True)
    if rest := found[_MOST_CODES:]:
        what = f"{column.name} has {len(rest)} other unknown codes"
        yield Finding(table.stem, what, sum(n for _, n in rest), True)


def _bare_reports(connection: duckdb.DuckDBPyConnection) -> list[Finding]:
    """Count reports without a drug or a reaction: a table may be cut off."""
    found = []
    for name, what in (("drug", "no drug"), ("adr", "no reaction")):
        ((n,),) = connection.execute(
            f"SELECT count(*) FROM demo ANTI JOIN {name} USING (UMCReportId)"
        ).fetchall()
        if n:
            found.append(
                Finding(TABLES["demo"].stem, f"the report has {what}", n, True)
            )
    return found
