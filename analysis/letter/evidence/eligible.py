"""Published trials of lenalidomide against a control without it.

Facts of the public record, each with how sure it is. They stand apart from
``data/trials.csv``, whose lettered rows are no named trial: nothing here says
how many patients of a trial had leukemia.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from analysis.letter.evidence.records import read, refuse
from analysis.review import text, whole, words
from analysis.schema import free_text, one_of, pattern, quantity

Basis = Literal["verified", "derived", "recalled", "unknown"]

CONTROL_CLASSES = ("placebo", "chemotherapy", "observation", "several", "unknown")
_BASES = one_of("verified", "derived", "recalled", "unknown")


@dataclass(frozen=True)
class Source:
    """A public page on which facts of a trial were read."""

    trial: str
    fact: str
    source: str
    url: str


@dataclass(frozen=True)
class EligibleTrial:
    """A published trial that meets the criteria of the review.

    Attributes
    ----------
    id, name, registration, control, setting, regimen : str
        Empty where no source was found.
    control_class : str
    n_lenalidomide, n_control, randomized : int
        -1 where no source was found.
    followup_months : float
        Median follow-up of the latest report; NaN where no source was found.
    registration_basis, sizes_basis, randomized_basis, followup_basis : str
        ``verified`` (read in a source), ``derived`` (by arithmetic from such),
        ``recalled`` (not found in a source, so never printed) or ``unknown``.
    references : str
        Keys in ``references.json``, separated by blanks.
    """

    id: str
    name: str
    registration: str
    registration_basis: Basis
    control_class: str
    control: str
    setting: str
    regimen: str
    n_lenalidomide: int
    n_control: int
    sizes_basis: Basis
    randomized: int
    randomized_basis: Basis
    followup_months: float
    followup_basis: Basis
    references: str

    @property
    def unverified(self) -> tuple[str, ...]:
        """What could not be read in a source."""
        facts = {
            "registration": self.registration_basis,
            "arm sizes": self.sizes_basis,
            "number randomized": self.randomized_basis,
            "follow-up": self.followup_basis,
        }
        missing = [fact for fact, basis in facts.items() if not is_sure(basis)]
        if not self.control:
            missing.append("control and setting")
        return tuple(missing)

    @property
    def is_not_found(self) -> bool:
        """Whether nothing about it could be read in a source."""
        bases = (
            self.registration_basis,
            self.sizes_basis,
            self.randomized_basis,
            self.followup_basis,
        )
        return not any(map(is_sure, bases))

    def sources(self) -> tuple[Source, ...]:
        """Pages on which its facts were read."""
        return tuple(source for source in sources() if source.trial == self.id)


def is_sure(basis: Basis) -> bool:
    """Say whether a fact may be printed."""
    return basis in ("verified", "derived")


@lru_cache(maxsize=1)
def eligible_trials() -> tuple[EligibleTrial, ...]:
    """Read the published trials.

    Raises
    ------
    DataError
        With every fault of the table, or for a trial with facts and no source.
    """
    trials = read(
        "eligible-trials.csv",
        EligibleTrial,
        {
            "id": pattern(r"[a-z0-9-]+", "lower-case letters, digits and hyphens"),
            "name": text,
            "registration": free_text,
            "registration_basis": _BASES,
            "control_class": one_of(*CONTROL_CLASSES),
            "control": free_text,
            "setting": free_text,
            "regimen": free_text,
            "n_lenalidomide": whole(optional=True),
            "n_control": whole(optional=True),
            "sizes_basis": _BASES,
            "randomized": whole(optional=True),
            "randomized_basis": _BASES,
            "followup_months": quantity(optional=True),
            "followup_basis": _BASES,
            "references": words,
        },
        unique=("id", "name"),
    )
    with_source = {source.trial for source in sources()}
    refuse(
        "eligible-trials.csv",
        [
            ("id", f"{trial.id} without a source", "a source, or no fact that has one")
            for trial in trials
            if trial.id not in with_source
            and not trial.references
            and not trial.is_not_found
        ],
    )
    return trials


@lru_cache(maxsize=1)
def sources() -> tuple[Source, ...]:
    """Read the sources of the published trials.

    Raises
    ------
    DataError
        With every fault of the table.
    """
    return read(
        "eligible-trial-sources.csv",
        Source,
        {
            "trial": text,
            "fact": text,
            "source": text,
            "url": pattern(r"https?://[^\s<>|]+", "a web address"),
        },
    )
