"""Table S9: the reports of leukemia with lenalidomide."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.letter import Letter
from analysis.letter.answers.reports import available_key, is_known
from analysis.vigibase.results import Breakdown, Description
from manuscript.values import Cell, Column, Table, estimate, heading, join, table

_COLUMNS = (
    Column("Characteristic", 58),
    Column("Reports / with data", 24, "right"),
    Column("Share, %", 18, "right"),
)
_TIMES = {"duration": "Known at any precision", "latency": "Known to a day"}
_MEASURES = {
    "vigibase": "All reports",
    "vigibase.adjusted": "Adjusted for age and sex",
}


def reports(description: Description, v: Letter) -> Table:
    """List the characteristics of the reports, each over those with data.

    Of a synthetic extract only what agrees with the published letter is listed.
    Of a collected one everything is: all characteristics, reports by whole year
    to onset, and disproportionality.

    Parameters
    ----------
    description : Description
    v : Letter
    """
    rows: list[tuple[Cell, ...]] = []
    for breakdown in description.breakdowns:
        counts = list(_counts(breakdown, description.synthetic, v))
        if counts:
            rows += [heading(breakdown.title, _COLUMNS), *counts]
    rows.append(heading("Years from first exposure to onset", _COLUMNS))
    rows += _times(v)
    if not description.synthetic:
        rows += [*_years(description), *_disproportionality(v)]
    return table(_COLUMNS, rows)


def _years(description: Description) -> Iterator[tuple[Cell, ...]]:
    for name, title in _TIMES.items():
        time = description.time(name)
        yield heading(f"Whole years from first exposure to onset. {title}", _COLUMNS)
        for year, n in enumerate(time.by_year):
            shown = f"< {description.smallest_cell}" if n is None else str(n)
            of = "–" if time.n is None else str(time.n)
            yield (str(year), f"{shown} / {of}", "")


def _disproportionality(v: Letter) -> Iterator[tuple[Cell, ...]]:
    yield heading("Disproportionality (95% interval)", _COLUMNS)
    for prefix, title in _MEASURES.items():
        for measure, name in (
            ("ror", "reporting odds ratio"),
            ("ic", "information component"),
        ):
            key = f"{prefix}.{measure}"
            yield (f"{title}: {name}", estimate(v(key), v.ci(key)), "")


def _counts(
    breakdown: Breakdown, synthetic: bool, v: Letter
) -> Iterator[tuple[Cell, ...]]:
    for count in breakdown.counts:
        key = f"vigibase.{count.key}"
        if is_known(key, synthetic):
            available = v(available_key(breakdown))
            percent = v(f"{key}.percent")
            yield count.label, join(v(key), " / ", available), percent


def _times(v: Letter) -> Iterator[tuple[Cell, ...]]:
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
