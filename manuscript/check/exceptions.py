"""Every exception gives its reason, and is needed."""

from __future__ import annotations

from manuscript.check import abbreviations, numbers, wording
from manuscript.check.finding import Finding, Outcome
from manuscript.check.proof import Proof, finding, quoted
from manuscript.source.reading.passages import Passage

NAME = "exceptions"
TITLE = "Exceptions have reasons"

_FEWEST_WORDS = 2


def check(proof: Proof) -> Outcome:
    """Judge the ``{.typed reason="…"}`` spans."""
    findings: list[Finding] = []
    count = 0
    for passage in proof.passages():
        needed = _needed(passage) if any(passage.marked("typed")) else []
        for mark in passage.marked("typed"):
            count += 1
            words = quoted(passage.text[mark.start : mark.end])
            if len(mark.reason.split()) < _FEWEST_WORDS:
                what = f"{words} is typed, and no reason is given"
                mend = 'write {.typed reason="why it is typed"}'
                findings.append(finding(passage, mark, NAME, what, mend))
            elif not any(s < mark.end and mark.start < e for s, e in needed):
                what = f"{words} needs no exception"
                findings.append(finding(passage, mark, NAME, what, "remove the span"))
    return Outcome(f"{count} exceptions", tuple(findings))


def _needed(passage: Passage) -> list[tuple[int, int]]:
    return [
        *numbers.typed_numbers(passage),
        *((start, end) for start, end, _ in wording.stated_findings(passage)),
        *((start, end) for start, end, _ in abbreviations.used(passage)),
    ]
