"""Table S1: reporting checklists, each item with the place that answers it."""

from __future__ import annotations

from collections.abc import Callable

from analysis.letter.evidence import checklist
from analysis.review import answered
from manuscript.values import NOT_KNOWN, Column, Markup, Table, heading, table

TITLES = {
    "prisma-harms": "PRISMA harms: the four items added for harms",
    "prisma-2020": "PRISMA 2020",
    "readus-pv": "READUS-PV: disproportionality in reports",
}
_COLUMNS = (
    Column("Item", 7),
    Column("Topic", 28),
    Column("Where it is answered", 35),
    Column("What the answer lacks", 30),
)


def checklists(place: Callable[[str], str]) -> Table:
    """List the items of both checklists.

    Parameters
    ----------
    place : callable
        Takes ``#id`` or ``letter#id`` to Markdown that leads there; raises
        LookupError for a place that does not exist.

    Raises
    ------
    analysis.review.checklist.UnansweredItemError
        With every item that points nowhere.
    """
    rows = []
    entries = answered(checklist.items(), place)
    for instrument in checklist.INSTRUMENTS:
        rows.append(heading(TITLES[instrument], _COLUMNS))
        rows += [
            (
                item.item,
                item.topic,
                Markup(", ".join(places)),
                item.note or NOT_KNOWN,
            )
            for item, places in entries
            if item.instrument == instrument
        ]
    return table(_COLUMNS, rows)
