"""What a converted file records of its own conversion."""

from __future__ import annotations

from pathlib import Path

import duckdb

from analysis.vigibase.errors import ExtractError
from analysis.vigibase.layout import TABLES, Table
from analysis.vigibase.reading import Files

# Raise it when the converted tables change, so that old files are made anew.
VERSION = "1"

_BOOKS = """
CREATE TABLE IF NOT EXISTS notes (key VARCHAR PRIMARY KEY, value VARCHAR);
CREATE TABLE IF NOT EXISTS converted (
    name VARCHAR PRIMARY KEY, stamp VARCHAR, rows_read BIGINT);
CREATE TABLE IF NOT EXISTS rejected (
    file VARCHAR, line BIGINT, kept BOOLEAN, reason VARCHAR, content VARCHAR);
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
    connection.execute(_BOOKS)
    if _noted(connection, "version") != VERSION:
        connection.execute("DELETE FROM converted")
        _write(connection, "version", VERSION)


def is_complete(connection: duckdb.DuckDBPyConnection) -> bool:
    """Tell whether every table was read and checked."""
    return _noted(connection, "complete") == "yes"


def is_synthetic(connection: duckdb.DuckDBPyConnection) -> bool:
    """Tell whether the extract said that it is synthetic."""
    return _noted(connection, "synthetic") == "yes"


def rows_set_aside(connection: duckdb.DuckDBPyConnection) -> int:
    """Count the rows that could not be used."""
    ((rows,),) = connection.execute(
        "SELECT count(*) FROM rejected WHERE NOT kept"
    ).fetchall()
    return int(rows)


def rows_read(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Count the rows read, by table; those set aside included."""
    rows = connection.execute("SELECT name, rows_read FROM converted").fetchall()
    return dict(rows)


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
    return row == (_stamp(files.tables[table.name]),)


def note_read(
    connection: duckdb.DuckDBPyConnection, table: Table, path: Path, rows: int
) -> None:
    """Note that a table was read from a file, with the rows that it has there."""
    connection.execute(
        "INSERT OR REPLACE INTO converted VALUES (?, ?, ?)",
        [table.name, _stamp(path), rows],
    )


def note_complete(connection: duckdb.DuckDBPyConnection, holds: bool) -> None:
    """Note whether every table was read and checked."""
    _write(connection, "complete", "yes" if holds else "no")


def note_synthetic(connection: duckdb.DuckDBPyConnection, holds: bool) -> None:
    """Note whether the extract says that it is synthetic."""
    _write(connection, "synthetic", "yes" if holds else "no")


def _stamp(path: Path) -> str:
    status = path.stat()
    return f"{path.name} {status.st_size} {status.st_mtime_ns}"


def _write(connection: duckdb.DuckDBPyConnection, key: str, value: str) -> None:
    connection.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", [key, value])


def _noted(connection: duckdb.DuckDBPyConnection, key: str) -> str:
    row = connection.execute("SELECT value FROM notes WHERE key = ?", [key]).fetchone()
    return str(row[0]) if row else ""
