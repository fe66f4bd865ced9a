"""Numbers that a protocol sets: doses, schedules, limits, names. They are no results.

What was set before there were data cannot be computed from data. A number counts as
set where its own words say so (``days 1–21``, ``blocks of four``), or where its
sentence states a rule (``were excluded``, ``if``, a dose) and a comparison or a unit
stands beside it. Where the sentence tells what happened (``died after 9 months``,
``the ratio was above 3``), it is a result. A unit alone sets nothing: ``25 mg``,
``38.5 °C`` and ``day 14`` are set where their own clause says that they were given,
planned, a limit or a method, and doubtful elsewhere.

Sentences are read with one ``#`` for each number, range, list or ratio, in digits or
in words; lists of the vocabulary are written so too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from manuscript.check.vocabulary import Words

ONE = (
    r"(?:(?<![\w.,·])[−-]?(?:\d{1,3}(?:[ ,\u202f]\d{3})+|\d+)(?:[.,·]\d+)*"
    r"(?:\s?[×x]\s?10[⁻⁰¹²³⁴-⁹\d]+)?|(?<![\w.])[.·]\d+"
    r"|(?<![\w-])(?:[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even|[Ee]ight"
    r"|[Nn]ine|[Tt]en|[Ee]leven|[Tt]welve|[Ff]ifteen|[Tt]wenty|[Tt]hirty)(?!\w))"
)
_NUMBERS = re.compile(
    rf"{ONE}(?:(?:, {ONE})*,?(?:\s?[-–/:]\s?|-to-| (?:to|through|or|and) ){ONE})*"
)
_TIME = r"(?:seconds?|minutes?|min|hours?|h|days?|weeks?|months?|years?)"
_AMOUNT = (
    r"(?:mg|µg|μg|mcg|ng|g|kg|mL|ml|L/min|µL|μL|L|Gy|IU|U|MU|mmol|µmol|tablets?"
    r"|capsules?|units?|(?:[\w+-]+ )?cells(?= per |/))"
    r"(?:\s?(?:/| per )\s?(?:m²|m2|kg|kilogram|day|d|h|week|dose|well))*(?![\w²]|/\w)"
)
_LAB = (
    r"(?:/\s?(?:L|µL|μL|mm³)|(?:mL|ml)/min\S*|(?:per|/) ?well|mm ?Hg|kg/m²|°C|ms\b"
    r"|(?:g|mg|µg|ng|pg|mmol|µmol|μmol|nmol|m?IU|U|copies|cells)/(?:d?L|mL))"
)
_LESS = (
    r"(?:≥|≤|>|<|≧|≦|at least|at most|over|under|above|below|beyond|exceed(?:s|ed|ing)?"
    r"|up to|between|a (?:minimum|maximum) of|(?:more|less|fewer|(?:great|low|high|old"
    r"|young|long|short|larg|small|earli|lat)er) than)"
)
_DOSE = re.compile(rf"# ?{_AMOUNT}")
_MEASURED = re.compile(r"\b(?:medians?|means?|averaged?)\b[^,;]*$", re.IGNORECASE)
_LIMIT = re.compile(rf"{_LESS} (?:or equal to )?# ?{_LAB}")
_COMPARED = re.compile(
    rf"{_LESS} (?:or equal to )?#(?: ?(?:{_LAB}|%))?"
    rf"|#(?: ?(?:{_LAB}|%))?(?= (?:[\w-]+ ){{0,2}}or (?:more|fewer|less|older|younger"
    r"|higher|above)\b)"
)
_TIMED = re.compile(
    rf"# (?:{_TIME}|times|occasions|(?:[\w+-]+ )?cells)\b(?! (?:of age|old)\b)"
)
_TESTED = re.compile(rf"# ?{_LAB}")
_ANY = re.compile(rf"# ?(?:{_TIME}|{_LAB}|%)")
_VISIT = re.compile(rf"\bat # {_TIME}\b(?! (?:of age|old)\b)")
_ALPHA = re.compile(
    r"\b[Pp](?:[- ]values?)?(?: of)?(?: was| were| is)? ?(?:<|≤|=|below|under|less than"
    r"|at or below|smaller than) ?#"
)
_DETECTED = re.compile(r"\b(?:ratio|difference|rate|reduction|increase) of #")
_RATIO = re.compile(r"\b\d\s?:\s?\d(?:\s?:\s?\d)?\b")
# Displays of others, and the year by which an edition is called.
_ELSEWHERE = re.compile(
    r"\b(?:[Tt]able|[Ff]igure|[Ss]ection|[Cc]hapter|[Aa]ppendix|[Pp]age|[Ii]tem|[Bb]ox"
    r"|[Rr]ecommendation) \d+(?:\.\d+)*(?=,? (?:of|in|from) (?:the (?!supplement"
    r"|letter|present|manuscript|paper\b|main|text)|their |its |that |[A-Z]))"
    r"|\b(?:19|20)\d\d(?= (?:\w+ )?(?:revision|edition|update|version|guidelines?"
    r"|classification|criteria|recommendations?|consensus|statement|label|report)\b)"
)
_EDITION = re.compile(
    r"\b(?:with|using|in|by|on|and),? [A-Za-z]\w+ \d+(?:\.\d+)+\b(?!\s?%)"
)
# A trial group's name and its number; abbreviations of statistics name none.
_TRIAL = re.compile(
    r"\b(?!(?:IQR|RRR|ARR|NNT|NNH|AUC|SMD|IRR|SIR|SMR|HRQ?|ORR|PFS|OS|TTP|DOR|MRD|ROR"
    r"|PRR|CRR|SAE|AML|MDS|AND|THE|TOTAL|MEAN|MEDIAN)\b)"
    r"(?:[A-Z][A-Z0-9]{2,}|[A-Z]{2,}(?:-[A-Z]+)+)[ -](?:\d{2}(?! trials)|\d[\d/-]{2,})"
    r"\b(?!\s?%|[.,]\d|\w)"
    r"(?! (?:patients|cases|reports|events|deaths|women|men|months|years|days)\b)"
)
# The sentence says that something was so: what follows is a result.
STATES = re.compile(
    r"\b(?:was|were|is|are|remained|stayed|fell|rose|became|reached|gave|showed|found"
    r"|saw|observed|reported|yielded|had|measured|weighed|numbered|lasted|averaged)"
    r"\s(?:(?:\w+ly|still|even|well|far|to)\s)*$",
    re.IGNORECASE,
)
_UNTIL_RULE = re.compile(r"\b(?:if|unless|until|when|whenever|once)\b[^,;]*$", re.I)
_PAST = re.compile(r"\b(?:was|were|had|did|fell|rose|we|our)\b", re.IGNORECASE)
_ENDED = re.compile(
    r"\b(?:died|resolved|relapsed|recovered|progressed|improved|occurred|developed"
    r"|appeared|responded|normali[sz]ed|subsided|disappeared)\s(?:\w+\s)?$"
)
# A new clause begins where one of these is followed by a verb of its own.
_JOINT = re.compile(
    r"[;:,]|\b(?:and|but|while|whereas|although|which|who|that|when)\b", re.IGNORECASE
)
_VERB = re.compile(
    r"\b(?:was|were|is|are|had|has|have|did|\w{3,}ed|fell|rose|grew|began|took|gave"
    r"|became|came|led|left|lost|went|should|must|may|can)\b",
    re.IGNORECASE,
)
# What a clause says that sets its amounts and times.
_SIGNS = ("settings", "rules", "acts", "procedures", "planned", "allocated")
_WAS = re.compile(r"\b(?:was|were|weighed|measured|averaged)\s(?:\w+ly\s)?$")
# What a number counts, unless another phrase begins.
_THEN = re.compile(
    r"(?P<share>\s?%)|(?:\s(?!(?:in|of|for|with|by|to|and|or|at|on|from|were|was|had|are)\b)"
    r"[#\w-]+){1,3}"
)

Stretch = tuple[int, int]


def stretches(
    text: str, sentences: tuple[Stretch, ...], words: Words
) -> Iterator[Stretch]:
    """Yield the stretches of a text in which numbers are set, and found nowhere.

    Parameters
    ----------
    text : str
    sentences : tuple of (int, int)
        Stretches of its sentences.
    words : Words
    """
    yield from trials(text)
    yield from (match.span() for match in _ELSEWHERE.finditer(text))
    for first, last in sentences:
        said = text[first:last]
        if not _NUMBERS.search(said):
            continue
        yield from _judged(text, (first, last), words, is_set=True)
        if words.listed("allocated").search(said):
            for ratio in _RATIO.finditer(said):
                yield first + ratio.start(), first + ratio.end()
        if words.listed("programs").search(said):
            for edition in _EDITION.finditer(said):
                yield first + edition.start(), first + edition.end()


def doubtful(text: str, sentence: Stretch, words: Words) -> Iterator[Stretch]:
    """Yield numbers of a sentence that nothing but a unit or a day sets.

    Parameters
    ----------
    text : str
    sentence : (int, int)
    words : Words
    """
    return _judged(text, sentence, words, is_set=False)


def _judged(
    text: str, sentence: Stretch, words: Words, *, is_set: bool
) -> Iterator[Stretch]:
    first, last = sentence
    found = list(_NUMBERS.finditer(text[first:last]))
    short = _NUMBERS.sub("#", text[first:last].replace("#", "№"))
    at = [place for place, sign in enumerate(short) if sign == "#"]
    matches = _set(short, words) if is_set else ()
    spans = [match.span() for match in matches]
    spans += [span for span, known in _units(short, words) if known is is_set]
    for start, end in spans:
        for place, number in zip(at, found, strict=True):
            if start <= place < end:
                yield first + number.start(), first + number.end()


def drawn(text: str, words: Words, kind: str) -> Iterator[Stretch]:
    """Yield stretches of a caption or an alternative text that count what is drawn."""
    for name in ("drawn", "described") if kind == "alt" else ("drawn",):
        yield from (match.span() for match in words.listed(name).finditer(text))


def trials(text: str) -> Iterator[Stretch]:
    """Yield the names of trials that are a group's name and a number."""
    return (match.span() for match in _TRIAL.finditer(text))


