"""A file of text as lines of UTF-8, whatever wrote it; each line is counted.

A file that is UTF-8 with lines of a sane length is read where it lies. Of any
other a clean copy is made: UTF-16 by its byte order mark or its zeros; a line
that is not UTF-8 as Windows-1252; lines without end set aside.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

LONGEST_LINE = 1 << 17

_CHUNK = 1 << 24
_HEAD = 1 << 12
_SHOWN = 200


@dataclass(frozen=True)
class Aside:
    """A line that cannot be read at all: its number, why, and its beginning."""

    line: int
    reason: str
    content: str


@dataclass(frozen=True)
class Lines:
    """The lines of a file.

    Attributes
    ----------
    path : Path
        A file of UTF-8 to read them from: the file itself, or a clean copy.
    count : int
        Lines in it; a last one without a line break counts.
    written : str
        How the file was written, for its reader: ``UTF-8``, ``UTF-16``,
        ``UTF-8 and Windows-1252 (3 lines)``.
    aside : tuple of Aside
        Lines that are not in ``path``, by their number in the file.
    skipped : tuple of int
        Numbers in the file of lines that are no line of ``path``, or that go on
        with the one before.
    joined : bool
        Whether lines of ``path`` hold signs for line breaks within cells.
    """

    path: Path
    count: int
    written: str = "UTF-8"
    aside: tuple[Aside, ...] = ()
    skipped: tuple[int, ...] = ()
    joined: bool = False

    def numbers(self, lines: Sequence[int]) -> list[int]:
        """Turn numbers of lines of ``path`` into those of the file."""
        before = np.array(self.skipped, np.int64) - np.arange(len(self.skipped))
        found = np.array(lines, np.int64)
        return [int(n) for n in found + np.searchsorted(before, found, "right")]


def lines_of(path: Path, scratch: Path) -> Lines:
    """Count the lines of a file; copy them if they are not all fit to read.

    Parameters
    ----------
    path : Path
    scratch : Path
        Folder for a copy, if one is made.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    wide = _wide(head)
    if not wide and (count := _fit(path)) is not None:
        return Lines(path, count)
    copy = scratch / f"{path.name}.utf8"
    with path.open("rb") as file, copy.open("wb") as out:
        if wide:
            return _from_utf16(file, wide, out, copy)
        return _from_bytes(file, out, copy)


def _wide(head: bytes) -> str:
    """Tell which UTF-16 a file is in; empty if in none."""
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    if len(head) > 3 and head[1::2].count(0) > len(head) // 4 and 0 not in head[::2]:
        return "utf-16-le"
    if len(head) > 3 and head[::2].count(0) > len(head) // 4 and 0 not in head[1::2]:
        return "utf-16-be"
    return ""


def _fit(path: Path) -> int | None:
    """Count the lines of a file of UTF-8; None if it needs a copy."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    count, last = 0, b"\n"
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if not chunk.isascii() or decoder.getstate()[0]:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    return None
            if 0 in chunk or _has_long_line(chunk) or _has_lone_return(chunk):
                return None
            count += int(np.count_nonzero(np.frombuffer(chunk, np.uint8) == 10))
            last = chunk[-1:]
    if decoder.getstate()[0]:
        return None
    return count + (last != b"\n")


def _has_long_line(chunk: bytes) -> bool:
    half = LONGEST_LINE // 2
    whole = len(chunk) // half * half
    return any(
        chunk.find(b"\n", start, start + half) < 0 for start in range(0, whole, half)
    )


def _has_lone_return(chunk: bytes) -> bool:
    if b"\r" not in chunk:
        return False
    # One at the very end may be followed by its line feed in the next chunk.
    lone = chunk.count(b"\r") - chunk.count(b"\r\n") - chunk.endswith(b"\r")
    return lone > 0


def _from_utf16(file: BinaryIO, encoding: str, out: BinaryIO, copy: Path) -> Lines:
    decoder = codecs.getincrementaldecoder(encoding)("replace")

    def pieces() -> Iterator[bytes]:
        while chunk := file.read(_CHUNK):
            yield decoder.decode(chunk).encode("utf-8", "replace")
        yield decoder.decode(b"", True).encode("utf-8", "replace")

    return _clean(pieces(), out, copy, "UTF-16")


def _from_bytes(file: BinaryIO, out: BinaryIO, copy: Path) -> Lines:
    return _clean(iter(lambda: file.read(_CHUNK), b""), out, copy, "UTF-8")


def _clean(pieces: Iterator[bytes], out: BinaryIO, copy: Path, written: str) -> Lines:
    count = foreign = 0
    aside: list[Aside] = []
    for raw in _split(pieces):
        count += 1
        if isinstance(raw, _Endless):
            reason = f"line of {raw.length:,} bytes"
            shown = raw.head.decode("utf-8", "replace")
            aside.append(Aside(count, reason, shown))
            continue
        line = raw.lstrip(codecs.BOM_UTF8) if count == 1 else raw
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            foreign += 1
            line = _from_windows(line)
        out.write(line.replace(b"\0", b"\xef\xbf\xbd") + b"\n")
    if foreign:
        written += f" and Windows-1252 ({foreign:,} lines)"
    skipped = tuple(found.line for found in aside)
    return Lines(copy, count - len(aside), written, tuple(aside), skipped)


def _from_windows(line: bytes) -> bytes:
    """Read Windows-1252; its five unused bytes become the replacement sign."""
    return line.decode("cp1252", "replace").encode("utf-8")


@dataclass(frozen=True)
class _Endless:
    length: int
    head: bytes


def _split(pieces: Iterator[bytes]) -> Iterator[bytes | _Endless]:
    """Cut bytes into lines without ever holding one that has no end."""
    rest, skipped, head = b"", 0, b""
    for piece in pieces:
        text = rest + piece
        held = text.endswith(b"\r")
        lines = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        rest = lines.pop()
        if held:
            # Perhaps half of a line break: wait for the next piece.
            rest = lines.pop() + b"\r"
        for line in lines:
            if skipped or len(line) > LONGEST_LINE:
                yield _Endless(skipped + len(line), (head or line)[:_SHOWN])
                skipped, head = 0, b""
            else:
                yield line
        if len(rest) > LONGEST_LINE:
            head = head or rest[:_SHOWN]
            skipped, rest = skipped + len(rest), b""
    if skipped:
        yield _Endless(skipped + len(rest), head)
    elif rest:
        yield rest.rstrip(b"\r")
