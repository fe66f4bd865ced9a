"""Printed numbers agree with each other, to the digits that print.

Recomputes from the rounding intervals of the printed numbers, as statcheck does
(Nuijten et al. 2016, Behav Res Methods 48:1205): a result is inconsistent only when
no unrounded numbers behind the printed ones agree. Odds ratios on the log scale
follow Altman and Bland (2011, BMJ 343:d2304).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import erfc, log, sqrt

from manuscript.check.finding import Finding, Outcome
from manuscript.check.proof import Proof, finding, vocabulary
from manuscript.check.subjects import stem
from manuscript.source.reading.passages import Passage
from manuscript.source.reading.plain import Mark
from manuscript.values.text import in_words

NAME = "consistency"
TITLE = "Printed numbers agree with each other"

Z = 1.959963984540054
_NUMBER = r"[\d\u202f]+(?:\.\d+)?"
_WORDS = tuple(in_words(count) for count in range(1, 13))
_COUNT = rf"(?:[\d\u202f]+|{'|'.join(_WORDS)})"
_SHARE = re.compile(
    rf"\b(?P<n>{_COUNT})\s?(?:/|\bof\b(?: the| these)?)\s?(?P<all>{_COUNT})\b"
    rf"(?:[ \w-]{{0,60}})[(\[](?P<percent>{_NUMBER})\s?%",
    re.IGNORECASE,
)
_SHARE_INSIDE = re.compile(
    rf"\b(?P<n>{_COUNT})\s?[(\[](?P<percent>{_NUMBER})\s?%[)\]]\s?(?:of|/)"
    rf"(?: the| these)?\s(?P<all>{_COUNT})\b",
    re.IGNORECASE,
)
_PART = re.compile(
    rf"\b(?P<n>{_COUNT}) of (?:the |these )?(?P<all>{_COUNT})\b(?!\s?%)", re.IGNORECASE
)
_ESTIMATE = re.compile(
    r"(?P<kind>\b(?:ORs?|odds ratios?)\b[\s:=]*(?:of |was )?)?"
    rf"(?<!per )\b(?P<x>{_NUMBER})(?P<unit>\s?%)?"
    r"[ ,;(\[]{1,3}(?:95% (?:CIs?|confidence intervals?)[\s:,]*)?"
    rf"(?P<low>{_NUMBER})(?:–|-| to )(?P<high>{_NUMBER})(?P<after>[^()]{{0,40}})"
)
_P = re.compile(rf"^[\])]?[,;]?\s*[Pp]\s?(?P<relation>[=<>])\s?(?P<p>{_NUMBER})")
_I2 = re.compile(
    rf"I²\s?=\s?(?P<i2>{_NUMBER})\s?%[^.()]{{0,20}}?[Pp]\s?(?P<relation>[=<>])"
    rf"\s?(?P<p>{_NUMBER})"
)
_MEDIAN = re.compile(
    rf"(?P<x>{_NUMBER})(?: \w+)?(?: \w+){{0,3}} [(\[](?:IQR|interquartile range)[\s:,]*"
    rf"(?P<q1>{_NUMBER})(?:–|-| to )(?P<q3>{_NUMBER})"
    rf"(?:[;,] range[\s:]*(?P<min>{_NUMBER})(?:–|-| to )(?P<max>{_NUMBER}))?"
)


@dataclass(frozen=True)
class Rounded:
    """A printed number and what may lie behind it."""

    text: str

    @property
    def half(self) -> float:
        """Half a unit of its last digit."""
        _, _, decimals = self.text.partition(".")
        return 0.5 * 10.0 ** -len(decimals) * (1 + 1e-9)

    @property
    def number(self) -> float:
        """The number as printed."""
        word = self.text.lower()
        if word in _WORDS:
            return _WORDS.index(word) + 1.0
        return float(self.text.replace("\N{NARROW NO-BREAK SPACE}", ""))

    @property
    def low(self) -> float:
        """Least number that prints so."""
        return self.number - self.half

    @property
    def high(self) -> float:
        """Greatest number that prints so."""
        return self.number + self.half


def check(proof: Proof) -> Outcome:
    """Recompute what the printed numbers imply."""
    findings: list[Finding] = []
    compared = 0
    for passage in proof.passages():
        for kind in (_shares, _intervals, _heterogeneity, _medians):
            for offset, fault in kind(passage):
                compared += 1
                if fault:
                    findings.append(
                        finding(
                            passage,
                            offset,
                            NAME,
                            fault,
                            "correct the number that is wrong",
                        )
                    )
    sums = list(_sums(proof))
    findings.extend(fault for _, fault in sums if fault)
    return Outcome(
        f"{compared} results and {len(sums)} sums recomputed", tuple(findings)
    )


def share_agrees(n: str, total: str, percent: str) -> bool:
    """Whether a printed percentage is `n` of `total` to its digits.

    Examples
    --------
    >>> share_agrees("151", "251", "60"), share_agrees("151", "251", "61")
    (True, False)
    """
    whole, printed = Rounded(total).number, Rounded(percent)
    if whole == 0 or Rounded(n).number > whole:
        return False
    return printed.low <= 100 * Rounded(n).number / whole <= printed.high


def interval_agrees(estimate: str, low: str, high: str, *, wald: bool) -> bool:
    """Whether an estimate lies in its interval, and midway if that is symmetric.

    Parameters
    ----------
    estimate, low, high : str
        As printed.
    wald : bool
        Whether the interval is symmetric on the log scale.

    Examples
    --------
    >>> interval_agrees("3.82", "1.22", "11.92", wald=True)
    True
    >>> interval_agrees("4.48", "1.22", "11.92", wald=True)
    False
    """
    x, lower, upper = Rounded(estimate), Rounded(low), Rounded(high)
    if not lower.low <= x.high or not x.low <= upper.high:
        return False
    if not wald or lower.low <= 0:
        return True
    return sqrt(lower.low * upper.low) <= x.high and x.low <= sqrt(
        lower.high * upper.high
    )


def p_agrees(estimate: str, low: str, high: str, relation: str, p: str) -> bool:
    """Whether a P value fits an odds ratio and its Wald interval.

    Examples
    --------
    >>> p_agrees("3.82", "1.22", "11.92", "=", "0.02")
    True
    >>> p_agrees("3.82", "1.22", "11.92", "=", "0.20")
    False
    """
    x, lower, upper = Rounded(estimate), Rounded(low), Rounded(high)
    if lower.low <= 0 or x.low <= 0:
        return True
    narrow = log(upper.low / lower.high) / (2 * Z)
    wide = log(upper.high / lower.low) / (2 * Z)
    logs = sorted((abs(log(x.low)), abs(log(x.high))))
    least = 0.0 if x.low <= 1 <= x.high else logs[0]
    smallest = erfc(logs[1] / max(narrow, 1e-12) / sqrt(2))
    greatest = erfc(least / wide / sqrt(2))
    printed = Rounded(p)
    if relation == "<":
        return smallest < printed.number
    if relation == ">":
        return greatest > printed.number
    return smallest <= printed.high and printed.low <= greatest


def _shares(passage: Passage) -> Iterator[tuple[int, str]]:
    for pattern in (_SHARE, _SHARE_INSIDE):
        for match in pattern.finditer(passage.text):
            n, total, percent = match["n"], match["all"], match["percent"]
            fault = ""
            if not share_agrees(n, total, percent):
                share = 100 * Rounded(n).number / max(Rounded(total).number, 1e-9)
                fault = f"{n} of {total} is {share:.4g}%, not {percent}%"
            yield match.start("percent"), fault
    for match in _PART.finditer(passage.text):
        n, total = Rounded(match["n"]).number, Rounded(match["all"]).number
        fault = f"{match['n']} of {match['all']} is more than all" if n > total else ""
        yield match.start("n"), fault


def _intervals(passage: Passage) -> Iterator[tuple[int, str]]:
    for match in _ESTIMATE.finditer(passage.text):
        x, low, high = match["x"], match["low"], match["high"]
        key = _key_at(passage, match.start("low"))
        is_ratio = bool(match["kind"]) or key.endswith((".ci_low", ".or"))
        if not (is_ratio or match["unit"]) or (key and not key.endswith(".ci_low")):
            continue
        is_ratio = is_ratio and not match["unit"]
        wald = is_ratio and (stem(key).startswith("risk.") if key else True)
        fault = ""
        if Rounded(low).number > Rounded(high).number:
            fault = f"the interval {low}–{high} runs backwards"
        elif not interval_agrees(x, low, high, wald=wald):
            fault = f"{x} does not fit its interval {low}–{high}"
        elif is_ratio and (p := _P.match(match["after"])):
            fault = _significance_fault(x, low, high, p, wald)
        yield match.start("x"), fault


def _significance_fault(
    x: str, low: str, high: str, p: re.Match[str], wald: bool
) -> str:
    printed = f"P {p['relation']} {p['p']}"
    if wald and not p_agrees(x, low, high, p["relation"], p["p"]):
        return f"{printed} does not fit {x} ({low}–{high})"
    excludes = Rounded(low).low > 1 or Rounded(high).high < 1
    includes = Rounded(low).high < 1 < Rounded(high).low
    small = Rounded(p["p"]).high < 0.05 and p["relation"] != ">"
    large = Rounded(p["p"]).low > 0.05 and p["relation"] != "<"
    if (excludes and large) or (includes and small):
        return f"{printed} contradicts the interval {low}–{high}"
    return ""


def _heterogeneity(passage: Passage) -> Iterator[tuple[int, str]]:
    """I² is zero exactly when Q is at most its degrees of freedom.

    P is then at least 0.317 (one degree of freedom), and at most 0.5 otherwise.
    """
    for match in _I2.finditer(passage.text):
        i2, p = Rounded(match["i2"]), Rounded(match["p"])
        fault = ""
        if match["relation"] == "=" and (
            (i2.high < 1 and p.high < 0.317) or (i2.low > 0 and p.low > 0.5)
        ):
            fault = f"I² = {match['i2']}% does not go with P = {match['p']}"
        yield match.start("i2"), fault


def _medians(passage: Passage) -> Iterator[tuple[int, str]]:
    for match in _MEDIAN.finditer(passage.text):
        names = ("min", "q1", "x", "q3", "max")
        numbers = [Rounded(match[name]).number for name in names if match[name]]
        fault = (
            "" if numbers == sorted(numbers) else "median, quartiles and range cross"
        )
        yield match.start("x"), fault


def _key_at(passage: Passage, offset: int) -> str:
    for mark in passage.marked("value"):
        if mark.start <= offset < mark.end:
            return mark.values[0].key
    return ""


def _sums(proof: Proof) -> Iterator[tuple[str, Finding | None]]:
    """Compare wholes with the sums of their parts, where prose prints either."""
    places: dict[str, tuple[Passage, Mark]] = {}
    for passage in proof.passages():
        for mark in passage.marked("value"):
            for value in mark.values:
                places.setdefault(value.key, (passage, mark))
    sums: Mapping[str, str] = vocabulary()["sums"]
    for whole, parts in sums.items():
        keys = [whole, *parts.split()]
        place = next((places[key] for key in keys if key in places), None)
        if place is None:
            continue
        total = proof.v(whole).number
        added = sum(proof.v(key).number for key in keys[1:])
        fault = None
        if total != added:
            fault = finding(
                *place,
                NAME,
                f"`{whole}` is {total:g}, and its parts sum to {added:g}",
                "correct the data or the parts",
            )
        yield whole, fault
