"""From the files of an extract, as they are delivered, to an account and a database."""

from analysis.vigibase.intake.account import (
    Account,
    Coverage,
    Finding,
    Problem,
    TableRead,
)
from analysis.vigibase.intake.conversion import (
    MEMORY_LIMIT,
    Step,
    Summary,
    convert,
    load,
    rejected_path,
)
from analysis.vigibase.intake.duplicates import exclude
from analysis.vigibase.intake.files import files_of

__all__ = [
    "MEMORY_LIMIT",
    "Account",
    "Coverage",
    "Finding",
    "Problem",
    "Step",
    "Summary",
    "TableRead",
    "convert",
    "exclude",
    "files_of",
    "load",
    "rejected_path",
]
