"""From the files of an extract to typed rows, each with what is wrong with it.

Both forms are read line by line inside DuckDB: a record is a line, so that a
bad one can be named by its number and set aside as it stood.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from analysis.vigibase.errors import ExtractError
from analysis.vigibase.layout import (
    CODE_LISTS,
    MISSING,
    SYNTHETIC_MARK,
    TABLES,
    Column,
    Form,
    Table,
)

_CHUNK = 1 << 24


@dataclass(frozen=True)
class Files:
    """The files of an extract.

    Attributes
    ----------
    folder : Path
    form : {"csv", "txt"}
    tables : dict of str to Path
        By name of the table; all of them.
    code_lists : dict of str to Path
        By name of the code list; those that were found.
    """

    folder: Path
    form: Form
    tables: dict[str, Path]
    code_lists: dict[str, Path]

    @property
    def bytes(self) -> int:
        """Size of the tables together."""
        return sum(path.stat().st_size for path in self.tables.values())


def find_files(folder: Path) -> Files:
    """Find the tables and code lists of an extract, in its folder or one below.

    Parameters
    ----------
    folder : Path

    Raises
    ------
    ExtractError
        If the folder does not exist, a table is missing, is there twice, or
        the tables are not all of one form.
    """
    if not folder.is_dir():
        raise ExtractError(f"{folder}: no such folder; expected that of an extract")
    found: dict[str, list[Path]] = {}
    for path in sorted((*folder.glob("*"), *folder.glob("*/*"))):
        if path.suffix.lower() in (".csv", ".txt"):
            found.setdefault(path.stem.lower(), []).append(path)
    files = {name: found.get(name, []) for name in TABLES}
    if missing := [TABLES[name].stem for name, paths in files.items() if not paths]:
        raise ExtractError(
            f"{folder}: no file for the table{'s' * (len(missing) > 1)} "
            f"{', '.join(missing)} (as .csv or .txt); "
            "copy every table of the extract into this folder"
        )
    if twice := [paths for paths in files.values() if len(paths) > 1]:
        names = ", ".join(str(path.relative_to(folder)) for path in twice[0])
        raise ExtractError(f"{folder}: one table in several files ({names}); keep one")
    tables = {name: paths[0] for name, paths in files.items()}
    forms = {path.suffix.lower().lstrip(".") for path in tables.values()}
    if len(forms) > 1:
        raise ExtractError(
            f"{folder}: both .csv and .txt tables; an extract comes in one form"
        )
    return Files(
        folder=folder,
        form="csv" if forms == {"csv"} else "txt",
        tables=tables,
        code_lists={
            name: found[f"{name.lower()}_lx"][0]
            for name in CODE_LISTS
            if f"{name.lower()}_lx" in found
        },
    )


def rows_sql(table: Table, path: Path, form: Form, *, numbered: bool = False) -> str:
    """Write the query that reads a table.

    Parameters
    ----------
    table : Table
    path : Path
    form : {"csv", "txt"}
    numbered : bool
        Also give ``line_number`` and ``line``; slower, since lines are then
        counted in order.

    Returns
    -------
    str
        A query with the columns of the table, ``fault`` (why the row cannot be
        used) and ``blemish`` (which fields had to be left empty); both are NULL
        for a good row.
    """
    number = "row_number() OVER () AS line_number, " if numbered else ""
    lines = f"SELECT {number}coalesce(line, '') AS line FROM {lines_sql(path)}"
    raw = _raw_csv(table) if form == "csv" else _raw_txt(table)
    shape = _shape_csv(table) if form == "csv" else _shape_txt(table)
    parts = (
        f"SELECT *, {_SPLIT if table.padded else _SPLIT_IND} AS parts FROM ({lines})"
        if form == "csv"
        else lines
    )
    kept = "line_number, line, " if numbered else ""
    typed = ", ".join(_typed(column, form) for column in table.columns)
    names = ", ".join(column.name for column in table.columns)
    return (
        f"SELECT {kept}{names}, {_fault(table)} AS fault, {_blemish(table)} AS blemish "
        f"FROM (SELECT *, {typed} FROM "
        f"(SELECT *, {raw}, {shape} AS shape FROM ({parts})))"
    )


def code_list_sql(name: str, path: Path, form: Form) -> str:
    """Write the query that reads the codes of a code list."""
    code = "parts[1]" if form == "csv" else f"substring(line, 1, {CODE_LISTS[name]})"
    parts = f"SELECT line, {_SPLIT_IND} AS parts FROM {lines_sql(path)}"
    return (
        f"SELECT DISTINCT '{name}' AS list, trim({code}) AS code FROM ({parts}) "
        "WHERE trim(line) <> ''"
    )


def quoted(text: str) -> str:
    """Quote a string for SQL."""
    return "'" + text.replace("'", "''") + "'"


_QUOTES = "strlen(line) - strlen(replace(line, '\"', ''))"
# No field but an indication holds a comma or a quotation mark.
_SPLIT = "string_split(replace(line, '\"', ''), ',')"
_AFTER_COMMA = "trim(substring(line, position(',' IN line) + 1))"
_UNQUOTED = (
    f"CASE {_AFTER_COMMA}[1] WHEN '\"' THEN {_AFTER_COMMA}[2:-2] "
    f"ELSE {_AFTER_COMMA} END"
)
_SPLIT_IND = (
    f"[trim(split_part(line, ',', 1), '\" '), replace({_UNQUOTED}, '\"\"', '\"')]"
)


def lines_sql(path: Path) -> str:
    """Write the table function that reads a file, one column ``line``."""
    return (
        f"read_csv({quoted(str(path))}, columns = {{'line': 'VARCHAR'}}, "
        "header = false, auto_detect = false, delim = '\x01', quote = '', "
        f"escape = '', strict_mode = false, encoding = '{_encoding(path)}')"
    )


def _encoding(path: Path) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
        except UnicodeDecodeError:
            return "latin-1"
    return "utf-8"


def _raw_csv(table: Table) -> str:
    return ", ".join(
        f"parts[{position}] AS raw_{column.name}"
        for position, column in enumerate(table.columns, start=1)
    )


def _raw_txt(table: Table) -> str:
    return ", ".join(
        f"substring(line, {column.first}, {column.width}) AS raw_{column.name}"
        for column in table.columns
    )


def _shape_csv(table: Table) -> str:
    # A comma at least, where the split takes the rest of the line as one field.
    cut = (
        f"len(parts) < {len(table.columns)}"
        if table.padded
        else "position(',' IN line) = 0"
    )
    return (
        "CASE WHEN trim(line) = '' THEN 'blank line' "
        f"WHEN {cut} OR ({_QUOTES}) % 2 = 1 THEN 'truncated line' "
        f"WHEN len(parts) > {len(table.columns)} THEN 'line too long' END"
    )


def _shape_txt(table: Table) -> str:
    full = table.width if table.padded else table.columns[-1].first
    return (
        f"CASE WHEN strlen(line) < {full} THEN "
        "CASE WHEN trim(line) = '' THEN 'blank line' ELSE 'truncated line' END "
        f"WHEN strlen(line) > {table.width} "
        f"AND trim(substring(line, {table.width + 1})) "
        f"NOT IN ('', '{SYNTHETIC_MARK}') THEN 'line too long' END"
    )


def _typed(column: Column, form: Form) -> str:
    """Read a field; casts pass over blanks, which is cheaper than to trim them."""
    raw = f"raw_{column.name}"
    missing = MISSING.ljust(column.width) if form == "txt" else MISSING
    match column.kind:
        case "date":
            read = f"TRY_CAST(try_strptime({raw}, '%Y%m%d') AS DATE)"
        case "code" | "text":
            read = raw if column.width == 1 else f"trim({raw})"
        case "days":
            read = f"TRY_CAST(nullif({raw}, '{missing}') AS {column.sql_type})"
        case _:
            read = f"TRY_CAST({raw} AS {column.sql_type})"
    return f"{read} AS {column.name}"


def _fault(table: Table) -> str:
    ids = " ".join(
        f"WHEN {column.name} IS NULL THEN '{column.name} is not a whole number'"
        for column in table.columns
        if column.kind == "id"
    )
    return f"CASE WHEN shape IS NOT NULL THEN shape {ids} END"


def _blemish(table: Table) -> str:
    expected = {
        "date": "is not a date that exists",
        "days": "is not a number of days",
        "number": "is not a whole number",
    }
    checks = [
        f"WHEN {column.name} IS NULL "
        f"AND trim(raw_{column.name}) NOT IN ('', 'NA', '{MISSING}') "
        f"THEN '{column.name} {expected[column.kind]}'"
        for column in table.columns
        if column.kind in expected
    ]
    # One blemish a row is enough to find it again.
    return f"CASE {' '.join(checks)} END" if checks else "NULL::VARCHAR"
