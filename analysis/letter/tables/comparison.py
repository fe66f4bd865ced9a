"""Table S11: every published number beside the recomputed one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from analysis.letter import Letter
from analysis.letter.evidence.reproduction import Comparison, comparisons
from manuscript.values import (
    NOT_KNOWN,
    Cell,
    Column,
    Span,
    Table,
    bare,
    bold,
    heading,
    join,
    table,
)

_TITLES = {
    "review": "Review",
    "risk.placebo": "Risk of ALL against placebo",
    "risk.all": "Risk of ALL against any control",
    "incidence.placebo": "Incidence in placebo-controlled trials",
    "incidence.chemotherapy": "Incidence in trials against chemotherapy ± SCT",
    "incidence.observation": "Incidence in trials against observation",
    "incidence.all": "Incidence in all trials",
    "cases": "Cases with individual details",
    "vigibase": "Reports in VigiBase",
}
_COLUMNS = (
    Column("Quantity", 28),
    Column("Printed", 11),
    Column("Recomputed", 12),
    Column("Verdict", 13),
    Column("Basis", 13),
    Column("Implied by other printed numbers", 23),
)


def reproduction(v: Letter) -> Table:
    """List every published number with its verdict.

    Parameters
    ----------
    v : Letter
    """
    return table(_COLUMNS, _rows(v))


def _rows(v: Letter) -> Iterator[tuple[Cell, ...]]:
    for group, some in groupby(comparisons(v), _group):
        yield heading(_TITLES[group], _COLUMNS)
        for comparison in some:
            yield _row(comparison, v)


def _group(comparison: Comparison) -> str:
    """Pools repeat the names of their quantities and get a heading each."""
    section = comparison.reported.section
    if section in ("risk", "incidence"):
        return ".".join(comparison.reported.key.split(".")[:2])
    return section


def _row(comparison: Comparison, v: Letter) -> tuple[Cell, ...]:
    reported, value = comparison.reported, comparison.value
    verdict = comparison.verdict.capitalize()
    return (
        reported.quantity[0].upper() + reported.quantity[1:],
        reported.printed_as,
        NOT_KNOWN if comparison.verdict == "not recomputable" else bare(value),
        bold(verdict) if comparison.verdict == "differs" else verdict,
        value.origin.basis.capitalize(),
        _implied(comparison, v),
    )


def _implied(comparison: Comparison, v: Letter) -> Cell:
    if comparison.implied is None:
        return NOT_KNOWN
    prefix = f"reproduction.implied.{comparison.reported.key}"
    span = Span(v(f"{prefix}.low"), v(f"{prefix}.high"))
    number: Cell = span.low if span.low.text == span.high.text else span
    said = join(number, f" ({comparison.implied.says})")
    return said if comparison.implied.agrees else join(bold("Differs:"), " ", said)
