"""Sentences with and without one planted fault."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from manuscript.check.results import Result, recomputed
from manuscript.check.vocabulary import Words
from manuscript.source.reading.passages import sentences

CORPUS = Path(__file__).parent / "corpus"
FILES = ("tuned.txt", "held-out.txt")
_CHOICE = re.compile(r"\[\[(.*?)\|(.*?)\]\]")


@dataclass(frozen=True)
class Sentence:
    """A line of the corpus: what is right, and its wrong form if it has one."""

    kind: str
    right: str
    wrong: str | None


def corpus(file: str) -> Iterator[Sentence]:
    for line in (CORPUS / file).read_text("utf-8").splitlines():
        kind, text = line.split(": ", 1)
        right, wrong = _CHOICE.sub(r"\1", text), _CHOICE.sub(r"\2", text)
        yield Sentence(kind, right, wrong if kind != "none" else None)


def faults(text: str) -> list[Result]:
    """What is found wrong in a text of any number of sentences."""
    words = Words.of(None)
    return [
        result
        for start, end in sentences(text)
        for result in recomputed(text[start:end], words)
        if result.what
    ]
