"""Tables of the supplement: each module sets out one, from values.

A module is imported when its table is asked for: what some stand on, statistics
and DuckDB, takes longer to import than a page to build.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.letter.tables.agreement import ensemble
    from analysis.letter.tables.analyses import sensitivity
    from analysis.letter.tables.candidates import eligible
    from analysis.letter.tables.case_list import cases
    from analysis.letter.tables.comparison import reproduction
    from analysis.letter.tables.profile import certainty
    from analysis.letter.tables.published import literature
    from analysis.letter.tables.reporting import checklists
    from analysis.letter.tables.risk_of_bias import bias
    from analysis.letter.tables.searching import search
    from analysis.letter.tables.trials import counts
    from analysis.letter.tables.vigibase import reports

# Named otherwise than their tables, which imported modules would hide.
_MODULES = {
    "bias": "risk_of_bias",
    "cases": "case_list",
    "certainty": "profile",
    "checklists": "reporting",
    "counts": "trials",
    "eligible": "candidates",
    "ensemble": "agreement",
    "literature": "published",
    "reports": "vigibase",
    "reproduction": "comparison",
    "search": "searching",
    "sensitivity": "analyses",
}

__all__ = [
    "bias",
    "cases",
    "certainty",
    "checklists",
    "counts",
    "eligible",
    "ensemble",
    "literature",
    "reports",
    "reproduction",
    "search",
    "sensitivity",
]


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
