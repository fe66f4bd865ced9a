"""Table S9: the reports of leukemia with lenalidomide."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.letter import Letter, data
from analysis.letter.answers.vigibase import available_key
from analysis.vigibase.results import Breakdown, Description
from manuscript.values.markdown import Cell, Column, Table, heading, join, table

# Counts that follow from published ones by subtraction.
DERIVED = frozenset({"vigibase.female", "vigibase.other_indication"})
LETTER, RANDOM = "The letter", "Nothing: random"

_COLUMNS = (
    Column("Characteristic", 46),
    Column("Reports / with data", 20, "right"),
    Column("Share, %", 12, "right"),
)
# Only a synthetic extract has rows about which nothing is known.
_AGREES = Column("Agrees with", 22)
_TIMES = {"duration": "Known at any precision", "latency": "Known to a day"}


def reports(description: Description, v: Letter) -> Table:
    """List the characteristics of the reports, each over those with data.

    What the published letter describes comes first. While the extract is
    synthetic, a column says which counts agree with the letter, and which are
    random and mean nothing.

    Parameters
    ----------
    description : Description
    v : Letter
    """
    columns = (*_COLUMNS, _AGREES) if description.synthetic else _COLUMNS
    known = data.reported_values().keys() | DERIVED
    first: list[tuple[Cell, ...]] = []
    last: list[tuple[Cell, ...]] = []
    for breakdown in description.breakdowns:
        rows = [heading(breakdown.title, columns)]
        counts = list(_counts(breakdown, v))
        for key, row in counts:
            rows.append((*row, LETTER if key in known else RANDOM)[: len(columns)])
        (first if any(key in known for key, _ in counts) else last).extend(rows)
    first.append(heading("Years from first exposure to onset", columns))
    first += [(*row, LETTER)[: len(columns)] for row in _times(v)]
    return table(columns, first + last)


def _counts(
    breakdown: Breakdown, v: Letter
) -> Iterator[tuple[str, tuple[Cell, Cell, Cell]]]:
    available = v(available_key(breakdown))
    for count in breakdown.counts:
        key = f"vigibase.{count.key}"
        yield key, (count.label, join(v(key), " / ", available), v(f"{key}.percent"))


def _times(v: Letter) -> Iterator[tuple[Cell, Cell, Cell]]:
    for name, title in _TIMES.items():
        key = f"vigibase.{name}"
        quantiles = join(
            f"{title}: median ",
            v(f"{key}.median"),
            " (quartiles ",
            v.iqr(key),
            "; range ",
            v.range(key),
            ")",
        )
        yield quantiles, join(v(f"{key}.n"), " / ", v("vigibase.lenalidomide")), ""
