"""Counts, totals and percentages: whether the percentage is the count over its total.

Reads ``n of N (p%)``, ``n/N (p%)``, ``n (p%) of N``, ``p% (n/N)``, and ``n (p%)`` in
a sentence that opens with ``Of N …``, whose percentages may be of any number that
the sentence names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from manuscript.check.results.fault import Level, Result
from manuscript.check.results.numbers import COUNT, END, UNSIGNED, printed
from manuscript.check.vocabulary import Words, lowered

_PERCENT = rf"(?P<percent>{UNSIGNED}){END}\s?(?:%|per ?cent\b)"
_NO_INTERVAL = r"(?!\s?[-\s]?(?:CI|CrI|confidence|credible|prediction))"
_THE = r"(?:(?:the|these|those|all|a total of)\s)?(?:n\s?=\s?)?"
_OF = rf"(?:\s?/\s?|\s(?:out\s)?of\s{_THE})"
_ALL = rf"(?P<all>{COUNT})(?![-\w%])"
# Words without a number, a further total or a new part of the sentence.
_WORDS = (
    r"(?:\s(?!(?:of|and|or|vs?|versus|but|with|hundred|thousand)\b)[^\W\d][\w'’/-]*)"
)
_N_OF_ALL = re.compile(
    rf"(?P<n>{COUNT}){_OF}{_ALL}{_WORDS}{{0,6}}\s?[(\[,;=:]\s?{_PERCENT}"
    rf"{_NO_INTERVAL}(?=\s?(?:[)\],;]|\.?$|\.\s)|\sof\sthe\b)",
)
_N_PERCENT_OF_ALL = re.compile(
    rf"(?P<n>{COUNT})(?P<words>{_WORDS}{{0,4}})\s?[(\[]{_PERCENT}\s?[)\]]"
    rf"(?P<more>{_WORDS}{{0,2}})\s(?:out\s)?(?:of|among)\s"
    rf"{_THE}(?:other\s)?{_ALL}",
)
_PERCENT_N_OF_ALL = re.compile(
    rf"(?<![\w.,]){_PERCENT}\s?[(\[,;]\s?(?:n\s?=\s?)?(?P<n>{COUNT})(?:{_WORDS}{{1,2}})?{_OF}"
    rf"(?P<all>{COUNT})(?![-\w%])(?=\s?[)\],;.]|\s)",
)
_PART = re.compile(
    rf"(?:\b(?P<name>[^\W\d]+)[\s-])?(?P<n>{COUNT})\s(?:out\s)?of\s(?:(?:the|these)\s)?"
    rf"(?P<all>{COUNT})(?![-\w%]|\s?%)",
)
_SLASH = re.compile(
    r"(?:^|(?<=[\s(\[]))(?P<n>\d[\d,]*)/(?P<all>\d[\d,]*)"
    r"(?=\s[a-z]|[),;.]\s|[),;.]*$)"
)
_LEAD = re.compile(
    rf"(?:^|[.;:]\s)(?:of|among|in)\s(?:(?:the|these|those|all)\s)?(?P<all>{COUNT})\s"
    rf"(?!sites|cent)[^\d;:]{{0,80}}?,\s",
)
_THEIRS = re.compile(
    rf"(?P<n>{COUNT})(?:\s(?!of\b)[^\W\d][\w'’-]*){{0,4}}\s?[(\[]{_PERCENT}\s?[)\],;]",
)
_VERBS = (
    r"(?:\w+ed|had|have|were|was|are|did|underwent|met|withdrew|gave|got|went|took"
    r"|left)"
)
_LEADS_TO = re.compile(
    rf"(?:^|[.;:]\s)of\s(?:(?:the|these|those|all)\s)?(?P<all>{COUNT})\s[^\d;:()]{{0,60}}?,\s"
    rf"(?:only\s)?(?P<n>{COUNT})\s{_VERBS}\b",
)
_INTEGER = re.compile(rf"{COUNT}")
_ROUGHLY = re.compile(
    r"almost|about|nearly|approximately|roughly|over|than|around|some|a"
)
_ALTERNATIVE = re.compile(r"\d\s(?:or|to)\s$")
_PARTLY_KNOWN = re.compile(
    r"\b(?:available|evaluable|known|missing|assessable|stated|recorded|respectively"
    r"|data)\b",
)
_NEXT_WORDS = re.compile(r"(?:\s[\w'-]+){1,3}")
_IN = re.compile(r"\b(?:in|was|were|is|of)\s$")
_ANY = re.compile(r"[/%]|\bof\b")
_YEAR = re.compile(r"(?:19|20)\d\d")


def judged(sentence: str, words: Words) -> Iterator[Result]:
    """Recompute the percentages of a sentence and compare counts with totals."""
    sentence = lowered(sentence)
    if not _ANY.search(sentence):
        return
    taken: set[int] = set()
    wholes: list[tuple[int, int]] = []
    has_percent = "%" in sentence or "cent" in sentence
    patterns = (_N_OF_ALL, _N_PERCENT_OF_ALL, _PERCENT_N_OF_ALL)
    for pattern in patterns if has_percent else ():
        for match in pattern.finditer(sentence):
            if match.start("percent") in taken or not _is_share(sentence, match, words):
                continue
            taken.add(match.start("percent"))
            wholes.append(match.span())
            yield _share(match)
    for match in _PART.finditer(sentence):
        if not _inside(match.start("n"), wholes):
            yield from _part(sentence, match, words)
    for match in _LEADS_TO.finditer(sentence):
        if not _YEAR.fullmatch(match["n"]):
            yield _within(match)
    if not words.listed("no-share").search(sentence):
        for match in _SLASH.finditer(sentence):
            if not _inside(match.start("n"), wholes) and _counts(
                sentence, match, words
            ):
                yield replace(_within(match), level="warning")
    yield from _under_lead(sentence, taken, words)


def agrees(n: str, total: str, percent: str) -> bool:
    """Whether a printed percentage is `n` of `total` to its digits.

    Halves may be rounded up or to even.

    Examples
    --------
    >>> agrees("151", "251", "60"), agrees("151", "251", "61")
    (True, False)
    >>> agrees("1045", "2000", "52.2"), agrees("1045", "2000", "52.3")
    (True, True)
    """
    count, whole = printed(n).number, printed(total).number
    if whole == 0 or count > whole:
        return False
    return printed(percent).may_be(100 * count / whole)


def _inside(offset: int, stretches: list[tuple[int, int]]) -> bool:
    return any(start <= offset < end for start, end in stretches)


def _is_share(sentence: str, match: re.Match[str], words: Words) -> bool:
    """Whether counts are meant: no amounts, no grades 3/4, no blood pressure."""
    between = sorted((match.span("n"), match.span("all")))
    slash = "/" in sentence[between[0][1] : between[1][0]]
    if slash and words.listed("no-share").search(sentence):
        return False
    before = re.search(r"([^\W\d]+)[\s-]$", sentence[: match.start("n")])
    if _ALTERNATIVE.search(sentence, 0, match.start("n")):
        return False
    if slash and before and _ROUGHLY.fullmatch(before[1]):
        return False
    if before and words.listed("numbered").fullmatch(before[1]):
        return False
    return not _is_amount(sentence, match, words)


def _is_amount(sentence: str, match: re.Match[str], words: Words) -> bool:
    """Whether the first number is no count: a name, a year, an amount with a unit."""
    unit = words.next_to("units").match(sentence, match.end("n"))
    before = sentence[: match.start("n")].rstrip()
    return bool(unit) or before.endswith(("±", "–", "\u2013"))


def _share(match: re.Match[str]) -> Result:
    n, total, percent = match["n"], match["all"], match["percent"]
    start = min(match.start("n"), match.start("percent"))
    end = max(match.end("all"), match.end("percent"))
    count, whole = printed(n).number, printed(total).number
    what = ""
    if printed(percent).low > 100:
        what = f"{percent}% is more than all"
    elif count > whole:
        what = f"{n} of {total} is more than all"
    elif not agrees(n, total, percent):
        what = (
            f"{n} of {total} is {100 * count / max(whole, 1e-9):.4g}%, not {percent}%"
        )
    return Result("percent", start, end, what)


def _part(sentence: str, match: re.Match[str], words: Words) -> Iterator[Result]:
    name = match["name"] or ""
    if words.listed("numbered").fullmatch(name) or _YEAR.fullmatch(match["n"]):
        return
    before = sentence[: match.start("n")]
    if re.search(r"[-\u2013/±]\s?$", before) or _is_amount(sentence, match, words):
        return
    after = words.next_to("units").match(sentence, match.end())
    if not after:
        yield _within(match)


def _within(match: re.Match[str]) -> Result:
    n, total = match["n"], match["all"]
    more = printed(n.strip(",")).number > printed(total.strip(",")).number
    what = f"{n} of {total} is more than all" if more else ""
    start, end = (
        min(match.start("n"), match.start("all")),
        max(match.end("n"), match.end("all")),
    )
    return Result("count", start, end, what)


def _counts(sentence: str, match: re.Match[str], words: Words) -> bool:
    """Whether a slash parts a count of people or things from its total."""
    before = re.search(r"(\w+)[\s-]$", sentence[: match.start()])
    if before and words.listed("numbered").fullmatch(before[1]):
        return False
    unit = words.next_to("units").match(sentence, match.end())
    # Ratios of the sexes and the like: what is counted must be said.
    following = _NEXT_WORDS.match(sentence, match.end())
    said = following and words.listed("counted").search(following[0])
    if (not said and not _IN.search(sentence, 0, match.start())) or " | " in sentence:
        return False
    years = _YEAR.fullmatch(match["all"]) or _YEAR.fullmatch(match["n"])
    # Sutures are of size 2/0.
    return not unit and not years and printed(match["all"].strip(",")).number > 0


def _under_lead(sentence: str, taken: set[int], words: Words) -> Iterator[Result]:
    """Try percentages behind ``Of N patients, n (p%)`` with every total named."""
    lead = _LEAD.search(sentence)
    if not lead or _PARTLY_KNOWN.search(sentence, lead.end()):
        return
    totals = {m[0] for m in _INTEGER.finditer(sentence) if not _YEAR.fullmatch(m[0])}
    for match in _THEIRS.finditer(sentence, lead.end() - 1):
        if match.start("percent") in taken or _is_amount(sentence, match, words):
            continue
        n, percent = match["n"], match["percent"]
        if printed(n).number > printed(lead["all"]).number:
            continue
        if any(agrees(n, total, percent) for total in totals):
            what = ""
        else:
            whole = printed(lead["all"]).number
            share = 100 * printed(n).number / max(whole, 1e-9)
            what = f"{n} of {lead['all']} is {share:.4g}%, not {percent}%"
        # Far off, it may be of a total that another sentence names.
        far = what and not share / 2 <= printed(percent).number <= 2 * share
        level: Level = "warning" if far else "error"
        yield Result("percent", match.start("n"), match.end("percent"), what, level)
