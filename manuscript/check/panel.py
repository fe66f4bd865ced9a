"""The panel of all checks, as a table for the end of the supplement."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from manuscript import check as checks
from manuscript.check.finding import Outcome
from manuscript.source import Project, find_root
from manuscript.values import Column, Table, table

_COLUMNS = (Column("Check", 34), Column("Looked at", 34), Column("Result", 32))


def panel() -> Table:
    """Run the checks on the project around this folder; a row each."""
    return of(checks.outcomes(Project.load(find_root(Path.cwd()))))


def of(outcomes: Mapping[str, Outcome]) -> Table:
    """Set out what the checks found."""
    rows = (
        (outcome.title, outcome.summary, _result(outcome))
        for outcome in outcomes.values()
    )
    unknown = [line for each in outcomes.values() for line in each.unknown]
    return table(_COLUMNS, rows, map(_sentence, unknown))


def _result(outcome: Outcome) -> str:
    if errors := len(outcome.errors):
        return f"{errors} finding{'s' * (errors != 1)}"
    if warnings := len(outcome.findings):
        return f"Passed, {warnings} warning{'s' * (warnings != 1)}"
    return "Not judged: limits unknown" if outcome.unknown else "Passed"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
