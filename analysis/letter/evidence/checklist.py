"""Reporting checklists, each item with the place that answers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from analysis.letter.evidence.records import read, text, words
from analysis.schema import free_text, one_of

INSTRUMENTS = ("prisma-harms", "prisma-2020")


class UnansweredItemError(LookupError):
    """Checklist items that point to places which do not exist."""


@dataclass(frozen=True)
class Item:
    """What a checklist asks, in our words, and where it is answered.

    Attributes
    ----------
    instrument : {"prisma-harms", "prisma-2020"}
    item : str
        Number in the instrument, such as ``13d``.
    topic, asks : str
    answered_in : str
        Places separated by blanks: ``#id`` in the supplement, ``letter#id`` in
        the letter.
    note : str
        What the answer lacks, where it lacks something.
    """

    instrument: str
    item: str
    topic: str
    asks: str
    answered_in: str
    note: str

    @property
    def places(self) -> tuple[str, ...]:
        """Places that answer the item."""
        return tuple(self.answered_in.split())


@lru_cache(maxsize=1)
def items() -> tuple[Item, ...]:
    """Read the checklists.

    Raises
    ------
    DataError
        With every fault of the table.
    """
    return read(
        "checklists.csv",
        Item,
        {
            "instrument": one_of(*INSTRUMENTS),
            "item": text,
            "topic": text,
            "asks": text,
            "answered_in": words,
            "note": free_text,
        },
    )


def answered(
    checklist: tuple[Item, ...], name_of: Callable[[str], str]
) -> list[tuple[Item, tuple[str, ...]]]:
    """Name the places that answer each item.

    Parameters
    ----------
    checklist : tuple of Item
    name_of : callable
        Takes a place to how it prints; raises LookupError for an unknown one.

    Raises
    ------
    UnansweredItemError
        With every item that points nowhere.
    """
    answers, missing = [], []
    for item in checklist:
        try:
            answers.append((item, tuple(name_of(place) for place in item.places)))
            if not item.places:
                raise LookupError("no place is given")
        except LookupError as error:
            missing.append(f"{item.instrument} item {item.item}: {error.args[0]}")
    if missing:
        raise UnansweredItemError("; ".join(missing))
    return answers
