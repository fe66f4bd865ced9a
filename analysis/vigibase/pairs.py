"""What LINK and ADR say of a drug and a reaction, by report.

Rules as in the R package vigicaen, whose authors set them with the Uppsala
Monitoring Centre: see its vignette "Descriptive".
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from analysis.vigibase.cohort import Cohort
from analysis.vigibase.lists import OUTCOME, TITLES
from analysis.vigibase.results import DAYS_PER_YEAR, Breakdown, Count, Quantiles

PRECISE_TO_A_DAY = 1.0


@dataclass(frozen=True)
class Dechallenge:
    """What was done with the drug, and whether it helped; each report once.

    Attributes
    ----------
    reports : int
        Reports with the drug and the reaction in LINK.
    action_known : int
        Reports where the action taken is known: the denominator of
        ``withdrawn``.
    withdrawn : int
    positive : int
        Reports where the drug was withdrawn or reduced and the reaction abated.
    """

    reports: int
    action_known: int
    withdrawn: int
    positive: int


@dataclass(frozen=True)
class Rechallenge:
    """What a new exposure did; each report once.

    Attributes
    ----------
    reports : int
        Reports with the drug and the reaction in LINK.
    rechallenged : int
    informative : int
        Reports where the effect of the new exposure is known.
    recurred : int
    """

    reports: int
    rechallenged: int
    informative: int
    recurred: int


def time_to_onset(
    cohort: Cohort,
    uncertainty: float | None = PRECISE_TO_A_DAY,
    *,
    key: str = "latency",
) -> Quantiles:
    """Describe the time from the start of the drug to the reaction.

    A row of LINK gives the time as an interval. Its midpoint counts where it is
    not negative and half the width of the interval is at most ``uncertainty``;
    an interval whose end comes before its start says nothing. A report counts
    once, with its longest time, that from the first start.

    Parameters
    ----------
    cohort : Cohort
    uncertainty : float or None, optional
        Days; the Uppsala Monitoring Centre recommends 1. None takes every
        interval.

    Returns
    -------
    Quantiles
    """
    precise = "" if uncertainty is None else f"AND tto_range <= {float(uncertainty)}"
    query = cohort.extract.query
    longest = (
        f"SELECT max(tto_mean) AS days FROM {cohort.pairs} "
        f"WHERE tto_mean >= 0 {precise} GROUP BY UMCReportId"
    )
    ((n, *quantiles),) = query(
        "SELECT count(*), quantile_cont(days, 0.5), quantile_cont(days, 0.25), "
        f"quantile_cont(days, 0.75), min(days), max(days) FROM ({longest})"
    )
    years = dict(
        query(
            f"SELECT floor(days / {DAYS_PER_YEAR})::INTEGER AS year, count(*) "
            f"FROM ({longest}) GROUP BY year"
        )
    )
    median, q1, q3, least, most = (
        math.nan if q is None else float(q) for q in quantiles
    )
    by_year = tuple(years.get(year, 0) for year in range(max(years, default=-1) + 1))
    return Quantiles(key, TITLES[key], n, median, q1, q3, least, most, by_year)


def dechallenge(cohort: Cohort) -> Dechallenge:
    """Count reports by what was done with the drug (``Dechallenge1`` and ``2``)."""
    return Dechallenge(
        reports=_reports(cohort, "true"),
        action_known=_reports(cohort, "Dechallenge1 IN ('1', '2', '3', '4')"),
        withdrawn=_reports(cohort, "Dechallenge1 = '1'"),
        positive=_reports(cohort, "Dechallenge1 IN ('1', '2') AND Dechallenge2 = '1'"),
    )


def rechallenge(cohort: Cohort) -> Rechallenge:
    """Count reports by new exposure to the drug (``Rechallenge1`` and ``2``)."""
    return Rechallenge(
        reports=_reports(cohort, "true"),
        rechallenged=_reports(cohort, "Rechallenge1 = '1'"),
        informative=_reports(cohort, "Rechallenge2 IN ('1', '2')"),
        recurred=_reports(cohort, "Rechallenge2 = '1'"),
    )


def outcome(cohort: Cohort) -> Breakdown:
    """Count reports by the worst outcome of the reaction.

    From best to worst: recovered, recovering, recovered with sequelae, not
    recovered, fatal, died for another reason, died with the reaction as a
    possible contribution. Reports for which none of these is known are not
    available.

    Returns
    -------
    Breakdown
    """
    ranks = " ".join(
        f"WHEN '{code}' THEN {rank}"
        for rank, category in enumerate(OUTCOME)
        for code in category.codes
    )
    worst = dict(
        cohort.extract.query(
            "SELECT worst, count(*) FROM "
            f"(SELECT max(CASE Outcome {ranks} END) AS worst "
            f"FROM {cohort.reactions} SEMI JOIN {cohort.reports} USING (UMCReportId) "
            "GROUP BY UMCReportId) WHERE worst IS NOT NULL GROUP BY worst"
        )
    )
    return Breakdown(
        "outcome",
        TITLES["outcome"],
        reports=cohort.size,
        available=sum(worst.values()),
        counts=tuple(
            Count(category.key, category.label, worst.get(rank, 0))
            for rank, category in enumerate(OUTCOME)
        ),
    )


def _reports(cohort: Cohort, condition: str) -> int:
    return cohort.count(f"FROM {cohort.pairs} WHERE {condition}")
