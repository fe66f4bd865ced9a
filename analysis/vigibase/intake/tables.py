"""One table into the database; every line of its file is accounted for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path

import duckdb

from analysis.vigibase.errors import ExtractError
from analysis.vigibase.intake import cutting, forms, records, text
from analysis.vigibase.intake.forms import Form
from analysis.vigibase.intake.reading import (
    NOT_WHOLE,
    cell_sql,
    good_rows_sql,
    judged_cells_sql,
    judged_sql,
    native_sql,
    other_lines_sql,
    quoted,
    rows_sql,
    value_sql,
)
from analysis.vigibase.layout import SYNTHETIC_MARK, Column, Table

# With more lines to judge one by one, the whole file is.
_MOST_REJECTS = 200_000


@dataclass(frozen=True)
class Read:
    """What was read of a file.

    Attributes
    ----------
    rows : int
        Rows in it, those set aside included; a line of names is none.
    form : str
        The form in words.
    unused : tuple of str
        Columns of the file that the table does not have.
    synthetic : bool
        Whether every line says that it is synthetic.
    """

    rows: int
    form: str
    unused: tuple[str, ...] = ()
    synthetic: bool = False


def read_table(
    connection: duckdb.DuckDBPyConnection, table: Table, path: Path, scratch: Path
) -> Read:
    """Read the file of a table into the database.

    Rows that cannot be used, and those with a field that had to be left empty,
    go to the table ``rejected``.

    Parameters
    ----------
    connection : DuckDBPyConnection
    table : Table
    path : Path
    scratch : Path
        Folder for a recoded copy.

    Raises
    ------
    ExtractError
        If the form is not understood, no row can be used, or the rows and what
        was set aside are not the lines of the file.
    """
    connection.execute("DELETE FROM rejected WHERE file = ?", [path.name])
    if path.suffix.lower() == ".parquet":
        return _read_parquet(connection, table, path)
    whole = text.lines_of(path, scratch)
    form = forms.recognise(table, whole.path, path.name)
    lines = whole
    if form.delimiter and (form.header or form.unused or not table.padded):
        # Codes and numbers do not go on over several lines.
        lines = records.joined(whole, form.delimiter, scratch)
    if not any(
        read(connection, table, path, lines, form)
        for read in (partial(_read_cut, scratch=scratch), _read_whole, _read_fixed)
    ):
        _read_by_line(connection, table, path, lines, form)
    _set_head_aside(connection, path, lines, form)
    _as_in_file(connection, table, path, lines)
    for aside in lines.aside:
        _reject(connection, path, aside.line, aside.reason, aside.content)
    for copy in {whole.path, lines.path} - {path}:
        copy.unlink()
    rows = lines.count - bool(form.header) + len(lines.aside)
    _account_for(connection, table, path, rows)
    written = "" if lines.written == "UTF-8" else f", {lines.written}"
    return Read(
        rows,
        form.name + written,
        form.unused,
        rows > 0 and table.name == "demo" and _is_marked(path),
    )


def empty_table(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Make a table without rows, for one that is known to be missing."""
    columns = ", ".join(f"{c.name} {c.sql_type}" for c in table.columns)
    connection.execute(f"CREATE OR REPLACE TABLE {table.name} ({columns})")


def taken_sql(
    table: Table, names: dict[str, str] | None, name: str, *, own_ids: bool = False
) -> str:
    """Write the columns of a table as they are taken from typed columns.

    Parameters
    ----------
    table : Table
    names : dict of str to str or None
        Normal names of the columns that there are to their own; None if none.
    name : str
        Of the source, for messages.
    own_ids : bool
        Keep identifiers as text, since other tools may hold names.

    Raises
    ------
    ExtractError
        If a column of identifiers is missing.
    """
    return ", ".join(
        _taken(column, names, name, own_ids=own_ids) for column in table.columns
    )


def _taken(
    column: Column, names: dict[str, str] | None, file: str, *, own_ids: bool
) -> str:
    sql_type = "VARCHAR" if column.kind == "id" and own_ids else column.sql_type
    name = None
    if names is not None:
        spelled = list(names)
        place = forms.place_of(column, spelled)
        name = None if place is None else names[spelled[place]]
        if name is None and column.kind == "id":
            raise ExtractError(f"{file} has no column {column.name}")
    if name is None:
        return f"NULL::{sql_type} AS {column.name}"
    raw = cell_sql(name)
    if column.kind == "id" and own_ids:
        read = f"coalesce(TRY_CAST({raw} AS BIGINT)::VARCHAR, trim({raw}))"
    else:
        read = value_sql(column, raw)
    return f"{read} AS {column.name}"


