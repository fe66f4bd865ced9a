"""What a check reports."""

from __future__ import annotations

from dataclasses import dataclass


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
    """

    file: str
    line: int
    column: int
    check: str
    what: str
    mend: str

    def __str__(self) -> str:
        """Write the form that editors jump to."""
        place = f"{self.file}:{self.line}:{self.column}"
        return f"{place}: {self.what}; {self.mend} [{self.check}]"


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
    """

    summary: str
    findings: tuple[Finding, ...] = ()
    unknown: tuple[str, ...] = ()
