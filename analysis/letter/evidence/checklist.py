"""Reporting checklists that the supplement answers."""

from __future__ import annotations

from functools import lru_cache

from analysis.letter.evidence.records import EVIDENCE
from analysis.review import Item, read_items

INSTRUMENTS = ("prisma-harms", "prisma-2020", "readus-pv")


@lru_cache(maxsize=1)
def items() -> tuple[Item, ...]:
    """Read the checklists.

    Raises
    ------
    DataError
        With every fault of the table.
    """
    return read_items(EVIDENCE, "checklists.csv", INSTRUMENTS)