def _read_parquet(
    connection: duckdb.DuckDBPyConnection, table: Table, path: Path
) -> Read:
    source = f"read_parquet({quoted(str(path))})"
    try:
        found = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    except duckdb.Error as error:
        reason = str(error).partition("\n")[0]
        raise ExtractError(f"{path.name}: no Parquet file: {reason}") from error
    names = {str(name): str(name) for name, *_ in found}
    if error_ := forms.absent(table, list(names), path.name):
        raise error_
    spelled = {
        column.name: list(names)[place]
        for column in table.columns
        if (place := forms.place_of(column, list(names))) is not None
    }
    numbered = (
        "FROM (SELECT *, file_row_number + 1 AS line_number "
        f"FROM read_parquet({quoted(str(path))}, file_row_number = true))"
    )
    empty_table(connection, table)
    with _in_order(connection):
        _keep_judged(
            connection, table, path, judged_cells_sql(table, numbered, spelled)
        )
    ((rows,),) = connection.execute(f"SELECT count(*) FROM {source}").fetchall()
    _account_for(connection, table, path, rows)
    used = {forms.place_of(column, list(names)) for column in table.columns}
    unused = tuple(name for place, name in enumerate(names) if place not in used)
    return Read(int(rows), "Parquet", unused)


def _read_cut(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    path: Path,
    lines: text.Lines,
    form: Form,
    *,
    scratch: Path,
) -> bool:
    """Cut the regular lines many at a time, then judge the others."""
    if not cutting.can_cut(table):
        return False
    empty_table(connection, table)
    columns = ", ".join(f"{c.name}::{c.sql_type} AS {c.name}" for c in table.columns)
    others: list[tuple[int, str]] = []
    cells = cutting.Cells(connection, form)
    # Arrays are taken faster by one than divided among several.
    with _setting(connection, "threads", "1"):
        for batch in cutting.batches(table, lines.path, form, cells.read):
            others += batch.others
            if len(others) > _MOST_REJECTS:
                return False
            connection.register("batch", batch.rows)
            connection.execute(f"INSERT INTO {table.name} SELECT {columns} FROM batch")
            connection.unregister("batch")
    _read_others(connection, table, path, form, others, scratch)
    return True


def _read_others(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    path: Path,
    form: Form,
    others: list[tuple[int, str]],
    scratch: Path,
) -> None:
    """Read the lines that are not regular.

    Of a delimited file the database reads what it can, since a cell in quotation
    marks may hold what separates others; the rest is judged line by line.
    """
    if others and form.delimiter:
        apart = scratch / f"{path.name}.others"
        apart.write_text("".join(f"{line}\n" for _, line in others), "utf-8")
        bare = replace(form, header=0)
        found = _read_natively(connection, table, apart, bare, len(others), "apart")
        apart.unlink()
        if found is not None:
            connection.execute(f"INSERT INTO {table.name} FROM apart")
            others = [(others[number - 1][0], line) for number, line in found]
        connection.execute("DROP TABLE IF EXISTS apart")
    if others:
        _judge(connection, table, path, form, others)


def _read_whole(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    path: Path,
    lines: text.Lines,
    form: Form,
) -> bool:
    """Read a delimited file at once; False where that cannot account for it."""
    if not form.delimiter:
        return False
    found = _read_natively(connection, table, lines.path, form, lines.count, table.name)
    if found:
        _judge(connection, table, path, form, found)
    return found is not None


