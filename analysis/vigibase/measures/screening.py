"""All reactions of a drug, each with its measures."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.vigibase.codes import Codes, role_codes
from analysis.vigibase.cohort import Population, among
from analysis.vigibase.disproportionality import SMALLEST_COUNT, from_counts
from analysis.vigibase.extract import Extract
from analysis.vigibase.measures.shrinkage import Prior, Shrunk, prior_of, shrunk
from analysis.vigibase.results import Disproportionality


@dataclass(frozen=True)
class Screened:
    """A reaction that was reported with a drug.

    Attributes
    ----------
    code : int
        Of the term in MedDRA.
    name : str
        Empty without MedDRA.
    table : Disproportionality
    shrunk : Shrunk or None
        None without a prior.
    """

    code: int
    name: str
    table: Disproportionality
    shrunk: Shrunk | None


@dataclass(frozen=True)
class Screening:
    """All reactions of a drug.

    Attributes
    ----------
    reactions : tuple of Screened
        By falling lower limit of the information component.
    few : int
        Reactions with too few reports to say anything.
    withheld : int
        Reactions with a small cell.
    level : str
        Level of the terms: llt, or as asked for with MedDRA.
    prior : Prior or None
    """

    reactions: tuple[Screened, ...]
    few: int
    withheld: int
    level: str
    prior: Prior | None


def screen(
    extract: Extract,
    codes: Codes,
    among_reports: Population | None = None,
    *,
    level: str = "llt",
    smallest: int = SMALLEST_COUNT,
    with_prior: bool = True,
) -> Screening:
    """Screen the reactions of the drug of a study.

    Parameters
    ----------
    extract : Extract
    codes : Codes
        Its drug, roles and smallest cell.
    among_reports : Population, optional
        Reports that are looked at.
    level : {"llt", "pt", "hlt", "hlgt", "soc"}, optional
        Level of MedDRA at which terms are counted; the lowest without it.
    smallest : int, optional
        With fewer reports of both, nothing is computed.
    with_prior : bool, optional
        Whether to compute the empirical Bayes geometric mean.
    """
    counted = (among_reports or Population()).counted
    bases = ", ".join(f"'{code}'" for code in role_codes(codes.roles))
    names = codes.dictionaries.names(level)
    if not names:
        level = "llt"
    term = "MedDRA_Id"
    if level != "llt":
        mapped = [(llt, code) for llt, (code, _) in names.items()]
        extract.query(
            "CREATE OR REPLACE TEMP TABLE mapped AS SELECT unnest(?::BIGINT[]) AS llt, "
            "unnest(?::BIGINT[]) AS code",
            [[llt for llt, _ in mapped], [code for _, code in mapped]],
        )
        term = "coalesce(code, MedDRA_Id)"
    joined = "adr" if level == "llt" else "adr LEFT JOIN mapped ON llt = MedDRA_Id"
    ((total, exposed),) = extract.query(
        f"SELECT count(*), count(*) FILTER (UMCReportId IN (SELECT UMCReportId FROM "
        f"drug WHERE {among('DrecNo', codes.drug.codes)} AND Basis IN ({bases}))) "
        f"FROM demo WHERE {counted}"
    )
    rows = extract.query(
        f"""
        SELECT term, count(*) FILTER (drug), count(*) FROM (
            SELECT DISTINCT {term} AS term, UMCReportId,
                UMCReportId IN (SELECT UMCReportId FROM drug
                    WHERE {among("DrecNo", codes.drug.codes)} AND Basis IN ({bases}))
                AS drug
            FROM {joined} WHERE {counted} AND MedDRA_Id IS NOT NULL)
        GROUP BY term HAVING count(*) FILTER (drug) > 0 ORDER BY term
        """
    )
    prior = prior_of(extract, counted, bases) if with_prior and rows else None
    by_code = dict(names.values())
    found, few, withheld = [], 0, 0
    for code, a, reaction in rows:
        table = from_counts(
            *(a, exposed - a, reaction - a, total - exposed - reaction + a),
            label=str(code),
            smallest=smallest,
        )
        cells = (a, exposed - a, reaction - a, total - exposed - reaction + a)
        if any(0 < n < codes.smallest_cell for n in cells):
            withheld += 1
        elif table.a is None:
            few += 1
        else:
            posterior = shrunk(a, table.expected, prior) if prior else None
            found.append(Screened(int(code), by_code.get(code, ""), table, posterior))
    found.sort(key=lambda one: (-one.table.ic025, one.code))
    return Screening(tuple(found), few, withheld, level, prior)