def _set(said: str, words: Words) -> Iterator[re.Match[str]]:
    """Find what is set in a sentence in which every number is a ``#``."""

    def has(name: str) -> bool:
        return bool(words.listed(name).search(said))

    for match in words.listed("set-numbers").finditer(said):
        if not _counts(said, match, words):
            yield match
    yield from _LIMIT.finditer(said)
    is_rule = has("rules")
    if is_rule:
        for match in _COMPARED.finditer(said):
            before = said[: match.start()]
            if not STATES.search(before) or _UNTIL_RULE.search(before):
                yield match
        if "significan" in said.lower():
            yield from _ALPHA.finditer(said)
    if has("planned"):
        yield from _DETECTED.finditer(said)
    if has("happened"):
        return
    if has("constants") and not _PAST.search(said):
        yield from _ANY.finditer(said)
    if has("examined"):
        yield from _VISIT.finditer(said)


def _units(said: str, words: Words) -> Iterator[tuple[Stretch, bool]]:
    """Find amounts and times, and whether their clause sets them."""

    def has(name: str) -> bool:
        return bool(words.listed(name).search(said))

    doses = [m for m in _DOSE.finditer(said) if not _is_measured(said, m.start())]
    found = list(doses)
    for match in words.listed("unit-numbers").finditer(said):
        before, unit = said[: match.start()], match[0].lower()
        is_end = unit.startswith("within") and _ENDED.search(before)
        is_mean = unit.endswith("°c") and _MEASURED.search(before)
        if not (
            is_end or (is_mean and STATES.search(before)) or _counts(said, match, words)
        ):
            found.append(match)
    if not has("happened") and (doses or has("rules") or has("procedures")):
        found += _TIMED.finditer(said)
        found += (
            match
            for match in _TESTED.finditer(said)
            if not STATES.search(said[: match.start()])
        )
    if not found:
        return
    clauses = _clauses(said)
    changes = [match.span() for match in words.listed("changes").finditer(said)]
    for match in found:
        start, end = match.span()
        clause = next(each for each in clauses if start < each[1])
        before = said[: match.start()]
        is_stated = STATES.search(before) and not _UNTIL_RULE.search(before)
        signs = ("settings",) if is_stated else _SIGNS
        is_set = not _ENDED.search(before) and any(
            words.listed(name).search(said, *clause) for name in signs
        )
        if not any(a < end and start < b for a, b in changes):
            yield (start, end), is_set
        elif is_set:
            yield (start, end), False


def _clauses(said: str) -> list[Stretch]:
    """Part a sentence: every clause has a verb, and what has none goes with another."""
    clauses: list[Stretch] = []
    first = 0
    for joint in _JOINT.finditer(said):
        rest = _JOINT.search(said, joint.end())
        follows = _VERB.search(said, joint.end(), rest.start() if rest else len(said))
        if follows and _VERB.search(said, first, joint.start()):
            clauses.append((first, joint.start()))
            first = joint.start()
    return [*clauses, (first, len(said) + 1)]


def _counts(said: str, match: re.Match[str], words: Words) -> bool:
    """Whether the number at a match's end counts what follows, or is a share."""
    then = _THEN.match(said, match.end())
    return bool(
        match[0].endswith("#")
        and then
        and (then["share"] or words.listed("counted").search(then[0]))
    )


def _is_measured(said: str, start: int) -> bool:
    """Whether an amount was found, as a mean or a weight is, rather than given."""
    before = said[:start]
    is_dose = re.search(r"\bdos(?:e|es|age|ing)\b", said, re.IGNORECASE)
    return bool(_MEASURED.search(before) or (_WAS.search(before) and not is_dose))