def _read_natively(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    path: Path,
    form: Form,
    count: int,
    into: str,
) -> list[tuple[int, str]] | None:
    """Read a delimited file with the database's own reader.

    Returns
    -------
    list of (int, str) or None
        The lines that it could not read; None if it cannot account for all.
    """
    for name in ("rejects", "rejects_scan"):
        connection.execute(f"DROP TABLE IF EXISTS {name}")
    query = native_sql(table, path, form, "rejects")
    try:
        connection.execute(f"CREATE OR REPLACE TABLE {into} AS {query}")
    except (duckdb.OutOfMemoryException, duckdb.IOException, duckdb.InterruptException):
        raise
    except duckdb.Error:
        return None
    bad = {
        int(line)
        for (line,) in connection.execute(
            "SELECT DISTINCT line FROM rejects LIMIT ?", [_MOST_REJECTS + 1]
        ).fetchall()
    }
    faults = {
        "id": f"coalesce({{0}}, {NOT_WHOLE}) = {NOT_WHOLE}",
        "number": f"{{0}} = {NOT_WHOLE}",
        "days": "NOT isfinite({0})",
    }
    faulty = " OR ".join(
        faults[c.kind].format(c.name) for c in table.columns if c.kind in faults
    )
    ((rows, without),) = connection.execute(
        f"SELECT count(*), count(*) FILTER ({faulty}) FROM {into}"
    ).fetchall()
    if len(bad) > _MOST_REJECTS or without:
        return None
    if rows + len(bad) + form.header == count and not bad:
        return []
    found = _lines_at(path, bad, form.header)
    return found if rows + len(found) + form.header == count else None


def _read_fixed(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    path: Path,
    lines: text.Lines,
    form: Form,
) -> bool:
    """Read the good lines of a fixed-width file at once, then judge the others."""
    if form.delimiter:
        return False
    connection.execute(
        f"CREATE OR REPLACE TABLE {table.name} AS {good_rows_sql(table, lines.path)}"
    )
    ((rows,),) = connection.execute(f"SELECT count(*) FROM {table.name}").fetchall()
    if rows == lines.count:
        return True
    with _in_order(connection):
        found = connection.execute(
            f"{other_lines_sql(table, lines.path)} LIMIT {_MOST_REJECTS + 1}"
        ).fetchall()
    if len(found) > _MOST_REJECTS or rows + len(found) != lines.count:
        return False
    _judge(connection, table, path, form, found)
    return True


@contextmanager
def _setting(
    connection: duckdb.DuckDBPyConnection, name: str, value: str
) -> Iterator[None]:
    """Let a setting of the database have a value meanwhile."""
    ((before,),) = connection.execute(
        "SELECT current_setting(?)::VARCHAR", [name]
    ).fetchall()
    connection.execute(f"SET {name} = {value}")
    try:
        yield
    finally:
        connection.execute(f"SET {name} = {before}")


def _in_order(connection: duckdb.DuckDBPyConnection) -> AbstractContextManager[None]:
    """Keep lines in their order, so that their numbers hold."""
    return _setting(connection, "preserve_insertion_order", "true")


def _lines_at(path: Path, wanted: set[int], header: int) -> list[tuple[int, str]]:
    """Take the lines with some numbers, and the blank ones."""
    with path.open("rb") as file:
        return [
            (number, line.rstrip(b"\r\n").decode("utf-8", "replace"))
            for number, line in enumerate(file, start=1)
            if number in wanted or (line.isspace() and number > header)
        ]


def _set_head_aside(
    connection: duckdb.DuckDBPyConnection, path: Path, lines: text.Lines, form: Form
) -> None:
    """Set aside what stands before the names of the columns."""
    with lines.path.open("rb") as file:
        for number, line in enumerate(islice(file, max(form.header - 1, 0)), start=1):
            shown = line.rstrip(b"\r\n").decode("utf-8", "replace")
            reason = "line before the names" if shown.strip() else "blank line"
            _reject(connection, path, number, reason, shown)


def _as_in_file(
    connection: duckdb.DuckDBPyConnection, table: Table, path: Path, lines: text.Lines
) -> None:
    """Name lines by their numbers in the file, with line breaks within cells."""
    if lines.skipped:
        named = connection.execute(
            "SELECT rowid, line FROM rejected WHERE file = ? AND line IS NOT NULL",
            [path.name],
        ).fetchall()
        connection.execute(
            "UPDATE rejected SET line = n.line FROM (SELECT unnest(?::BIGINT[]) AS id, "
            "unnest(?::BIGINT[]) AS line) n WHERE rejected.rowid = n.id",
            [[row for row, _ in named], lines.numbers([line for _, line in named])],
        )
    if not lines.joined:
        return
    broken = f"{{0}} = replace({{0}}, '{records.BREAK}', chr(10))"
    texts = [column.name for column in table.columns if column.kind == "text"]
    for name, column in (
        ("rejected", "content"),
        *((table.name, column) for column in texts),
    ):
        connection.execute(
            f"UPDATE {name} SET {broken.format(column)} "
            f"WHERE contains({column}, '{records.BREAK}')"
        )


