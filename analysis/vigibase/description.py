"""The description of the cases: Table S9 and the letter's paragraph."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.vigibase import lists
from analysis.vigibase.codes import Codes, Group
from analysis.vigibase.cohort import Cohort, among, cohort, flow
from analysis.vigibase.disproportionality import (
    SMALLEST_COUNT,
    disproportionality,
    stratified,
)
from analysis.vigibase.extract import Extract
from analysis.vigibase.intake.reading import quoted
from analysis.vigibase.lists import Category
from analysis.vigibase.pairs import PRECISE_TO_A_DAY, outcome, time_to_onset
from analysis.vigibase.privacy import release
from analysis.vigibase.results import (
    Breakdown,
    Count,
    Description,
    Disproportionality,
    Quantiles,
)


def describe(extract: Extract, codes: Codes) -> Description:
    """Describe the reports of a study: counts, denominators, times.

    Parameters
    ----------
    extract : Extract
    codes : Codes

    Returns
    -------
    Description
        As the privacy gate lets it pass.

    Raises
    ------
    PrivacyError
        If anything but counts and quantiles under known labels were in it.
    """
    cases = cohort(extract, codes.drug.codes, codes.reaction.codes, codes.roles)
    return release(
        Description(
            flow=flow(cases, codes),
            breakdowns=(*_clinical(cases, codes), *_of_reports(cases)),
            times=_times(cases),
            disproportionality=_disproportionality(cases, codes),
            synthetic=extract.synthetic,
            set_aside=extract.set_aside,
            smallest_cell=codes.smallest_cell,
        ),
        codes,
    )


def _clinical(cases: Cohort, codes: Codes) -> tuple[Breakdown, ...]:
    """Break down by patient, disease, drug and course."""
    reduced = f"(FROM {cases.pairs} WHERE Dechallenge1 IN ('1', '2'))"
    return (
        _breakdown(
            cases,
            "term",
            f"SELECT UMCReportId, {_rank_of_groups('MedDRA_Id', codes.terms)} "
            f"FROM {cases.reactions}",
            codes.terms,
        ),
        _by_code(cases, "sex", "demo", "Gender", lists.SEX),
        _by_code(cases, "age", "demo", "AgeGroup", lists.AGE_GROUP),
        _indication(cases, codes),
        _by_code(cases, "role", cases.drugs, "Basis", lists.ROLE),
        _co_reported(cases, codes),
        _by_code(cases, "action", cases.pairs, "Dechallenge1", lists.ACTION),
        _by_code(cases, "dechallenge", reduced, "Dechallenge2", lists.DECHALLENGE),
        _by_code(cases, "rechallenge", cases.pairs, "Rechallenge2", lists.RECHALLENGE),
        _grouped_outcome(cases),
    )


def _of_reports(cases: Cohort) -> tuple[Breakdown, ...]:
    """Break down by seriousness and by where the reports come from."""
    return (
        _by_code(cases, "seriousness", "out", "Serious", lists.SERIOUS),
        _by_code(cases, "region", "demo", "Region", lists.REGION),
        _by_code(cases, "report_type", "demo", "Type", lists.REPORT_TYPE),
        _by_code(cases, "reporter", "srce", "Type", lists.REPORTER, exclusive=False),
    )


def _times(cases: Cohort) -> tuple[Quantiles, ...]:
    """Describe the time from start to onset, by how precisely it is known.

    An extract holds neither the end of a treatment nor its duration. The
    duration before onset is therefore the time from the first start to onset,
    however wide the interval in which it is reported, and supposes treatment
    until onset; the latency is the same time where it is known to a day.
    """
    return (
        time_to_onset(cases, None, key="duration"),
        time_to_onset(cases, PRECISE_TO_A_DAY, key="latency"),
    )


def _disproportionality(cases: Cohort, codes: Codes) -> tuple[Disproportionality, ...]:
    return (
        disproportionality(cases, smallest=SMALLEST_COUNT),
        *stratified(cases, smallest=SMALLEST_COUNT),
    )


def _by_code(
    cases: Cohort,
    key: str,
    table: str,
    column: str,
    categories: Sequence[Category],
    *,
    exclusive: bool = True,
) -> Breakdown:
    ranks = " ".join(
        f"WHEN '{code}' THEN {rank}"
        for rank, category in enumerate(categories)
        for code in category.codes
    )
    query = f"SELECT UMCReportId, CASE {column} {ranks} END FROM {table}"
    return _breakdown(cases, key, query, categories, exclusive=exclusive)


def _indication(cases: Cohort, codes: Codes) -> Breakdown:
    matches = " ".join(
        f"WHEN contains(text, {quoted(piece)}) THEN {rank}"
        for rank, group in enumerate(codes.indications)
        for piece in group.contains
    )
    unknown = " ".join(
        f"WHEN contains(text, {quoted(piece.lower())}) THEN NULL"
        for piece in codes.unknown_indication
    )
    return _breakdown(
        cases,
        "indication",
        f"SELECT UMCReportId, CASE {unknown} {matches} WHEN text NOT IN ('', '-') "
        f"THEN {len(codes.indications)} END "
        "FROM (SELECT UMCReportId, lower(Indication) AS text "
        f"FROM ind JOIN {cases.drugs} USING (Drug_Id))",
        (*codes.indications, lists.OTHER_INDICATION),
    )


def _co_reported(cases: Cohort, codes: Codes) -> Breakdown:
    return _breakdown(
        cases,
        "co_reported",
        f"SELECT UMCReportId, {_rank_of_groups('DrecNo', codes.co_reported)} FROM drug",
        codes.co_reported,
        exclusive=False,
        available=cases.size,
    )


def _grouped_outcome(cases: Cohort) -> Breakdown:
    worst = outcome(cases)
    by_code = {
        code: worst[category.key] or 0
        for category in lists.OUTCOME
        for code in category.codes
    }
    return Breakdown(
        "outcome",
        lists.TITLES["outcome"],
        worst.reports,
        worst.available,
        tuple(
            Count(group.key, group.label, sum(by_code[code] for code in group.codes))
            for group in lists.OUTCOME_GROUP
        ),
    )


def _rank_of_groups(column: str, groups: Sequence[Group]) -> str:
    if not groups:
        return "NULL"
    ranks = " ".join(
        f"WHEN {among(column, group.codes)} THEN {rank}"
        for rank, group in enumerate(groups)
    )
    return f"CASE {ranks} END"


def _breakdown(
    cases: Cohort,
    key: str,
    query: str,
    categories: Sequence[Category | Group],
    *,
    exclusive: bool = True,
    available: int | None = None,
) -> Breakdown:
    """Count the cases by category.

    The query gives a report and the rank of a category, or NULL. An exclusive
    breakdown counts a report once, at the first category that it has.
    """
    ranked = (
        f"SELECT UMCReportId, rank FROM ({query}) AS q (UMCReportId, rank) "
        f"SEMI JOIN {cases.reports} USING (UMCReportId) WHERE rank IS NOT NULL"
    )
    if exclusive:
        ranked = (
            f"SELECT UMCReportId, min(rank) AS rank FROM ({ranked}) "
            "GROUP BY UMCReportId"
        )
    rows = cases.extract.query(
        f"SELECT rank, count(DISTINCT UMCReportId) FROM ({ranked}) GROUP BY rank"
    )
    by_rank = dict(rows)
    if available is None:
        available = sum(by_rank.values()) if exclusive else cases.count(ranked)
    return Breakdown(
        key,
        lists.TITLES[key],
        cases.size,
        available,
        tuple(
            Count(category.key, category.label, by_rank.get(rank, 0))
            for rank, category in enumerate(categories)
        ),
        exclusive,
    )
