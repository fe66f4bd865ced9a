"""Table S10: published lymphoblastic leukemia after lenalidomide."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.letter import Letter
from analysis.letter.evidence.literature import KINDS, Report, reports
from manuscript.values.markdown import (
    NOT_KNOWN,
    Cell,
    Column,
    Markup,
    Table,
    cite,
    heading,
    join,
    known,
    link,
    table,
)

_TITLES = {
    "series": "Series",
    "cases": "Case reports",
    "contrast": "For contrast: under another immunomodulatory drug",
}
_COLUMNS = (
    Column("Report", 14),
    Column("Patients", 6, "right"),
    Column("Drug and exposure", 18),
    Column("Age; latency", 17),
    Column("Lineage and genetics", 25),
    Column("Transplant before", 8),
    Column("Outcome", 20),
    Column("Overlap and caution", 16),
)


def literature(v: Letter) -> Table:
    """List the published reports, largest first within a kind.

    Parameters
    ----------
    v : Letter
    """
    return table(_COLUMNS, _rows(v))


def _rows(v: Letter) -> Iterator[tuple[Cell, ...]]:
    for kind in KINDS:
        some = [report for report in reports() if report.kind == kind]
        if some:
            yield heading(_TITLES[kind], _COLUMNS)
        for report in sorted(some, key=lambda report: -report.patients):
            yield _row(report, v)


def _row(report: Report, v: Letter) -> tuple[Cell, ...]:
    return (
        _name(report),
        v(f"evidence.literature.{report.id}.patients")
        if report.patients >= 0
        else NOT_KNOWN,
        known("; ".join(filter(None, (report.drug, report.exposure)))),
        known("; ".join(filter(None, (report.age, report.latency)))),
        _genetics(report),
        known(report.transplant),
        known(report.outcome),
        known(report.overlap),
    )


def _name(report: Report) -> Markup:
    if report.reference:
        return join(report.citation, " ", cite(report.reference))
    return link(report.citation, report.url)


def _genetics(report: Report) -> str:
    return known("; ".join(filter(None, (report.lineage, report.genetics))))
