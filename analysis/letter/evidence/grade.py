"""What GRADE asks of people: the judgements of each outcome, with their reasons.

They are this reproduction's own: those of the published review are not public.
"""

from __future__ import annotations

from functools import lru_cache

from analysis.letter.evidence.records import EVIDENCE
from analysis.review import certainty

OUTCOMES = {
    "placebo": "ALL, lenalidomide against placebo (primary)",
    "all": "ALL, lenalidomide against any control (secondary)",
}


@lru_cache(maxsize=1)
def judged() -> dict[tuple[str, str], certainty.Downgrade]:
    """Read the judged domains, by outcome and domain.

    Raises
    ------
    DataError
        With every fault of the table, and for an outcome that lacks a domain.
    """
    return certainty.read_judged(EVIDENCE, "grade-judgements.csv", tuple(OUTCOMES))
