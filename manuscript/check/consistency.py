"""Printed numbers agree with each other, to the digits that print.

The results of :mod:`manuscript.check.results`, sentence by sentence, and the sums of
values that the project's vocabulary names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from manuscript.check.finding import Finding, Outcome
from manuscript.check.proof import Proof, finding
from manuscript.check.results import Result, recomputed
from manuscript.check.vocabulary import Words
from manuscript.source import Mark, Passage

# Rules that hold for intervals that are even on their scale.
_ON_WALD = ("middle", "p")
NAME = "consistency"
TITLE = "Printed numbers agree with each other"


def check(proof: Proof) -> Outcome:
    """Recompute what the printed numbers imply."""
    findings: list[Finding] = []
    compared = 0
    for passage in proof.passages():
        for result in results(passage, proof.words):
            compared += 1
            if result.what:
                findings.append(told(passage, result))
    sums = list(_sums(proof))
    findings.extend(fault for _, fault in sums if fault)
    return Outcome(
        f"{compared} results and {len(sums)} sums recomputed", tuple(findings)
    )


def results(passage: Passage, words: Words) -> Iterator[Result]:
    """Recompute the results of a passage; stretches are those of its text."""
    for start, end in passage.sentences:
        for each in recomputed(passage.text[start:end], words):
            result = replace(each, start=start + each.start, end=start + each.end)
            if result.rule not in _ON_WALD or not _is_uneven(passage, result, words):
                yield result


def _is_uneven(passage: Passage, result: Result, words: Words) -> bool:
    """Whether it is of a value whose interval need not lie evenly about it."""
    return any(
        words.uneven_keys.match(value.key)
        for mark in passage.marked("value")
        if mark.start < result.end and result.start < mark.end
        for value in mark.values
    )


def told(passage: Passage, result: Result) -> Finding:
    """Report a result whose numbers disagree."""
    return finding(
        passage,
        result.start,
        NAME,
        result.what,
        "correct the number that is wrong, or write "
        f'[...]{{.typed rule="{NAME}/{result.rule}" reason="why it is right"}}',
        rule=result.rule,
        level=result.level,
    )


def _sums(proof: Proof) -> Iterator[tuple[str, Finding | None]]:
    """Compare wholes with the sums of their parts, where prose prints either."""
    places: dict[str, tuple[Passage, Mark]] = {}
    for passage in proof.passages():
        for mark in passage.marked("value"):
            for value in mark.values:
                places.setdefault(value.key, (passage, mark))
    sums: Mapping[str, str] = proof.words.mapping("sums")
    for whole, parts in sums.items():
        keys = [whole, *parts.split()]
        place = next((places[key] for key in keys if key in places), None)
        if place is None:
            continue
        total = proof.v(whole).number
        added = sum(proof.v(key).number for key in keys[1:])
        fault = None
        if total != added:
            fault = finding(
                *place,
                NAME,
                f"`{whole}` is {total:g}, and its parts sum to {added:g}",
                "correct the data or the parts",
                rule="parts",
            )
        yield whole, fault
