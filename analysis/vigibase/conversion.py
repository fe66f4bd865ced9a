"""An extract is converted once to a DuckDB file; all else reads that file.

Each table is one transaction: a conversion that stops half-way keeps the
tables it has finished, and the next run goes on from there. Rows that cannot
be used are set aside in the table ``rejected`` with their file and line.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from analysis.vigibase import books
from analysis.vigibase.checking import Finding, check, findings
from analysis.vigibase.errors import ExtractError
from analysis.vigibase.layout import SYNTHETIC_FILE, SYNTHETIC_MARK, TABLES, Table
from analysis.vigibase.reading import Files, find_files, lines_sql, quoted, rows_sql

MEMORY_LIMIT = "2GB"

# A spreadsheet would take such a line for a formula.
_HARMLESS = (
    r"CASE WHEN regexp_matches(content, '^[=+@\t\r-]') "
    "THEN '''' || content ELSE content END"
)


@dataclass(frozen=True)
class Step:
    """Progress: one table read, or found as an earlier run had left it.

    Attributes
    ----------
    name : str
    number, of : int
    rows : int
        Rows read.
    seconds : float
        NaN for a table that an earlier run had finished.
    """

    name: str
    number: int
    of: int
    rows: int
    seconds: float


@dataclass(frozen=True)
class Summary:
    """What a conversion read and what it found.

    Attributes
    ----------
    rows : dict of str to int
        Rows read, by table; those set aside included.
    findings : tuple of Finding
    synthetic : bool
        Whether the extract says that it is synthetic.
    """

    rows: dict[str, int]
    findings: tuple[Finding, ...]
    synthetic: bool

    @property
    def set_aside(self) -> int:
        """Rows that could not be used."""
        return sum(found.rows for found in self.findings if not found.kept)


def convert(
    folder: Path,
    to: Path,
    progress: Callable[[Step], None] = lambda step: None,
    *,
    memory_limit: str = MEMORY_LIMIT,
    bar: bool = False,
) -> Summary:
    """Convert an extract to a DuckDB file, or finish an earlier conversion.

    Parameters
    ----------
    folder : Path
        Folder of the extract.
    to : Path
        The DuckDB file. Rows set aside are also written beside it, to
        ``<name>.rejected.csv``.
    progress : callable, optional
        Called after each table.
    memory_limit : str, optional
        What DuckDB may use; what is larger goes to a temporary folder beside
        the file.
    bar : bool, optional
        Whether DuckDB draws a bar on standard output while it reads a table.

    Raises
    ------
    ExtractError
        If the extract is not whole, the file is not one of ours, or it cannot
        be written. Tables finished until then are kept.
    KeyboardInterrupt
        At Ctrl-C; the next run goes on from there.
    """
    files = find_files(folder)
    if not to.parent.is_dir():
        raise ExtractError(f"{to.parent}: no such folder; create it first")
    try:
        with duckdb.connect(str(to)) as connection:
            connection.execute(f"SET memory_limit = {quoted(memory_limit)}")
            connection.execute(f"SET enable_progress_bar = {str(bar).lower()}")
            load(connection, files, progress)
            connection.execute("CHECKPOINT")
            _write_rejected(connection, to)
            return Summary(
                rows=books.rows_read(connection),
                findings=findings(connection),
                synthetic=books.is_synthetic(connection),
            )
    except duckdb.Error as error:
        reason = str(error).partition("\n")[0]
        raise ExtractError(
            f"{to}: the conversion stopped: {reason}. What was finished is kept; "
            "mend the cause (such as space on the disk) and run it again"
        ) from error
    except RuntimeError as error:
        # DuckDB's word for Ctrl-C while a query runs.
        if "interrupted" in str(error):
            raise KeyboardInterrupt from error
        raise


def load(
    connection: duckdb.DuckDBPyConnection,
    files: Files,
    progress: Callable[[Step], None] = lambda step: None,
) -> None:
    """Read the tables of an extract into a database, and check their links.

    Tables that an earlier run has read from the same files are left alone.
    """
    books.prepare(connection)
    if books.is_complete(connection) and not books.all_current(connection, files):
        # Rows were set aside by what the other tables held: start afresh.
        connection.execute("DELETE FROM converted")
    for number, table in enumerate(TABLES.values(), start=1):
        started, seconds = time.perf_counter(), math.nan
        if not books.is_current(connection, files, table):
            with _transaction(connection):
                books.note_complete(connection, False)
                _read_table(connection, table, files)
            seconds = time.perf_counter() - started
        rows = books.rows_read(connection)[table.name]
        progress(Step(table.stem, number, len(TABLES), rows, seconds))
    if not books.is_complete(connection):
        with _transaction(connection):
            check(connection, files)
            books.note_synthetic(connection, _is_synthetic(connection, files))
            books.note_complete(connection, True)


def rejected_path(converted: Path) -> Path:
    """Return where the rows that were set aside are written."""
    return converted.with_name(converted.name + ".rejected.csv")


def _read_table(
    connection: duckdb.DuckDBPyConnection, table: Table, files: Files
) -> None:
    path = files.tables[table.name]
    rows = rows_sql(table, path, files.form)
    connection.execute("DELETE FROM rejected WHERE file = ?", [path.name])
    connection.execute(f"CREATE OR REPLACE TABLE {table.name} AS {rows}")
    ((read, faulty),) = connection.execute(
        f"SELECT count(*), count(coalesce(fault, blemish)) FROM {table.name}"
    ).fetchall()
    if faulty:
        numbered = rows_sql(table, path, files.form, numbered=True)
        connection.execute(
            "INSERT INTO rejected SELECT ?, line_number, fault IS NULL, "
            f"coalesce(fault, blemish), line FROM ({numbered}) "
            "WHERE fault IS NOT NULL OR blemish IS NOT NULL",
            [path.name],
        )
        connection.execute(f"DELETE FROM {table.name} WHERE fault IS NOT NULL")
    for column in ("fault", "blemish"):
        connection.execute(f"ALTER TABLE {table.name} DROP COLUMN {column}")
    books.note_read(connection, table, path, read)


def _write_rejected(connection: duckdb.DuckDBPyConnection, to: Path) -> None:
    beside = rejected_path(to)
    beside.unlink(missing_ok=True)
    if connection.execute("FROM rejected LIMIT 1").fetchone():
        connection.execute(
            f"COPY (SELECT * REPLACE ({_HARMLESS} AS content) FROM rejected "
            f"ORDER BY file, line) TO {quoted(str(beside))} "
            "(HEADER, DELIMITER ',')"
        )


def _is_synthetic(connection: duckdb.DuckDBPyConnection, files: Files) -> bool:
    if files.form == "csv":
        return (files.folder / SYNTHETIC_FILE).is_file()
    marked = connection.execute(
        f"SELECT bool_and(trim(line) LIKE '% {SYNTHETIC_MARK}') "
        f"FROM {lines_sql(files.tables['demo'])}"
    ).fetchone()
    return marked == (True,)


@contextmanager
def _transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    connection.execute("BEGIN")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
