"""Tables of the supplement: each module sets out one, from values."""

from analysis.tables.bias import bias
from analysis.tables.cases import cases
from analysis.tables.certainty import certainty
from analysis.tables.checklists import checklists
from analysis.tables.eligible import eligible
from analysis.tables.ensemble import ensemble
from analysis.tables.literature import literature
from analysis.tables.reproduction import reproduction
from analysis.tables.searching import search
from analysis.tables.sensitivity import sensitivity
from analysis.tables.trials import counts
from analysis.tables.vigibase import reports

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
