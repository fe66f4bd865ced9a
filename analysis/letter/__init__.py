"""The door through which prose takes numbers.

A key such as ``risk.placebo.or`` names a value. Its first part names the
section that computes it; a section runs when one of its keys is first asked
for. Keys are those of ``data/reported-values.csv`` wherever the published
letter prints the number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING

from manuscript.values.value import Span, Value

if TYPE_CHECKING:
    from analysis.letter.study import Study

# Section -> functions of the study that yield its values, as "module:function";
# named rather than imported, so that a letter without VigiBase never loads it.
SECTIONS: Mapping[str, tuple[str, ...]] = {
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
REFLECTIONS: Mapping[str, tuple[str, ...]] = {
    "reproduction": ("analysis.letter.evidence.verdicts:reproduction",),
}


class UnknownKeyError(LookupError):
    """A key that no section answers; names the nearest known ones."""


class Letter:
    """Values by key.

    Parameters
    ----------
    study : Study
        What the values are computed from.

    Examples
    --------
    >>> v = letter()
    >>> v("risk.placebo.or").text
    '3.82'
    >>> v.ci("risk.placebo").text
    '1.22–11.92'
    """

    def __init__(self, study: Study) -> None:
        self._study = study
        self._sections: dict[str, dict[str, Value]] = {}

    def __call__(self, key: str) -> Value:
        """Return the value of a key.

        Raises
        ------
        UnknownKeyError
            With the nearest known keys.
        """
        section = self._section(key.partition(".")[0])
        if key not in section:
            raise UnknownKeyError(_unknown(key, section))
        return section[key]

    def words(self, key: str, *, capital: bool = False) -> Value:
        """Return a count that prints in words up to twelve."""
        return self(key).in_words(capital=capital)

    def ci(self, prefix: str) -> Span:
        """Return the confidence interval of ``<prefix>.ci_low`` and ``.ci_high``."""
        return Span(self(f"{prefix}.ci_low"), self(f"{prefix}.ci_high"))

    def iqr(self, prefix: str) -> Span:
        """Return the quartiles of ``<prefix>.q1`` and ``.q3``."""
        return Span(self(f"{prefix}.q1"), self(f"{prefix}.q3"))

    def range(self, prefix: str) -> Span:
        """Return the extremes of ``<prefix>.min`` and ``.max``."""
        return Span(self(f"{prefix}.min"), self(f"{prefix}.max"))

    def all(self) -> dict[str, Value]:
        """Return every value of every section, by key."""
        return {
            key: value
            for name in (*SECTIONS, *REFLECTIONS)
            for key, value in self._section(name).items()
        }

    def _section(self, name: str) -> dict[str, Value]:
        if name not in self._sections:
            known = {**SECTIONS, **REFLECTIONS}
            if name not in known:
                raise UnknownKeyError(_unknown(name, known))
            about = self if name in REFLECTIONS else self._study
            self._sections[name] = _by_key(
                value for target in known[name] for value in _function(target)(about)
            )
        return self._sections[name]


@lru_cache(maxsize=1)
def letter() -> Letter:
    """Return the letter of the shipped data."""
    # Values that are known already need none of the statistics.
    from analysis.letter.study import study

    return Letter(study())


def _function(target: str) -> Callable[..., Iterable[Value]]:
    module, _, name = target.partition(":")
    function: Callable[..., Iterable[Value]] = getattr(import_module(module), name)
    return function


def _by_key(values: Iterable[Value]) -> dict[str, Value]:
    by_key: dict[str, Value] = {}
    for value in values:
        if value.key in by_key:
            raise ValueError(f"two values have the key {value.key!r}")
        by_key[value.key] = value
    return by_key


def _unknown(key: str, known: Iterable[str]) -> str:
    near = get_close_matches(key, list(known), n=3, cutoff=0.4)
    hint = "; did you mean " + " or ".join(near) + "?" if near else ""
    return f"no value has the key {key!r}{hint}"
