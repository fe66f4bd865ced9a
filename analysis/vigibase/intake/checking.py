"""Checks that need more than one line: repeats, links between tables, codes."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from analysis.vigibase.intake import forms, records, text
from analysis.vigibase.intake.account import Coverage, Finding
from analysis.vigibase.intake.files import Files
from analysis.vigibase.intake.plausibility import columns
from analysis.vigibase.intake.plausibility.coverage import Reach, reach
from analysis.vigibase.intake.reading import code_list_sql
from analysis.vigibase.layout import LINKS, TABLES, Table
from analysis.vigibase.lists import KNOWN_CODES

_FIRST_LINES = 3


def set_repeats_aside(connection: duckdb.DuckDBPyConnection, files: Files) -> None:
    """Set aside rows that repeat what may not repeat."""
    for table in TABLES.values():
        if table.key:
            ((rows, keys),) = connection.execute(
                f"SELECT count(*), count(DISTINCT {table.key}) FROM {table.name}"
            ).fetchall()
            if rows == keys:
                continue
            _set_aside(
                connection,
                files,
                table,
                f"{table.key} occurs twice",
                f"SELECT unnest(list(rowid ORDER BY rowid)[2:]) FROM {table.name} "
                f"WHERE {table.key} IN (SELECT {table.key} FROM {table.name} "
                f"GROUP BY 1 HAVING count(*) > 1) GROUP BY {table.key}",
            )


def follow_links(
    connection: duckdb.DuckDBPyConnection, files: Files
) -> dict[tuple[str, str], Reach]:
    """Set aside rows that lead nowhere; say how far each link reaches."""
    reached = {}
    for (name, column), (other, key) in LINKS.items():
        found = reached[name, column] = reach(connection, name, column, other, key)
        if found.astray:
            _set_aside(
                connection,
                files,
                TABLES[name],
                f"{column} is not in {TABLES[other].stem}",
                f"SELECT {name}.rowid FROM {name} ANTI JOIN {other} "
                f"ON {name}.{column} = {other}.{key}",
            )
    return reached


def read_code_lists(connection: duckdb.DuckDBPyConnection, files: Files) -> None:
    """Make the table ``codes``: the code lists of the extract, or known codes."""
    parts = []
    for name, path in files.code_lists.items():
        delimiter, place = "", path
        if path.suffix.lower() != ".parquet":
            lines = text.lines_of(path, files.scratch)
            delimiter = forms.delimiter_of_list(lines.path)
            place = records.joined(lines, delimiter, files.scratch).path
        parts.append(f"({code_list_sql(name, place, delimiter)})")
    parts += [
        f"SELECT '{name}' AS list, unnest(string_split('{known}', '')) AS code"
        for name, known in KNOWN_CODES.items()
        if name not in files.code_lists
    ]
    connection.execute(f"CREATE OR REPLACE TABLE codes AS {' UNION ALL '.join(parts)}")


def findings(
    connection: duckdb.DuckDBPyConnection,
    covered: Iterable[Coverage],
    used: Iterable[columns.CodesUsed],
) -> tuple[Finding, ...]:
    """Count what was found, by file and kind, with the first lines."""
    rejected = connection.execute(
        "SELECT file, reason, count(*), kept, "
        f"list(line ORDER BY line)[:{_FIRST_LINES}] "
        "FROM rejected GROUP BY file, reason, kept ORDER BY file, reason"
    ).fetchall()
    return (
        *(
            Finding(file, what, n, kept, tuple(x for x in lines if x is not None))
            for file, what, n, kept, lines in rejected
        ),
        *columns.findings(used),
        *_bare_reports(covered),
        *_reversed_intervals(connection),
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
            f"concat_ws(',', {content}), NULL, NULL FROM {table.name} {where}",
            [files.name(table.name), reason],
        )
        connection.execute(f"DELETE FROM {table.name} {where}")


def _bare_reports(covered: Iterable[Coverage]) -> list[Finding]:
    """Count reports without a drug or a reaction: a table may be cut off."""
    whats = {"drug": "the report has no drug", "adr": "the report has no reaction"}
    return [
        Finding(TABLES["demo"].stem, whats[found.table], found.of - found.covered, True)
        for found in covered
        if found.table in whats and found.covered < found.of
    ]


def _reversed_intervals(connection: duckdb.DuckDBPyConnection) -> list[Finding]:
    ((n,),) = connection.execute(
        "SELECT count(*) FROM link WHERE TimeToOnsetMin > TimeToOnsetMax"
    ).fetchall()
    what = "TimeToOnsetMin is above TimeToOnsetMax; the time is not counted"
    return [Finding(TABLES["link"].stem, what, n, True)] if n else []
