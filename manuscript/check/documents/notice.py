"""Each document says, before its first number, that its data are invented.

Of collected and published data nothing is asked: what values rest on, and nothing
else, tells which data these are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from manuscript.check.finding import Finding, Outcome
from manuscript.check.proof import Proof
from manuscript.check.vocabulary import Words
from manuscript.source import Reading

NAME = "notice"
TITLE = "The reconstruction is declared"

_INVENTED = {"reconstruction": "a reconstruction", "synthetic": "synthetic"}
_MEND = "write it as `::: {.notice}` at the head of the document"


def check(proof: Proof) -> Outcome:
    """Look for the notice where a document prints numbers that need it."""
    drawn = any(each.cells for r in proof.readings for each in r.floats)
    in_cells = _bases_of_cells(proof) if drawn else set[str]()
    findings = tuple(
        fault
        for reading in proof.readings
        for fault in _faults(reading, proof.words, in_cells)
    )
    return Outcome(f"{len(proof.readings)} documents", findings)


def _bases(reading: Reading) -> set[str]:
    return {
        value.origin.basis
        for passage in reading.passages
        for mark in passage.marks
        for value in mark.values
    }


def _bases_of_cells(proof: Proof) -> set[str]:
    """Return what cells may rest on, which is not read from them.

    It is what the prose of all documents rests on; where none prints a value, what
    any value of the project does.
    """
    in_prose = set[str]().union(*map(_bases, proof.readings))
    return in_prose or {value.origin.basis for value in proof.v.all().values()}


def _faults(reading: Reading, words: Words, in_cells: set[str]) -> Iterator[Finding]:
    drawn = any(each.cells for each in reading.floats)
    bases = _bases(reading) | (in_cells if drawn else set())
    invented = " and ".join(what for basis, what in _INVENTED.items() if basis in bases)
    if not invented:
        return
    body = (p for p in reading.passages if p.kind not in ("title", "metadata"))
    first = next(body, None)
    place = (first.file, *first.place(0)) if first else (reading.document.path, 1, 1)
    texts: list[str] = []
    numbers_before = False
    for passage in reading.passages:
        if any(".notice" in attributes for attributes in passage.within):
            texts.append(passage.text)
        elif not texts and any(mark.values for mark in passage.marks):
            numbers_before = True
    if not texts:
        what = f"no notice that the data are {invented}"
        yield Finding(*place, NAME, what, _MEND)
        return
    if numbers_before:
        what = f"numbers stand before the notice that the data are {invented}"
        yield Finding(*place, NAME, what, _MEND)
    for wanted in words.text("notice").split("\n"):
        if wanted and not re.search(wanted, " ".join(texts), re.IGNORECASE):
            place = next(
                (passage.file, *passage.place(0))
                for passage in reading.passages
                if passage.text == texts[0]
            )
            what = f"the notice does not say “{wanted.replace('|', '” or “')}”"
            yield Finding(*place, NAME, what, "say what the data are and are not")
