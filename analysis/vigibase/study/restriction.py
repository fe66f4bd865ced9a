"""Reports that a study restricts itself to."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.vigibase import lists
from analysis.vigibase.lists import Category


@dataclass(frozen=True)
class Field:
    """Something that reports can be chosen by: a column and what it may hold."""

    table: str
    column: str
    categories: tuple[Category, ...]


FIELDS = {
    "age": Field("demo", "AgeGroup", lists.AGE_GROUP),
    "sex": Field("demo", "Gender", lists.SEX),
    "type": Field("demo", "Type", lists.REPORT_TYPE),
    "region": Field("demo", "Region", lists.REGION),
    "reporter": Field("srce", "Type", lists.REPORTER),
    "serious": Field("out", "Serious", lists.SERIOUS),
}
Chosen = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Restriction:
    """Reports by what they are and when they came.

    Attributes
    ----------
    only, without : tuple of (str, tuple of str)
        A field of ``FIELDS`` and codes: reports that have one of them, or none.
        A report that does not say is in neither ``only`` nor left out by
        ``without``.
    since, until : str
        First and last day, as 2020-12-31, of FirstDateDatabase; empty for none.
    """

    only: Chosen = ()
    without: Chosen = ()
    since: str = ""
    until: str = ""

    def __bool__(self) -> bool:
        """Tell whether anything is left out."""
        return bool(self.only or self.without or self.since or self.until)

    def also(self, other: Restriction) -> Restriction:
        """Return what both allow."""
        return Restriction(
            self.only + other.only,
            self.without + other.without,
            max(self.since, other.since),
            min(filter(None, (self.until, other.until)), default=""),
        )

    def sql(self) -> str:
        """Write the condition on a row of DEMO."""
        parts = [_among(field, codes) for field, codes in self.only]
        parts += [f"NOT {_among(field, codes)}" for field, codes in self.without]
        if self.since:
            parts.append(f"FirstDateDatabase >= DATE '{self.since}'")
        if self.until:
            parts.append(f"FirstDateDatabase <= DATE '{self.until}'")
        return " AND ".join(f"({part})" for part in parts) or "true"


def _among(name: str, codes: tuple[str, ...]) -> str:
    field = FIELDS[name]
    listed = ", ".join("'" + code.replace("'", "''") + "'" for code in codes)
    if field.table == "demo":
        return f"coalesce({field.column} IN ({listed}), false)"
    return (
        f"UMCReportId IN (SELECT UMCReportId FROM {field.table} "
        f"WHERE {field.column} IN ({listed}))"
    )
