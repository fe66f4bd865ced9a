"""An extract that is open for counting; its rows stay inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from analysis.vigibase import books, conversion
from analysis.vigibase.checking import exclude
from analysis.vigibase.errors import ExtractError
from analysis.vigibase.layout import TABLES, Column, Table
from analysis.vigibase.reading import find_files, quoted

# A folder above this size is converted to a file first.
MAX_BYTES_IN_MEMORY = 256 * 1024 * 1024

# Names that other versions and tools give to tables and columns.
_OTHER_NAMES = {
    "suspectedduplicates": ("suspdup",),
    "Record_Id": ("MedicinalProd_Id",),
}


class Extract:
    """Tables of VigiBase, ready to be counted.

    Made by :meth:`open` or :meth:`from_tables`. Functions of this package query
    it; what they return are counts and quantiles, never rows.

    Attributes
    ----------
    synthetic : bool
        Whether the extract says that its reports are synthetic.
    set_aside : int
        Rows that could not be used when it was read.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        *,
        synthetic: bool = False,
        set_aside: int = 0,
    ) -> None:
        self._connection = connection
        self._cohorts = 0
        self.synthetic = synthetic
        self.set_aside = set_aside

    @classmethod
    def open(cls, path: Path | str) -> Extract:
        """Open a converted file, or the folder of a small extract.

        Raises
        ------
        ExtractError
            If it is neither, its conversion is not finished, or the folder is
            too large to be read each time.
        """
        path = Path(path)
        try:
            return cls._folder(path) if path.is_dir() else cls._file(path)
        except duckdb.Error as error:
            reason = str(error).partition("\n")[0]
            raise ExtractError(f"{path}: cannot be read: {reason}") from error

    @classmethod
    def from_tables(cls, tables: Mapping[str, object]) -> Extract:
        """Take tables from elsewhere, such as those of another tool.

        Parameters
        ----------
        tables : mapping
            From the name of a table (``demo``, ``drug``, ``adr``, ``link``,
            ``ind``, ``out``, ``srce``, ``followup``, ``suspectedduplicates``)
            to a data frame, an Arrow table, a DuckDB relation, a mapping of
            columns, or the path of a CSV (with a header) or Parquet file.
            Tables and columns that are not given count as empty.

        Raises
        ------
        ExtractError
            If a table is unknown or lacks a column of identifiers.
        """
        connection = duckdb.connect()
        given = {name.lower().rstrip("_"): table for name, table in tables.items()}
        for table in TABLES.values():
            names = (table.name, *_OTHER_NAMES.get(table.name, ()))
            content = next((given.pop(n) for n in names if n in given), None)
            _take(connection, table, content)
        if given:
            raise ExtractError(
                f"no table is called {', '.join(given)}; known are {', '.join(TABLES)}"
            )
        exclude(connection)
        return cls(connection)

    @classmethod
    def _file(cls, path: Path) -> Extract:
        if not path.is_file():
            raise ExtractError(f"{path}: no such file or folder")
        connection = duckdb.connect(str(path), read_only=True)
        known = {name for (name,) in connection.execute("SHOW TABLES").fetchall()}
        if "notes" not in known:
            raise ExtractError(f"{path}: a database, but not a converted extract")
        if not books.is_complete(connection):
            raise ExtractError(
                f"{path}: its conversion is not finished; run `convert` again"
            )
        return cls._converted(connection)

    @classmethod
    def _folder(cls, path: Path) -> Extract:
        files = find_files(path)
        if files.bytes > MAX_BYTES_IN_MEMORY:
            raise ExtractError(
                f"{path}: {files.bytes / 2**20:.0f} MiB are too much to read each "
                "time; convert the extract to a file first"
            )
        connection = duckdb.connect()
        conversion.load(connection, files)
        return cls._converted(connection)

    @classmethod
    def _converted(cls, connection: duckdb.DuckDBPyConnection) -> Extract:
        return cls(
            connection,
            synthetic=books.is_synthetic(connection),
            set_aside=books.rows_set_aside(connection),
        )

    def query(
        self, sql: str, parameters: Sequence[object] = ()
    ) -> list[tuple[Any, ...]]:
        """Run a query of this package; callers outside it have no need to."""
        return self._connection.execute(sql, list(parameters)).fetchall()

    def next_name(self) -> str:
        """Return a name for the temporary tables of one more cohort."""
        self._cohorts += 1
        return f"cohort_{self._cohorts}"


def _take(connection: duckdb.DuckDBPyConnection, table: Table, content: object) -> None:
    if content is None:
        columns = ", ".join(_taken(table, column, None) for column in table.columns)
        connection.execute(f"CREATE TABLE {table.name} AS SELECT {columns} LIMIT 0")
        return
    source = _source(connection, content)
    found = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    names = {str(name).lower(): str(name) for name, *_ in found}
    columns = ", ".join(_taken(table, column, names) for column in table.columns)
    connection.execute(f"CREATE TABLE {table.name} AS SELECT {columns} FROM {source}")


def _source(connection: duckdb.DuckDBPyConnection, content: object) -> str:
    if isinstance(content, str | Path):
        reader = "read_parquet" if str(content).endswith(".parquet") else "read_csv"
        return f"{reader}({quoted(str(content))})"
    if isinstance(content, Mapping):
        columns = ", ".join(f'unnest(?) AS "{name}"' for name in content)
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE given AS SELECT {columns}",
            [
                [None if value is None else str(value) for value in values]
                for values in content.values()
            ],
        )
        return "given"
    if isinstance(content, duckdb.DuckDBPyRelation):
        content = content.df()
    connection.execute("DROP TABLE IF EXISTS given")
    connection.register("given_object", content)
    return "given_object"


def _taken(table: Table, column: Column, names: Mapping[str, str] | None) -> str:
    """Write the expression that reads a column as an extract would hold it.

    Identifiers become text, since other tools may hold numbers or names.
    """
    sql_type = "VARCHAR" if column.kind == "id" else column.sql_type
    name = None
    if names is not None:
        known = (column.name, *_OTHER_NAMES.get(column.name, ()))
        name = next((names[n.lower()] for n in known if n.lower() in names), None)
        if name is None and column.kind == "id":
            raise ExtractError(f"the table {table.name} has no column {column.name}")
    if name is None:
        return f"NULL::{sql_type} AS {column.name}"
    text = f'trim("{name}"::VARCHAR)'
    match column.kind:
        case "id":
            expression = f"coalesce(TRY_CAST({text} AS BIGINT)::VARCHAR, {text})"
        case "code":
            expression = f"regexp_replace({text}, '\\.0$', '')"
        case "text":
            expression = text
        case "date":
            expression = (
                f"coalesce(TRY_CAST(try_strptime({text}, '%Y%m%d') AS DATE), "
                f"TRY_CAST({text} AS DATE))"
            )
        case _:
            # A data frame says NaN where an extract has nothing.
            expression = f"TRY_CAST(nullif(lower({text}), 'nan') AS {sql_type})"
    return f"{expression} AS {column.name}"
