"""What a converted file records of its own conversion."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import duckdb

from analysis.vigibase.errors import ExtractError
from analysis.vigibase.intake.account import (
    Account,
    Coverage,
    Finding,
    Problem,
    TableRead,
)
from analysis.vigibase.intake.duplicates import Groups
from analysis.vigibase.intake.files import Files
from analysis.vigibase.intake.tables import Read
from analysis.vigibase.layout import TABLES, Table

# Raise it when the converted tables change, so that old files are made anew.
VERSION = "3"

_BOOKS = """
CREATE TABLE IF NOT EXISTS notes (key VARCHAR PRIMARY KEY, value VARCHAR);
CREATE TABLE IF NOT EXISTS converted (
    name VARCHAR PRIMARY KEY, stamp VARCHAR, file VARCHAR, form VARCHAR,
    rows_read BIGINT, unused VARCHAR);
CREATE TABLE IF NOT EXISTS rejected (
    file VARCHAR, line BIGINT, kept BOOLEAN, reason VARCHAR, content VARCHAR,
    name VARCHAR, found VARCHAR);
"""


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Prepare a file; forget what an older version of this package converted.

    Raises
    ------
    ExtractError
        For a database that is not a converted extract.
    """
    tables = {name for (name,) in connection.execute("SHOW TABLES").fetchall()}
    if tables and "notes" not in tables:
        raise ExtractError("the file is a database, but not a converted extract")
    if tables and _noted(connection, "version") != VERSION:
        for name in ("converted", "rejected"):
            connection.execute(f"DROP TABLE IF EXISTS {name}")
        connection.execute("DELETE FROM notes")
    connection.execute(_BOOKS)
    _write(connection, "version", VERSION)


def is_complete(connection: duckdb.DuckDBPyConnection) -> bool:
    """Tell whether every table was read and checked, by this version."""
    return (
        _noted(connection, "complete") == "yes"
        and _noted(connection, "version") == VERSION
    )


def is_synthetic(connection: duckdb.DuckDBPyConnection) -> bool:
    """Tell whether the extract said that it is synthetic."""
    return _noted(connection, "synthetic") == "yes"


def rows_read(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Count the rows read, by table; those set aside included."""
    rows = connection.execute("SELECT name, rows_read FROM converted").fetchall()
    return dict(rows)


def forget_all(connection: duckdb.DuckDBPyConnection) -> None:
    """Forget every table read, so that all are read again."""
    connection.execute("DELETE FROM converted")


def all_current(connection: duckdb.DuckDBPyConnection, files: Files) -> bool:
    """Tell whether all tables were read from the files as they are now."""
    return all(is_current(connection, files, table) for table in TABLES.values())


def is_current(
    connection: duckdb.DuckDBPyConnection, files: Files, table: Table
) -> bool:
    """Tell whether a table was read from its file as it is now."""
    row = connection.execute(
        "SELECT stamp FROM converted WHERE name = ?", [table.name]
    ).fetchone()
    return row == (_stamp(files.tables.get(table.name)),)


def note_read(
    connection: duckdb.DuckDBPyConnection, table: Table, path: Path | None, read: Read
) -> None:
    """Note that a table was read from a file, or is missing."""
    connection.execute(
        "INSERT OR REPLACE INTO converted VALUES (?, ?, ?, ?, ?, ?)",
        [
            table.name,
            _stamp(path),
            path.name if path else "",
            read.form,
            read.rows,
            json.dumps(read.unused),
        ],
    )
    if table.name == "demo":
        _write(connection, "marked", "yes" if read.synthetic else "no")


def is_marked(connection: duckdb.DuckDBPyConnection) -> bool:
    """Tell whether every line of DEMO said that it is synthetic."""
    return _noted(connection, "marked") == "yes"


def note_complete(connection: duckdb.DuckDBPyConnection, holds: bool) -> None:
    """Note whether every table was read and checked."""
    _write(connection, "complete", "yes" if holds else "no")


def note_synthetic(connection: duckdb.DuckDBPyConnection, holds: bool) -> None:
    """Note whether the extract says that it is synthetic."""
    _write(connection, "synthetic", "yes" if holds else "no")


def note_checked(
    connection: duckdb.DuckDBPyConnection,
    findings: Iterable[Finding],
    coverage: Iterable[Coverage],
    problems: Iterable[Problem],
    groups: Groups,
) -> None:
    """Note what the checks found."""
    checked = {
        "findings": [asdict(found) for found in findings],
        "coverage": [asdict(found) for found in coverage],
        "problems": [asdict(found) for found in problems],
        "groups": asdict(groups),
    }
    _write(connection, "checked", json.dumps(checked))


def note_accepted(connection: duckdb.DuckDBPyConnection, names: Iterable[str]) -> None:
    """Note the tables whose gaps the user knows of."""
    _write(connection, "accepted", json.dumps(sorted(names)))


def tables_read(connection: duckdb.DuckDBPyConnection) -> tuple[TableRead, ...]:
    """Say what was read of each table, and how much of it was set aside."""
    aside = dict(
        connection.execute(
            "SELECT file, count(*) FROM rejected WHERE NOT kept GROUP BY file"
        ).fetchall()
    )
    rows = connection.execute(
        "SELECT name, file, form, rows_read, unused FROM converted"
    ).fetchall()
    order = list(TABLES)
    return tuple(
        TableRead(name, file, form, read, aside.get(file, 0), tuple(json.loads(unused)))
        for name, file, form, read, unused in sorted(
            rows, key=lambda row: order.index(row[0])
        )
    )


def account(connection: duckdb.DuckDBPyConnection) -> Account:
    """Read the account of a converted extract."""
    checked = json.loads(_noted(connection, "checked") or "{}")
    return Account(
        tables=tables_read(connection),
        findings=tuple(
            Finding(**(found | {"lines": tuple(found["lines"])}))
            for found in checked.get("findings", ())
        ),
        coverage=tuple(Coverage(**found) for found in checked.get("coverage", ())),
        problems=tuple(Problem(**found) for found in checked.get("problems", ())),
        accepted=tuple(json.loads(_noted(connection, "accepted") or "[]")),
        groups=Groups(**checked.get("groups", {})),
    )


def _stamp(path: Path | None) -> str:
    if path is None:
        return "missing"
    status = path.stat()
    return f"{path.name} {status.st_size} {status.st_mtime_ns}"


def _write(connection: duckdb.DuckDBPyConnection, key: str, value: str) -> None:
    connection.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", [key, value])


def _noted(connection: duckdb.DuckDBPyConnection, key: str) -> str:
    row = connection.execute("SELECT value FROM notes WHERE key = ?", [key]).fetchone()
    return str(row[0]) if row else ""
