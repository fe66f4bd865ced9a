"""From the lines of a table to typed rows, each with what is wrong with it.

Whole delimited files are read by DuckDB's own reader, which says which lines it
cannot use; those lines, and fixed width, are cut and judged one by one here, so
that a bad one is named by its number and set aside as it stood.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from analysis.vigibase.intake.forms import Form, plain
from analysis.vigibase.layout import (
    BLANKS,
    CODE_LISTS,
    MISSING,
    SYNTHETIC_MARK,
    Column,
    Kind,
    Table,
)

_BLANKS = f"({', '.join(repr(blank) for blank in BLANKS)})".replace("\\\\", "\\")
# Stands, in what native_sql reads, for a number that is not whole.
NOT_WHOLE = -(2**62)
# What a cell of a kind is that cannot be read, and how it is written.
UNREADABLE: dict[Kind, str] = {
    "number": "is not a whole number",
    "date": "is not a date that exists",
    "days": "is not a number of days",
}
EXPECTED: dict[Kind, str] = {
    "number": "digits only",
    "date": "days such as 20240131 or 2024-01-31",
    "days": "numbers such as 30 or 0.5",
}


def quoted(text: str) -> str:
    """Quote a string for SQL."""
    return "'" + text.replace("'", "''") + "'"


def lines_sql(path: Path) -> str:
    """Write the table function that reads a file of UTF-8, one column ``line``."""
    return (
        f"read_csv({quoted(str(path))}, columns = {{'line': 'VARCHAR'}}, "
        "header = false, auto_detect = false, delim = '\x01', quote = '', "
        "escape = '', strict_mode = false, encoding = 'utf-8')"
    )


def judged_sql(table: Table, form: Form, lines: str) -> str:
    """Write the query that judges lines one by one.

    Parameters
    ----------
    table : Table
    form : Form
    lines : str
        A query that gives ``line``, and ``line_number`` where it is wanted.

    Returns
    -------
    str
        A query with what ``lines`` gives, the columns of the table, ``fault``
        (why the row cannot be used) and ``blemishes`` (the fields that had to be
        left empty: name, reason and what was found); both are NULL for a good row.
    """
    parts = _split(table, form) if form.delimiter else "0"
    raw = ", ".join(
        f"{_raw(column, place, form)} AS raw_{column.name}"
        for column, place in zip(table.columns, form.places, strict=True)
    )
    shape = _shape_delimited(table, form) if form.delimiter else _shape_fixed(table)
    return _judged(
        table,
        f"SELECT * EXCLUDE (parts), {raw}, {shape} AS shape "
        f"FROM (SELECT *, {parts} AS parts FROM ({lines}))",
    )


def judged_cells_sql(table: Table, source: str, names: Mapping[str, str]) -> str:
    """Write the query that judges the rows of a table of columns, as of Parquet.

    Parameters
    ----------
    table : Table
    source : str
        It has a column ``line_number``.
    names : mapping of str to str
        Of a column of the table, its name there.

    Returns
    -------
    str
        As of :func:`judged_sql`; ``line`` holds the cells that are used.
    """
    raw = ", ".join(
        (cell_sql(names[column.name]) if column.name in names else "NULL::VARCHAR")
        + f" AS raw_{column.name}"
        for column in table.columns
    )
    line = f"concat_ws(',', {_raws(table)}) AS line, NULL AS shape"
    return _judged(table, f"SELECT *, {line} FROM (SELECT line_number, {raw} {source})")


def _judged(table: Table, cells: str) -> str:
    typed = ", ".join(_typed(column) for column in table.columns)
    return (
        f"SELECT * EXCLUDE (shape, {_raws(table)}), "
        f"{_fault(table)} AS fault, {_blemishes(table)} AS blemishes "
        f"FROM (SELECT *, {typed} FROM ({cells}))"
    )


def rows_sql(table: Table, path: Path, form: Form, *, numbered: bool = False) -> str:
    """Write the query that reads a file line by line, as :func:`judged_sql` does.

    With ``numbered`` it also gives ``line_number`` and ``line``, more slowly.
    """
    number = "row_number() OVER () AS line_number, " if numbered else ""
    lines = f"SELECT {number}coalesce(line, '') AS line FROM {lines_sql(path)}"
    if form.header:
        lines += f" OFFSET {form.header}"
    query = judged_sql(table, form, lines)
    return query if numbered else f"SELECT * EXCLUDE (line) FROM ({query})"


def distinct_sql(column: Column) -> str:
    """Write the query that reads distinct cells of a column, in their order.

    It takes them as one parameter, a list, and gives the value of each, and
    whether it is one or says that there is none.
    """
    raw = f"raw_{column.name}"
    return (
        f"SELECT {_typed(column)}, {column.name} IS NOT NULL "
        f"OR trim({raw}) IN {_BLANKS} FROM (SELECT unnest(?::VARCHAR[]) AS {raw})"
    )


def good_rows_sql(table: Table, path: Path) -> str:
    """Write the query that reads the good lines of a fixed-width file.

    What is good is told cheaply: a line of the right length whose fields can be
    read or hold the sign for missing. The others are left to :func:`judged_sql`.
    """
    form = plain(table, "")
    raw = ", ".join(
        f"{_raw(column, place, form)} AS raw_{column.name}"
        for column, place in zip(table.columns, form.places, strict=True)
    )
    names = ", ".join(column.name for column in table.columns)
    typed = ", ".join(_typed(column) for column in table.columns)
    lines = f"SELECT line FROM {lines_sql(path)} WHERE {_has_length(table)}"
    return (
        f"SELECT {names} FROM (SELECT *, {typed} FROM (SELECT {raw} FROM ({lines}))) "
        f"WHERE {_is_good(table)}"
    )


def other_lines_sql(table: Table, path: Path) -> str:
    """Write the query that gives the lines that :func:`good_rows_sql` leaves out."""
    form = plain(table, "")
    raw = ", ".join(
        f"{_raw(column, place, form)} AS raw_{column.name}"
        for column, place in zip(table.columns, form.places, strict=True)
    )
    typed = ", ".join(_typed(column) for column in table.columns)
    lines = (
        "SELECT row_number() OVER () AS line_number, coalesce(line, '') AS line "
        f"FROM {lines_sql(path)}"
    )
    return (
        f"SELECT line_number, line FROM (SELECT *, {typed} "
        f"FROM (SELECT *, {raw} FROM ({lines}))) "
        f"WHERE NOT coalesce(({_has_length(table)}) AND ({_is_good(table)}), false)"
    )


def _has_length(table: Table) -> str:
    width = table.width
    if not table.padded:
        least = table.columns[-1].first
        return f"strlen(line) BETWEEN {least} AND {width}"
    mark = f" {SYNTHETIC_MARK}"
    return (
        f"strlen(line) = {width} OR (strlen(line) = {width + len(mark)} "
        f"AND ends_with(line, '{mark}'))"
    )


def _is_good(table: Table) -> str:
    checks = []
    for column in table.columns:
        missing = MISSING.ljust(column.width)
        if column.kind == "id":
            checks.append(f"{column.name} IS NOT NULL")
        elif column.kind in ("number", "days", "date"):
            checks.append(
                f"({column.name} IS NOT NULL OR raw_{column.name} = '{missing}')"
            )
    return " AND ".join(checks)


def native_sql(table: Table, path: Path, form: Form, rejects: str) -> str:
    """Write the query that reads a delimited file whole.

    Lines that it cannot read are listed in the table ``rejects``; blank ones are
    passed over. A number that is not whole is read as :data:`NOT_WHOLE`.
    """
    names = [f"f{number}" for number in range(form.fields)]
    types = dict.fromkeys(names, "VARCHAR")
    chosen = []
    for column, place in zip(table.columns, form.places, strict=True):
        if place is None:
            chosen.append(f"NULL::{column.sql_type} AS {column.name}")
            continue
        name = names[place]
        read = name
        if column.kind in ("code", "text"):
            read = value_sql(column, name)
        elif column.kind in ("id", "number"):
            # Read as a whole number, 1.5 would be rounded.
            types[name] = "DOUBLE"
            read = (
                f"CASE WHEN {name} <> trunc({name}) OR abs({name}) >= 2 ** 53 "
                f"THEN {NOT_WHOLE} ELSE {name}::{column.sql_type} END"
            )
        else:
            types[name] = column.sql_type
        chosen.append(f"{read} AS {column.name}")
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in types.items())
    return (
        f"SELECT {', '.join(chosen)} FROM read_csv({quoted(str(path))}, "
        f"columns = {{{columns}}}, header = false, skip = {form.header}, "
        f"auto_detect = false, delim = {quoted(form.delimiter)}, quote = '\"', "
        "escape = '\"', strict_mode = true, encoding = 'utf-8', "
        f"nullstr = [{_BLANKS[1:-1]}], dateformat = '%Y%m%d', "
        f"store_rejects = true, rejects_table = '{rejects}', "
        f"rejects_scan = '{rejects}_scan')"
    )


def code_list_sql(name: str, path: Path, delimiter: str = "") -> str:
    """Write the query that reads the codes of a code list.

    Parameters
    ----------
    name : str
    path : Path
        A text of UTF-8, or Parquet.
    delimiter : str
        Empty for fixed width.
    """
    if path.suffix.lower() == ".parquet":
        return (
            f"SELECT DISTINCT '{name}' AS list, trim(COLUMNS(*)[1]::VARCHAR) AS code "
            f"FROM (SELECT Code FROM read_parquet({quoted(str(path))}))"
        ).replace("COLUMNS(*)[1]", "Code")
    code = (
        f"trim(split_part(line, {quoted(delimiter)}, 1), '\" ')"
        if delimiter
        else f"substring(line, 1, {CODE_LISTS[name]})"
    )
    return (
        f"SELECT DISTINCT '{name}' AS list, trim({code}) AS code "
        f"FROM {lines_sql(path)} WHERE trim(line) <> ''"
    )


_DATES = "['%Y%m%d', '%Y-%m-%d', '%Y-%m-%d %H:%M:%S']"
_QUOTES = "strlen(line) - strlen(replace(line, '\"', ''))"


def _ends_in_text(table: Table, form: Form) -> bool:
    """Whether the last field is a text, which may hold what separates others."""
    return not table.padded and form.places == plain(table).places and not form.unused


def _split(table: Table, form: Form) -> str:
    """Cut a line; the text of an indication may hold anything, so it comes last."""
    delimiter = quoted(form.delimiter)
    if not _ends_in_text(table, form):
        sign = re.escape(form.delimiter)
        cell = quoted(f'{sign}( *"(?:[^"]|"")*"[^{sign}]*|[^{sign}]*)')
        cells = f"regexp_extract_all({delimiter} || line, {cell}, 1)"
        held = "replace(trim(x)[2:-2], '\"\"', '\"')"
        bare = f"CASE WHEN trim(x) LIKE '\"%\"' THEN {held} ELSE x END"
        return (
            f"CASE WHEN contains(line, '\"') THEN list_transform({cells}, "
            f"lambda x: {bare}) ELSE string_split(line, {delimiter}) END"
        )
    after = f"trim(substring(line, position({delimiter} IN line) + 1))"
    unquoted = f"CASE {after}[1] WHEN '\"' THEN {after}[2:-2] ELSE {after} END"
    return (
        f"[trim(split_part(line, {delimiter}, 1), '\" '), "
        f"replace({unquoted}, '\"\"', '\"')]"
    )


def _raw(column: Column, place: int | None, form: Form) -> str:
    if place is None:
        return "NULL::VARCHAR"
    if form.delimiter:
        return f"parts[{place + 1}]"
    return f"substring(line, {column.first}, {column.width})"


def _raws(table: Table) -> str:
    return ", ".join(f"raw_{column.name}" for column in table.columns)


def _shape_delimited(table: Table, form: Form) -> str:
    # A delimiter at least, where the split takes the rest of the line as one.
    cut = (
        f"position({quoted(form.delimiter)} IN line) = 0"
        if _ends_in_text(table, form)
        else f"len(parts) < {form.fields}"
    )
    return (
        "CASE WHEN trim(line) = '' THEN 'blank line' "
        f"WHEN {cut} OR ({_QUOTES}) % 2 = 1 THEN 'truncated line' "
        f"WHEN len(parts) > {form.fields} THEN 'line too long' END"
    )


def _shape_fixed(table: Table) -> str:
    full = table.width if table.padded else table.columns[-1].first
    return (
        f"CASE WHEN strlen(line) < {full} THEN "
        "CASE WHEN trim(line) = '' THEN 'blank line' ELSE 'truncated line' END "
        f"WHEN strlen(line) > {table.width} "
        f"AND trim(substring(line, {table.width + 1})) "
        f"NOT IN ('', '{SYNTHETIC_MARK}') THEN 'line too long' END"
    )


def cell_sql(name: str) -> str:
    """Write a cell of a typed column as text; a data frame says NaN for nothing."""
    return f"""nullif("{name.replace('"', '""')}"::VARCHAR, 'nan')"""


def value_sql(column: Column, raw: str) -> str:
    """Write how a cell is read; casts pass over blanks, which is cheaper than to trim.

    Parameters
    ----------
    column : Column
    raw : str
        The cell as text.
    """
    match column.kind:
        case "date":
            return f"TRY_CAST(try_strptime(trim({raw}), {_DATES}) AS DATE)"
        case "code" | "text":
            text = f"trim({raw})"
            known = f"CASE WHEN {text} NOT IN {_BLANKS} THEN {text} END"
            if column.kind == "text":
                return known
            # Tools that know no missing codes write them as numbers with decimals.
            return (
                f"CASE WHEN ends_with({text}, '.0') THEN {text}[:-3] ELSE {known} END"
            )
        case "days":
            days = f"TRY_CAST(replace({raw}, ',', '.') AS {column.sql_type})"
            # "nan" and "inf" can be cast, and are no number of days.
            return f"CASE WHEN isfinite({days}) THEN {days} END"
        case _:
            # A cast rounds 1.5, and what has an exponent was perhaps rounded before.
            whole = f"TRY_CAST({raw} AS {column.sql_type})"
            return (
                f"CASE WHEN NOT contains({raw}, '.') OR "
                f"regexp_full_match({raw}, "
                "' *-?[0-9]+[.]0* *|.*[.][0-9][eE][+]?0*[1-9].*') "
                f"THEN {whole} END"
            )


def _typed(column: Column) -> str:
    return f"{value_sql(column, f'raw_{column.name}')} AS {column.name}"


def _fault(table: Table) -> str:
    ids = " ".join(
        f"WHEN {column.name} IS NULL THEN '{column.name} is not a whole number'"
        for column in table.columns
        if column.kind == "id"
    )
    return f"CASE WHEN shape IS NOT NULL THEN shape {ids} END"


def _blemishes(table: Table) -> str:
    checks = [
        f"CASE WHEN {_is_unreadable(column, f'raw_{column.name}')} "
        f"THEN {{'name': '{column.name}', 'found': raw_{column.name}, "
        f"'reason': '{column.name} {UNREADABLE[column.kind]}'}} END"
        for column in table.columns
        if column.kind in UNREADABLE
    ]
    if not checks:
        return "NULL::STRUCT(name VARCHAR, found VARCHAR, reason VARCHAR)[]"
    found = f"list_filter([{', '.join(checks)}], lambda x: x IS NOT NULL)"
    return f"CASE WHEN len({found}) > 0 THEN {found} END"


def _is_unreadable(column: Column, raw: str) -> str:
    return f"{column.name} IS NULL AND trim({raw}) NOT IN {_BLANKS}"
