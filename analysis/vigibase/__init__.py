"""VigiBase, the WHO database of reports: from an extract to a description.

    extract = Extract.open("restricted/vigibase.duckdb")
    description = describe(extract, read_codes(Path("restricted/codes.yml")))

What these functions return are counts, denominators and quantiles; reports
stay in the extract.
"""

from analysis.vigibase.codes import Codes, Group, read_codes
from analysis.vigibase.cohort import Cohort, cohort, flow
from analysis.vigibase.description import describe
from analysis.vigibase.disproportionality import (
    disproportionality,
    from_counts,
    stratified,
)
from analysis.vigibase.errors import CodesError, ExtractError, PrivacyError
from analysis.vigibase.extract import Extract
from analysis.vigibase.intake import Account, convert
from analysis.vigibase.pairs import dechallenge, outcome, rechallenge, time_to_onset
from analysis.vigibase.privacy import assert_shareable, release

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
    "cohort",
    "convert",
    "dechallenge",
    "describe",
    "disproportionality",
    "flow",
    "from_counts",
    "outcome",
    "read_codes",
    "rechallenge",
    "release",
    "stratified",
    "time_to_onset",
]
