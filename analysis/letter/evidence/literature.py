"""Published cases and series of lymphoblastic leukemia after lenalidomide."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from analysis.letter.evidence.records import read
from analysis.review import text, whole, words
from analysis.schema import free_text, one_of, pattern

KINDS = ("series", "cases", "contrast")


@dataclass(frozen=True)
class Report:
    """A published report; empty text where the source seen does not say.

    Attributes
    ----------
    kind : {"series", "cases", "contrast"}
        ``contrast`` is a series under another drug.
    patients : int
        -1 where the source seen does not say.
    overlap : str
        Which other report may count the same patients.
    """

    id: str
    reference: str
    citation: str
    kind: str
    patients: int
    drug: str
    age: str
    exposure: str
    latency: str
    lineage: str
    genetics: str
    transplant: str
    outcome: str
    overlap: str
    source: str
    url: str


@lru_cache(maxsize=1)
def reports() -> tuple[Report, ...]:
    """Read the published reports.

    Raises
    ------
    DataError
        With every fault of the table.
    """
    return read(
        "literature-cases.csv",
        Report,
        {
            "id": text,
            "reference": words,
            "citation": text,
            "kind": one_of(*KINDS),
            "patients": whole(optional=True),
            "drug": text,
            "age": free_text,
            "exposure": free_text,
            "latency": free_text,
            "lineage": free_text,
            "genetics": free_text,
            "transplant": free_text,
            "outcome": free_text,
            "overlap": free_text,
            "source": text,
            "url": pattern(r"https?://[^\s<>|]+", "a web address"),
        },
        unique=("id",),
    )
