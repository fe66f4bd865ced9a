"""What in a sentence says that a number is a result: without it, it is told of alone.

A number that nothing has set and that counts patients, is a share, a statistic or a
measure, or tells what happened, is a result. In a sentence of the present or of what
investigators did, without any of these (``the array covers 54 genes``, ``five mice a
cage``), nobody can tell: that stops no render.
"""

from __future__ import annotations

import re

from manuscript.check.prose import design
from manuscript.check.vocabulary import Words
from manuscript.source import Passage

_PLAIN = re.compile(rf"{design.ONE}$")
_COUNTS = re.compile(r"(?:[ -][a-z][\w-]*){1,3}")
# No noun follows: the number stands for those whom it counts.
_ALONE = re.compile(
    r"(?![ -][a-z])|\s(?:of|in|had|have|has|were|was|are|is|did|and|or|to|with|at|by"
    r"|from|after|before|for|on|as|who|whom|that|which|\w+ed|died|show|favor|favour)\b"
)
_PAST = re.compile(
    r"\b(?:was|were|had|did|(?<!ve been )(?<!as been )\w{3,}ed|fell|rose|grew|began"
    r"|took|gave|found|saw|became|ran|came|lay|led|met|left|lost|felt|stood|held|kept|got|made|went|arose|bled)\b",
    re.IGNORECASE,
)


def is_result(passage: Passage, start: int, end: int, words: Words) -> bool:
    """Whether anything says that a typed number is a result.

    Parameters
    ----------
    passage : Passage
    start, end : int
        Stretch of the number.
    words : Words
    """
    first, last = passage.sentence_around(start)
    said, before, after = (
        passage.text[first:last],
        passage.text[first:start],
        passage.text[end:last],
    )
    if any(
        first <= start and end <= last
        for first, last in design.doubtful(passage.text, (first, last), words)
    ):
        return False
    persons = words.listed("persons").search(passage.text, start)
    if persons and persons.start() == start:
        rule = words.listed("rules").search(said)
        return not rule and bool(words.listed("happened").search(said))
    counted = _COUNTS.match(after)
    return bool(
        passage.kind != "paragraph"
        or any(first <= m.start <= last for m in passage.marked("value", "claim"))
        or not _PLAIN.match(passage.text[start:end])
        or re.search(r"[.,·]\d", passage.text[start:end])
        or _ALONE.match(after)
        or (counted and words.listed("counted").search(counted[0]))
        or design.STATES.search(before)
        or words.listed("results").search(said)
        or words.listed("happened").search(said)
        or (_PAST.search(said) and not words.listed("acts").search(said))
    )
