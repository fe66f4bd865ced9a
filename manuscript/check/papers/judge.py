"""What a paper's numbers say against each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from manuscript.check.papers.paper import Paper, Paragraph
from manuscript.check.results import Result, recomputed
from manuscript.check.vocabulary import Words
from manuscript.source import sentences

_AROUND = 60
_ADDRESS = re.compile(
    r"https?://(?:dx\.)?doi\.org/(?:https?:/?/?|doi:)\S*", re.IGNORECASE
)
_ENTITY = re.compile(
    r"&(?:amp|lt|gt|nbsp|quot|apos|[a-z]{2,8}|#\d+|#x[0-9a-f]+);", re.I
)


@dataclass(frozen=True)
class Judgement:
    """A result of a paper that does not hold.

    Attributes
    ----------
    file : str
    unit, place : str, int
        Where it stands: ``line``, ``paragraph`` or ``page``, and its number.
    rule : str
    level : {"error", "warning"}
    what : str
    quote : str
        The words around it.
    """

    file: str
    unit: str
    place: int
    rule: str
    level: str
    what: str
    quote: str

    def __str__(self) -> str:
        """Write one line."""
        mild = "warning: " if self.level == "warning" else ""
        where = f"{self.file}:{self.place}"
        if self.unit != "line":
            where = f"{self.file}, {self.unit} {self.place}"
        return f"{where}: {mild}{self.what}; in “{self.quote}” [{self.rule}]"


def judge(paper: Paper, words: Words) -> tuple[int, tuple[Judgement, ...]]:
    """Recompute a paper's results.

    Returns
    -------
    tuple of int and tuple of Judgement
        How many results were recomputed, and those that do not hold.
    """
    tried, found = 0, []
    for paragraph in paper.paragraphs:
        for result in _results(paragraph, words):
            tried += 1
            if result.what:
                found.append(_told(paper, paragraph, result))
    return tried, tuple(dict.fromkeys(found))


def _results(paragraph: Paragraph, words: Words) -> Iterator[Result]:
    text = paragraph.text
    for start, end in sentences(text):
        for each in recomputed(text[start:end], words):
            yield replace(each, start=start + each.start, end=start + each.end)
    for pattern, rule, what in (
        (_ADDRESS, "doi", "an address in an address"),
        (_ENTITY, "entity", "a character's code is printed"),
    ):
        for match in pattern.finditer(text):
            yield Result(rule, *match.span(), f"{what}: {match[0]}")


def _told(paper: Paper, paragraph: Paragraph, result: Result) -> Judgement:
    first = max(0, result.start - _AROUND)
    last = min(len(paragraph.text), result.end + _AROUND // 2)
    quote = " ".join(paragraph.text[first:last].split())
    if first:
        quote = f"…{quote.partition(' ')[2]}"
    if last < len(paragraph.text):
        quote = f"{quote.rpartition(' ')[0]}…"
    place = paragraph.place(result.start)
    return Judgement(
        paper.file, paper.unit, place, result.rule, result.level, result.what, quote
    )
