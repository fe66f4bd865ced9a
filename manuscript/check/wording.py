"""No finding is typed: words that state a result stand in a claim."""

from __future__ import annotations

import re
from collections.abc import Iterator

from manuscript.check.finding import Finding, Outcome
from manuscript.check.proof import Proof, finding, listed, quoted
from manuscript.source.reading.passages import Passage

NAME = "wording"
TITLE = "Findings stand in claims"

_CLAIM = (
    '`{python} claim("…", v("key") < …)` holds it to the data; cite the source of '
    'another\'s finding, or write [...]{.typed reason="why it is typed"}'
)
_CAUSE = (
    "the data show an association: say that, cite a source, or write "
    '[...]{.typed reason="why it is typed"}'
)


def check(proof: Proof) -> Outcome:
    """Find words of a result outside a claim."""
    findings: list[Finding] = []
    passages = 0
    for passage in proof.passages():
        passages += 1
        for start, end, is_cause in stated_findings(passage):
            if passage.covered(start, end, "typed"):
                continue
            words = quoted(passage.text[start:end])
            if is_cause:
                what = f"{words} asserts a cause that the data cannot bear"
            else:
                what = f"{words} states a finding outside a claim"
            mend = _CAUSE if is_cause else _CLAIM
            if passage.kind == "alt":
                mend = "leave it out: no claim holds an alternative text to the data"
            findings.append(finding(passage, start, NAME, what, mend))
    return Outcome(f"{passages} passages", tuple(findings))


def stated_findings(passage: Passage) -> Iterator[tuple[int, int, bool]]:
    """Stretches that state a finding or a cause outside claims.

    Exceptions written beside the text are not looked at.
    """
    text = passage.text
    free = [match.span() for match in listed("finding-idioms").finditer(text)]
    for name in ("findings", "causes"):
        for match in listed(name).finditer(text):
            start, end = match.span()
            inside = any(first <= start and end <= last for first, last in free)
            inside = inside or passage.covered(start, end, "claim", "code", "url")
            if not inside and not _is_anothers(passage, start):
                is_cause = name == "causes"
                if not _is_open(passage, start, match[0], is_cause):
                    yield start, end, is_cause


def _is_anothers(passage: Passage, offset: int) -> bool:
    """Whether the sentence cites a source and prints no value of ours."""
    start, end = passage.sentence_around(offset)
    inside = [mark for mark in passage.marks if start <= mark.start <= end]
    cites = any(mark.kind == "citation" for mark in inside)
    return cites and not any(mark.kind == "value" for mark in inside)


def _is_open(passage: Passage, offset: int, words: str, is_cause: bool) -> bool:
    """Whether words before the finding, in its clause, leave it open."""
    if "significan" in words.lower():
        return False
    start, _ = passage.sentence_around(offset)
    clause = re.split(r"[,;:—]\s", passage.text[start:offset])[-1]
    openers = listed("open-questions" if is_cause else "hypothetical")
    return bool(openers.search(clause))
