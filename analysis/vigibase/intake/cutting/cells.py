"""Cells that many rows share are read by the database, each of them once."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from analysis.vigibase.intake.forms import Form
from analysis.vigibase.intake.reading import distinct_sql
from analysis.vigibase.layout import Column

# Places of cells, their values, and which are known.
_Kept = tuple[dict[str, int], NDArray[Any], NDArray[np.bool_]]
# Beyond so many, what was read is forgotten.
_MOST_KEPT = 1_000_000
_NONE = {"date": np.datetime64("NaT"), "days": np.nan}


def _numbered(cells: Sequence[str], start: int = 0) -> dict[str, int]:
    return {cell: number for number, cell in enumerate(cells, start=start)}


class Cells:
    """Reads cells of a file as those of a line that is judged are read.

    Several threads may ask.

    Parameters
    ----------
    connection : DuckDBPyConnection
    form : Form
        Of the file.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, form: Form) -> None:
        self._connection = connection.cursor()
        self._lock = threading.Lock()
        self._form = form
        self._kept: dict[str, _Kept] = {}

    def read(
        self, column: Column, cells: Sequence[str]
    ) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """Read cells, padded with blanks, of a column.

        Returns
        -------
        values : array
        known : array of bool
            Which have a value, or say that there is none.
        """
        with self._lock:
            return self._read(column, cells)

    def _read(
        self, column: Column, cells: Sequence[str]
    ) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        kept: _Kept | None = self._kept.get(column.name)
        if kept is None or len(kept[0]) > _MOST_KEPT:
            distinct = list(dict.fromkeys(cells))
            kept = _numbered(distinct), *self._ask(column, distinct)
        elif unread := [c for c in dict.fromkeys(cells) if c not in kept[0]]:
            more = self._ask(column, unread)
            kept = (
                kept[0] | _numbered(unread, len(kept[0])),
                np.concatenate([kept[1], more[0]]),
                np.concatenate([kept[2], more[1]]),
            )
        self._kept[column.name] = kept
        places, values, known = kept
        chosen = np.array([places[cell] for cell in cells], np.intp)
        return values[chosen], known[chosen]

    def _ask(
        self, column: Column, cells: Sequence[str]
    ) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        raw = [
            cell.rstrip(" ") if self._form.delimiter else cell[: column.width]
            for cell in cells
        ]
        query = distinct_sql(column)
        found = self._connection.execute(query, [raw]).fetchnumpy()
        values: Any
        known: Any
        values, known = found.values()
        filled = np.ma.getdata(values).copy()
        filled[np.ma.getmaskarray(values)] = _NONE.get(column.kind)
        return filled, np.asarray(known)
