"""Shortcodes, ``{{< name argument >}}``, as they stand in a source.

Which of them this press knows, and where the values come from that they print.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from manuscript.errors import ManuscriptError

# Those that print a value, and one that breaks a page; `include` is a line's own.
VALUES = ("meta", "var", "env")
KNOWN = (*VALUES, "pagebreak")

_OPEN, _CLOSE = "{{<", ">}}"
_ARGUMENT = re.compile(r'"([^"]*)"|\'([^\']*)\'|(\S+)')

Lookup = Callable[["Shortcode"], str]


@dataclass(frozen=True)
class Shortcode:
    """A shortcode.

    Attributes
    ----------
    name : str
        Empty where it is escaped, ``{{{< meta x >}}}``, and stands for itself.
    arguments : tuple of str
    start, end : int
        Its stretch in the text.
    shown : str
        What stands for one that is escaped.
    """

    name: str
    arguments: tuple[str, ...]
    start: int
    end: int
    shown: str = ""


def find(text: str) -> Iterator[Shortcode]:
    """Yield the shortcodes of a text, whatever their spacing.

    Examples
    --------
    >>> [(code.name, code.arguments) for code in find("{{<meta a.b>}} {{< x >}}")]
    [('meta', ('a.b',)), ('x', ())]
    """
    start = text.find(_OPEN)
    while start >= 0:
        end = text.find(_CLOSE, start)
        if end < 0:
            return
        inner, end = text[start + len(_OPEN) : end], end + len(_CLOSE)
        if text[start - 1 : start] == "{" and text[end : end + 1] == "}":
            yield Shortcode("", (), start - 1, end + 1, text[start:end])
        elif inner.lstrip().startswith("/*"):
            shown = _OPEN + inner.strip().removeprefix("/*").removesuffix("*/") + _CLOSE
            yield Shortcode("", (), start, end, shown)
        else:
            name, *arguments = [
                next(filter(None, found.groups()), "")
                for found in _ARGUMENT.finditer(inner)
            ] or ["?"]
            yield Shortcode(name, tuple(arguments), start, end)
        start = text.find(_OPEN, end)


def check(text: str, file: str, line: int, known: tuple[str, ...] = KNOWN) -> None:
    """Refuse shortcodes that this press does not know.

    Raises
    ------
    ManuscriptError
        With the shortcode's name, line and column.
    """
    for code in find(text):
        before = text[: code.start]
        if code.name == "pagebreak" and "pagebreak" in known:
            around = before[before.rfind("\n") + 1 :] + text[code.end :].split("\n")[0]
            if around.strip():
                what = "shortcode `pagebreak` stands within text"
                mend = "put it on a line of its own"
                raise ManuscriptError(file, line + before.count("\n"), what, mend)
        lacking = code.name == "env" and len(code.arguments) != 2
        if not code.name or (code.name in known and not lacking):
            continue
        column = code.start - before.rfind("\n")
        what = f"shortcode `{code.name}` (column {column}) is not supported"
        mend = f"known are {', '.join(known)}, and include alone on its line"
        if code.name == "include":
            what = f"an include within text, or without spaces (column {column})"
            mend = "write `{{< include FILE >}}` on a line of its own, from its start"
        elif code.name == "env":
            what = f"shortcode `env` (column {column}) prints what the machine says"
            mend = "say what stands where nothing is set: `{{< env NAME words >}}`"
        raise ManuscriptError(file, line + before.count("\n"), what, mend)


def fill(value: Any, lookup: Lookup) -> Any:
    """Put values into all texts of a setting.

    Parameters
    ----------
    value : any
        Text, or mappings and lists of such.
    lookup : callable
        Finds what a shortcode prints.
    """
    if isinstance(value, str):
        parts, end = [], 0
        for code in find(value):
            parts += [value[end : code.start], code.shown or lookup(code)]
            end = code.end
        return "".join((*parts, value[end:]))
    if isinstance(value, Mapping):
        return {key: fill(part, lookup) for key, part in value.items()}
    if isinstance(value, list):
        return [fill(part, lookup) for part in value]
    return value


def printed(values: Mapping[str, Any], key: str) -> str | None:
    """Text of a value by its key; dots lead inwards, and lists count from 1.

    Returns
    -------
    str or None
        None where there is no such value, or none that is one text.

    Examples
    --------
    >>> printed({"size": {"depth": 3}, "tags": ["reed", "duck"]}, "tags.1")
    'reed'
    """
    found: Any = values
    for part in key.split("."):
        if isinstance(found, Mapping):
            found = found.get(part)
        elif (
            isinstance(found, list) and part.isdecimal() and 0 < int(part) <= len(found)
        ):
            found = found[int(part) - 1]
        else:
            return None
    if isinstance(found, bool):
        return str(found).lower()
    return str(found) if isinstance(found, str | int | float) else None
