"""Counts of the cases by the categories of a characteristic."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.vigibase import lists
from analysis.vigibase.codes import Group
from analysis.vigibase.cohort import Cohort, among
from analysis.vigibase.lists import Category
from analysis.vigibase.results import Breakdown, Count


def by_code(
    cases: Cohort,
    key: str,
    table: str,
    column: str,
    categories: Sequence[Category],
    *,
    exclusive: bool = True,
) -> Breakdown:
    """Count the cases by the codes of a column."""
    ranks = " ".join(
        f"WHEN '{code}' THEN {rank}"
        for rank, category in enumerate(categories)
        for code in category.codes
    )
    query = f"SELECT UMCReportId, CASE {column} {ranks} END FROM {table}"
    return breakdown(cases, key, query, categories, exclusive=exclusive)


def rank_of_groups(column: str, groups: Sequence[Group]) -> str:
    """Write the rank of the first group whose codes a column has."""
    if not groups:
        return "NULL"
    ranks = " ".join(
        f"WHEN {among(column, group.codes)} THEN {rank}"
        for rank, group in enumerate(groups)
    )
    return f"CASE {ranks} END"


def breakdown(
    cases: Cohort,
    key: str,
    query: str,
    categories: Sequence[Category | Group],
    *,
    exclusive: bool = True,
    available: int | None = None,
) -> Breakdown:
    """Count the cases by category.

    The query gives a report and the rank of a category, or NULL. An exclusive
    breakdown counts a report once, at the first category that it has.
    """
    ranked = (
        f"SELECT UMCReportId, rank FROM ({query}) AS q (UMCReportId, rank) "
        f"SEMI JOIN {cases.reports} USING (UMCReportId) WHERE rank IS NOT NULL"
    )
    if exclusive:
        ranked = (
            f"SELECT UMCReportId, min(rank) AS rank FROM ({ranked}) "
            "GROUP BY UMCReportId"
        )
    rows = cases.extract.query(
        f"SELECT rank, count(DISTINCT UMCReportId) FROM ({ranked}) GROUP BY rank"
    )
    by_rank = dict(rows)
    if available is None:
        available = sum(by_rank.values()) if exclusive else cases.count(ranked)
    return Breakdown(
        key,
        lists.TITLES[key],
        cases.size,
        available,
        tuple(
            Count(category.key, category.label, by_rank.get(rank, 0))
            for rank, category in enumerate(categories)
        ),
        exclusive,
    )
