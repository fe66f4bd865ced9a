"""Reporting checklists, each item with the place that answers it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from analysis.review.records import Folder, text, words
from analysis.schema import free_text, one_of


class UnansweredItemError(LookupError):
    """Checklist items that point to places which do not exist."""


@dataclass(frozen=True)
class Item:
    """What a checklist asks, in our words, and where it is answered.

    Attributes
    ----------
    instrument : str
        Such as ``prisma-2020``.
    item : str
        Number in the instrument, such as ``13d``.
    topic, asks : str
    answered_in : str
        Places separated by blanks: ``#id`` in the supplement, ``letter#id`` in
        the main document.
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


def read_items(
    folder: Folder, name: str, instruments: Sequence[str]
) -> tuple[Item, ...]:
    """Read a table of checklists.

    Parameters
    ----------
    folder : Folder
    name : str
        File in it.
    instruments : sequence of str
        Names that a checklist may have.

    Raises
    ------
    DataError
        With every fault of the table.
    """
    return folder.read(
        name,
        Item,
        {
            "instrument": one_of(*instruments),
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
