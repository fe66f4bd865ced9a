"""Prose as blocks: paragraphs, headings, items, rows, and the fences around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from manuscript.source.reading.plain import GAP

MARKER = re.compile(r"^\s*(?:[-*+]|\(?\d+[.)]|\(?[a-z][.)]|\(@\w*\))[ \t]+(?=\S)")

_FENCE = re.compile(r"^ {0,3}:{3,}[ \t]*(\{[^}]*\}|[\w-]+)?[ \t]*:*[ \t]*$")
_CODE_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
_ALONE = re.compile(r"^#{1,6}[ \t]|^\s*\||^(?:Table)?:[ \t]+\S")


@dataclass(frozen=True)
class Fence:
    """A line that opens a division, or closes one.

    Attributes
    ----------
    start : int
        Where it stands in the text.
    line : str
    """

    start: int
    line: str

    @property
    def opens(self) -> str | None:
        """Attributes of the division that it opens; None where it closes one."""
        match = _FENCE.match(self.line)
        return match[1] if match else None


@dataclass(frozen=True)
class Block:
    """Lines ``[start, end)`` of a text that belong together."""

    start: int
    end: int


def parts(text: str) -> Iterator[Fence | Block]:
    """Yield the blocks of a text and the fences between them, in order.

    Parameters
    ----------
    text : str
        Comments are gaps in it.
    """
    pending: list[Block] = []
    offset, code = 0, ""
    for line in text.split("\n"):
        here = Block(offset, offset + len(line))
        offset = here.end + 1
        if code:
            kind = "empty" if line.strip().startswith(code) else "text"
            code = code if kind == "text" else ""
        elif opening := _CODE_FENCE.match(line):
            kind, code = "empty", opening[1]
        else:
            kind = _kind(line)
        if kind != "text":
            yield from _joined(pending)
            pending = []
        if kind == "fence":
            yield Fence(here.start, line)
        elif kind == "alone":
            yield here
        elif kind in ("text", "item"):
            pending.append(here)
    yield from _joined(pending)


def _kind(line: str) -> Literal["fence", "empty", "alone", "item", "text"]:
    if _FENCE.match(line):
        return "fence"
    if not line.strip(" \t" + GAP):
        return "empty"
    if _ALONE.match(line):
        return "alone"
    return "item" if MARKER.match(line) else "text"


def _joined(lines: Sequence[Block]) -> Iterator[Block]:
    if lines:
        yield Block(lines[0].start, lines[-1].end)
