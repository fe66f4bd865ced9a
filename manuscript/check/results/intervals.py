"""Estimates, their intervals and their P values, as they are written.

``HR 0.78 (95% CI 0.62–0.98; P = 0.03)`` in the ways of journals: any level, limits
joined by a dash, ``to``, ``and`` or a comma, the P value before the interval, inside
its bracket or after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from manuscript.check.results.numbers import (
    BEGIN,
    END,
    SIGNED,
    UNSIGNED,
    Printed,
    printed,
)
from manuscript.check.results.significance import (
    P_VALUE,
    Probability,
    is_of_another_test,
    is_one_sided,
    probability,
)
from manuscript.check.vocabulary import Words

Scale = Literal["log", "linear", ""]

_LABEL = (
    r"(?:(?P<level>\d\d(?:\.\d+)?)\s?(?:%|per ?cent)[\s-]*(?:posterior\s)?)?"
    r"(?:(?:CIs?|CrIs?|HDIs?)(?![A-Za-z])|\b(?:confidence|credible|credibility|uncertainty"
    r"|compatibility)\s+(?:intervals?|limits?|bounds?)\b)"
    r"(?:[\s,(\[]{1,2}(?:9\d\s?%\s?)?(?:CIs?|CrI|UI)\b[)\]]?)?(?:\s?(?P<after>\d\d(?:\.\d+)?)\s?%)?"
)
_UNIT = r"(?:\s?%|(?:\s(?!(?:to|and|through)\b)[A-Za-zµμ°²/]{1,8}){1,2})?"
_LIMITS = (
    rf"(?P<low>{BEGIN}{SIGNED}){END}(?P<lowunit>{_UNIT})"
    r"(?:\s?[-\u2013]\s?|\sto\s|\sand\s|\sthrough\s|[,;]\s?)"
    rf"(?P<high>{SIGNED}|(?<=to\s)-\s{UNSIGNED}){END}(?P<highunit>\s?%)?"
)
_LABELLED = re.compile(
    _LABEL
    + r"[\s:,=(\[]*(?:(?:of|was|were|is|are|from|ranged from|ranging from|between)"
    r"\s+)?" + _LIMITS
)
_BARE = re.compile(
    rf"(?P<x>{BEGIN}{SIGNED}){END}(?:"
    rf"\s?[(\[](?P<low1>{SIGNED}){END}(?:\s?[-\u2013]\s?|\sto\s|,\s)(?P<high1>{SIGNED})"
    rf"|[,;]\s(?P<low2>{SIGNED}){END}(?:\s?[-\u2013]\s?|\sto\s)(?P<high2>{SIGNED})"
    rf"){END}(?=\s?[)\];,.])"
)
_NAMED = re.compile(r"CI|CrI|HDI|nterval|limit|bound")
_REACH = 150
_FALLS = re.compile(
    r"\b(?:reduc|decreas|fell|declin|lower|loss|lost|less|drop|short|improv|saving)",
    re.IGNORECASE,
)
# What may stand between an estimate and the label of its interval.
_BETWEEN = (
    r"(?P<unit>\s?%|\s?percent(?:age points?)?)?"
    r"(?:\s(?:per|for each|for every)\s[\w.-]+(?:[-\s][A-Za-z]+){0,2})?"
    r"(?P<words>(?:\s?[A-Za-zµμ°²/]+){0,3})[\s,;:(\[]*"
    rf"(?:{P_VALUE}[\s,;(\[]*)?(?:(?:and|with|at)\s)?"
    r"(?:(?:an?|the|its|corresponding|exact|bootstrap\w*|wald|two-sided|profile)\s)*$"
)
_ESTIMATE = re.compile(
    rf"(?P<x>{BEGIN}{SIGNED}){END}(?:\s?(?:±|\+/-)\s?{SIGNED}{END})?{_BETWEEN}"
)
_NO_UNIT = re.compile(
    r"\b(?:of|in|among|with|who|had|were|was|and|or|at|by|patients?|participants?"
    r"|wom[ae]n|m[ae]n|children|infants|cases?|trials?|studies|cohorts?|centers?"
    r"|subjects|individuals|people|vs?|versus|confidence|credible|CI)\b",
    re.IGNORECASE,
)
_NO_ESTIMATE = re.compile(
    r"(?:\b(?:at|after|within|over|in|every|aged?|least|than|most|week|month|day"
    r"|year|per|each|[nN]\s?=|\b[tFzZrp]\s?[\d,()]*\s?=|\b[pP]\s?[=<>≤]|±|\+/-|stages?|grades?|type|phase|model|tables?|figures?)\s?"
    r"|[<>≤≥/]\s?)$"
)
_TOTAL = re.compile(rf"(?P<n>{BEGIN}[\d,]+)(?:\s?/\s?|\s(?:out\s)?of\s(?:the\s)?)$")
_AFTER = re.compile(
    r"(?:\s?%|(?:\s(?!and\b|with\b|to\b)[A-Za-zµμ°²/]{1,8}){1,2})?[)\]]*[\s,;:]*[(\[]?\s?"
    r"(?:(?:and|with|an?|two-(?:sided|tailed)|log-?rank|unadjusted|overall|nominal"
    rf"|exact|wald)\s)*{P_VALUE}"
)


@dataclass(frozen=True)
class Estimate:
    """An estimate with its interval.

    Attributes
    ----------
    start, end : int
        From the estimate to the upper limit.
    x, low, high : Printed
    scale : {"log", "linear", ""}
        On which its interval is even; empty where that is not known.
    null : float or None
        Value of no effect, where there is one to test.
    level : float
        Of the interval, in percent.
    even : bool
        Whether nothing says that the interval is of an uneven kind.
    p : Probability or None
        P of the test of no effect.
    unit : bool
        Whether a percent sign follows.
    falls : bool
        Whether words before it say that something fell, so that it has no sign.
    two_units : bool
        Whether the limits are of different units: 9 months to 2 years.
    total : Printed or None
        Total of the events that stand for an estimate: ``5 of 200 (95% CI …)``.
    """

    start: int
    end: int
    x: Printed
    low: Printed
    high: Printed
    scale: Scale
    null: float | None
    level: float
    even: bool
    p: Probability | None
    unit: bool
    falls: bool = False
    two_units: bool = False
    total: Printed | None = None


def estimates(sentence: str, words: Words) -> Iterator[Estimate]:
    """Read the estimates with intervals of a sentence.

    Parameters
    ----------
    sentence : str
        Of one sign for each kind (:func:`numbers.normalized`).
    words : Words
    """
    taken: set[int] = set()
    labelled = _LABELLED.finditer(sentence) if _NAMED.search(sentence) else ()
    for limits in labelled:
        taken.add(limits.start("low"))
        number = _ESTIMATE.search(
            sentence, max(0, limits.start() - _REACH), limits.start()
        )
        if number and not _NO_UNIT.search(number["words"]):
            start = number.start("x")
            measure = _measure(words).search(sentence, 0, start)
            total = None if measure else _TOTAL.search(sentence, 0, start)
            # Without a name, a number before a P value may be one of two compared.
            none = (
                number["p"] or number["ns"] or _NO_ESTIMATE.search(sentence, 0, start)
            )
            if measure or total or not none:
                level = limits["level"] or limits["after"] or "95"
                yield _read(sentence, number, limits, measure, total, level, words)
    for bare in _BARE.finditer(sentence):
        which = "1" if bare["low1"] else "2"
        if bare.start(f"low{which}") not in taken:
            measure = _measure(words).search(sentence, 0, bare.start("x"))
            if measure and not measure["other"]:
                yield _read(sentence, bare, bare, measure, None, "95", words, which)


def _read(
    sentence: str,
    number: re.Match[str],
    limits: re.Match[str],
    measure: re.Match[str] | None,
    total: re.Match[str] | None,
    level: str,
    words: Words,
    which: str = "",
) -> Estimate:
    groups = {**number.groupdict(), **limits.groupdict()}
    unit = any(groups.get(name) for name in ("unit", "highunit"))
    unit = unit or "%" in (groups.get("lowunit") or "")
    scale, null = _scale_of(measure, unit)
    p = _p_after(sentence, limits.end(), words)
    has_p = not which and (number["p"] or number["ns"])
    if p is None and has_p and not is_one_sided(sentence):
        p = probability(number)
    return Estimate(
        (total or number).start(1 if total else "x"),
        limits.end(f"high{which}"),
        printed(total[1] if total else number["x"]),
        printed(limits[f"low{which}"]),
        printed(limits[f"high{which}"]),
        "" if total else scale,
        None if total else null,
        float(level),
        not words.listed("uneven-methods").search(sentence),
        p,
        unit,
        bool(
            _FALLS.search(sentence, max(0, number.start("x") - 80), number.start("x"))
        ),
        bool((groups.get("lowunit") or "").strip(" %")),
        printed(number["x"]) if total else None,
    )


def _p_after(sentence: str, end: int, words: Words) -> Probability | None:
    match = _AFTER.match(sentence, end)
    if (
        not match
        or is_one_sided(sentence)
        or is_of_another_test(sentence, match, words)
    ):
        return None
    return probability(match)


@lru_cache(maxsize=8)
def _measure(words: Words) -> re.Pattern[str]:
    """Find the words for an estimate, right before its number."""
    aside = r"(?:\s?[(\[][A-Za-z]{2,5}s?[)\]])?"
    named = "|".join(
        rf"(?P<{group}>(?:{words.source(name)}))"
        for group, name in (
            ("other", "other-measures"),
            ("untested", "ratios-untested"),
            ("linear", "differences"),
            ("log", "ratios"),
        )
    )
    return re.compile(
        rf"(?<![\w-])(?:{named})(?![\w])(?P<gap>{aside}(?:(?!{words.source('other-measures')}"
        rf"|reduction|significan)[^.;()\[\]\d]){{0,60}}{aside}[^.;()\[\]\d]{{0,20}}[(\[]?)$",
        re.IGNORECASE,
    )


def _scale_of(measure: re.Match[str] | None, unit: bool) -> tuple[Scale, float | None]:
    if measure is None or measure["other"]:
        return "", None
    if measure["linear"]:
        return "linear", 0.0
    if unit:
        return "", None
    return ("log", None) if measure["untested"] else ("log", 1.0)
