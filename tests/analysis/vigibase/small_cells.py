"""Fourteen reports of a reaction, twelve with the drug; cells of 9 and 3, 10 and 2."""

from __future__ import annotations

from analysis.vigibase import Codes, Group

_REPORTS = [*range(1, 15), *range(20, 60)]
_DRUG = {r: 222 if r in (13, 14) or (r >= 20 and r % 2) else 111 for r in _REPORTS}

TABLES_OF_CASES = {
    "demo": {
        "UMCReportId": _REPORTS,
        "AgeGroup": [6] * len(_REPORTS),
        "Gender": [2 if r in (10, 11, 12) else 1 for r in _REPORTS],
    },
    "drug": {
        "UMCReportId": _REPORTS,
        "Drug_Id": [100 + r for r in _REPORTS],
        "DrecNo": [_DRUG[r] for r in _REPORTS],
        "Basis": [1] * len(_REPORTS),
    },
    "adr": {
        "UMCReportId": _REPORTS,
        "Adr_Id": [1000 + r for r in _REPORTS],
        "MedDRA_Id": [901 if r < 20 else 5 for r in _REPORTS],
        "Outcome": [5 if r < 11 else 1 for r in _REPORTS],
    },
    "link": {
        "Drug_Id": [100 + r for r in range(1, 13)],
        "Adr_Id": [1000 + r for r in range(1, 13)],
        "Dechallenge1": [1] * 10 + [4] * 2,
    },
}
CODES = Codes(
    drug=Group("x", "X", (111,)),
    roles="sci",
    reaction=Group("reaction", "Reaction", (901,)),
    terms=(Group("general", "General", (901,)),),
    smallest_cell=5,
)
