"""VigiBase, the WHO database of reports: from an extract to a description.

    extract = Extract.open("restricted/vigibase.duckdb")
    description = describe(extract, read_codes(Path("restricted/codes.yml")))

What these functions return are counts, denominators and quantiles; reports
stay in the extract.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.vigibase.codes import Codes, Group, read_codes
    from analysis.vigibase.cohort import Cohort, flow
    from analysis.vigibase.description import describe
    from analysis.vigibase.disproportionality import from_counts, stratified
    from analysis.vigibase.errors import CodesError, ExtractError, PrivacyError
    from analysis.vigibase.extract import Extract
    from analysis.vigibase.intake import Account, convert
    from analysis.vigibase.pairs import dechallenge, outcome, rechallenge, time_to_onset
    from analysis.vigibase.privacy import assert_shareable, release

# Slow to import, DuckDB among it, and what reads a description needs none of it.
# What bears the name of its module is imported from there.
_NAMES = {
    "codes": ("Codes", "Group", "read_codes"),
    "cohort": ("Cohort", "flow"),
    "description": ("describe",),
    "disproportionality": ("from_counts", "stratified"),
    "errors": ("CodesError", "ExtractError", "PrivacyError"),
    "extract": ("Extract",),
    "intake": ("Account", "convert"),
    "pairs": ("dechallenge", "outcome", "rechallenge", "time_to_onset"),
    "privacy": ("assert_shareable", "release"),
}
_MODULES = {name: module for module, names in _NAMES.items() for name in names}

__all__ = [
    "Account",
    "Codes",
    "CodesError",
    "Cohort",
    "Extract",
    "ExtractError",
    "Group",
    "PrivacyError",
    "assert_shareable",
    "convert",
    "dechallenge",
    "describe",
    "flow",
    "from_counts",
    "outcome",
    "read_codes",
    "rechallenge",
    "release",
    "stratified",
    "time_to_onset",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
