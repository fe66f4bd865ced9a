"""Table S5: the cases of leukemia with individual details."""

from __future__ import annotations

from analysis.letter import Letter
from analysis.letter.data import Cases
from manuscript.values import NOT_KNOWN, Cell, Column, Table, bold, join, table

_COLUMNS = (
    Column("", 14),
    Column("Age at onset, years", 18, "right"),
    Column("Lenalidomide exposure, years", 18, "right"),
    Column("Latency from first dose, years", 18, "right"),
    Column("Outcome", 14),
    Column("Onset to death, months", 18, "right"),
)
_QUANTITIES = ("age", "exposure", "latency")


def cases(detailed: Cases, v: Letter) -> Table:
    """Summarize the cases; list them too where they are not invented.

    Parameters
    ----------
    detailed : Cases
    v : Letter
    """
    listed = (
        ()
        if detailed.is_invented
        else zip(detailed.case, detailed.outcome, strict=True)
    )
    rows = [_row(case, outcome, v) for case, outcome in listed]
    return table(_COLUMNS, [*rows, *_summary(v)])


def _row(case: str, outcome: str, v: Letter) -> tuple[Cell, ...]:
    death = v(f"case.{case}.death")
    return (
        case,
        *(v(f"case.{case}.{name}") for name in _QUANTITIES),
        outcome.capitalize(),
        death if death.number == death.number else NOT_KNOWN,
    )


def _summary(v: Letter) -> list[tuple[Cell, ...]]:
    names = [f"cases.{name}" for name in (*_QUANTITIES, "death")]
    medians, quartiles, ranges = (
        [v(f"{name}.median") for name in names],
        [v.iqr(name) for name in names],
        [v.range(name) for name in names],
    )
    alive = join(v("cases.alive"), " of ", v("cases.detailed"), " alive")
    return [
        (bold("Median"), *medians[:3], alive, medians[3]),
        (bold("Quartiles"), *quartiles[:3], "", quartiles[3]),
        (bold("Range"), *ranges[:3], "", ranges[3]),
    ]
