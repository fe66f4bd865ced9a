"""Where in a work a citation points: pages, figures, and words around its number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

# Terms of CSL that pandoc reads after a key, as it spells them.
_TERMS: Final = frozenset(
    {
        *("book", "chapter", "column", "figure", "folio", "issue", "line", "note"),
        *("opus", "paragraph", "part", "section", "verse", "volume"),
    }
)
_PLAIN: Final = re.compile(r"[\w.:]+(?:\s?[,–-]\s?[\w.:]+)*")
_SEVERAL: Final = re.compile(r"[,–-]")
_OPTION: Final = re.compile(r'\\([pvfs])\s+(?:"([^"]*)"|(\S+))')


@dataclass(frozen=True)
class Pinpoint:
    """Where in a work a citation points.

    Attributes
    ----------
    locator : str
        As pandoc reads it, such as ``p. 12``; empty without one.
    lost : tuple of str
        What the sources cannot hold.
    """

    locator: str = ""
    lost: tuple[str, ...] = ()


def pinpoint(
    locator: object, label: object = "", before: object = "", after: object = ""
) -> Pinpoint:
    """Read where a citation points.

    Parameters
    ----------
    locator, label : object
        Such as ``12`` and ``page``, as a file of others has them.
    before, after : object
        Words around the citation.

    Examples
    --------
    >>> pinpoint("12-15")
    Pinpoint(locator='pp. 12-15', lost=())
    >>> pinpoint("3", "figure", "see ")
    Pinpoint(locator='figure 3', lost=('“see” before',))
    """
    where, term = _line(locator), _line(label) or "page"
    lost = [
        f"“{words}” {side}"
        for words, side in ((_line(before), "before"), (_line(after), "after"))
        if words
    ]
    if not where:
        return Pinpoint("", tuple(lost))
    if not _PLAIN.fullmatch(where) or term not in _TERMS | {"page"}:
        return Pinpoint("", (f"{term} {where} of", *lost))
    if term == "page":
        term = "pp." if _SEVERAL.search(where) else "p."
    return Pinpoint(f"{term} {where}", tuple(lost))


def of_csl(cited: Mapping[str, Any]) -> Pinpoint:
    """Read where an item of a CSL citation points."""
    names = ("locator", "label", "prefix", "suffix")
    return pinpoint(*(cited.get(name, "") for name in names))


def of_word(options: str) -> Pinpoint:
    r"""Read where a field of Word itself points: ``\p 12 \f "see "``."""
    found = {name: quoted or word for name, quoted, word in _OPTION.findall(options)}
    where, label = found.get("p", ""), "page"
    if "v" in found and not where:
        where, label = found["v"], "volume"
    return pinpoint(where, label, found.get("f", ""), found.get("s", ""))


def _line(said: object) -> str:
    return " ".join(said.split()) if isinstance(said, str) else ""
