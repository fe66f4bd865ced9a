"""Risk of bias by the eight domains of the PROTECT checklist.

The judgements of the published review are in a table that is not public, and
its trials are not identified. What public facts allow is a judgement for each
group of trials; it is this reproduction's own, and gives its reason.

References
----------
Faillie JL, Ferrer P, Gouverneur A, et al. A new risk of bias checklist.
J Clin Epidemiol 2017;86:168-75; the domains as its abstract lists them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from analysis.letter.data import CONTROL_CLASSES
from analysis.letter.evidence.records import read, refuse, text, words
from analysis.schema import one_of

Level = Literal["low", "some", "high", "unclear"]

LEVELS: tuple[Level, ...] = ("low", "some", "high", "unclear")
LEVEL_NAMES = {
    "low": "Low",
    "some": "Some concerns",
    "high": "High",
    "unclear": "Not assessable from public material",
}


@dataclass(frozen=True)
class Domain:
    """A domain of the checklist and its question, in our words."""

    domain: str
    name: str
    asks: str


@dataclass(frozen=True)
class Judgement:
    """How a domain was judged for a group of trials, and why.

    Attributes
    ----------
    group : str
        A control class.
    domain : str
    judgement : {"low", "some", "high", "unclear"}
    reason : str
        May name values between braces; see ``values.templates``.
    references : str
        Keys in ``references.json``, separated by blanks.
    """

    group: str
    domain: str
    judgement: Level
    reason: str
    references: str


@lru_cache(maxsize=1)
def domains() -> tuple[Domain, ...]:
    """Read the domains, in the order of the checklist.

    Raises
    ------
    DataError
        With every fault of the table.
    """
    return read(
        "bias-domains.csv",
        Domain,
        {"domain": text, "name": text, "asks": text},
        unique=("domain", "name"),
    )


@lru_cache(maxsize=1)
def judgements() -> dict[tuple[str, str], Judgement]:
    """Read the judgements, by group and domain.

    Raises
    ------
    DataError
        With every fault of the table, and for a group that lacks a domain.
    """
    names = [domain.domain for domain in domains()]
    rows = read(
        "bias-judgements.csv",
        Judgement,
        {
            "group": one_of(*CONTROL_CLASSES),
            "domain": one_of(*names),
            "judgement": one_of(*LEVELS),
            "reason": text,
            "references": words,
        },
    )
    wanted = [(group, name) for group in CONTROL_CLASSES for name in names]
    refuse("bias-judgements.csv", _uneven([(r.group, r.domain) for r in rows], wanted))
    return {(row.group, row.domain): row for row in rows}


def _uneven(
    found: Sequence[tuple[str, str]], wanted: Sequence[tuple[str, str]]
) -> list[tuple[str, str, str]]:
    return [
        ("domain", f"{found.count(pair)} rows for {pair[0]}, {pair[1]}", "one row")
        for pair in wanted
        if found.count(pair) != 1
    ]
