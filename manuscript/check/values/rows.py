"""Values that a sentence prints rest on rows that the data have."""

from __future__ import annotations

from collections.abc import Iterator

from manuscript.check.finding import Finding, Outcome
from manuscript.check.proof import Proof, finding, quoted
from manuscript.source.reading.passages import Passage

NAME = "rows"
TITLE = "Values rest on rows that the data have"

_MEND = "take the sentence out, or restore the rows"


def check(proof: Proof) -> Outcome:
    """Look for values of rows that are gone, such as those of a class of trials."""
    passages = list(proof.passages())
    findings = tuple(fault for passage in passages for fault in _faults(passage))
    values = sum(len(mark.values) for p in passages for mark in p.marks)
    return Outcome(f"{values} values", findings)


def _faults(passage: Passage) -> Iterator[Finding]:
    for mark in passage.marks:
        empty = {value.origin: value.key for value in mark.values}
        for origin, key in empty.items():
            if origin.is_empty:
                sentence = quoted(passage.sentence(mark.start), 160)
                what = f"`{key}` has {origin.rows} in {origin.data}: {sentence}"
                yield finding(passage, mark, NAME, what, _MEND)
