"""Where the cells of regular lines are: at places in a line, or between signs.

A line is regular if it has the usual length, or number of fields, no letter
beyond ASCII, and quotation marks around whole cells only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.vigibase.intake.cutting.words import (
    BLANKS,
    WORD,
    Bytes,
    Mask,
    Words,
    words_at,
)
from analysis.vigibase.intake.forms import Form
from analysis.vigibase.layout import SYNTHETIC_MARK, Column, Table

NEWLINE = 10

_RETURN, _QUOTE = 13, 34
_TAILS = (b"\n", b"\r\n", f" {SYNTHETIC_MARK}\n".encode())
_FIRST_BYTES = np.array([(1 << 8 * n) - 1 for n in range(WORD + 1)], np.uint64)


@dataclass(frozen=True)
class Cut:
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


def cut_fixed(data: Bytes, table: Table) -> Cut:
    """Cut lines of one length."""
    is_end = data == NEWLINE
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
        return words_at(lines, column.first - 1, column.width)

    return Cut(ends, chosen, len(lines), cell, same)


def _have_tail(lines: Bytes, width: int) -> Mask:
    """Tell which lines have nothing behind their fields but what may be there."""
    tail = lines[0, width:]
    if tail.tobytes() not in _TAILS:
        return np.zeros(len(lines), np.bool_)
    found = words_at(lines, width, len(tail))
    same = np.ones(len(lines), np.bool_)
    for word in found:
        # The first line has such a tail, so that those like it have.
        same &= word == word[0]
    return same


def cut_delimited(data: Bytes, form: Form) -> Cut:
    """Cut lines of one number of fields."""
    is_end = data == NEWLINE
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
    padded = np.concatenate([data, np.zeros(2 * WORD, np.uint8)])
    at_byte = np.ndarray((len(data) + WORD,), "V8", buffer=padded, strides=(1,))

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
            return [data[start] | BLANKS << np.uint64(8)]
        count = 2 if column.width > WORD else 1
        whole &= length <= count * WORD
        words = []
        for number in range(count):
            mask = _FIRST_BYTES[np.clip(length - number * WORD, 0, WORD)]
            found = at_byte[start + number * WORD].view("<u8")
            words.append((found & mask) | (BLANKS & ~mask))
        return words

    return Cut(ends, chosen, len(cells), cell, whole)


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
