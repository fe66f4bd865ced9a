"""Table S10: published lymphoblastic leukemia after lenalidomide."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.letter import Letter
from analysis.letter.evidence.literature import KINDS, Report, reports
from manuscript.values import (
    NOT_KNOWN,
    Cell,
    Column,
    Markup,
    Table,
    cite,
    escape,
    heading,
    join,
    known,
    link,
    table,
)

# Human genes as the reports name them.
_GENE = re.compile(r"\b(BCR::ABL1|TP53|KMT2A|IKZF1)\b")
_TITLES = {
    "series": "Series",
    "cases": "Case reports",
    "contrast": "For contrast: under another immunomodulatory drug",
}
_COLUMNS = (
    Column("Report", 13),
    Column("n", 4, "right"),
    Column("Drug and exposure; transplant before", 20),
    Column("Age; latency", 16),
    Column("Lineage and genetics", 26),
    Column("Outcome; caution", 23),
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
        _genes(known(_listed(report.drug, report.exposure, _transplant(report)))),
        known(_listed(report.age, report.latency)),
        _genes(known(_listed(report.lineage, report.genetics))),
        known(_listed(report.outcome, report.overlap)),
    )


def _listed(*facts: str) -> str:
    return "; ".join(filter(None, facts))


def _transplant(report: Report) -> str:
    return f"transplant before: {report.transplant}" if report.transplant else ""


def _genes(text: str) -> Markup:
    """Set the names of genes in italics."""
    return Markup(_GENE.sub(r"*\1*", escape(text)))


def _name(report: Report) -> Markup:
    if report.reference:
        return join(report.citation, " ", cite(report.reference))
    return link(report.citation, report.url)
