"""Lines of an extract from arrays of numbers, without a loop over rows.

A column is a matrix of bytes, one row a line; zeros are filler, which becomes
a space in the fixed-width form and nothing in the CSV form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.vigibase.layout import MISSING, SYNTHETIC_MARK, Form, Table

Bytes = NDArray[np.uint8]


def numbers(values: NDArray[np.int64], width: int) -> Bytes:
    """Write whole numbers, left-aligned; one below zero is missing."""
    column = np.zeros((len(values), width), np.uint8)
    column[values < 0, 0] = ord(MISSING)
    digits = np.searchsorted(10 ** np.arange(1, width), values, side="right") + 1
    for length in np.unique(digits):
        rows = (digits == length) & (values >= 0)
        powers = 10 ** np.arange(length - 1, -1, -1)
        column[rows, :length] = values[rows, None] // powers % 10 + ord("0")
    return column


def texts(choices: Sequence[str], which: NDArray[np.int64], width: int) -> Bytes:
    """Write one of a few texts in each line."""
    table = np.zeros((len(choices), width), np.uint8)
    for row, choice in enumerate(choices):
        table[row, : len(choice)] = np.frombuffer(choice.encode("ascii"), np.uint8)
    return table[which]


def lines(table: Table, columns: Mapping[str, Bytes], form: Form) -> bytes:
    """Join the columns of a table to the lines of its file."""
    rows = len(columns[table.columns[0].name])
    parts: list[Bytes] = []

    def add(text: str) -> None:
        parts.append(np.tile(np.frombuffer(text.encode("ascii"), np.uint8), (rows, 1)))

    for number, column in enumerate(table.columns):
        content = columns[column.name]
        if form == "csv":
            add('"' if number == 0 else '","')
            parts.append(content)
        else:
            parts.append(np.where(content, content, ord(" ")).astype(np.uint8))
    if form == "csv":
        add(f'","{SYNTHETIC_MARK}"' if table.padded else '"')
    elif table.padded:
        add(f" {SYNTHETIC_MARK}")
    add("\n")
    joined = np.concatenate(parts, axis=1)
    return bytes(joined[joined != 0])
