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

from functools import lru_cache

from analysis.letter import data
from analysis.letter.evidence.records import EVIDENCE
from analysis.review import Domain, Judgement, read_domains, read_judgements


@lru_cache(maxsize=1)
def domains() -> tuple[Domain, ...]:
    """Read the domains, in the order of the checklist.

    Raises
    ------
    DataError
        With every fault of the table.
    """
    return read_domains(EVIDENCE, "bias-domains.csv")


@lru_cache(maxsize=1)
def judgements() -> dict[tuple[str, str], Judgement]:
    """Read the judgements of every control class, by class and domain.

    Raises
    ------
    DataError
        With every fault of the table, and for a class that lacks a domain.
    """
    names = [domain.domain for domain in domains()]
    return read_judgements(
        EVIDENCE, "bias-judgements.csv", data.described().keys, names
    )
