"""The tables of an extract in plain DuckDB and in polars, with no check at all."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb

from analysis.vigibase.intake.forms import plain, recognise
from analysis.vigibase.intake.reading import good_rows_sql, native_sql
from analysis.vigibase.layout import TABLES, Column, Table


def in_duckdb(extract: Path, folder: Path, form: str) -> None:
    """Read the tables into a file of DuckDB."""
    to = folder / f"plain-{form}.duckdb"
    to.unlink(missing_ok=True)
    with duckdb.connect(str(to)) as connection:
        connection.execute("SET memory_limit = '2GB'")
        for table in TABLES.values():
            path = extract / f"{table.stem}.{form}"
            rows = good_rows_sql(table, path).rpartition(" WHERE ")[0]
            if form == "csv":
                rows = native_sql(
                    table, path, recognise(table, path, path.name), "rejects"
                )
            connection.execute(f"CREATE TABLE {table.name} AS {rows}")


def in_polars(extract: Path, folder: Path, form: str) -> None:
    """Read the tables into Parquet; raises ImportError without polars."""
    pl = import_module("polars")

    for table in TABLES.values():
        path = extract / f"{table.stem}.{form}"
        frame = (
            _delimited(pl, table, path) if form == "csv" else _fixed(pl, table, path)
        )
        frame.sink_parquet(folder / f"{table.name}.parquet")


def _delimited(pl: Any, table: Table, path: Path) -> Any:
    names = [column.name for column in table.columns]
    extra = recognise(table, path, path.name).fields - len(plain(table).places)
    types = {c.name: _type(pl, c) for c in table.columns}
    types |= {f"extra{number}": pl.String for number in range(extra)}
    frame = pl.scan_csv(path, has_header=False, schema=types, null_values=["-", ""])
    columns = []
    for column in table.columns:
        read = pl.col(column.name)
        if column.kind == "date":
            read = read.str.to_date("%Y%m%d", strict=False)
        elif column.kind in ("code", "text") and column.width > 1:
            read = read.str.strip_chars()
        columns.append(read)
    return frame.select(columns).select(names)


def _fixed(pl: Any, table: Table, path: Path) -> Any:
    frame = pl.scan_csv(
        path,
        has_header=False,
        schema={"line": pl.String},
        separator="\x01",
        quote_char=None,
    )
    columns = []
    for column in table.columns:
        read = pl.col("line").str.slice(column.first - 1, column.width)
        if column.width > 1:
            read = read.str.strip_chars()
        if column.kind == "date":
            read = read.str.to_date("%Y%m%d", strict=False)
        elif column.kind not in ("code", "text"):
            read = read.cast(_type(pl, column), strict=False)
        columns.append(read.alias(column.name))
    return frame.select(columns)


def _type(pl: Any, column: Column) -> Any:
    if column.kind in ("id", "number"):
        return pl.Int64
    return pl.Float64 if column.kind == "days" else pl.String
