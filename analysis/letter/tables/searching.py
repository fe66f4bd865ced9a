"""Table S2: where the review searched."""

from __future__ import annotations

from datetime import date

from analysis.letter.evidence.searching import search_strategy
from manuscript.values import Column, Table, known, table

_COLUMNS = (
    Column("Source", 36),
    Column("Kind", 12),
    Column("Searched until", 20),
    Column("Strategy", 14),
    Column("Note", 18),
)


def search() -> Table:
    """List databases, registries and persons, with the last day searched."""
    return table(
        _COLUMNS,
        (
            (
                source.source,
                source.kind.capitalize(),
                known(_day(source.until)),
                known(source.terms),
                known(source.note),
            )
            for source in search_strategy()
        ),
    )


def _day(iso: str) -> str:
    if not iso:
        return ""
    day = date.fromisoformat(iso)
    return f"{day:%B} {day.day}, {day.year}"
