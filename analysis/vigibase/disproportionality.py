"""Disproportionality of a drug and a reaction; the published letter has none.

Reported by READUS-PV (Fusaroli et al., Drug Saf 2024;47:575-84): a measure of
reporting, which says nothing of incidence or causation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
from scipy.special import gammaincinv, ndtri

from analysis.meta import mantel_haenszel
from analysis.vigibase.cohort import Cohort
from analysis.vigibase.lists import (
    ADJUSTED,
    AGE_GROUP,
    ALL_REPORTS,
    SEX,
    UNKNOWN,
    Category,
)
from analysis.vigibase.results import FEW, Disproportionality

Stratifier = Literal["age", "sex"]

SMALLEST_COUNT = 3

STRATUM_JOINT = " · "
_STRATIFIERS: dict[Stratifier, tuple[str, tuple[Category, ...]]] = {
    "sex": ("Gender", SEX),
    "age": ("AgeGroup", AGE_GROUP),
}


def disproportionality(
    cohort: Cohort, *, smallest: int = SMALLEST_COUNT, level: float = 0.95
) -> Disproportionality:
    """Compare the reporting of a reaction with a drug to that with all others.

    Parameters
    ----------
    cohort : Cohort
    smallest : int, optional
        With fewer reports of both, nothing is shown.
    level : float, optional
        Level of the limits, in (0, 1).

    Returns
    -------
    Disproportionality

    See Also
    --------
    from_counts : the definitions.
    """
    ((_, counts),) = _tables(cohort, ())
    return from_counts(*counts, smallest=smallest, level=level)


def stratified(
    cohort: Cohort,
    by: Sequence[Stratifier] = ("age", "sex"),
    *,
    smallest: int = SMALLEST_COUNT,
    level: float = 0.95,
) -> tuple[Disproportionality, ...]:
    """Compare within strata, and adjust for them.

    Parameters
    ----------
    cohort : Cohort
    by : sequence of {"age", "sex"}
        Strata are their combinations; what is not known is a stratum too.
    smallest, level
        As in :func:`disproportionality`.

    Returns
    -------
    tuple of Disproportionality
        One a stratum, then the adjusted one: the odds ratio of Mantel and
        Haenszel with the variance of Robins, Breslow and Greenland, and an
        information component whose expectation is summed over strata.
    """
    tables = _tables(cohort, by)
    strata = [
        from_counts(*counts, label=label, smallest=smallest, level=level)
        for label, counts in tables
    ]
    return (*strata, _adjusted([counts for _, counts in tables], smallest, level))


def from_counts(
    a: int,
    b: int,
    c: int,
    d: int,
    *,
    label: str = ALL_REPORTS,
    smallest: int = 0,
    level: float = 0.95,
) -> Disproportionality:
    """Compute the measures from a four-fold table.

    The odds ratio is ad/bc with Wald limits on its logarithm. The information
    component is log2((a + 1/2) / (E + 1/2)), E = (a + b)(a + c)/N, with limits
    log2 of quantiles of a gamma distribution of shape a + 1/2 and rate E + 1/2
    (Norén, Hopstadius and Bate, Stat Methods Med Res 2013;22:57-69). The
    proportional reporting ratio is a/(a + b) over c/(c + d), with limits on its
    logarithm (Evans, Waller and Davis, Pharmacoepidemiol Drug Saf 2001;10:483-6).

    Examples
    --------
    >>> found = from_counts(12, 88, 100, 1800)
    >>> round(found.ror, 2), round(found.ic, 2)
    (2.45, 1.05)
    """
    if min(a, b, c, d) < 0:
        raise ValueError(f"counts: got {(a, b, c, d)}, expected none below 0")
    total = a + b + c + d
    expected = (a + b) * (a + c) / total if total else math.nan
    if a < smallest:
        return Disproportionality.none(label, FEW)
    ror = a * d / (b * c) if b * c else math.nan
    spread = math.inf
    if min(a, b, c, d) > 0:
        spread = _normal_quantile(level) * math.sqrt(
            math.fsum(1 / n for n in (a, b, c, d))
        )
    estimable = math.isfinite(spread)
    return Disproportionality(
        label,
        a,
        b,
        c,
        d,
        expected,
        ror,
        ror * math.exp(-spread) if estimable else math.nan,
        ror * math.exp(spread) if estimable else math.nan,
        *information_component(a, expected, level),
        *_proportional(a, b, c, d, level),
    )


def _proportional(
    a: int, b: int, c: int, d: int, level: float
) -> tuple[float, float, float]:
    if not (a and c):
        return (0.0 if c and a + b else math.nan), math.nan, math.nan
    ratio = a / (a + b) / (c / (c + d))
    spread = _normal_quantile(level) * math.sqrt(
        1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)
    )
    return ratio, ratio * math.exp(-spread), ratio * math.exp(spread)


def _adjusted(
    tables: Sequence[tuple[int, int, int, int]], smallest: int, level: float
) -> Disproportionality:
    a, b, c, d = np.array(tables).T
    crude = from_counts(
        *(int(cell.sum()) for cell in (a, b, c, d)), label=ADJUSTED, smallest=smallest
    )
    if crude.a is None:
        return crude
    # A stratum without the drug, or with nothing else, says nothing of the ratio.
    both = (a + b > 0) & (c + d > 0)
    ror, low, high = math.nan, math.nan, math.nan
    if both.any():
        treated, control = (a + b)[both], (c + d)[both]
        pooled = mantel_haenszel(a[both], treated, c[both], control, level=level)
        natural = pooled.natural()
        ror, low, high = map(float, (natural.estimate, natural.ci_low, natural.ci_high))
    expected = float(np.sum((a + b) * (a + c) / (a + b + c + d)))
    ic, ic_low, ic_high = information_component(crude.a, expected, level)
    return Disproportionality(
        ADJUSTED,
        crude.a,
        crude.b,
        crude.c,
        crude.d,
        expected,
        ror,
        low,
        high,
        ic,
        ic_low,
        ic_high,
    )


def information_component(
    observed: int, expected: float, level: float = 0.95
) -> tuple[float, float, float]:
    """Return the information component with its limits; see :func:`from_counts`."""
    shape, rate = observed + 0.5, expected + 0.5
    tail = (1 - level) / 2
    low, high = gammaincinv(shape, tail) / rate, gammaincinv(shape, 1 - tail) / rate
    return math.log2(shape / rate), math.log2(low), math.log2(high)


def _normal_quantile(level: float) -> float:
    return float(ndtri((1 + level) / 2))


def _tables(
    cohort: Cohort, by: Sequence[Stratifier]
) -> list[tuple[str, tuple[int, int, int, int]]]:
    """Count reports by drug and reaction, in each stratum that occurs."""
    stratum = (
        f", '{STRATUM_JOINT}', ".join(_stratum_sql(name) for name in by)
        or f"'{ALL_REPORTS}'"
    )
    place = ", ".join(_place_sql(name) for name in by) or "0"
    rows = cohort.extract.query(
        f"""
        SELECT stratum,
            count(*) FILTER (drug AND reaction),
            count(*) FILTER (drug AND NOT reaction),
            count(*) FILTER (reaction AND NOT drug),
            count(*) FILTER (NOT drug AND NOT reaction)
        FROM (
            SELECT concat({stratum}) AS stratum, [{place}] AS place,
                UMCReportId IN (SELECT UMCReportId FROM {cohort.drugs}) AS drug,
                UMCReportId IN (SELECT UMCReportId FROM {cohort.reactions}) AS reaction
            FROM demo WHERE {cohort.population.counted})
        GROUP BY stratum ORDER BY min(place)
        """
    )
    return [(label, (a, b, c, d)) for label, a, b, c, d in rows] or [
        (ALL_REPORTS, (0, 0, 0, 0))
    ]


def _stratum_sql(name: Stratifier) -> str:
    column, categories = _STRATIFIERS[name]
    cases = " ".join(
        f"WHEN '{code}' THEN '{category.label}'"
        for category in categories
        for code in category.codes
    )
    return f"CASE {column} {cases} ELSE '{UNKNOWN[name]}' END"


def _place_sql(name: Stratifier) -> str:
    """Put ages in their order, sexes in that of their names, what is unknown last."""
    column, categories = _STRATIFIERS[name]
    if name == "sex":
        categories = tuple(sorted(categories, key=lambda category: category.label))
    cases = " ".join(
        f"WHEN '{code}' THEN {place}"
        for place, category in enumerate(categories)
        for code in category.codes
    )
    return f"CASE {column} {cases} ELSE {len(categories)} END"
