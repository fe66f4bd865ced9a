"""Tables of the supplement: each module sets out one, from values.

A module is imported when its table is asked for: what some stand on, statistics
and DuckDB, takes longer to import than a page to build.
"""

from collections.abc import Callable
from importlib import import_module

from manuscript.values import Table

# Table -> its module; named otherwise, as an imported module would hide the table.
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
__all__ = tuple(_MODULES)


def __getattr__(name: str) -> Callable[..., Table]:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f"{__name__}.{_MODULES[name]}")
    table: Callable[..., Table] = getattr(module, name)
    return table
