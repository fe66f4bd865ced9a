"""Medians, means and their spread: quartiles, ranges, and means that n can have.

A mean of n whole numbers is a whole number over n (GRIM; Brown and Heathers 2017,
Soc Psychol Personal Sci 8:363).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from math import ceil, floor

from manuscript.check.results.fault import Result
from manuscript.check.results.numbers import (
    BEGIN,
    COUNT,
    END,
    SIGNED,
    UNSIGNED,
    Printed,
    printed,
)
from manuscript.check.vocabulary import Words

_UNIT = r"(?:\s?%|(?:\s(?!(?:to|and|or)\b)[A-Za-zµμ°²/]{1,8}){1,2})?"
_JOIN = r"(?:\s?[-\u2013]\s?|\sto\s|\sand\s|[,;]\s?)"
_NAME = (
    r"(?P<name>\bIQRs?\b|\b(?:inter-?quartile|quartile)\s(?:range|interval)s?"
    r"(?:\s?[(\[]IQR[)\]])?|\bquartiles\b|\b[Rr]ang(?:e[sd]?|ing)\b)"
)
_SPREAD = re.compile(
    _NAME + r"[\s:,=(\[]*(?:(?:of|was|from|between)\s)?"
    rf"(?P<low>{SIGNED}){END}(?P<first>{_UNIT})(?P<join>{_JOIN})(?P<high>{SIGNED}){END}"
    rf"(?P<second>{_UNIT})",
    re.IGNORECASE,
)
_DEVIATES = (
    r"(?:\s?[,;(\[]?\s?(?:±|\+/-|SDs?|SEM?|standard (?:deviation|error))[\s,:=]*"
    r"(?:of\s)?"
    rf"{SIGNED}{_UNIT}[)\]]?)?"
)
_CENTRE = re.compile(
    rf"(?P<x>{BEGIN}{SIGNED}){END}{_UNIT}(?:\s[a-z]+)?{_DEVIATES}"
    r"(?:\s?[,;:(\[]|\s(?:with|and))\s?(?:(?:median|average|an?|the)[\s,;:]+)*$",
    re.IGNORECASE,
)
_NO_CENTRE = re.compile(
    r"(?:\b(?:from|in|for|with|on|at|to|than|by|per|after|over|within|n\s?=)|[=<>])\s*$",
    re.IGNORECASE,
)
_COUNTING = re.compile(r"ranged|ranging|ranges", re.IGNORECASE)
_NEXT = re.compile(r"(?:\s?%)?\s?[,;)\]([]+\s?(?:and\s)?")
_KIND = re.compile(r"\b(?P<kind>median|mean|average)s?\b", re.IGNORECASE)
_OTHER_RANGE = re.compile(
    r"\b(?:normal|reference|therapeutic|target|possible|theoretical|score|scale|dose"
    r"|potential|plausible|limits?)\s$",
    re.IGNORECASE,
)
_NAMED_FIRST = re.compile(
    r"\b(?P<kind>median|mean)s?\s?[(\[]"
    r"(?P<name>IQR|interquartile range|range|SD|Q1,? ?Q3)[)\]]"
    rf"(?:[^.;\d]|(?<=[A-Za-z])\d){{0,60}}?(?P<x>{BEGIN}{SIGNED}){END}{_UNIT}"
    r"(?:\s[a-zµ/]+){0,2}\s?[(\[]"
    rf"(?:(?P<low>{SIGNED}){END}{_JOIN})?(?P<high>{SIGNED}){END}",
    re.IGNORECASE,
)
_DEVIATION = re.compile(
    rf"(?:\bSDs?\b(?:\s?[:,=(]|\sof)?\s|\bSDs?\s?=|±\s?)(?P<sd>[-\u2013]{UNSIGNED}){END}"
    r"(?!\s?(?:±|\+/-))"
)
_OF_N = re.compile(rf"\b[nN]\s?=\s?(?P<n>{COUNT})")
_THE_N = re.compile(
    rf"\b(?:The|All|Among|In|these)\s(?:the\s)?(?P<n>{COUNT})\s(?:\w+\s)?"
    r"(?:patients|participants|women|men|children|infants|subjects|students|people)\b"
)


def judged(sentence: str, words: Words) -> Iterator[Result]:
    """Order medians, quartiles and ranges; try means on their n."""
    yield from _spreads(sentence)
    yield from _named_first(sentence)
    for match in _DEVIATION.finditer(sentence):
        what = f"a standard deviation is not negative: {match['sd']}"
        yield Result("spread", match.start("sd"), match.end("sd"), what)
    yield from _means(sentence, words)


def _spreads(sentence: str) -> Iterator[Result]:
    last: tuple[int, Printed, list[tuple[bool, Printed, Printed]], int] | None = None
    for match in _SPREAD.finditer(sentence):
        two_units = match["first"] and match["first"] != match["second"]
        if "and" in match["join"] and "between" not in match[0].lower():
            continue
        if two_units or _OTHER_RANGE.search(sentence, 0, match.start()):
            continue
        low, high = printed(match["low"]), printed(match["high"])
        name = match["name"]
        is_range = name.lower().startswith("rang")
        what, start = "", match.start()
        if low.number > high.number:
            # Prose may count down, and negative numbers by their size.
            if low.number < 0 or _COUNTING.fullmatch(name):
                continue
            what = f"{name} {low.text} to {high.text} runs backwards"
            yield Result("spread", start, match.end("high"), what)
            continue
        centre = _CENTRE.search(sentence, max(0, start - 60), start)
        within: list[tuple[bool, Printed, Printed]] = []
        if last and _NEXT.fullmatch(sentence, last[3], start):
            at, x, within = last[:3]
        elif centre and not _NO_CENTRE.search(sentence, 0, centre.start("x")):
            x, at = printed(centre["x"]), centre.start("x")
        else:
            continue
        kinds = list(_KIND.finditer(sentence, max(0, at - 90), start))
        if not kinds and is_range and not within:
            continue
        kind = kinds[-1]["kind"].lower() if kinds else "median"
        is_median = kind == "median"
        outside = not (low.low <= x.high and x.low <= high.high)
        if outside and (is_median or is_range):
            what = f"the {kind} {x.text} is outside {low.text} to {high.text}"
        for was_range, first, second in within:
            inner, outer = ((low, high), (first, second))
            if is_range and not was_range:
                inner, outer = outer, inner
            elif was_range == is_range:
                continue
            if inner[0].high < outer[0].low or inner[1].low > outer[1].high:
                what = "the quartiles lie outside the range"
        last = at, x, [*within, (is_range, low, high)], match.end("high")
        yield Result("spread", at, match.end("high"), what)


def _named_first(sentence: str) -> Iterator[Result]:
    """Read ``median (IQR) of the score was 2.1 (1.4–3.2)``."""
    for match in _NAMED_FIRST.finditer(sentence):
        x, high, what = printed(match["x"]), printed(match["high"]), ""
        if match["name"].upper() == "SD":
            if not match["low"] and high.number < 0:
                what = f"a standard deviation is not negative: {high.text}"
        elif match["low"]:
            low = printed(match["low"])
            if low.number > high.number:
                what = f"{low.text} to {high.text} runs backwards"
            elif not (low.low <= x.high and x.low <= high.high) and (
                match["kind"].lower() == "median" or match["name"] == "range"
            ):
                what = f"{match['kind']} {x.text} is outside {low.text} to {high.text}"
        else:
            continue
        yield Result("spread", match.start("x"), match.end("high"), what)


@lru_cache(maxsize=8)
def _mean_of_whole(words: Words) -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:{words.source('whole-numbers')})\b[^.;\d]{{0,60}}?(?P<x>{BEGIN}{UNSIGNED}){END}",
        re.IGNORECASE,
    )


def _means(sentence: str, words: Words) -> Iterator[Result]:
    for match in _mean_of_whole(words).finditer(sentence):
        totals = [*_OF_N.finditer(sentence), *_THE_N.finditer(sentence)]
        if len({total["n"] for total in totals}) != 1:
            continue
        n, x = printed(totals[0]["n"]), printed(match["x"])
        what = ""
        if not possible(x, int(n.number)):
            what = f"{n.text} whole numbers cannot have the mean {x.text}"
        yield Result("mean", match.start("x"), match.end("x"), what)


def possible(mean: Printed, n: int) -> bool:
    """Whether a mean of `n` whole numbers can print so.

    Examples
    --------
    >>> possible(printed("3.48"), 25), possible(printed("3.49"), 25)
    (True, False)
    """
    if n < 1:
        return False
    return ceil(mean.low * n - 1e-9) <= floor(mean.high * n + 1e-9)
