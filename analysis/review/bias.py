"""Risk of bias: groups of studies judged by the domains of a checklist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

from analysis.review.records import Folder, not_once, text, words
from analysis.schema import one_of

Level = Literal["low", "some", "high", "unclear"]

LEVELS: tuple[Level, ...] = ("low", "some", "high", "unclear")
LEVEL_NAMES = {
    "low": "Low",
    "some": "Some concerns",
    "high": "High",
    "unclear": "Unclear",
}


@dataclass(frozen=True)
class Domain:
    """A domain of the checklist and its question, in our words."""

    domain: str
    name: str
    asks: str


@dataclass(frozen=True)
class Judgement:
    """How a domain was judged for a group of studies, and why.

    Attributes
    ----------
    group : str
        Of studies.
    domain : str
    judgement : {"low", "some", "high", "unclear"}
    reason : str
        May name values between braces; the study fills them.
    references : str
        Keys in ``references.json``, separated by blanks.
    """

    group: str
    domain: str
    judgement: Level
    reason: str
    references: str


def read_domains(folder: Folder, name: str) -> tuple[Domain, ...]:
    """Read the domains, in the order of the checklist.

    Raises
    ------
    DataError
        With every fault of the table.
    """
    columns = {"domain": text, "name": text, "asks": text}
    return folder.read(name, Domain, columns, unique=("domain", "name"))


def read_judgements(
    folder: Folder, name: str, groups: Sequence[str], domains: Sequence[str]
) -> dict[tuple[str, str], Judgement]:
    """Read the judgements, by group and domain.

    Parameters
    ----------
    folder : Folder
    name : str
        File in it.
    groups, domains : sequence of str
        Every one of the first is judged in every one of the second.

    Raises
    ------
    DataError
        With every fault of the table, and for a group that lacks a domain.
    """
    rows = folder.read(
        name,
        Judgement,
        {
            "group": one_of(*groups),
            "domain": one_of(*domains),
            "judgement": one_of(*LEVELS),
            "reason": text,
            "references": words,
        },
    )
    pairs = [(row.group, row.domain) for row in rows]
    folder.refuse(name, not_once(pairs, product(groups, domains)))
    return dict(zip(pairs, rows, strict=True))
