"""Stretches of files replaced."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """A stretch of a file, and what takes its place."""

    file: str
    start: int
    end: int
    new: str


def applied(text: str, changes: Sequence[Change]) -> str:
    """Replace stretches of a text; those set at one place keep their order.

    Parameters
    ----------
    text : str
        Of one file.
    changes : sequence of Change
        Of that file, in any order; their stretches do not overlap.
    """
    stretches = ((change.start, change.end, change.new) for change in changes)
    return _ended(replaced(text, stretches), text)


def replaced(text: str, stretches: Iterable[tuple[int, int, str]]) -> str:
    """Replace stretches of a text, given as start, end and what takes their place."""
    parts: list[str] = []
    position = 0
    for start, end, new in sorted(stretches, key=lambda each: each[:2]):
        parts += [text[position:start], new]
        position = max(position, end)
    return "".join([*parts, text[position:]])


def _ended(new: str, old: str) -> str:
    """End a text as it ended before."""
    if new != old and old.endswith("\n"):
        newline = "\r\n" if old.endswith("\r\n") else "\n"
        return new.rstrip() + newline
    return new
