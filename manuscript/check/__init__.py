"""Checks of the manuscript, one module each, run before every render.

A module names itself (``NAME``), says what holds when it finds nothing (``TITLE``)
and gives an :class:`~manuscript.check.finding.Outcome` for a
:class:`~manuscript.check.proof.Proof`.
"""

from manuscript.check import panel, papers
from manuscript.check.finding import Finding, Outcome
from manuscript.check.running import CHECKS, findings, outcomes, run
from manuscript.check.vocabulary import Words

__all__ = [
    "CHECKS",
    "Finding",
    "Outcome",
    "Words",
    "findings",
    "outcomes",
    "panel",
    "papers",
    "run",
]
