"""Every exception gives its reason, and is needed.

``[...]{.typed reason="…"}`` excuses a number, a finding or an abbreviation that is
typed. ``[...]{.typed rule="consistency/percent" reason="…"}`` excuses, where it
stands, the rules that it names as the findings do. In code, options of cells and
front matter, which no span can enter, the comment ``# typed: …`` excuses its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from manuscript.check.finding import Finding, Outcome
from manuscript.check.proof import Proof, finding, quoted
from manuscript.check.prose import abbreviations, numbers, wording
from manuscript.check.vocabulary import Words
from manuscript.source import Mark, Passage, foreign, front_matter_ends

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
                findings.append(
                    finding(
                        passage, mark, NAME, what, mend, rule="need", level="warning"
                    )
                )
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
    excuses: list[_Excuse | _Comment] = [
        *(each for passage in proof.passages() for each in _excuses(passage)),
        *_comments(proof),
    ]
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
            if n not in used and each.checks <= outcomes.keys()
        )
        kept[NAME] = replace(kept[NAME], findings=kept[NAME].findings + needless)
    return kept


class _Excuse:
    """A rule that a span names, and where it stands."""

    def __init__(self, passage: Passage, mark: Mark, name: str) -> None:
        self.name = name
        self.checks = {name.partition("/")[0]}
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
        place = (self._file, *self._first)
        return Finding(*place, NAME, what, mend, "warning", "need")


def _excuses(passage: Passage) -> Iterator[_Excuse]:
    for mark in passage.marked("typed"):
        if len(mark.reason.split()) >= _FEWEST_WORDS:
            yield from (_Excuse(passage, mark, name) for name in mark.rules)


_TYPED = re.compile(r"\s#\s*typed:\s*(.*?)\s*$")


class _Comment:
    """A line of code or of settings whose comment says why something is typed."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        self.checks = {numbers.NAME, wording.NAME}
        self._file, self._line, self._reason = file, line, reason

    def excuses(self, found: Finding) -> bool:
        fits = (found.file, found.line) == (self._file, self._line)
        return fits and len(self._reason.split()) >= _FEWEST_WORDS

    @property
    def needless(self) -> Finding:
        place = (self._file, self._line, 1)
        if len(self._reason.split()) < _FEWEST_WORDS:
            what = "`# typed:` gives no reason"
            mend = "write `# typed: why it is typed`"
            return Finding(*place, NAME, what, mend, rule="reason")
        what = "`# typed:` excuses nothing on its line"
        return Finding(*place, NAME, what, "remove it", "warning", "need")


def _comments(proof: Proof) -> Iterator[_Comment]:
    lines: dict[str, list[str]] = {}
    seen: set[tuple[str, int]] = set()

    def of(file: str) -> list[str]:
        if file not in lines:
            text = foreign.legible(proof.project.root / file)
            lines[file] = text.split("\n") if "typed:" in text else []
        return lines[file]

    def among(file: str, first: int, last: int) -> Iterator[_Comment]:
        for number in range(first, min(last, len(of(file))) + 1):
            found = _TYPED.search(of(file)[number - 1])
            if found and (file, number) not in seen:
                seen.add((file, number))
                yield _Comment(file, number, found[1])

    for reading in proof.readings:
        document = reading.document
        last = front_matter_ends("\n".join(of(document.path)))
        yield from among(document.path, 1, last)
        for cell in document.cells:
            last = cell.code_line + cell.code.count("\n")
            yield from among(cell.file, cell.line + 1, last)
