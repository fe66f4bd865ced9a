"""Words as Markdown that prints them and does nothing else."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from manuscript.word.compare import PLAIN, Emphasis
from manuscript.word.package import INVISIBLE

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>@$^~{}#]|&(?=#?\w+;))")
_IN_ADDRESSES: Final = "%:/?#[]@!$&'*+,;=~._-"
# Addresses that are typed: Markdown reads them as they stand, or between brackets.
addresses: Final = re.compile(
    r"(https?://[^\s<>\"`\\|]*[\w/#=&%+~-])"
    r"|((?:doi:\s?|(?<![\w/])(?=10\.\d{4,9}/)|(?<!\w)www\.)[\w./:;()-]*\w)"
)
SCRIPTS: Final = ("^", "~")
_HYPHENS: Final = re.compile(r"-(?=-)")
_DOTS: Final = re.compile(r"\.(?=\.\.)")
# What opens a list, heading, quotation, caption, rule or line block, first in a line.
_OPENING: Final = re.compile(
    r"^(?:([-+=:%|])|(\(?(?:\d+|[A-Za-z]|[ivxlcdmIVXLCDM]+))([.)])(?=\s|$)|(Table)(?=:))"
)
_QUOTES: Final = str.maketrans("‘’“”‐‑", "''\"\"--")


def escape(text: str, *, opens: bool = False, linked: bool = False) -> str:
    r"""Escape whatever Markdown, or this press, would not print as it stands.

    Parameters
    ----------
    text : str
        Curly quotes become straight ones, which print curly.
    opens : bool
        Whether it opens a paragraph, where ``1.`` and ``-`` begin lists.
    linked : bool
        Whether it is the text of a link, in which an address is plain text.

    Examples
    --------
    >>> escape("5 * 3 [sic]")
    '5 \\* 3 \\[sic\\]'
    """
    text = _CONTROL.sub(" ", INVISIBLE.sub("", text))
    pieces = []
    position = 0
    for match in addresses.finditer("" if linked else text):
        pieces.append(_escaped(text[position : match.start()]))
        pieces.append(f"<{match[1]}>" if match[1] else match[2])
        position = match.end()
    pieces.append(_escaped(text[position:]))
    text = "".join(pieces)
    if opens:
        text = _OPENING.sub(_guarded, text.lstrip())
    return text


def _escaped(text: str) -> str:
    text = text.translate(_QUOTES)
    text = _SPECIAL.sub(r"\\\1", text)
    text = _HYPHENS.sub(r"\\-", text)
    return _DOTS.sub(r"\\.", text)


def _guarded(match: re.Match[str]) -> str:
    sign, number, stop, table = match.groups()
    if sign:
        return f"\\{sign}"
    return f"{number}\\{stop}" if number else f"{table}\\"


def emphasize(text: str, look: Emphasis) -> str:
    """Mark words as bold, italic, raised, lowered or linked; space stays outside.

    Examples
    --------
    >>> emphasize("6 ", (False, False, "super", ""))
    '^6^ '
    """
    inner = text.strip()
    if look == PLAIN or not inner:
        return text
    before = text[: len(text) - len(text.lstrip())]
    after = text[len(text.rstrip()) :]
    for opening, closing in markers(look):
        # What is raised or lowered holds no space.
        words = inner.split(" ") if opening in SCRIPTS else [inner]
        inner = " ".join(f"{opening}{word}{closing}" for word in words if word)
    return f"{before}{inner}{after}"


def markers(look: Emphasis) -> list[tuple[str, str]]:
    """List the marks of an emphasis, the innermost first."""
    bold, italic, script, link = look
    found = []
    if script:
        sign = {"super": "^", "sub": "~"}[script]
        found.append((sign, sign))
    if stars := "*" * (italic + 2 * bold):
        found.append((stars, stars))
    if link:
        found.append(("[", f"]({quote(link, safe=_IN_ADDRESSES)})"))
    return found
