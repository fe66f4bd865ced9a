"""Numbers that a protocol sets: doses, schedules, limits, names. They are no results.

What was set before there were data cannot be computed from data. A number counts as
set where its own words say so (``days 1–21``, ``28-day``, ``1:1``), or where its
sentence states a rule (``were excluded``, ``if``, a dose) and a comparison or a unit
of time stands beside it. Where the sentence tells what happened (``died after 9
months``, ``the ratio was above 3``), it is a result.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_N = r"(?:\d+(?:[.,·]\d+)*)"
_TO = r"\s?(?:[-–/]|to|through|and|or)\s?"
_SOME = rf"{_N}(?:(?:, {_N})+,? (?:and|or|to) {_N}|{_TO}(?:\w+ )?{_N})?"
_TIME = r"(?:seconds?|minutes?|min|hours?|h|days?|weeks?|months?|years?)"
_DOSE = r"(?:mg|µg|μg|mcg|ng|g|kg|mL|ml|L|Gy|IU|U|MU|mmol|µmol|tablets?|capsules?)"
_PER = r"(?:\s?/\s?(?:m²|m2|kg|day|d|h|week|mL|ml|dL|L|min))*"
_LAB = (
    r"(?:(?:[×x]\s?10\s?[⁰¹²³⁴-⁹]+)?\s?/\s?(?:L|µL|μL|mm³)"
    r"|(?:mL|ml)/min\S*|(?:g|mg|µg|mmol|µmol|μmol|IU|U)/(?:d?L|mL)|mm ?Hg|kg/m²|°C)"
)
_LESS = (
    r"(?:≥|≤|>|<|≧|≦|at least|at most|no (?:more|less|fewer) than|not"
    r" (?:more|less) than"
    r"|(?:more|less|fewer|greater|lower|higher|older|younger|longer|shorter"
    r"|larger|smaller"
    r"|earlier|later) than|over|under|above|below|beyond|exceed(?:s|ed|ing)?|up to"
    r"|a (?:minimum|maximum) of|between)"
)

# What a number's own words say, wherever they stand.
_NAMED = re.compile(
    "|".join(
        (
            # Which day, cycle, visit: an ordinal.
            rf"\b(?:days?|weeks?|months?|hours?|cycles?|courses?|visits?)"
            rf" (?=\d+(?![.,·]\d)){_SOME}(?!\w|%|[.,]\d| patients?\b)",
            # What a period is called.
            rf"{_N}(?:(?:[-–]| to |-to-){_N})?-(?:hour|day|week|month|year|point|item"
            r"|minute|gauge|mm|cm)\b(?! (?:difference|increase|reduction|gain))",
            rf"\bevery {_N}(?:(?:[-–]| to ){_N})? {_TIME}\b",
            rf"\bwithin (?:the (?:first|last) )?{_N}(?:(?:[-–]| to ){_N})? {_TIME}\b",
            rf"{_N}(?:[-–]| to |, (?:and )?)?(?:{_N})? {_TIME} or (?:more|longer|older"
            r"|younger|less|over)\b",
            rf"\baged? (?:{_LESS} )?{_N}(?:{_TO}{_N})?(?: years)? (?:or|and)"
            rf" (?:older|over"
            r"|above|more|younger)\b",
            rf"\baged {_LESS} {_N}",
            r"\b\d\s?:\s?\d(?:\s?:\s?\d)?(?= (?:ratio|randomi[sz]\w+|allocat\w+"
            r"|to)\b)",
            r"(?<=randomized )\d:\d(?::\d)?|(?<=randomised )\d:\d(?::\d)?"
            r"|(?<=assigned )\d:\d(?::\d)?|(?<=allocated )\d:\d(?::\d)?"
            r"|(?<=matched )\d:\d(?::\d)?|(?<=ratio of )\d:\d(?::\d)?",
            # Doses, and ranges of them.
            rf"{_N}(?:{_TO}{_N})*\s?{_DOSE}{_PER}(?![\w²])",
            rf"(?<=[-–/]){_N}\s?{_DOSE}{_PER}(?![\w²])",
            r"\b\d ?\+ ?\d\b(?! ?=)",
            r"\b\d ?[×x] ?\d(?= (?:contingency )?(?:tables?|factorial|design"
            r"|crossover))",
            r"[−-]?\d+ ?°C\b",
            rf"\b{_N} ?(?:[×x] ?)?(?:g|rpm)(?= for\b)",
            # Ordinals.
            r"\b\d+(?:st|nd|rd|th)\b",
            # Scales, codes and numbers of telephones.
            r"\b[Pp]erformance (?:status|score)s?(?: \([A-Z]+\))?(?: (?:was|were|is"
            r"|of|had to be"
            rf"|scores?|at most|not above))* {_SOME}",
            r"\bECOG (?:of )?[0-5](?:[-–][0-5])?\b",
            r"\+\d{1,3}(?:[ -]\(?\d{2,}\)?)+",
            # Displays of others.
            r"\b(?:[Tt]able|[Ff]igure|[Ss]ection|[Cc]hapter|[Aa]ppendix|[Pp]age|[Ii]tem"
            rf"|[Bb]ox|[Rr]ecommendation) {_N}(?=,? (?:of|in|from) (?:the (?!supplement"
            r"|letter|present|manuscript|paper\b|main|text)|their |its |that |[A-Z]))",
            # What makes a study large enough, and its test.
            rf"{_N}\s?% power\b|\bpower (?:of|was|at) {_N}\s?%",
            rf"\b(?:alpha|α|significance level|level of significance)(?: (?:of|was|="
            rf"|at))*"
            rf" {_N}(?:\s?%)?",
            rf"\b(?:continuity )?correction (?:of|by) {_N}|{_N}(?= (?:continuity"
            rf" )?correction)",
            # What a ratio means.
            rf"\bratios? {_LESS} 1(?= (?:means?|indicates?|denotes?|favou?rs?|would"
            rf"|points?)\b)",
            # The year by which an edition is called.
            r"\b(?:19|20)\d\d(?= (?:\w+ )?(?:revision|edition|update|version"
            r"|guidelines?"
            r"|classification|criteria|recommendations?|consensus|statement|label"
            r"|report)\b)",
        )
    )
)
# A trial group's name and its number; abbreviations of statistics name none.
_TRIAL = re.compile(
    r"\b(?!(?:IQR|RRR|ARR|NNT|NNH|AUC|SMD|IRR|SIR|SMR|HRQ?|ORR|PFS|OS|TTP"
    r"|DOR|MRD|ROR|PRR"
    r"|CRR|SAE|AML|MDS|AND|THE|TOTAL|MEAN|MEDIAN)\b)"
    r"(?:[A-Z][A-Z0-9]{2,}|[A-Z]{2,}(?:-[A-Z]+)+)[ -](?:\d{2}(?! trials)|\d[\d/-]{2,})"
    r"\b(?!\s?%|[.,]\d|\w)"
    r"(?! (?:patients|cases|reports|events|deaths|women|men|months|years|days)\b)"
)
# Words of a rule, in the sentence of what it limits.
_RULE = re.compile(
    r"\b(?:if|unless|until|whenever|provided that|in case of"
    r"|(?:was|were|is|are|be|been) (?:not |also |then |pre)*(?:excluded"
    r"|included|eligible"
    r"|ineligible|left out|omitted|considered|regarded|taken as|called|defined|classed"
    r"|required|mandatory|withheld|held|stopped|paused|allowed|permitted|judged|deemed"
    r"|treated as|counted as|specified|recommended|advised|set|enrolled)"
    r"|had to (?:be|have)|must (?:be|have)|could (?:take part|enter|enrol|join)"
    r"|criteri(?:a|on)|threshold|cut-?off|protocol|eligibility|started (?:at|on|with)"
    r"|we (?:excluded|included|considered|regarded|called|defined|took|left"
    r" out|required"
    r"|classed|omitted|treated|prespecified|planned|judged))\b",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    rf"(?P<less>{_LESS}) (?:or equal to )?(?P<n>[−-]?{_N}(?:(?:{_TO}|,? )(?:{_N}))?"
    rf"(?: ?(?:{_LAB}|%))?)"
    rf"|(?<![\w.])(?P<bare>[−-]?{_N} ?(?:{_TO}{_N} ?)?{_LAB})"
    rf"|(?P<or>{_N})(?= (?:[\w-]+ ){{0,2}}or (?:more|fewer|less|older"
    rf"|younger|higher|above)\b)"
)
# The sentence says that something was so: what follows is a result.
_STATES = re.compile(
    r"\b(?:was|were|is|are|remained|stayed|fell|rose|became|reached|gave"
    r"|showed|found|saw"
    r"|observed|reported|yielded|had)\s(?:\w+ly\s|still\s|even\s|well\s|far\s)*$",
    re.IGNORECASE,
)
_UNTIL_RULE = re.compile(r"\b(?:if|unless|until|when|whenever|once)\b[^,;]*$", re.I)
# What happened to patients: a time beside it is a result.
_HAPPENED = re.compile(
    r"\b(?:died|deaths?|relapsed?|progressed|diagnosed|developed|occurred"
    r"|appeared|arose"
    r"|median|mean|average|survived|alive|lived|latency|lasted|aged?|followed(?: up)?"
    r"|presented|onset)\b",
    re.IGNORECASE,
)
_GIVEN = re.compile(rf"{_N}\s?{_DOSE}{_PER}(?![\w²])")
_TIMED = re.compile(
    rf"(?<![\w.]){_N}(?:(?:, {_N})*,? ?(?:[-–]|to|and|or) ?{_N})? {_TIME}\b"
    r"(?! (?:of age|old)\b)"
)
_VISIT = re.compile(
    rf"\bat {_N}(?:(?:, {_N})*,? (?:and|or|to) {_N})? (?:hours|days|weeks"
    rf"|months|years)\b"
    r"(?! (?:of age|old)\b)"
)
_EXAMINED = re.compile(
    r"\b(?:examined|aspirated|assessed|measured|drawn|sampled|collected"
    r"|repeated|visits?"
    r"|seen|planned|scheduled|end ?points?|outcomes?|thereafter|at screening)\b",
    re.IGNORECASE,
)
_PROCEDURE = re.compile(
    r"\b(?:infused|spun|stored|kept|incubated|centrifuged|heated|frozen|rinsed|stained"
    r"|thawed|injected|irradiated)\b",
    re.IGNORECASE,
)
_ALPHA = re.compile(
    r"(?:\b[Pp]\b|\b[Pp][- ]values?)(?: of)?(?: was| were| is)? ?(?:<|≤|="
    r"|below|under|less than"
    r"|at or below|smaller than) ?(?P<n>0?[.·]\d+)"
)
_SIGNIFICANT = re.compile(r"\bsignifican", re.IGNORECASE)
_PLANNED = re.compile(r"\b(?:sample size|powered|power to)\b", re.IGNORECASE)
_DETECTED = re.compile(
    rf"\b(?:ratio|difference|rate|reduction|increase) of {_N}(?: ?%)?"
)

Stretch = tuple[int, int]


def stretches(text: str, sentences: tuple[Stretch, ...]) -> Iterator[Stretch]:
    """Yield the stretches of a text in which numbers are set, and found nowhere.

    Parameters
    ----------
    text : str
    sentences : tuple of (int, int)
        Stretches of its sentences.
    """
    yield from (match.span() for match in _NAMED.finditer(text))
    yield from trials(text)
    for start, end in sentences:
        yield from ((start + a, start + b) for a, b in _of_rules(text[start:end]))


# What is drawn, counted in an alternative text.
_DRAWN = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2})"
    r" (?:[\w-]+ ){0,2}?(?:box(?:es)?|bars?|lines?|curves?|points?|dots?|circles?"
    r"|squares?|diamonds?|panels?|plots?|rows?|columns?|ax[ei]s|bands?|steps?|arrows?"
    r"|histograms?"
    r"|charts?|maps?|graphs?|diagrams?|images?|photographs?|scans?|slices?|segments?"
    r"|peaks?)\b|\bone (?:for|per|on|to|above|below|in|of|at|each|with|is|shows?"
    r"|another|arm|group)\b"
    rf"|\b(?:over|from|up to|axis (?:of|from)) (?:\w+|{_N})(?: to (?:\w+|{_N}))?"
    rf" {_TIME}\b",
    re.IGNORECASE,
)


def drawn(text: str) -> Iterator[Stretch]:
    """Yield the stretches of an alternative text that count what is drawn."""
    return (match.span() for match in _DRAWN.finditer(text))


def trials(text: str) -> Iterator[Stretch]:
    """Yield the names of trials that are a group's name and a number."""
    return (match.span() for match in _TRIAL.finditer(text))


def _of_rules(said: str) -> Iterator[Stretch]:
    if _RULE.search(said):
        for match in _COMPARED.finditer(said):
            before = said[: match.start()]
            if not _STATES.search(before) or _UNTIL_RULE.search(before):
                yield match.span()
    if _RULE.search(said) and _SIGNIFICANT.search(said):
        yield from (match.span("n") for match in _ALPHA.finditer(said))
    if _PLANNED.search(said):
        yield from (match.span() for match in _DETECTED.finditer(said))
    if _HAPPENED.search(said):
        return
    if _GIVEN.search(said) or _PROCEDURE.search(said) or _RULE.search(said):
        yield from (match.span() for match in _TIMED.finditer(said))
    if _EXAMINED.search(said):
        yield from (match.span() for match in _VISIT.finditer(said))
