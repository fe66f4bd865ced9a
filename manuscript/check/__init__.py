"""Checks of the manuscript, one module each, run before every render.

A module names itself (``NAME``), says what holds when it finds nothing (``TITLE``)
and gives an :class:`~manuscript.check.finding.Outcome` for a
:class:`~manuscript.check.proof.Proof`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from manuscript.check.finding import Finding, FindingError, Outcome, Outcomes, findings

if TYPE_CHECKING:
    from manuscript.check.running import CHECKS, outcomes, run
    from manuscript.check.vocabulary import Words

# Slow to import: where nothing has changed, what was found is known.
_LATER = {
    **dict.fromkeys(("CHECKS", "outcomes", "run"), "running"),
    "Words": "vocabulary",
}

__all__ = [
    "CHECKS",
    "Finding",
    "FindingError",
    "Outcome",
    "Outcomes",
    "Words",
    "findings",
    "outcomes",
    "run",
]


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
