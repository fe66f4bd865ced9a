"""Parts and their whole: arms of a trial, and percentages that share all out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from manuscript.check.results.fault import Result
from manuscript.check.results.numbers import COUNT, END, UNSIGNED, printed
from manuscript.check.vocabulary import Words

_ALLOCATED = re.compile(r"\b(?:randomi[sz]\w+|allocat\w+|assign\w+)\b", re.IGNORECASE)
_TO_ARM = re.compile(
    rf"(?<!\d:)(?P<n>{COUNT})\s?(?:(?:patients|participants|women|men|children)\s)?"
    rf"(?:[(\[]{UNSIGNED}\s?%[)\]]\s)?(?:(?:were\s)?(?:randomi[sz]ed|assigned|allocated)\s)?"
    r"to\s(?!\d)(?:the\s|receive\s)?\w",
    re.IGNORECASE,
)
_INTEGER = re.compile(COUNT, re.IGNORECASE)
_NEXT_WORDS = re.compile(r"(?:\s[\w'-]+){1,4}")
_IN = re.compile(r"\b(?:in|among|of|for|from)\s(?:the\s)?$", re.IGNORECASE)
_OF_ALL = re.compile(r"^(?:\W*)(?:of|among)\s", re.IGNORECASE)


def judged(sentence: str, words: Words) -> Iterator[Result]:
    """Add up arms and complements."""
    if _ALLOCATED.search(sentence):
        yield from _arms(sentence, words)
    if sentence.count("%") > 1:
        yield from _complements(sentence, words)


def _is_of_people(sentence: str, end: int, words: Words) -> bool:
    following = _NEXT_WORDS.match(sentence, end)
    return bool(following and words.listed("counted").search(following[0]))


def _arms(sentence: str, words: Words) -> Iterator[Result]:
    """Compare the sum of the arms with the numbers before them."""
    parts = list(_TO_ARM.finditer(sentence))
    if len(parts) < 2:
        return
    first = parts[0].start()
    every = list(_INTEGER.finditer(sentence, 0, first))
    totals = [printed(m[0]).number for m in every]
    if sum(_is_of_people(sentence, m.end(), words) for m in every) != 1:
        return
    added = sum(printed(part["n"]).number for part in parts)
    what = ""
    # In factorial trials every patient is allocated more than once.
    is_multiple = any(total and added % total == 0 for total in totals)
    if not is_multiple and max(totals) >= max(printed(p["n"]).number for p in parts):
        names = " and ".join(part["n"] for part in parts)
        what = f"{names} sum to {added:g}, not {max(totals):g}"
    yield Result("sum", first, parts[-1].end("n"), what)


def _complements(sentence: str, words: Words) -> Iterator[Result]:
    of_all = bool(_OF_ALL.match(sentence))
    for pattern in _pairs(words):
        for match in pattern.finditer(sentence):
            # Rates within groups, "60% in men and 50% in women", share nothing out.
            within = (
                match["in1"] or match["in2"] or _IN.search(sentence, 0, match.start())
            )
            if within and not of_all:
                continue
            one, other = printed(match["one"]), printed(match["other"])
            what = ""
            if one.low + other.low > 100:
                what = f"{one.text}% and {other.text}% are more than all"
            yield Result("sum", match.start("one"), match.end("other"), what)


@lru_cache(maxsize=8)
def _pairs(words: Words) -> tuple[re.Pattern[str], ...]:
    def share(name: str, those: str) -> str:
        return (
            rf"(?<![\w.,])(?P<{name}>{UNSIGNED}){END}\s?%\s(?:(?:were|was|are|is)\s)?"
            rf"(?P<in{1 if name == 'one' else 2}>in\s(?:the\s)?)?(?:{those})\b"
        )

    return tuple(
        re.compile(rf"{share('one', a)}[^%.;]{{0,40}}?{share('other', b)}", re.I)
        for pair in words.mapping("complements").values()
        for a, b in (
            (pair["first"], pair["second"]),
            (pair["second"], pair["first"]),
        )
    )
