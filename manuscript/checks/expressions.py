"""Inline code calls ``v``, ``claim`` and ``item`` alone, with keys that exist."""

from __future__ import annotations

from manuscript.checks.finding import Finding, Outcome
from manuscript.checks.proof import Proof

NAME = "expressions"
TITLE = "Inline code only prints values, claims and items"


def check(proof: Proof) -> Outcome:
    """Report the inline expressions that could not be evaluated."""
    faults = [fault for reading in proof.readings for fault in reading.faults]
    findings = tuple(
        Finding(fault.file, fault.line, fault.column, NAME, fault.what, fault.mend)
        for fault in faults
    )
    count = sum(len(document.inlines) for document in proof.project.documents)
    return Outcome(f"{count} inline expressions", findings)
