"""What a table rests on, as ``basis.csv`` beside it states: there is no default."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, cast, get_args

from analysis.reading import read_table
from analysis.schema import Column, DataError, Fault, Schema, free_text, label, one_of

Basis = Literal["published", "collected", "reconstruction", "synthetic"]
FILE = "basis.csv"

_SCHEMA = Schema(
    (
        Column("file", label),
        Column("basis", one_of(*get_args(Basis))),
        Column("what", free_text),
    ),
    unique=("file",),
)


def stated_basis(table: Path) -> Basis:
    """Return what a table rests on.

    Parameters
    ----------
    table : Path
        ``basis.csv`` beside it has a row with its name.

    Returns
    -------
    {"published", "collected", "reconstruction", "synthetic"}
        Read in publications; recorded of patients, or asked of those who did;
        made to agree with what was published; invented.

    Raises
    ------
    DataError
        Where nothing is stated, and with every fault of ``basis.csv``.
    """
    stated = table.with_name(FILE)
    file = "/".join(stated.parts[-2:])
    expected = f"a row {table.name},BASIS, with {', '.join(get_args(Basis))} as BASIS"
    if not stated.exists():
        raise DataError([Fault(file, None, None, "no such file", expected)])
    by_file = {row["file"]: row["basis"] for row in read_table(stated, _SCHEMA)}
    if table.name not in by_file:
        raise DataError([Fault(file, None, None, f"nothing on {table.name}", expected)])
    return cast(Basis, by_file[table.name])
