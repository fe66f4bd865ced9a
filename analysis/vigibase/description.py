"""The description of the cases: Table S9 and the letter's paragraph."""

from __future__ import annotations

from analysis.vigibase import lists
from analysis.vigibase.breakdowns import breakdown, by_code, rank_of_groups
from analysis.vigibase.codes import Codes
from analysis.vigibase.cohort import Cohort, cohort, flow, population
from analysis.vigibase.disproportionality import (
    SMALLEST_COUNT,
    disproportionality,
    stratified,
)
from analysis.vigibase.extract import Extract
from analysis.vigibase.further import further
from analysis.vigibase.intake.reading import quoted
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
    among_reports = population(
        extract,
        codes.restriction,
        (*codes.drug.codes, *codes.comparator.codes) if codes.comparator else (),
        codes.roles,
    )
    cases = cohort(
        extract,
        codes.drug.codes,
        codes.reaction.codes,
        codes.roles,
        among_reports,
    )
    return release(
        Description(
            flow=flow(cases, codes),
            breakdowns=(*_clinical(cases, codes), *_of_reports(cases)),
            times=_times(cases),
            disproportionality=_disproportionality(cases, codes),
            synthetic=extract.synthetic,
            set_aside=extract.set_aside,
            smallest_cell=codes.smallest_cell,
            further=further(cases, codes),
        ),
        codes,
    )


def _clinical(cases: Cohort, codes: Codes) -> tuple[Breakdown, ...]:
    """Break down by patient, disease, drug and course."""
    reduced = f"(FROM {cases.pairs} WHERE Dechallenge1 IN ('1', '2'))"
    return (
        breakdown(
            cases,
            "term",
            f"SELECT UMCReportId, {rank_of_groups('MedDRA_Id', codes.terms)} "
            f"FROM {cases.reactions}",
            codes.terms,
        ),
        by_code(cases, "sex", "demo", "Gender", lists.SEX),
        by_code(cases, "age", "demo", "AgeGroup", lists.AGE_GROUP),
        _indication(cases, codes),
        by_code(cases, "role", cases.drugs, "Basis", lists.ROLE),
        _co_reported(cases, codes),
        by_code(cases, "action", cases.pairs, "Dechallenge1", lists.ACTION),
        by_code(cases, "dechallenge", reduced, "Dechallenge2", lists.DECHALLENGE),
        by_code(cases, "rechallenge", cases.pairs, "Rechallenge2", lists.RECHALLENGE),
        _grouped_outcome(cases),
    )


def _of_reports(cases: Cohort) -> tuple[Breakdown, ...]:
    """Break down by seriousness and by where the reports come from."""
    return (
        by_code(cases, "seriousness", "out", "Serious", lists.SERIOUS),
        by_code(cases, "region", "demo", "Region", lists.REGION),
        by_code(cases, "report_type", "demo", "Type", lists.REPORT_TYPE),
        by_code(cases, "reporter", "srce", "Type", lists.REPORTER, exclusive=False),
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
    return breakdown(
        cases,
        "indication",
        f"SELECT UMCReportId, CASE {unknown} {matches} WHEN text NOT IN ('', '-') "
        f"THEN {len(codes.indications)} END "
        "FROM (SELECT UMCReportId, lower(Indication) AS text "
        f"FROM ind JOIN {cases.drugs} USING (Drug_Id))",
        (*codes.indications, lists.OTHER_INDICATION),
    )


def _co_reported(cases: Cohort, codes: Codes) -> Breakdown:
    return breakdown(
        cases,
        "co_reported",
        f"SELECT UMCReportId, {rank_of_groups('DrecNo', codes.co_reported)} FROM drug",
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
