"""What a reader of the results has to know of the codes that were asked for."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.vigibase.codes import Codes, Group
from analysis.vigibase.cohort import among
from analysis.vigibase.extract import Extract

_MOST = 5


def remarks(extract: Extract, codes: Codes) -> tuple[str, ...]:
    """Say which codes match no row, and which terms may be missed.

    Parameters
    ----------
    extract : Extract
    codes : Codes
    """
    drugs = [codes.drug, *codes.co_reported, *codes.interacting]
    if codes.comparator:
        drugs.append(codes.comparator)
    said = [
        *(_unmatched(extract, group, "drug", "DrecNo") for group in drugs),
        *(_unmatched(extract, group, "adr", "MedDRA_Id") for group in codes.terms),
        *_missed(codes),
        _versions(extract, codes),
    ]
    return tuple(remark for remark in said if remark)


def _unmatched(extract: Extract, group: Group, table: str, column: str) -> str:
    if not group.codes:
        return ""
    found = {
        int(code)
        for (code,) in extract.query(
            f"SELECT DISTINCT {column} FROM {table} WHERE {among(column, group.codes)}"
        )
    }
    lost = [code for code in group.codes if code not in found]
    if not lost:
        return ""
    if len(lost) == len(group.codes):
        many = "none of its codes matches" if len(lost) > 1 else "its code matches no"
        row = "a row" if len(lost) > 1 else "row"
        return f"{group.label}: {many} {row} of {table.upper()}: {_some(lost)}"
    return (
        f"{group.label}: {len(lost)} of {len(group.codes)} codes match no row of "
        f"{table.upper()}: {_some(lost)}"
    )


def _missed(codes: Codes) -> list[str]:
    if codes.dictionaries.meddra is None:
        return [
            "MedDRA_Id holds codes of lowest level terms: a preferred term is counted "
            "only if all of its lowest level terms are listed (no MedDRA was given, so "
            "that this was not checked)"
        ]
    return [
        f"preferred term {code} ({name}): {listed} of its {of} lowest level terms are "
        "listed; the others are not counted"
        for code, name, listed, of in codes.dictionaries.missed(codes.reaction.codes)
    ]


def _versions(extract: Extract, codes: Codes) -> str:
    """Say what READUS-PV asks for: versions and day of extraction."""
    books = codes.dictionaries
    day = codes.extracted
    last = ""
    if not day:
        ((date,),) = extract.query("SELECT max(DateDatabase) FROM demo")
        last = f" (the last date in DEMO is {date})" if date else ""
    stated = [
        f"MedDRA {books.meddra_version or 'version not stated'}",
        f"WHODrug {books.whodrug_version or 'version not stated'}",
        f"extracted on {day}" if day else f"day of extraction not stated{last}",
    ]
    return "; ".join(stated)


def _some(codes: Sequence[int]) -> str:
    shown = ", ".join(str(code) for code in codes[:_MOST])
    return shown + (f" and {len(codes) - _MOST} more" if len(codes) > _MOST else "")
