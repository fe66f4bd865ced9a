"""Records of a delimited file: a cell in quotation marks may hold line breaks.

All that reads a delimited file takes a record for a line. Where a record goes on
over several lines, a copy is made in which it is one, with a sign for each line
break within. A quotation mark that is never closed costs its own line only.
"""

from __future__ import annotations

import codecs
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from analysis.vigibase.intake.text import LONGEST_LINE, Lines

# Stands for a line break within a cell, where a record is one line.
BREAK = "\x1f"

_CHUNK = 1 << 24
# No cell goes on over more lines; the mark that opens it is then a mistake.
_MOST_LINES = 1000


def records(lines: Iterable[bytes], delimiter: str) -> Iterator[tuple[int, bytes]]:
    """Put the lines of each record together.

    Parameters
    ----------
    lines : iterable of bytes
        With or without their ends.
    delimiter : str
        Empty for fixed width, of which each line is a record.

    Yields
    ------
    lines : int
        How many lines the record has.
    record : bytes
        With :data:`BREAK` for the line breaks in it.
    """
    source = (_bare(number, line) for number, line in enumerate(lines))
    ahead: deque[bytes] = deque()

    def following() -> bytes | None:
        return ahead.popleft() if ahead else next(source, None)

    while (first := following()) is not None:
        held, record = [first], first
        while _goes_on(record, delimiter) and len(held) < _MOST_LINES:
            if (line := following()) is None or len(record) > LONGEST_LINE:
                ahead.extend([] if line is None else [line])
                break
            held.append(line)
            record = BREAK.encode().join(held)
        if len(held) > 1 and not _is_whole(record, delimiter):
            ahead.extendleft(reversed(held[1:]))
            held, record = held[:1], first
        yield len(held), record


def joined(lines: Lines, delimiter: str, scratch: Path) -> Lines:
    """Make each record of a file one line, in a copy if any has several.

    Parameters
    ----------
    lines : Lines
    delimiter : str
        Empty for fixed width.
    scratch : Path
        Folder for a copy.
    """
    if not delimiter or not _has_odd_line(lines.path):
        return lines
    copy = scratch / f"{lines.path.name}.records"
    number = count = 0
    within: list[int] = []
    with lines.path.open("rb") as file, copy.open("wb") as out:
        for size, record in records(file, delimiter):
            out.write(record + b"\n")
            within += range(number + 2, number + size + 1)
            number, count = number + size, count + 1
    if not within:
        copy.unlink()
        return lines
    skipped = sorted({*lines.skipped, *lines.numbers(within)})
    return replace(lines, path=copy, count=count, skipped=tuple(skipped), joined=True)


def _bare(number: int, line: bytes) -> bytes:
    line = line.removesuffix(b"\n").removesuffix(b"\r")
    return line if number else line.removeprefix(codecs.BOM_UTF8)


def _goes_on(record: bytes, delimiter: str) -> bool:
    """Whether a cell in quotation marks is still open at the end."""
    if not delimiter or record.count(b'"') % 2 == 0:
        return False
    found = _pattern(delimiter).fullmatch(record)
    return bool(found and found["open"])


def _is_whole(record: bytes, delimiter: str) -> bool:
    found = _pattern(delimiter).fullmatch(record)
    return bool(found and not found["open"])


@cache
def _pattern(delimiter: str) -> re.Pattern[bytes]:
    sign = re.escape(delimiter)
    opened = ' *"[^"]*+(?:""[^"]*+)*+'
    cell = f'(?:{opened}" *|(?! *")[^{sign}]*+)'
    return re.compile(f"(?:{cell}{sign})*+(?:{cell}|(?P<open>{opened}))".encode())


def _has_odd_line(path: Path) -> bool:
    """Whether the quotation marks of a line do not pair."""
    odd = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if b'"' not in chunk and not odd:
                continue
            data = np.frombuffer(chunk, np.uint8)
            starts = np.append(0, np.flatnonzero(data == 10) + 1)
            # A mark at the end keeps the last line from being left out.
            marks = np.append(data == 34, False)
            parities = np.bitwise_xor.reduceat(marks.view(np.uint8), starts)
            parities[0] ^= odd
            if parities[:-1].any():
                return True
            odd = int(parities[-1])
    return bool(odd)
