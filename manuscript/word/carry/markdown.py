"""Words as Markdown that prints them and does nothing else."""

from __future__ import annotations

import re
from typing import Final

from manuscript.word.package import INVISIBLE

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>@$^~{}#]|&(?=#?\w+;))")
_HYPHENS: Final = re.compile(r"-(?=-)")
_DOTS: Final = re.compile(r"\.(?=\.\.)")
# What opens a list, heading, quotation, caption, rule or line block, first in a line.
_OPENING: Final = re.compile(
    r"^(?:([-+=:%|])|(\(?(?:\d+|[A-Za-z]|[ivxlcdmIVXLCDM]+))([.)])(?=\s|$)|(Table)(?=:))"
)
_QUOTES: Final = str.maketrans("‘’“”‐‑", "''\"\"--")


def escape(text: str, *, opens: bool = False) -> str:
    r"""Escape whatever Markdown, or this press, would not print as it stands.

    Parameters
    ----------
    text : str
        Curly quotes become straight ones, which print curly.
    opens : bool
        Whether it opens a paragraph, where ``1.`` and ``-`` begin lists.

    Examples
    --------
    >>> escape("5 * 3 [sic]")
    '5 \\* 3 \\[sic\\]'
    """
    text = INVISIBLE.sub("", text)
    text = _CONTROL.sub(" ", text).translate(_QUOTES)
    text = _SPECIAL.sub(r"\\\1", text)
    text = _HYPHENS.sub(r"\\-", text)
    text = _DOTS.sub(r"\\.", text)
    if opens:
        text = _OPENING.sub(_guarded, text.lstrip())
    return text


def _guarded(match: re.Match[str]) -> str:
    sign, number, stop, table = match.groups()
    if sign:
        return f"\\{sign}"
    return f"{number}\\{stop}" if number else f"{table}\\"


def emphasize(text: str, *, bold: bool, italic: bool) -> str:
    """Mark words as bold, italic or both; space stays outside."""
    marker = "*" * (italic + 2 * bold)
    inner = text.strip()
    if not marker or not inner:
        return text
    before = text[: len(text) - len(text.lstrip())]
    after = text[len(text.rstrip()) :]
    return f"{before}{marker}{inner}{marker}{after}"
