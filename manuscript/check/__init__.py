"""Checks of the manuscript, one module each, run before every render.

A module names itself (``NAME``), says what holds when it finds nothing (``TITLE``)
and gives an :class:`~manuscript.check.finding.Outcome` for a
:class:`~manuscript.check.proof.Proof`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import ModuleType

from manuscript.check import consistency
from manuscript.check.displays import alternatives, floats
from manuscript.check.documents import execution, limits, notice, sections
from manuscript.check.finding import Finding, Outcome
from manuscript.check.proof import Proof
from manuscript.check.prose import (
    abbreviations,
    claims,
    exceptions,
    numbers,
    wording,
)
from manuscript.check.references import citations, records
from manuscript.check.values import expressions, rows, subjects, units
from manuscript.source.documents import Project
from manuscript.source.study import answers
from manuscript.values.answers import Answers

CHECKS: Mapping[str, ModuleType] = {
    module.NAME: module
    for module in (
        expressions,
        numbers,
        wording,
        claims,
        units,
        subjects,
        rows,
        consistency,
        citations,
        records,
        floats,
        abbreviations,
        alternatives,
        notice,
        sections,
        execution,
        exceptions,
        limits,
    )
}

__all__ = ["CHECKS", "Finding", "Outcome", "findings", "outcomes", "run"]


def outcomes(
    project: Project, only: Iterable[str] = (), v: Answers | None = None
) -> dict[str, Outcome]:
    """Run the checks.

    Parameters
    ----------
    project : Project
    only : iterable of str
        Names of checks; all of them if none.
    v : Answers, optional
        Answers the inline expressions; the values of the project without.

    Raises
    ------
    KeyError
        When a check has no such name.
    """
    proof = Proof.of(project, answers(project.root) if v is None else v)
    chosen = [CHECKS[name] for name in only] or list(CHECKS.values())
    return exceptions.applied(
        proof, {module.NAME: module.check(proof) for module in chosen}
    )


def run(project: Project) -> list[Finding]:
    """Run every check; return what they found, by file and line."""
    return findings(outcomes(project))


def findings(outcomes: Mapping[str, Outcome]) -> list[Finding]:
    """Return what checks found, by file and line."""
    return sorted({f for outcome in outcomes.values() for f in outcome.findings})
