"""Blocks of a file are cut into columns, several ahead; what is not regular is left."""

from __future__ import annotations

import codecs
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.vigibase.intake.cutting.lines import (
    NEWLINE,
    cut_delimited,
    cut_fixed,
)
from analysis.vigibase.intake.cutting.words import (
    BLANKS,
    WORD,
    Bytes,
    Mask,
    Words,
    is_missing,
    texts,
    whole_numbers,
)
from analysis.vigibase.intake.forms import Form
from analysis.vigibase.layout import Column, Table

# Reads cells of a column: their values, and which could be read or hold none.
Reader = Callable[[Column, Sequence[str]], tuple[NDArray[Any], Mask]]

# Small enough that what is worked on stays near the processor; rows are handed
# on by several blocks together.
_BLOCK = 1 << 20
_BATCH = 1 << 23
# Blocks are cut by so many at a time, and so many are held until they are wanted.
_WORKERS = max(1, min(4, (os.cpu_count() or 1) - 1))
_AHEAD = 2 * _WORKERS


@dataclass(frozen=True)
class Batch:
    """The lines of a block of a file.

    Attributes
    ----------
    rows : DataFrame
        The columns of the table, of the lines that are regular.
    others : tuple of (int, str)
        The others: their numbers, from 1, and what they hold.
    """

    rows: pd.DataFrame
    others: tuple[tuple[int, str], ...]


def can_cut(table: Table) -> bool:
    """Tell whether the lines of a table can be regular: free text never is."""
    return all(
        column.kind not in ("text", "code", "date") or column.width <= WORD
        for column in table.columns
    )


def batches(table: Table, path: Path, form: Form, read: Reader) -> Iterator[Batch]:
    """Cut a file.

    Parameters
    ----------
    table : Table
    path : Path
        Lines of UTF-8.
    form : Form
    read : callable
        Reads cells of a column; called by several threads.
    """
    number, size, pieces = 1 + form.header, 0, []
    for piece in _pieces(table, path, form, read):
        pieces.append(replace(piece, number=number))
        number += len(piece.ends)
        size += len(piece.data)
        if size >= _BATCH:
            yield _batch(table, pieces, read)
            size, pieces = 0, []
    if pieces:
        yield _batch(table, pieces, read)


def _pieces(table: Table, path: Path, form: Form, read: Reader) -> Iterator[_Piece]:
    """Cut blocks ahead, beside what is done with those before."""
    with ThreadPoolExecutor(_WORKERS) as pool:
        ahead: deque[Future[_Piece]] = deque()
        for number, data in enumerate(_blocks(path)):
            if not number and form.header:
                # Sought among the first lines, which one block holds.
                ends = np.flatnonzero(data == NEWLINE)
                data = data[int(ends[form.header - 1]) + 1 :]
            if data.size:
                ahead.append(pool.submit(_piece, table, data, form, read))
            if len(ahead) > _AHEAD:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


@dataclass(frozen=True)
class _Piece:
    """The lines of a block.

    Attributes
    ----------
    data : array
    ends : array
        Where each line ends.
    regular : array or None
        Which lines are cut; None for all.
    good : array
        Which of those cut are read.
    cells : tuple of tuple of arrays
        What was read of each column.
    number : int
        Of its first line.
    """

    data: Bytes
    ends: NDArray[np.int64]
    regular: Mask | None
    good: Mask
    cells: tuple[tuple[NDArray[Any], ...], ...]
    number: int = 1

    def others(self, good: Mask) -> Iterator[tuple[int, str]]:
        """Take the lines that are not cut, and those that are not good."""
        if self.regular is None and good.all():
            return
        left = np.ones(len(self.ends), np.bool_)
        left[slice(None) if self.regular is None else self.regular] = ~good
        for place in np.flatnonzero(left):
            start = self.ends[place - 1] + 1 if place else 0
            line = self.data[start : self.ends[place]].tobytes().removesuffix(b"\r")
            yield self.number + int(place), line.decode("utf-8", "replace")


def _piece(table: Table, data: Bytes, form: Form, read: Reader) -> _Piece:
    cut = cut_delimited(data, form) if form.delimiter else cut_fixed(data, table)
    good = np.ones(cut.rows, np.bool_)
    cells = []
    for column, place in zip(table.columns, form.places, strict=True):
        if place is None:
            cells.append(_plain(column, _nothing(column, cut.rows), good, read))
        else:
            cells.append(_plain(column, cut.cell(column, place), good, read))
    good &= cut.whole
    return _Piece(data, cut.ends, cut.regular, good, tuple(cells))


def _batch(table: Table, pieces: Sequence[_Piece], read: Reader) -> Batch:
    good = np.concatenate([piece.good for piece in pieces])
    columns = {}
    for place, column in enumerate(table.columns):
        cells = zip(*(piece.cells[place] for piece in pieces), strict=True)
        joined = [np.concatenate(parts) for parts in cells]
        columns[column.name] = _column(column, joined, good, read)
    rows = pd.DataFrame(columns, copy=False)
    sizes = [len(piece.good) for piece in pieces]
    each = np.split(good, np.cumsum(sizes)[:-1])
    others = [o for piece, g in zip(pieces, each, strict=True) for o in piece.others(g)]
    return Batch(rows if good.all() else rows[good], tuple(others))


def _blocks(path: Path) -> Iterator[Bytes]:
    """Read whole lines, each with its end."""
    with path.open("rb") as file:
        if file.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
            file.seek(0)
        while piece := file.read(_BLOCK):
            whole = piece.rfind(b"\n") + 1
            if whole:
                file.seek(whole - len(piece), os.SEEK_CUR)
                yield np.frombuffer(piece, np.uint8, whole)
            elif len(piece) < _BLOCK:
                yield np.frombuffer(piece + b"\n", np.uint8)
            else:
                # No line is so long: longer ones were set aside before.
                raise ValueError(f"{path}: a line without an end")


def _nothing(column: Column, rows: int) -> list[Words]:
    """Give the words of a column that is not there."""
    return [np.full(rows, BLANKS)] * (1 + (column.width > WORD))


def _plain(
    column: Column, words: list[Words], good: Mask, read: Reader
) -> tuple[NDArray[Any], ...]:
    """Read numbers; rows of which one cannot be read are no longer good."""
    if column.kind in ("code", "date"):
        return (words[0],)
    numbers, fits = whole_numbers(words)
    if column.kind == "id":
        good &= fits
        return (numbers,)
    missing = is_missing(words)
    fits |= missing
    if column.kind == "number":
        good &= fits
        return numbers, missing
    days = numbers.astype(float)
    days[missing] = np.nan
    odd = np.flatnonzero(~fits)
    if odd.size:
        values, known = read(column, texts([word[odd] for word in words]))
        good[odd] &= known
        days[odd] = values
    return (days,)


def _column(
    column: Column, cells: list[NDArray[Any]], good: Mask, read: Reader
) -> object:
    """Make a column of what was read of it."""
    match column.kind:
        case "code":
            return _codes(cells[0], column, read)
        case "number":
            return pd.arrays.IntegerArray(cells[0], cells[1])
        case "date":
            codes, distinct = pd.factorize(cells[0])
            values, known = read(column, texts([distinct]))
            good &= known[codes]
            return values[codes]
        case _:
            return cells[0]


def _codes(word: Words, column: Column, read: Reader) -> object:
    codes, distinct = pd.factorize(word)
    values, _ = read(column, texts([distinct]))
    places, categories = pd.factorize(values)
    return pd.Categorical.from_codes(places[codes], categories=pd.Index(categories))
