"""Regular lines cut many at a time, as arrays of the bytes that they are.

Most lines of a table look alike: cells of a few bytes, digits or a short code.
Such lines are cut and read with arithmetic on words of eight bytes, a block of
the file at a time; what differs in any way (another length, another number of
fields, a sign that is no digit in a number, a letter beyond ASCII) is handed
back as it stood, with its number, to be judged one by one. A value that many
rows share (a code, a date, a time with decimals) is read once, and where it is
not plain, by the database, as it reads the lines that are judged.
"""

from __future__ import annotations

import codecs
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.vigibase.intake.forms import Form
from analysis.vigibase.layout import MISSING, SYNTHETIC_MARK, Column, Table

Bytes = NDArray[np.uint8]
Words = NDArray[np.uint64]
Mask = NDArray[np.bool_]
# Reads cells of a column: their values, and which could be read or hold none.
Reader = Callable[[Column, Sequence[str]], tuple[NDArray[Any], Mask]]

# Small enough that what is worked on stays near the processor; rows are handed
# on by several blocks together.
_BLOCK = 1 << 20
_BATCH = 1 << 23
_WORD = 8
_NEWLINE, _RETURN, _QUOTE = 10, 13, 34
_TAILS = (b"\n", b"\r\n", f" {SYNTHETIC_MARK}\n".encode())
# Cells are words of eight bytes, blanks after their last; the first byte is the
# lowest.
_BLANKS = np.uint64(0x2020202020202020)
_ZEROS = np.uint64(0x3030303030303030)
_HIGH = np.uint64(0x8080808080808080)
_BEYOND_NINE = np.uint64(0x7676767676767676)
_ONE, _EIGHT = np.uint64(1), np.uint64(8)
_POWERS = np.array([10**n for n in range(_WORD + 1)], np.uint64)
_FIRST_BYTES = np.array([(1 << 8 * n) - 1 for n in range(_WORD + 1)], np.uint64)


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
        column.kind not in ("text", "code", "date") or column.width <= _WORD
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
        Reads distinct values of a column that are not plain.
    """
    number, size, pieces = 1, 0, []
    for data in _blocks(path):
        if number == 1 and form.header:
            data = data[int((data == _NEWLINE).argmax()) + 1 :]
            number += 1
        if not data.size:
            continue
        piece = _piece(table, data, form, read, number)
        pieces.append(piece)
        number += len(piece.ends)
        size += len(data)
        if size >= _BATCH:
            yield _batch(table, pieces, read)
            size, pieces = 0, []
    if pieces:
        yield _batch(table, pieces, read)


@dataclass(frozen=True)
class _Piece:
    """The lines of a block.

    Attributes
    ----------
    data : array
    number : int
        Of its first line.
    ends : array
        Where each line ends.
    regular : array or None
        Which lines are cut; None for all.
    good : array
        Which of those cut are read.
    cells : tuple of tuple of arrays
        What was read of each column.
    """

    data: Bytes
    number: int
    ends: NDArray[np.int64]
    regular: Mask | None
    good: Mask
    cells: tuple[tuple[NDArray[Any], ...], ...]

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


def _piece(table: Table, data: Bytes, form: Form, read: Reader, number: int) -> _Piece:
    cut = _cut_delimited(data, form) if form.delimiter else _cut_fixed(data, table)
    good = np.ones(cut.rows, np.bool_)
    cells = []
    for column, place in zip(table.columns, form.places, strict=True):
        if place is None:
            cells.append(_plain(column, _nothing(column, cut.rows), good, read))
        else:
            cells.append(_plain(column, cut.cell(column, place), good, read))
    good &= cut.whole
    return _Piece(data, number, cut.ends, cut.regular, good, tuple(cells))


def _batch(table: Table, pieces: Sequence[_Piece], read: Reader) -> Batch:
    good = np.concatenate([piece.good for piece in pieces])
    columns = {}
    for place, column in enumerate(table.columns):
        cells = zip(*(piece.cells[place] for piece in pieces), strict=True)
        whole = [np.concatenate(parts) for parts in cells]
        columns[column.name] = _column(column, whole, good, read)
    rows = pd.DataFrame(columns, copy=False)
    sizes = [len(piece.good) for piece in pieces]
    each = np.split(good, np.cumsum(sizes)[:-1])
    others = [o for piece, g in zip(pieces, each, strict=True) for o in piece.others(g)]
    return Batch(rows if good.all() else rows[good], tuple(others))


@dataclass(frozen=True)
class _Cut:
    """Lines of a block that are cut.

    Attributes
    ----------
    ends : array
        Where each line ends.
    regular : array or None
        Which lines are cut; None for all.
    rows : int
        How many are.
    cell : callable
        Gives the words of a column, at a field.
    whole : array
        Which of the lines cut are held whole by the words that were given.
    """

    ends: NDArray[np.int64]
    regular: Mask | None
    rows: int
    cell: Callable[[Column, int], list[Words]]
    whole: Mask


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


def _cut_fixed(data: Bytes, table: Table) -> _Cut:
    is_end = data == _NEWLINE
    size = int(is_end.argmax()) + 1
    count = len(data) // size
    if (
        len(data) == count * size
        and is_end[size - 1 :: size].all()
        and np.count_nonzero(is_end) == count
    ):
        ends = np.arange(size - 1, len(data), size)
    else:
        ends = np.flatnonzero(is_end)
    lengths = np.diff(ends, prepend=-1)
    size = int(np.bincount(lengths).argmax())
    regular = lengths == size
    regular &= ~_beyond_ascii(data, ends)
    starts = ends + 1 - size
    if size <= table.width:
        regular[:] = False
    if regular.all():
        lines, chosen = data.reshape(-1, size), None
    else:
        lines, chosen = data[starts[regular][:, None] + np.arange(size)], regular
    same = _have_tail(lines, table.width) if len(lines) else np.ones(0, np.bool_)

    def cell(column: Column, place: int) -> list[Words]:
        return _words_at(lines, column.first - 1, column.width)

    return _Cut(ends, chosen, len(lines), cell, same)


def _have_tail(lines: Bytes, width: int) -> Mask:
    """Tell which lines have nothing behind their fields but what may be there."""
    tail = lines[0, width:]
    if tail.tobytes() not in _TAILS:
        return np.zeros(len(lines), np.bool_)
    found = _words_at(lines, width, len(tail))
    same = np.ones(len(lines), np.bool_)
    for word in found:
        # The first line has such a tail, so that those like it have.
        same &= word == word[0]
    return same


def _words_at(lines: Bytes, first: int, width: int) -> list[Words]:
    """Take a field of every line as words, from the left."""
    words: list[Words] = []
    if not len(lines):
        return [np.zeros(0, np.uint64)] * -(-width // _WORD)
    for start in range(first, first + width, _WORD):
        size = min(_WORD, first + width - start)
        # A word ends where the field does, so that none reaches past the line.
        found: Words = np.ndarray(
            (len(lines),),
            "<u8",
            buffer=lines,
            offset=start + size - _WORD,
            strides=(lines.shape[1],),
        ).copy()
        if size < _WORD:
            found >>= np.uint64(8 * (_WORD - size))
            found |= _BLANKS << np.uint64(8 * size)
        words.append(found)
    return words


def _cut_delimited(data: Bytes, form: Form) -> _Cut:
    is_end = data == _NEWLINE
    is_stop = is_end | (data == ord(form.delimiter))
    stops = np.flatnonzero(is_stop)
    places = np.flatnonzero(is_end[stops])
    ends = stops[places]
    regular = np.diff(places, prepend=-1) == form.fields
    regular &= ~_beyond_ascii(data, ends)
    firsts = np.concatenate([[-1], ends[:-1]])
    chosen = None if regular.all() else regular
    cells: NDArray[np.int64]
    if chosen is None:
        cells = stops.reshape(-1, form.fields)
    else:
        cells = stops[places[chosen][:, None] + np.arange(1 - form.fields, 1)]
        firsts = firsts[chosen]
    all_quoted = _all_quoted(data, is_stop)
    whole = (
        np.ones(len(cells), np.bool_)
        if all_quoted
        else _well_quoted(data, firsts, cells)
    )
    # Words are taken at any byte; those at the end of the block reach past it.
    padded = np.concatenate([data, np.zeros(2 * _WORD, np.uint8)])
    at_byte = np.ndarray((len(data) + _WORD,), "V8", buffer=padded, strides=(1,))

    def cell(column: Column, place: int) -> list[Words]:
        nonlocal whole
        start = (cells[:, place - 1] if place else firsts) + 1
        end = cells[:, place]
        if all_quoted:
            start, end = start + 1, end - 1
        else:
            end = end - (data[end - 1] == _RETURN)
            quoted = (data[start] == _QUOTE) & (end > start + 1)
            quoted &= data[end - 1] == _QUOTE
            start, end = start + quoted, end - quoted
        length = end - start
        if column.width == 1 and (length == 1).all():
            return [data[start] | _BLANKS << _EIGHT]
        count = 2 if column.width > _WORD else 1
        whole &= length <= count * _WORD
        words = []
        for number in range(count):
            mask = _FIRST_BYTES[np.clip(length - number * _WORD, 0, _WORD)]
            found = at_byte[start + number * _WORD].view("<u8")
            words.append((found & mask) | (_BLANKS & ~mask))
        return words

    return _Cut(ends, chosen, len(cells), cell, whole)


def _all_quoted(data: Bytes, is_stop: Mask) -> bool:
    """Tell whether every cell of a block is in quotation marks of its own."""
    quote = data == _QUOTE
    count = np.count_nonzero(is_stop)
    return bool(
        len(data) > 2
        and quote[0]
        and np.count_nonzero(quote) == 2 * count
        and np.count_nonzero(quote[:-1] & is_stop[1:]) == count
        and np.count_nonzero(is_stop[:-1] & quote[1:]) == count - 1
        # The two are not one and the same.
        and not np.any(is_stop[:-2] & quote[1:-1] & is_stop[2:])
        and not is_stop[1]
    )


def _well_quoted(
    data: Bytes, firsts: NDArray[np.int64], stops: NDArray[np.int64]
) -> Mask:
    """Tell which lines have quotation marks around cells and nowhere else."""
    quotes = np.flatnonzero(data == _QUOTE)
    if not quotes.size:
        return np.ones(len(stops), np.bool_)
    start = np.column_stack([firsts, stops[:, :-1]]) + 1
    last = stops - 1
    last[:, -1] -= data[last[:, -1]] == _RETURN
    held = (data[start] == _QUOTE) & (data[last] == _QUOTE) & (last > start)
    here = np.searchsorted(quotes, stops[:, -1]) - np.searchsorted(quotes, firsts)
    found: Mask = here == 2 * held.sum(axis=1)
    return found


def _beyond_ascii(data: Bytes, ends: NDArray[np.int64]) -> Mask:
    found = np.zeros(len(ends), np.bool_)
    if data.max() > 127:
        found[np.searchsorted(ends, np.flatnonzero(data > 127))] = True
    return found


def _nothing(column: Column, rows: int) -> list[Words]:
    """Give the words of a column that is not there."""
    return [np.full(rows, _BLANKS)] * (1 + (column.width > _WORD))


def _plain(
    column: Column, words: list[Words], good: Mask, read: Reader
) -> tuple[NDArray[Any], ...]:
    """Read numbers; rows of which one cannot be read are no longer good."""
    if column.kind in ("code", "date"):
        return (words[0],)
    numbers, whole = _whole(words)
    if column.kind == "id":
        good &= whole
        return (numbers,)
    missing = _is_missing(words)
    whole |= missing
    if column.kind == "number":
        good &= whole
        return numbers, missing
    days = numbers.astype(float)
    days[missing] = np.nan
    odd = np.flatnonzero(~whole)
    if odd.size:
        values, known = read(column, _texts([word[odd] for word in words]))
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
            values, known = read(column, _texts([distinct]))
            good &= known[codes]
            return values[codes]
        case _:
            return cells[0]


def _codes(word: Words, column: Column, read: Reader) -> object:
    codes, distinct = pd.factorize(word)
    values, _ = read(column, _texts([distinct]))
    places, categories = pd.factorize(values)
    return pd.Categorical.from_codes(places[codes], categories=pd.Index(categories))


def _texts(words: Sequence[Words]) -> list[str]:
    """Write distinct cells out as text."""
    joined = np.stack(words, axis=1).astype("<u8")
    return [row.tobytes().decode("ascii", "replace") for row in joined]


def _whole(words: Sequence[Words]) -> tuple[NDArray[np.int64], Mask]:
    """Read cells that are digits and blanks after them; say which are."""
    value, length, fits = _digits(words[0])
    fits &= length > 0
    for word in words[1:]:
        more, count, rest = _digits(word)
        fits &= rest
        fits &= (length == _WORD) | (count == 0)
        value *= _POWERS.take(count)
        value += more
        length = count
    return value.view(np.int64), fits


def _digits(word: Words) -> tuple[Words, NDArray[np.uint8], Mask]:
    """Read the digits that words begin with: their value, count, and all else blank.

    The digits are moved to the end of the word, behind zeros, and added up by
    twos, fours and eight.
    """
    digits = word ^ _ZEROS
    other = ((digits + _BEYOND_NINE) | digits) & _HIGH
    other >>= np.uint64(7)
    # Ones in all bytes before the first that is no digit.
    before = (other & (~other + _ONE)) - _ONE
    fits = ((word ^ _BLANKS) & ~before) == 0
    bits = np.bitwise_count(before)
    digits &= before
    digits <<= np.uint64(64) - bits
    digits = digits * np.uint64(10) + (digits >> np.uint64(8))
    digits &= np.uint64(0x00FF00FF00FF00FF)
    digits = digits * np.uint64(100) + (digits >> np.uint64(16))
    digits &= np.uint64(0x0000FFFF0000FFFF)
    digits = digits * np.uint64(10_000) + (digits >> np.uint64(32))
    digits &= np.uint64(0xFFFFFFFF)
    return digits, bits >> np.uint8(3), fits


def _is_missing(words: Sequence[Words]) -> Mask:
    """Tell which cells are blank or hold the sign for missing."""
    sign = np.uint64(int.from_bytes(MISSING.ljust(_WORD).encode(), "little"))
    found: Mask = (words[0] == sign) | (words[0] == _BLANKS)
    for word in words[1:]:
        found &= word == _BLANKS
    return found
