"""Cells as words of eight bytes, and numbers read of them by arithmetic.

A cell is one word or more, with blanks after its last byte; its first byte is
the lowest of a word.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.vigibase.layout import MISSING

Bytes = NDArray[np.uint8]
Words = NDArray[np.uint64]
Mask = NDArray[np.bool_]

WORD = 8
BLANKS = np.uint64(0x2020202020202020)

_ZEROS = np.uint64(0x3030303030303030)
_HIGH = np.uint64(0x8080808080808080)
_BEYOND_NINE = np.uint64(0x7676767676767676)
_ONE = np.uint64(1)
_POWERS = np.array([10**n for n in range(WORD + 1)], np.uint64)


def words_at(lines: Bytes, first: int, width: int) -> list[Words]:
    """Take a field of every line as words, from the left."""
    words: list[Words] = []
    if not len(lines):
        return [np.zeros(0, np.uint64)] * -(-width // WORD)
    for start in range(first, first + width, WORD):
        size = min(WORD, first + width - start)
        # A word ends where the field does, so that none reaches past the line.
        found: Words = np.ndarray(
            (len(lines),),
            "<u8",
            buffer=lines,
            offset=start + size - WORD,
            strides=(lines.shape[1],),
        ).copy()
        if size < WORD:
            found >>= np.uint64(8 * (WORD - size))
            found |= BLANKS << np.uint64(8 * size)
        words.append(found)
    return words


def texts(words: Sequence[Words]) -> list[str]:
    """Write distinct cells out as text."""
    joined = np.stack(words, axis=1).astype("<u8")
    return [row.tobytes().decode("ascii", "replace") for row in joined]


def whole_numbers(words: Sequence[Words]) -> tuple[NDArray[np.int64], Mask]:
    """Read cells that are digits and blanks after them; say which are."""
    value, length, fits = _digits(words[0])
    fits &= length > 0
    for word in words[1:]:
        more, count, rest = _digits(word)
        fits &= rest
        fits &= (length == WORD) | (count == 0)
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
    fits = ((word ^ BLANKS) & ~before) == 0
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


def is_missing(words: Sequence[Words]) -> Mask:
    """Tell which cells are blank or hold the sign for missing."""
    sign = np.uint64(int.from_bytes(MISSING.ljust(WORD).encode(), "little"))
    found: Mask = (words[0] == sign) | (words[0] == BLANKS)
    for word in words[1:]:
        found &= word == BLANKS
    return found