def _judge(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    path: Path,
    form: Form,
    found: list[tuple[int, str]],
) -> None:
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE suspect (number BIGINT, line VARCHAR)"
    )
    connection.execute(
        "INSERT INTO suspect SELECT unnest(?::BIGINT[]), unnest(?::VARCHAR[])",
        [[number for number, _ in found], [line for _, line in found]],
    )
    lines = "SELECT number AS line_number, line FROM suspect"
    query = judged_sql(table, form, lines)
    _keep_judged(connection, table, path, query)


def _keep_judged(
    connection: duckdb.DuckDBPyConnection, table: Table, path: Path, query: str
) -> None:
    """Keep the rows that can be used, and note what is wrong with the others."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE judged AS {query}")
    _note_judged(connection, path, "judged")
    names = ", ".join(column.name for column in table.columns)
    connection.execute(
        f"INSERT INTO {table.name} SELECT {names} FROM judged WHERE fault IS NULL"
    )
    connection.execute("DROP TABLE judged")


def _read_by_line(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    path: Path,
    lines: text.Lines,
    form: Form,
) -> None:
    query = rows_sql(table, lines.path, form)
    connection.execute(f"CREATE OR REPLACE TABLE {table.name} AS {query}")
    ((faulty,),) = connection.execute(
        f"SELECT count(*) FILTER (fault IS NOT NULL OR blemishes IS NOT NULL) "
        f"FROM {table.name}"
    ).fetchall()
    if faulty:
        numbered = rows_sql(table, lines.path, form, numbered=True)
        with _in_order(connection):
            _note_judged(connection, path, f"({numbered})")
        connection.execute(f"DELETE FROM {table.name} WHERE fault IS NOT NULL")
    for column in ("fault", "blemishes"):
        connection.execute(f"ALTER TABLE {table.name} DROP COLUMN {column}")


def _note_judged(
    connection: duckdb.DuckDBPyConnection, path: Path, judged: str
) -> None:
    connection.execute(
        "INSERT INTO rejected SELECT ?, line_number, false, fault, line, NULL, NULL "
        f"FROM {judged} WHERE fault IS NOT NULL",
        [path.name],
    )
    connection.execute(
        "INSERT INTO rejected SELECT ?, line_number, true, b.reason, line, b.name, "
        "b.found FROM (SELECT line_number, line, unnest(blemishes) AS b "
        f"FROM {judged} WHERE fault IS NULL)",
        [path.name],
    )


def _reject(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    line: int,
    reason: str,
    content: str,
) -> None:
    connection.execute(
        "INSERT INTO rejected VALUES (?, ?, false, ?, ?, NULL, NULL)",
        [path.name, line, reason, content],
    )


def _account_for(
    connection: duckdb.DuckDBPyConnection, table: Table, path: Path, rows: int
) -> None:
    """Prove that the rows and what was set aside are the lines of the file."""
    ((kept,),) = connection.execute(f"SELECT count(*) FROM {table.name}").fetchall()
    ((aside,),) = connection.execute(
        "SELECT count(*) FROM rejected WHERE file = ? AND NOT kept", [path.name]
    ).fetchall()
    if kept + aside != rows:
        raise ExtractError(
            f"{path.name}: {rows:,} rows in the file, but {kept:,} read and "
            f"{aside:,} set aside; it may have changed while it was read"
        )
    if rows and not kept:
        ((reason, line),) = connection.execute(
            "SELECT reason, line FROM rejected WHERE file = ? ORDER BY line LIMIT 1",
            [path.name],
        ).fetchall()
        raise ExtractError(
            f"{path.name}: none of its {rows:,} rows can be used "
            f"(line {line}: {reason})"
        )


def _is_marked(path: Path) -> bool:
    """Whether every line ends with the mark of synthetic reports."""
    mark = SYNTHETIC_MARK.encode()
    with path.open("rb") as file:
        return all(line.rstrip(b'\r\n "').endswith(mark) for line in file)
