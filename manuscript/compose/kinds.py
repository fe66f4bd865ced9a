"""Kinds of things that are numbered and referred to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from manuscript.compose.constructs.callouts import LABELLED as CALLOUTS
from manuscript.compose.constructs.theorems import KINDS as THEOREMS
from manuscript.compose.constructs.theorems import LABELLED as PROOFS
from manuscript.source import as_list, word

NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Kind:
    """A kind of thing that has numbers.

    Attributes
    ----------
    key : str
        What its identifiers begin with: ``fig`` in ``fig-forest``.
    prefix : str
        What precedes the number: ``Figure``.
    space : bool
        Whether a space stands between the two.
    caption : {"top", "bottom"}
    """

    key: str
    prefix: str
    space: bool
    caption: Literal["top", "bottom"]

    def name(self, number: str) -> str:
        """Return what the float of a number is called, such as ``Table S4``."""
        return self.prefix + (NBSP if self.space else "") + number


def kinds(metadata: Mapping[str, Any]) -> dict[str, Kind]:
    """Kinds of float that the settings define, by key."""
    lang = str(metadata.get("lang") or "en")
    found = [
        Kind("fig", word("fig", lang), True, "bottom"),
        Kind("tbl", word("tbl", lang), True, "top"),
        Kind("lst", word("lst", lang), True, "top"),
    ]
    crossref = metadata.get("crossref") or {}
    for custom in as_list(crossref.get("custom")):
        found.append(
            Kind(
                str(custom["key"]),
                str(custom["reference-prefix"]),
                custom.get("space-before-numbering", True) is not False,
                "top" if custom.get("caption-location") == "top" else "bottom",
            )
        )
    return {kind.key: kind for kind in found}


def others(metadata: Mapping[str, Any]) -> dict[str, Kind]:
    """Kinds of other things with numbers: sections, formulas, theorems."""
    lang = str(metadata.get("lang") or "en")
    named = {key: key for key in ("sec", "eq", *THEOREMS)} | PROOFS | CALLOUTS
    return {
        key: Kind(key, word(name, lang), True, "top") for key, name in named.items()
    }
