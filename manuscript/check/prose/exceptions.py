"""Every exception gives its reason, and is needed.

``[...]{.typed reason="…"}`` excuses a number, a finding or an abbreviation that is
typed. ``[...]{.typed rule="consistency/percent" reason="…"}`` excuses, where it
stands, the rules that it names as the findings do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from manuscript.check.finding import Finding, Outcome
from manuscript.check.proof import Proof, finding, quoted
from manuscript.check.prose import abbreviations, numbers, wording
from manuscript.check.vocabulary import Words
from manuscript.source import Mark, Passage

NAME = "exceptions"
TITLE = "Exceptions have reasons"

_FEWEST_WORDS = 2


def check(proof: Proof) -> Outcome:
    """Judge the ``{.typed reason="…"}`` spans."""
    findings: list[Finding] = []
    count = 0
    for passage in proof.passages():
        marks = list(passage.marked("typed"))
        needed = _needed(passage, proof.words) if marks else []
        for mark in marks:
            count += 1
            words = quoted(passage.text[mark.start : mark.end])
            if len(mark.reason.split()) < _FEWEST_WORDS:
                what = f"{words} is typed, and no reason is given"
                mend = 'write {.typed reason="why it is typed"}'
                findings.append(finding(passage, mark, NAME, what, mend, rule="reason"))
            elif not mark.rules and not any(
                s < mark.end and mark.start < e for s, e in needed
            ):
                what = f"{words} needs no exception"
                mend = "remove the span"
                findings.append(finding(passage, mark, NAME, what, mend, rule="need"))
    return Outcome(f"{count} exceptions", tuple(findings))


def _needed(passage: Passage, words: Words) -> list[tuple[int, int]]:
    return [
        *numbers.typed_numbers(passage, words),
        *((start, end) for start, end, _ in wording.stated_findings(passage, words)),
        *((start, end) for start, end, _ in abbreviations.used(passage, words)),
    ]


def applied(proof: Proof, outcomes: Mapping[str, Outcome]) -> dict[str, Outcome]:
    """Leave out what exceptions excuse by rule; report those that excuse nothing.

    Parameters
    ----------
    proof : Proof
    outcomes : mapping of str to Outcome
        By check; an exception is held needless only where its check was run.
    """
    excuses = [each for passage in proof.passages() for each in _excuses(passage)]
    if not excuses:
        return dict(outcomes)
    used: set[int] = set()

    def is_excused(found: Finding) -> bool:
        by = [n for n, each in enumerate(excuses) if each.excuses(found)]
        used.update(by)
        return bool(by)

    kept = {
        name: replace(
            each, findings=tuple(f for f in each.findings if not is_excused(f))
        )
        for name, each in outcomes.items()
    }
    if NAME in kept:
        needless = tuple(
            each.needless
            for n, each in enumerate(excuses)
            if n not in used and each.name.partition("/")[0] in outcomes
        )
        kept[NAME] = replace(kept[NAME], findings=kept[NAME].findings + needless)
    return kept


class _Excuse:
    """A rule that a span names, and where it stands."""

    def __init__(self, passage: Passage, mark: Mark, name: str) -> None:
        self.name = name
        self._file = passage.file
        self._first = (mark.line, mark.column)
        self._last = passage.place(max(mark.start, mark.end - 1))
        self._words = quoted(passage.text[mark.start : mark.end])

    def excuses(self, found: Finding) -> bool:
        place = (found.line, found.column)
        return (
            found.name == self.name
            and found.file == self._file
            and self._first <= place <= self._last
        )

    @property
    def needless(self) -> Finding:
        what = f"{self._words} needs no exception to {self.name}"
        mend = "remove the rule, or name it as the finding does"
        return Finding(self._file, *self._first, NAME, what, mend, rule="need")


def _excuses(passage: Passage) -> Iterator[_Excuse]:
    for mark in passage.marked("typed"):
        if len(mark.reason.split()) >= _FEWEST_WORDS:
            yield from (_Excuse(passage, mark, name) for name in mark.rules)
