"""P values: how they are written, which can never hold, and which fit a statistic."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import erfc, inf, sqrt
from statistics import NormalDist

from manuscript.check.results.fault import Result
from manuscript.check.results.numbers import END, SIGNED, Printed, printed
from manuscript.check.vocabulary import Words

LEVEL = 0.05
# How far, in units of z, a P value may lie from Wald's before it is told, and before
# it is held wrong: likelihood ratio, score and log-rank tests of one estimate differ.
NEAR_TEST = 0.05
OTHER_TEST = 0.35

# `P = 0.03`, `p-value of .03`, `P < .001`, `P=ns`; without names, for use in others.
P_VALUE = (
    r"(?<![\w-])[Pp](?:[\s-]?values?)?(?:\s(?:of|was|is))?\s*"
    rf"(?:(?P<rel>[=<>≤≥:]=?)?\s*(?P<p>{SIGNED}){END}(?!\s?[×x*]\s?10|[eE][-\d]|\s?(?:±|\+/-))"
    r"|[=:]?\s*(?P<ns>ns|NS|n\.s\.))(?!\w)"
)
_P = re.compile(P_VALUE)
_BEFORE = re.compile(
    r"(?<![\w-])[Pp](?:(?:[\s-]?values?)?"
    r"(?:\s(?:for|of)\s|\s?[-_\u2013]\s?)[A-Za-z -]{3,30}?"
    r"|(?:interaction|trend|het\w*|non-?inferiority|diff\w*|adj\w*))\s?(?P<rel>[=<>≤≥])\s*"
    rf"(?P<p>{SIGNED}){END}"
)
_CUT = re.compile(r"\s?\.\s?(?:\d|$)")
_ONE_SIDED = re.compile(r"\b(?:one|1)-(?:sided|tailed)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Probability:
    """A printed P value.

    Attributes
    ----------
    text : str
    start, end : int
    low, high : float
        What it says P lies between.
    """

    text: str
    start: int
    end: int
    low: float
    high: float

    def allows(self, low: float, high: float) -> bool:
        """Whether P may lie between two numbers."""
        return self.low <= high and low <= self.high


def probability(match: re.Match[str]) -> Probability:
    """Read a match of :data:`P_VALUE`."""
    start = match.start("ns") if match["ns"] else match.start("p")
    relation = (match["rel"] or "=")[0].replace(":", "=")
    text = f"P {relation} {match['p']}" if match["p"] else "P not significant"
    if not match["p"]:
        return Probability(text, start, match.end(), LEVEL, 1.0)
    low, high = between(relation, printed(match["p"]))
    return Probability(text, start, match.end(), low, high)


def between(relation: str, number: Printed) -> tuple[float, float]:
    """Least and greatest P that a relation and a number allow."""
    if relation in "<≤":
        return 0.0, number.high if relation == "≤" else number.number
    if relation in ">≥":
        return number.low if relation == "≥" else number.number, 1.0
    return max(number.low, 0.0), number.high


def impossible(sentence: str) -> Iterator[Result]:
    """Find P values that nothing can have."""
    seen: set[int] = set()
    for pattern in (_P, _BEFORE):
        for match in pattern.finditer(sentence):
            if not match["p"] or match.start("p") in seen or not match["rel"]:
                continue
            seen.add(match.start("p"))
            number, relation = printed(match["p"]), match["rel"][0]
            # `P<0. 001`, with a space within the number, is not read.
            if number.whole and _CUT.match(sentence, match.end()):
                continue
            # A small p may count parameters, and what follows a colon may be anything.
            is_large = number.whole and number.number > 1
            is_group = relation == ":" and number.number > 1
            if is_group or (is_large and match[0][0] == "p"):
                continue
            text = f"P {relation} {match['p']}"
            what, rule = "", "p-range"
            if number.number < 0:
                what = f"{text}: no P value is below 0"
            elif number.number > 1 and relation not in "<≤":
                what = f"{text}: no P value is above 1"
            elif relation == "<" and number.number == 0:
                what = f"{text} can never hold: no P value is below 0"
            elif relation == ">" and number.number >= 1:
                what = f"{text} can never hold: no P value is above 1"
            if what:
                yield Result(rule, match.start("p"), match.end("p"), what)
            elif relation == "=" and number.number == 0:
                what = f"{text}: no P value is 0; print it as less than its last digit"
                yield Result(
                    "p-zero", match.start("p"), match.end("p"), what, "warning"
                )
            else:
                yield Result(rule, match.start("p"), match.end("p"))


def is_one_sided(sentence: str) -> bool:
    """Whether a sentence speaks of one-sided tests."""
    return bool(_ONE_SIDED.search(sentence))


@lru_cache(maxsize=8)
def _other(words: Words) -> re.Pattern[str]:
    return re.compile(
        rf"[\s_-]{{0,2}}(?:for|of)?\s?(?:the\s)?(?:{words.source('other-tests')})\b",
        re.IGNORECASE,
    )


def is_of_another_test(sentence: str, match: re.Match[str], words: Words) -> bool:
    """Whether a P value is said to be of interaction, trend, noninferiority."""
    return bool(
        _other(words).match(sentence, match.end())
        or words.listed("other-tests").search(
            sentence[max(0, match.start() - 25) : match.start()]
        )
    )


def two_sided(z: float) -> float:
    """Two-sided P of a standard normal deviate."""
    return erfc(abs(z) / sqrt(2))


def deviate(p: float) -> float:
    """Deviate whose two-sided P this is, infinite at 0.

    Examples
    --------
    >>> round(deviate(0.05), 3)
    1.96
    """
    if p <= 0:
        return inf
    return 0.0 if p >= 1 else -NormalDist().inv_cdf(p / 2)


def quantile(level: float) -> float:
    """Return the normal quantile of a two-sided interval.

    Parameters
    ----------
    level : float
        In percent, above 0 and below 100.
    """
    return NormalDist().inv_cdf(0.5 + level / 200)
