"""An extract that is open for counting; its rows stay inside."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from analysis.vigibase.errors import ExtractError
from analysis.vigibase.intake import Account, books, exclude, files_of, load
from analysis.vigibase.intake.account import TableRead, known_tables
from analysis.vigibase.intake.archives import is_archive
from analysis.vigibase.intake.files import PARQUET, TEXTS
from analysis.vigibase.intake.reading import quoted
from analysis.vigibase.intake.tables import taken_sql
from analysis.vigibase.layout import TABLES, Table

# A folder above this size is converted to a file first.
MAX_BYTES_IN_MEMORY = 256 * 1024 * 1024
# Below it, one thread reads a folder sooner than several.
SMALL = 8 * 1024 * 1024

# Names that other tools give to tables.
_OTHER_NAMES = {"suspectedduplicates": ("suspdup",)}


class Extract:
    """Tables of VigiBase, ready to be counted.

    Made by :meth:`open` or :meth:`from_tables`. Functions of this package query
    it; what they return are counts and quantiles, never rows.

    Attributes
    ----------
    synthetic : bool
        Whether the extract says that its reports are synthetic.
    account : Account
        What was read of each table, and how plausible it is as a whole.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        *,
        synthetic: bool = False,
        account: Account = Account(),  # noqa: B008 - frozen
    ) -> None:
        self._connection = connection
        self._cohorts = 0
        self.synthetic = synthetic
        self.account = account

    @property
    def set_aside(self) -> int:
        """Rows that could not be used when it was read."""
        return self.account.set_aside

    @classmethod
    def open(
        cls, path: Path | str, *, accept: Collection[str] = (), check: bool = True
    ) -> Extract:
        """Open a converted file, or the folder or archive of a small extract.

        Parameters
        ----------
        path : Path or str
        accept : collection of str, optional
            Tables that are known to be missing or incomplete.
        check : bool, optional
            Whether to refuse an extract that is not plausible as a whole.

        Raises
        ------
        ExtractError
            If it is neither, its conversion is not finished, the folder is too
            large to be read each time, or a table is not plausible.
        """
        path = Path(path)
        accepted = known_tables(accept, TABLES)
        try:
            is_source = path.is_dir() or is_archive(path)
            extract = cls._folder(path, accepted) if is_source else cls._file(path)
        except duckdb.Error as error:
            reason = str(error).partition("\n")[0]
            raise ExtractError(f"{path}: cannot be read: {reason}") from error
        if check:
            account = extract.account
            known = tuple({*account.accepted, *accepted})
            again = "describe it" if is_source else "convert or describe it"
            replace(account, accepted=known).check(path, again)
        return extract

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
            If a table is unknown, lacks a column of identifiers, or a report
            occurs twice in DEMO.
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
        ((rows, reports),) = connection.execute(
            "SELECT count(UMCReportId), count(DISTINCT UMCReportId) FROM demo"
        ).fetchall()
        if rows != reports:
            raise ExtractError(
                f"the table demo has {rows:,} rows for {reports:,} reports; expected "
                "each UMCReportId once"
            )
        groups = exclude(connection)
        reads = tuple(
            TableRead(name, "", "given", _rows(connection, name), 0) for name in TABLES
        )
        return cls(connection, account=Account(tables=reads, groups=groups))

    @classmethod
    def _file(cls, path: Path) -> Extract:
        if not path.is_file():
            raise ExtractError(f"{path}: no such file or folder")
        if path.suffix.lower() in (*TEXTS, PARQUET):
            raise ExtractError(
                f"{path}: one table; expected the folder of an extract, or a file "
                "that `convert` has made"
            )
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
    def _folder(cls, path: Path, accept: Collection[str]) -> Extract:
        with files_of(path, accept) as files:
            if files.bytes > MAX_BYTES_IN_MEMORY:
                raise ExtractError(
                    f"{path}: {files.bytes / 2**20:.0f} MiB are too much to read each "
                    "time; convert the extract to a file first"
                )
            small = files.bytes < SMALL
            connection = duckdb.connect(config={"threads": 1} if small else {})
            load(connection, files, accept=accept)
            return cls._converted(connection)

    @classmethod
    def _converted(cls, connection: duckdb.DuckDBPyConnection) -> Extract:
        return cls(
            connection,
            synthetic=books.is_synthetic(connection),
            account=books.account(connection),
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
    name = f"the table {table.name}"
    if content is None:
        columns = taken_sql(table, None, name, own_ids=True)
        connection.execute(f"CREATE TABLE {table.name} AS SELECT {columns} LIMIT 0")
        return
    source = _source(connection, content)
    found = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    names = {str(name): str(name) for name, *_ in found}
    columns = taken_sql(table, names, name, own_ids=True)
    connection.execute(f"CREATE TABLE {table.name} AS SELECT {columns} FROM {source}")


def _rows(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    ((n,),) = connection.execute(f"SELECT count(*) FROM {name}").fetchall()
    return int(n)


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
