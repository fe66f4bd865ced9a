"""Every value is followed by its unit, and introduced as what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import isfinite

from manuscript.check.finding import Finding, Outcome
from manuscript.check.proof import Proof, finding
from manuscript.source import Mark, Passage
from manuscript.values import Span

NAME = "units"
TITLE = "Values carry their units and names"

_PERCENT = re.compile(r"\s?%|\s(?:per ?cent|percentage points?|per \d|per hundred)")
_TIME = re.compile(r"\b(?P<unit>day|week|month|year)s?\b|%")
_OTHER_UNIT = re.compile(r"\s?(?:%|months?\b|years?\b|days?\b|weeks?\b|mg\b)")
_RELATION = re.compile(r"[=<>≤≥]\s*$")
_P = re.compile(r"(?<![\w-])[Pp](?:[- ]values?)?(?: of| for \w+)?\s*$")

# What introduces an interval, or stands around it.
_NAMED = {
    "ci": re.compile(r"\b(?:CIs?|confidence|intervals?|limits?)\b|\(|\["),
    "iqr": re.compile(r"\b(?:IQR|interquartile|quartiles?)\b|\["),
    "range": re.compile(r"\b(?:range[ds]?|ranging|from|between|extremes)\b"),
}
# What introduces a value, by the last part of its key.
_INTRODUCED = {
    "i2": re.compile(r"I²[^.;]{0,20}$"),
    "or": re.compile(r"\b(?:ORs?|[Oo]dds ratios?|[Ee]stimates?|[Aa]nswers?)\b"),
    "q": re.compile(r"(?:Q|χ²)[^.;]{0,20}$"),
    "df": re.compile(r"\b(?:df|degrees? of freedom)\b"),
    "median": re.compile(r"\b[Mm]edians?\b"),
    "q_p": re.compile(r"[PpQ]\s*$"),
    "p": re.compile(r"[Pp]\s*$|\b[Pp]\b"),
}
_NOT_MEDIANS = {"min", "max", "q1", "q3"}
_MEDIAN_BEFORE = re.compile(r"\b[Mm]edian\b[^.;:\d]{0,60}$")
_OTHER_RATIO = re.compile(
    r"\b(?:RR|HR|IRR|(?:risk|rate|hazard) ratio|relative risk)\W{0,3}$", re.IGNORECASE
)
_REACH = 30
_JOINED = re.compile(r"\s?(?:to|and|or|versus|vs\.?|[–-]|,(?: and| or)?)\s?")
_PLAIN = {"count", "ratio", "p", "number"}


def check(proof: Proof) -> Outcome:
    """Compare each printed value with the words around it."""
    findings: list[Finding] = []
    printed = 0
    for passage in proof.passages():
        for mark in passage.marked("value"):
            printed += 1
            findings.extend(
                finding(passage, mark, NAME, what, mend, rule=rule)
                for rule, what, mend in _faults(passage, mark)
            )
    return Outcome(f"{printed} values", tuple(findings))


def _faults(passage: Passage, mark: Mark) -> Iterator[tuple[str, str, str]]:
    """Rule, fault and remedy of each thing that is wrong about a value."""
    assert mark.expression is not None
    start, _ = passage.sentence_around(mark.start)
    before = passage.text[start : mark.start]
    after = passage.text[mark.end :]
    value = mark.values[0]
    name = f"`{value.key}`"
    for each in mark.values:
        # Of rows that are gone another check speaks.
        if not isfinite(each.number) and not each.origin.is_empty:
            yield (
                "not-estimable",
                f"`{each.key}` cannot be estimated from these data, and prints as "
                f"“{mark.result.text if mark.result else ''}”",
                "reword the sentence, or leave the value out",
            )
            return
    if _goes_on(passage, mark):
        pass  # The value that follows carries the unit of both.
    elif value.unit == "percent":
        if not _PERCENT.match(after) and not _is_second(passage, mark):
            what = f"{name} is a percentage, and no % follows"
            yield "unit", what, "type % right after it"
    elif value.unit in ("months", "years"):
        yield from (("unit", *each) for each in _time(passage, mark))
    elif value.unit in _PLAIN and (found := _OTHER_UNIT.match(after)):
        yield (
            "unit",
            f"{name} is a {value.unit}, and “{found[0].strip()}” follows",
            "take the value that has this unit, or remove it",
        )
    if value.unit == "p":
        if _RELATION.search(before):
            yield (
                "p",
                f"{name} prints its own relation, and another stands before it",
                "remove the typed sign",
            )
        elif not _P.search(before):
            yield (
                "p",
                f"{name} is a P value, and no P stands before it",
                "type *P* before it",
            )
    elif _P.search(before):
        yield "p", f"P stands before {name}, which is no P value", "take the P value"
    if mark.expression.function == "words" and value.unit != "count":
        what = f"{name} is no count, and is spelled out"
        yield "words", what, 'print it with v("…")'
    named = _introduction(mark, passage.text[: mark.start], before, after)
    yield from (("name", *each) for each in named)


def _goes_on(passage: Passage, mark: Mark) -> bool:
    """Whether a value of the same unit follows at once: ``61.4 to 66.2 years``."""
    following = [m for m in passage.marked("value") if m.start >= mark.end]
    if not following:
        return False
    other = min(following, key=lambda each: each.start)
    return other.values[0].unit == mark.values[0].unit and bool(
        _JOINED.fullmatch(passage.text[mark.end : other.start])
    )


def _is_second(passage: Passage, mark: Mark) -> bool:
    """Whether an interval follows a percentage that carries the sign."""
    return isinstance(mark.result, Span) and any(
        other.end <= mark.start
        and mark.start - other.end < _REACH
        and other.values[0].unit == "percent"
        and _PERCENT.match(passage.text[other.end :])
        for other in passage.marked("value")
    )


def _time(passage: Passage, mark: Mark) -> Iterator[tuple[str, str]]:
    """Find the next unit of time, in which an interval may follow its value."""
    value = mark.values[0]
    start, end = passage.sentence_around(mark.start)
    following = [
        each.start
        for each in passage.marked("value")
        if mark.end < each.start < end and not isinstance(each.result, Span)
    ]
    stretch = passage.text[mark.end : min([*following, end])]
    found = _TIME.search(stretch)
    if not found and isinstance(mark.result, Span):
        before = list(_TIME.finditer(passage.text[start : mark.start]))
        found = before[-1] if before else None
    elif found and not isinstance(mark.result, Span) and found.start() > _REACH:
        found = None
    unit = found["unit"] if found else None
    if unit is None or f"{unit}s" != value.unit:
        yield (
            f"`{value.key}` is in {value.unit}, and "
            + (f"“{found[0]}” follows" if found else f"no {value.unit} follow"),
            f"type {value.unit} after it",
        )


def _introduction(
    mark: Mark, text: str, before: str, after: str
) -> Iterator[tuple[str, str]]:
    assert mark.expression is not None
    near = before[-_REACH:]
    function = mark.expression.function
    if named := _NAMED.get(function):
        if not named.search(near):
            yield (
                f"an interval of `v.{function}` is not introduced as one",
                {"ci": "type CI", "iqr": "type IQR", "range": "type range"}[function]
                + " before it",
            )
        for other, pattern in _NAMED.items():
            words = re.search(r"\b(?:CI|IQR|range)\b(?!.*\b(?:CI|IQR|range)\b)", near)
            if other != function and words and pattern.search(words[0]):
                yield (
                    f"{words[0]} introduces an interval of `v.{function}`",
                    "use the function that its name says",
                )
        return
    last = mark.values[0].key.rpartition(".")[2]
    introduced = _INTRODUCED.get(last)
    if last == "or" and _OTHER_RATIO.search(near):
        yield f"another ratio introduces `{mark.values[0].key}`", "call it odds ratio"
    if introduced and not introduced.search(text if last == "or" else before):
        if last == "median" and introduced.search(after[:_REACH]):
            return
        yield (
            f"`{mark.values[0].key}` is not introduced by its name",
            "name it before the number, or take the value that the words name",
        )
    if last in _NOT_MEDIANS and _MEDIAN_BEFORE.search(before):
        yield f"“median” introduces `{mark.values[0].key}`", "take the median"
    if last != "i2" and re.search(r"I²\s*(?:=|of)?\s*$", before):
        yield f"I² introduces `{mark.values[0].key}`", "take the value of I²"
