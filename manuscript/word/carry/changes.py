"""Stretches of files replaced."""

from __future__ import annotations

from collections.abc import Sequence
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
    parts: list[str] = []
    position = 0
    for change in sorted(changes, key=lambda each: (each.start, each.end)):
        parts += [text[position : change.start], change.new]
        position = max(position, change.end)
    parts.append(text[position:])
    return _ended("".join(parts), text)


def _ended(new: str, old: str) -> str:
    """End a text as it ended before."""
    if new != old and old.endswith("\n"):
        newline = "\r\n" if old.endswith("\r\n") else "\n"
        return new.rstrip() + newline
    return new
