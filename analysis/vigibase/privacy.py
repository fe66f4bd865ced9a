"""The gate: what may leave an extract.

VigiBase is lent on conditions: no report, identifier or free text may be
published. A result passes :func:`release` only if it consists of counts and
quantiles under labels that were known before the extract was opened. Which
files may be shared, :mod:`analysis.vigibase.sharing` says.
"""

from __future__ import annotations

from dataclasses import fields

from analysis.vigibase import lists
from analysis.vigibase.codes import COVARIATES, Codes, Group
from analysis.vigibase.disclosure import suppress
from analysis.vigibase.disproportionality import STRATUM_JOINT
from analysis.vigibase.errors import PrivacyError
from analysis.vigibase.intake.place import RESTRICTED
from analysis.vigibase.lists import Category
from analysis.vigibase.measures.interaction import Interaction
from analysis.vigibase.measures.logistic import Adjusted
from analysis.vigibase.measures.onset import Weibull
from analysis.vigibase.measures.shrinkage import Prior, Shrunk
from analysis.vigibase.results import (
    FEW,
    SMALL,
    WITHHELD,
    Breakdown,
    Count,
    Description,
    Disproportionality,
    Flow,
    FlowStep,
    Further,
    Quantiles,
    Sensitivity,
)
from analysis.vigibase.sharing import assert_shareable

__all__ = ["RESTRICTED", "assert_shareable", "release"]

_RESULTS = (
    *(Breakdown, Count, Description, Disproportionality, Flow, FlowStep, Quantiles),
    *(Adjusted, Further, Interaction, Prior, Sensitivity, Shrunk, Weibull),
)


def release(description: Description, codes: Codes) -> Description:
    """Let a description pass, with small counts taken out.

    Parameters
    ----------
    description : Description
    codes : Codes
        Its labels may be printed; its ``smallest_cell`` is applied.

    Returns
    -------
    Description
        As :func:`analysis.vigibase.disclosure.suppress` leaves it.

    Raises
    ------
    PrivacyError
        If it holds a text that is not a known label, a count above its
        denominator, or an object that is not a result.
    """
    _inspect(description, _vocabulary(codes))
    _inspect_counts(description)
    return suppress(description, codes.smallest_cell)


def _vocabulary(codes: Codes) -> frozenset[str]:
    """Every text that was known before the extract was opened."""
    named: tuple[Category | Group, ...] = (*lists.CATEGORIES, *codes.groups)
    words = {word for one in named for word in (one.key, one.label)}
    for titles in (lists.TITLES, lists.FLOW):
        words |= titles.keys() | set(titles.values())
    strata = {lists.ALL_REPORTS, lists.ADJUSTED, *lists.UNKNOWN.values()}
    strata |= {"", SMALL, WITHHELD, FEW, *COVARIATES}
    words |= {word for one in codes.sensitivity for word in (one.key, one.label)}
    return frozenset(words | strata)


def _inspect(found: object, vocabulary: frozenset[str]) -> None:
    if type(found) in _RESULTS:
        for field in fields(found):  # type: ignore[arg-type]
            _inspect(getattr(found, field.name), vocabulary)
    elif type(found) is tuple:
        for item in found:
            _inspect(item, vocabulary)
    elif type(found) is str:
        if not vocabulary.issuperset(found.split(STRATUM_JOINT)):
            raise PrivacyError("a text that is no known label was about to leave")
    elif not (found is None or type(found) in (bool, int, float)):
        raise PrivacyError(f"a {type(found).__name__} was about to leave")


def _inspect_counts(description: Description) -> None:
    """Check that numbers are counts of the cohort, not numbers of reports."""
    cases = description.flow.steps[-1].n or 0
    for breakdown in (*description.breakdowns, *description.further.breakdowns):
        numbers = (breakdown.available, *(count.n for count in breakdown.counts))
        if any(n is None or not 0 <= n <= cases for n in numbers):
            raise PrivacyError(f"{breakdown.key}: a number that counts no cases")
    for time in description.times:
        if (
            not 0 <= (time.n or 0) <= cases
            or sum(n or 0 for n in time.by_year) != time.n
        ):
            raise PrivacyError(f"{time.key}: numbers that count no cases")
