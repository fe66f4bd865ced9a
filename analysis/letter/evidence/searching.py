"""Where the review searched, as far as the published letter says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from analysis.letter.evidence.records import read
from analysis.review import text
from analysis.schema import free_text, one_of, pattern

KINDS = ("database", "registry", "contact")


@dataclass(frozen=True)
class SearchedSource:
    """A database, registry or person that was asked.

    Attributes
    ----------
    until : str
        Last day searched, as ``2023-11-15``; empty where not stated.
    terms : str
    """

    kind: str
    source: str
    until: str
    terms: str
    note: str


@lru_cache(maxsize=1)
def search_strategy() -> tuple[SearchedSource, ...]:
    """Read the sources searched.

    Raises
    ------
    DataError
        With every fault of the table.
    """
    return read(
        "search-strategy.csv",
        SearchedSource,
        {
            "kind": one_of(*KINDS),
            "source": text,
            "until": pattern(r"(\d{4}-\d{2}-\d{2})?", "a day as 2023-11-15, or none"),
            "terms": text,
            "note": free_text,
        },
        unique=("source",),
    )
