"""An extract is converted once to a DuckDB file; all else reads that file.

Each table is one transaction: a conversion that stops half-way keeps the
tables it has finished, and the next run goes on from there. Rows that cannot
be used are set aside in the table ``rejected`` with their file and line; the
account of all tables is stored beside them.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from analysis.vigibase.errors import ExtractError, PrivacyError
from analysis.vigibase.intake import books, checking, place
from analysis.vigibase.intake.account import Account, Finding, known_tables
from analysis.vigibase.intake.duplicates import exclude
from analysis.vigibase.intake.files import Files, files_of
from analysis.vigibase.intake.plausibility import columns, coverage, repeats
from analysis.vigibase.intake.reading import quoted
from analysis.vigibase.intake.tables import Read, empty_table, read_table
from analysis.vigibase.layout import SYNTHETIC_MARK, TABLES, Table

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
    account : Account
        It may hold problems that stand in the way of a description.
    synthetic : bool
        Whether the extract says that it is synthetic.
    """

    account: Account
    synthetic: bool

    @property
    def rows(self) -> dict[str, int]:
        """Rows read, by table; those set aside included."""
        return self.account.rows

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found in the extract."""
        return self.account.findings

    @property
    def set_aside(self) -> int:
        """Rows that could not be used."""
        return self.account.set_aside


def convert(
    folder: Path,
    to: Path,
    progress: Callable[[Step], None] = lambda step: None,
    *,
    memory_limit: str = MEMORY_LIMIT,
    bar: bool = False,
    accept: Collection[str] = (),
) -> Summary:
    """Convert an extract to a DuckDB file, or finish an earlier conversion.

    Parameters
    ----------
    folder : Path
        The extract: its folder as delivered, or an archive.
    to : Path
        The DuckDB file; in a folder called ``restricted`` unless every report
        says that it is synthetic. Rows set aside are also written beside it, to
        ``<name>.rejected.csv``. Only its owner may read either.
    progress : callable, optional
        Called after each table.
    memory_limit : str, optional
        What DuckDB may use; what is larger goes to a temporary folder beside
        the file.
    bar : bool, optional
        Whether DuckDB draws a bar on standard output while it reads a table.
    accept : collection of str, optional
        Tables that are known to be missing or incomplete.

    Returns
    -------
    Summary

    Raises
    ------
    ExtractError
        If a table is missing or cannot be read, the file is not one of ours, or
        it cannot be written. Tables finished until then are kept.
    PrivacyError
        If real reports would lie where they could be shared.
    KeyboardInterrupt
        At Ctrl-C; the next run goes on from there.
    """
    accepted = known_tables(accept, TABLES)
    if not folder.exists():
        raise ExtractError(f"{folder}: no such folder; expected that of an extract")
    if not to.parent.is_dir():
        raise ExtractError(f"{to.parent}: no such folder; create it first")
    if to.is_dir():
        raise ExtractError(f"{to}: a folder; expected the name of a file in it")
    with (
        _owner_only(),
        files_of(folder, accepted, to.parent) as files,
        _plainly(to),
    ):
        new = not to.exists()
        if not _first_line_is_marked(files):
            place.check_place(to)
        try:
            with duckdb.connect(str(to)) as connection:
                connection.execute(f"SET memory_limit = {quoted(memory_limit)}")
                connection.execute(f"SET enable_progress_bar = {str(bar).lower()}")
                load(connection, files, progress, accept=accepted, to=to)
                connection.execute("CHECKPOINT")
                _write_rejected(connection, to)
                return Summary(
                    books.account(connection), books.is_synthetic(connection)
                )
        except PrivacyError:
            if new:
                to.unlink(missing_ok=True)
            raise


def load(
    connection: duckdb.DuckDBPyConnection,
    files: Files,
    progress: Callable[[Step], None] = lambda step: None,
    *,
    accept: Collection[str] = (),
    to: Path | None = None,
) -> None:
    """Read the tables of an extract into a database, and check them together.

    Tables that an earlier run has read from the same files are left alone.

    Parameters
    ----------
    connection : DuckDBPyConnection
    files : Files
    progress : callable, optional
    accept : collection of str, optional
        As for :func:`convert`.
    to : Path, optional
        The file of the database, if it is one.
    """
    books.prepare(connection)
    if books.is_complete(connection) and not books.all_current(connection, files):
        # Rows were set aside by what the other tables held: start afresh.
        books.forget_all(connection)
    for number, table in enumerate(TABLES.values(), start=1):
        started, seconds = time.perf_counter(), math.nan
        if not books.is_current(connection, files, table):
            with _transaction(connection):
                books.note_complete(connection, False)
                _read(connection, table, files)
            seconds = time.perf_counter() - started
        if table.name == "demo" and to and not books.is_marked(connection):
            place.check_place(to)
        rows = books.rows_read(connection)[table.name]
        progress(Step(table.stem, number, len(TABLES), rows, seconds))
    if not books.is_complete(connection):
        with _transaction(connection):
            _check(connection, files)
            books.note_synthetic(connection, books.is_marked(connection))
            books.note_complete(connection, True)
    books.note_accepted(connection, {*accept, *files.missing})


def rejected_path(converted: Path) -> Path:
    """Return where the rows that were set aside are written."""
    return converted.with_name(converted.name + ".rejected.csv")


def _read(connection: duckdb.DuckDBPyConnection, table: Table, files: Files) -> None:
    path = files.tables.get(table.name)
    if path is None:
        empty_table(connection, table)
        books.note_read(connection, table, None, Read(0, "missing"))
        return
    # Only of DEMO and DRUG the order matters: others are said to reach into it.
    ordered = table.name in ("demo", "drug")
    connection.execute(f"SET preserve_insertion_order = {str(ordered).lower()}")
    with _named(path):
        read = read_table(connection, table, path, files.scratch)
    books.note_read(connection, table, path, read)


def _check(connection: duckdb.DuckDBPyConnection, files: Files) -> None:
    """Follow what leads from table to table, and write the account."""
    checking.set_repeats_aside(connection, files)
    as_read = books.tables_read(connection)
    reached = checking.follow_links(connection, files)
    covered = coverage.coverage(connection)
    checking.read_code_lists(connection, files)
    used = columns.codes_used(connection)
    found = checking.findings(connection, covered, used)
    problems = (
        *coverage.problems(connection, as_read, covered, reached),
        *columns.problems(connection, as_read, used),
        *repeats.problems(connection, as_read),
    )
    groups = exclude(connection)
    books.note_checked(connection, found, covered, problems, groups)


def _first_line_is_marked(files: Files) -> bool:
    """Whether the first report says that it is synthetic; all are read later."""
    path = files.tables.get("demo")
    if path is None:
        return False
    with path.open("rb") as file:
        line = file.readline(1 << 12)
    return line.rstrip(b'\r\n "').endswith(SYNTHETIC_MARK.encode())


def _write_rejected(connection: duckdb.DuckDBPyConnection, to: Path) -> None:
    beside = rejected_path(to)
    beside.unlink(missing_ok=True)
    if connection.execute("FROM rejected LIMIT 1").fetchone():
        connection.execute(
            "COPY (SELECT * EXCLUDE (name, found) "
            f"REPLACE ({_HARMLESS} AS content) FROM rejected "
            f"ORDER BY file, line) TO {quoted(str(beside))} (HEADER, DELIMITER ',')"
        )


@contextmanager
def _owner_only() -> Iterator[None]:
    """Let only the owner read what is written meanwhile."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Say of which file DuckDB complains."""
    try:
        yield
    except duckdb.Error as error:
        error.add_note(path.name)
        raise


@contextmanager
def _plainly(to: Path) -> Iterator[None]:
    """Say in one line what stopped a conversion, and how to go on."""
    try:
        yield
    except duckdb.InterruptException as error:
        raise KeyboardInterrupt from error
    except duckdb.Error as error:
        raise ExtractError(_why(to, error)) from error
    except RuntimeError as error:
        # DuckDB's word for Ctrl-C while a query runs.
        if "interrupted" in str(error).lower():
            raise KeyboardInterrupt from error
        raise


def _why(to: Path, error: duckdb.Error) -> str:
    reason = str(error).partition("\n")[0]
    where = f" at {', '.join(error.__notes__)}" if hasattr(error, "__notes__") else ""
    if isinstance(error, duckdb.OutOfMemoryException):
        remedy = "allow more memory with --memory, or close other programs"
    elif isinstance(error, duckdb.IOException):
        remedy = "see that the disk has space and that nothing else uses the file"
    else:
        remedy = "mend the cause"
    return (
        f"{to}: the conversion stopped{where}: {reason}. What was finished is kept; "
        f"{remedy} and run it again"
    )


@contextmanager
def _transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    connection.execute("BEGIN")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
