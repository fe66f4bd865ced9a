"""All checks, run on a manuscript, and what they found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import ModuleType

from manuscript.check import consistency
from manuscript.check.displays import alternatives, floats
from manuscript.check.documents import execution, limits, notice, sections
from manuscript.check.finding import Finding, Outcome, findings
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
from manuscript.execute import answers
from manuscript.source import Project, Reading
from manuscript.values import Answers

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


def outcomes(
    project: Project,
    only: Iterable[str] = (),
    v: Answers | None = None,
    readings: tuple[Reading, ...] | None = None,
) -> dict[str, Outcome]:
    """Run the checks.

    Parameters
    ----------
    project : Project
    only : iterable of str
        Names of checks; all of them if none.
    v : Answers, optional
        Answers the inline expressions; the values of the project without.
    readings : tuple of Reading, optional
        The documents as read with these answers; they are read without.

    Raises
    ------
    KeyError
        When a check has no such name.
    """
    v = answers(project.root) if v is None else v
    proof = Proof(project, v, readings) if readings else Proof.of(project, v)
    chosen = [CHECKS[name] for name in only] or list(CHECKS.values())
    found = {m.NAME: replace(m.check(proof), title=m.TITLE) for m in chosen}
    return exceptions.applied(proof, found)


def run(project: Project) -> list[Finding]:
    """Run every check; return what they found, by file and line."""
    return findings(outcomes(project))
