"""What is reported of the cases beyond the description: measures and checks."""

from __future__ import annotations

from analysis.vigibase import lists
from analysis.vigibase.breakdowns import breakdown, by_code
from analysis.vigibase.codes import Codes, Variant, role_codes
from analysis.vigibase.cohort import Cohort, cohort, population
from analysis.vigibase.disproportionality import SMALLEST_COUNT, disproportionality
from analysis.vigibase.measures.interaction import interaction
from analysis.vigibase.measures.logistic import adjusted
from analysis.vigibase.measures.onset import onset_days, weibull
from analysis.vigibase.measures.shrinkage import prior_of, shrunk
from analysis.vigibase.results import Breakdown, Further, Sensitivity


def further(cases: Cohort, codes: Codes) -> Further:
    """Report what goes beyond the description.

    Parameters
    ----------
    cases : Cohort
    codes : Codes
    """
    crude = disproportionality(cases)
    counted = cases.population.counted
    enough = crude.a is not None and crude.a >= SMALLEST_COUNT
    days, limits = onset_days(cases, closed=codes.extracted)
    prior = found = None
    if codes.ebgm and enough and crude.a is not None:
        bases = ", ".join(f"'{code}'" for code in role_codes(codes.roles))
        prior = prior_of(cases.extract, counted, bases)
        found = shrunk(crude.a, crude.expected, prior)
    return Further(
        breakdowns=(
            by_code(
                *(cases, "criterion", "out", "Seriousness", lists.CRITERION),
                exclusive=False,
            ),
            _years(cases),
            _completeness(cases),
        ),
        adjusted=adjusted(cases, codes.adjust, codes.co_reported) if enough else None,
        shrunk=found,
        prior=prior,
        interactions=tuple(
            interaction(cases, group.codes, codes.roles, group.key, group.label)
            for group in codes.interacting
        ),
        sensitivity=tuple(
            _sensitivity(cases, codes, variant) for variant in codes.sensitivity
        ),
        onset=(weibull(days), weibull(days, limits)),
    )


def _years(cases: Cohort) -> Breakdown:
    column = "year(FirstDateDatabase)::VARCHAR"
    found = by_code(cases, "year", "demo", column, lists.YEAR)
    shown = [place for place, count in enumerate(found.counts) if count.n]
    span = slice(shown[0], shown[-1] + 1) if shown else slice(0)
    return Breakdown(
        *(found.key, found.title, found.reports, found.available),
        found.counts[span],
    )


def _completeness(cases: Cohort) -> Breakdown:
    """Count the cases that say something of each item."""
    age, sex, kind = (
        " OR ".join(f"{column} = '{c}'" for cat in known for c in cat.codes)
        for column, known in (
            ("AgeGroup", lists.AGE_GROUP),
            ("Gender", lists.SEX),
            ("Type", lists.REPORT_TYPE),
        )
    )
    drugs = f"(FROM drug SEMI JOIN {cases.drugs} USING (Drug_Id))"
    indications = (
        f"(SELECT UMCReportId, Indication FROM ind JOIN {cases.drugs} USING (Drug_Id))"
    )
    known = (
        ("demo", age),
        ("demo", sex),
        ("demo", kind),
        ("srce", "Type IN ('1', '2', '3', '4', '5')"),
        (indications, "trim(Indication) NOT IN ('', '-')"),
        (drugs, "trim(Amount) NOT IN ('', '-')"),
        (cases.pairs, "tto_mean >= 0"),
        (cases.pairs, "Dechallenge1 IN ('1', '2', '3', '4')"),
        (cases.reactions, "Outcome IN ('1', '2', '3', '4', '5', '7', '8')"),
    )
    query = " UNION ALL ".join(
        f"SELECT UMCReportId, {place} FROM {table} WHERE {condition}"
        for place, (table, condition) in enumerate(known)
    )
    return breakdown(
        *(cases, "completeness", query, lists.COMPLETENESS),
        exclusive=False,
        available=cases.size,
    )


def _sensitivity(cases: Cohort, codes: Codes, variant: Variant) -> Sensitivity:
    roles = variant.roles or codes.roles
    among_reports = population(
        cases.extract,
        codes.restriction.also(variant.restriction),
        (*codes.drug.codes, *codes.comparator.codes) if codes.comparator else (),
        roles,
    )
    other = cohort(
        *(cases.extract, codes.drug.codes, codes.reaction.codes, roles), among_reports
    )
    table = disproportionality(other, smallest=SMALLEST_COUNT)
    return Sensitivity(variant.key, variant.label, table)
