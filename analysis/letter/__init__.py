"""The door through which prose takes numbers.

A key such as ``risk.placebo.or`` names a value. Its first part names the
section that computes it; a section runs when one of its keys is first asked
for. Keys are those of ``data/reported-values.csv`` wherever the published
letter prints the number.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from manuscript.values import Answers, Sections

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.letter.study import Study
    from manuscript.values import Value

# Section -> functions that yield its values.
SECTIONS: Sections = {
    "search": ("analysis.letter.answers.review:search",),
    "trials": ("analysis.letter.answers.review:trials",),
    "patients": ("analysis.letter.answers.review:patients",),
    "followup": ("analysis.letter.answers.review:followup",),
    "cases": (
        "analysis.letter.answers.review:events",
        "analysis.letter.answers.cases:detailed",
    ),
    "risk": ("analysis.letter.answers.pools:risk",),
    "incidence": (
        "analysis.letter.answers.pools:incidence",
        "analysis.letter.answers.sensitivity:incidence",
    ),
    "sensitivity": ("analysis.letter.answers.sensitivity:sensitivity",),
    "trial": ("analysis.letter.answers.pools:trial",),
    "case": ("analysis.letter.evidence.values:case",),
    "evidence": ("analysis.letter.evidence.values:evidence",),
    "pool": ("analysis.letter.evidence.values:pools",),
    "grade": ("analysis.letter.evidence.profile:certainty",),
    "vigibase": ("analysis.letter.answers.reports:vigibase",),
    "ensemble": (
        "analysis.letter.answers.ensemble:ensemble",
        "analysis.letter.answers.membership:membership",
    ),
    "bounds": ("analysis.letter.answers.bounds:bounds",),
}

# Sections about the letter itself: their functions take it in place of the study.
REFLECTIONS: Sections = {
    "reproduction": ("analysis.letter.evidence.verdicts:reproduction",),
}

# Reading the extract takes longer than all else.
APART = ("vigibase",)


class Letter(Answers):
    """The values of this letter, by key.

    Parameters
    ----------
    study : Study
        What they are computed from.

    Examples
    --------
    >>> v = letter()
    >>> v("risk.placebo.or").text
    '3.82'
    >>> v.ci("risk.placebo").text
    '1.22–11.92'
    """

    def __init__(self, study: Study) -> None:
        super().__init__(study, SECTIONS, REFLECTIONS, APART)
        self._trials = study.trials

    def section(self, name: str) -> Mapping[str, Value]:
        """Return the values of a section, those of absent classes among them.

        Raises
        ------
        manuscript.values.answers.UnknownKeyError
            With the nearest known sections.
        """
        if name not in self._sections:
            from analysis.letter.absent import with_absent

            found = super().section(name)
            self._sections[name] = with_absent(name, found, self._trials)
        return self._sections[name]


@lru_cache(maxsize=1)
def letter() -> Letter:
    """Return the letter of the shipped data."""
    # Values that are known already need none of the statistics.
    from analysis.letter.study import study

    return Letter(study())
