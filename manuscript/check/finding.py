"""What a check reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from manuscript.errors import ManuscriptError

Level = Literal["error", "warning"]


@dataclass(frozen=True, order=True)
class Finding:
    """A fault in the manuscript.

    Attributes
    ----------
    file : str
        Path relative to the project.
    line, column : int
        Counted from 1.
    check : str
        Name of the check.
    what : str
        What was found.
    mend : str
        What to do about it.
    level : str
        ``error``, which stops a render, or ``warning``.
    rule : str
        Which rule of the check fired; empty where it has one alone.
    """

    file: str
    line: int
    column: int
    check: str
    what: str
    mend: str
    level: Level = "error"
    rule: str = ""

    @property
    def name(self) -> str:
        """Check and rule, as an exception names them: ``consistency/percent``."""
        return f"{self.check}/{self.rule}" if self.rule else self.check

    def __str__(self) -> str:
        """Write the form that editors jump to."""
        place = f"{self.file}:{self.line}:{self.column}"
        what = f"warning: {self.what}" if self.level == "warning" else self.what
        return f"{place}: {what}; {self.mend} [{self.name}]"


class FindingError(ManuscriptError):
    """A finding that stops a render, which says it as the check does."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.file, finding.line, finding.what, finding.mend)
        self.finding = finding

    def __str__(self) -> str:
        return str(self.finding)


@dataclass(frozen=True)
class Outcome:
    """The answer of one check.

    Attributes
    ----------
    summary : str
        What was looked at, with its count: ``112 values, 9 claims``.
    findings : tuple of Finding
    unknown : tuple of str
        What could not be judged, and why; never taken for a pass.
    title : str
        What holds where nothing was found.
    """

    summary: str
    findings: tuple[Finding, ...] = ()
    unknown: tuple[str, ...] = ()
    title: str = ""

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Findings that stop a render."""
        return tuple(each for each in self.findings if each.level == "error")


@dataclass(frozen=True)
class Outcomes:
    """The answers of all checks, as renders keep them.

    Attributes
    ----------
    found : dict of str to Outcome
        By name of the check.
    """

    found: dict[str, Outcome]


def findings(outcomes: Mapping[str, Outcome]) -> list[Finding]:
    """Return what checks found, by file and line."""
    return sorted({f for outcome in outcomes.values() for f in outcome.findings})
