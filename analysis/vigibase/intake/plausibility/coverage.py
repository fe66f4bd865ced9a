"""How much of an extract each table covers, and where that is implausible.

A file that was cut off is whole in every line. It shows in what the others say:
reports without a drug, pairs without a link, rows whose report is not there; or
in a tail of reports, in the order of DEMO, of which a table says nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from analysis.vigibase.intake.account import Coverage, Problem, TableRead
from analysis.vigibase.layout import LINKS, TABLES

# Fewer reports are a sample, in which chance may do anything.
ENOUGH_REPORTS = 100
MANY_REPORTS = 1000
# Least plausible share of what a table should cover. In the example data of
# vigicaen 97% of suspect pairs have LINK, 99.6% of reports OUT, 97% SRCE and
# 69% of drugs IND.
LEAST = {"drug": 0.9, "adr": 0.9, "out": 0.5, "srce": 0.5, "link": 0.3, "ind": 0.1}
# Every extract of many reports has some of these.
NEVER_EMPTY = ("followup", "suspectedduplicates")
MOST_ASTRAY = 0.05
MOST_BAD = 0.05
# A silent tail of this share, and less likely by chance than this.
LONGEST_TAIL = 0.05
CHANCE = 1e-9

_SUSPECT = "('1', '3')"


@dataclass(frozen=True)
class Reach:
    """How far a table's rows reach into another, in the order of the other.

    Attributes
    ----------
    astray : int
        Rows that lead nowhere.
    last : int
        Position, from 0, of the last row of the other that is named; -1 if none.
    """

    astray: int
    last: int


def reach(
    connection: duckdb.DuckDBPyConnection, name: str, column: str, other: str, key: str
) -> Reach:
    """Follow the links of a table to another."""
    ((astray, last),) = connection.execute(
        f"SELECT count(*) FILTER (o.at IS NULL), max(o.at) FROM {name} LEFT JOIN "
        f"(SELECT {key} AS id, rowid AS at FROM {other}) o ON {name}.{column} = o.id"
    ).fetchall()
    return Reach(int(astray), -1 if last is None else int(last))


def coverage(connection: duckdb.DuckDBPyConnection) -> tuple[Coverage, ...]:
    """Count what each table covers, of what it should."""
    reports = _count(connection, "FROM demo")
    found = [
        Coverage(name, "reports with a row", _reports_in(connection, name), reports)
        for name in ("drug", "adr", "out", "srce")
    ]
    ((pairs,),) = connection.execute(
        f"SELECT coalesce(sum(d.n * a.n), 0)::BIGINT FROM (SELECT UMCReportId, "
        f"count(*) AS n FROM drug WHERE Basis IN {_SUSPECT} GROUP BY 1) d "
        "JOIN (SELECT UMCReportId, count(*) AS n FROM adr GROUP BY 1) a "
        "USING (UMCReportId)"
    ).fetchall()
    links = _count(connection, "FROM link")
    what = "rows, for the pairs of a suspect drug and a reaction of one report"
    found.append(Coverage("link", what, min(links, int(pairs)), int(pairs)))
    drugs = _count(connection, "FROM drug")
    named = _count(connection, "FROM ind")
    found.append(Coverage("ind", "rows, for the drugs", min(named, drugs), drugs))
    found += [
        Coverage(
            name, "rows, for the reports", _count(connection, f"FROM {name}"), reports
        )
        for name in NEVER_EMPTY
    ]
    return tuple(found)


def problems(
    connection: duckdb.DuckDBPyConnection,
    tables: tuple[TableRead, ...],
    covered: tuple[Coverage, ...],
    reached: dict[tuple[str, str], Reach],
) -> tuple[Problem, ...]:
    """Say what is not plausible, table by table.

    Parameters
    ----------
    connection : DuckDBPyConnection
    tables : tuple of TableRead
        As read, before links were followed.
    covered : tuple of Coverage
    reached : dict
        How far each link reaches, by table and column.
    """
    return (
        *_empty(tables),
        *_bad(tables),
        *_astray(tables, reached),
        *_thin(covered),
        *_tails(connection, tables, covered, reached),
    )


def _empty(tables: tuple[TableRead, ...]) -> Iterator[Problem]:
    reports = next(table.rows for table in tables if table.name == "demo")
    for table in tables:
        if table.rows:
            continue
        if table.name in ("demo", "drug", "adr"):
            yield Problem(table.name, f"{table.file or table.name.upper()} has no row")
        elif table.name in NEVER_EMPTY and reports >= MANY_REPORTS:
            what = f"{table.file or table.name.upper()} has no row for "
            yield Problem(table.name, f"{what}{reports:,} reports")


def _bad(tables: tuple[TableRead, ...]) -> Iterator[Problem]:
    for table in tables:
        if table.rows >= ENOUGH_REPORTS and table.set_aside > MOST_BAD * table.rows:
            share = table.set_aside / table.rows
            yield Problem(
                table.name,
                f"{table.set_aside:,} of {table.rows:,} rows of {table.file} "
                f"({share:.0%}) cannot be read",
            )


def _astray(
    tables: tuple[TableRead, ...], reached: dict[tuple[str, str], Reach]
) -> Iterator[Problem]:
    rows = {table.name: table.rows - table.set_aside for table in tables}
    for (name, column), found in reached.items():
        of = rows[name]
        if of >= ENOUGH_REPORTS and found.astray > MOST_ASTRAY * of:
            other = LINKS[name, column][0]
            yield Problem(
                other,
                f"{found.astray:,} of {of:,} rows of {TABLES[name].stem} "
                f"({found.astray / of:.0%}) name a {column} that {TABLES[other].stem} "
                "does not have",
            )


def _thin(covered: tuple[Coverage, ...]) -> Iterator[Problem]:
    for found in covered:
        least = LEAST.get(found.table, 0.0)
        if found.of >= ENOUGH_REPORTS and found.share < least:
            yield Problem(
                found.table,
                f"{TABLES[found.table].stem} covers {found.covered:,} of {found.of:,} "
                f"({found.share:.1%}; {found.what}), expected {least:.0%} at least",
            )


def _tails(
    connection: duckdb.DuckDBPyConnection,
    tables: tuple[TableRead, ...],
    covered: tuple[Coverage, ...],
    reached: dict[tuple[str, str], Reach],
) -> Iterator[Problem]:
    """Tell a cut from chance: nothing said of a long tail of DEMO or DRUG."""
    sizes = {table.name: table.rows - table.set_aside for table in tables}
    by_table = {found.table: found for found in covered}
    told = set()
    for name in ("drug", "adr", "out", "srce", "link", "ind", *NEVER_EMPTY):
        column = "Drug_Id" if name in ("link", "ind") else "UMCReportId"
        other = "drug" if column == "Drug_Id" else "demo"
        found = reached.get((name, column))
        if found is None:
            found = reach(connection, name, column, other, column)
        size, named = sizes[other], found.last + 1
        tail = size - named
        if size < 2 * ENOUGH_REPORTS or not named or tail <= LONGEST_TAIL * size:
            continue
        # A row may speak of what another has spoken of already: a third is safe.
        rate = min(1.0, by_table[name].covered / named)
        if name in ("link", "ind"):
            rate /= 3
        if rate >= 1 or tail * math.log1p(-rate) < math.log(CHANCE):
            told.add(name)
            what = "drugs" if other == "drug" else "reports"
            yield Problem(
                name,
                f"{TABLES[name].stem} says nothing of the last {tail:,} of {size:,} "
                f"{what} of {TABLES[other].stem}: it was cut off",
            )


def _reports_in(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    return _count(connection, f"FROM demo SEMI JOIN {name} USING (UMCReportId)")


def _count(connection: duckdb.DuckDBPyConnection, rows: str) -> int:
    ((n,),) = connection.execute(f"SELECT count(*) {rows}").fetchall()
    return int(n)
