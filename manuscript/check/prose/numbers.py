"""No number is typed: digits and number words come from values."""

from __future__ import annotations

import re
from collections.abc import Iterator

from manuscript.check.finding import Finding, Outcome
from manuscript.check.proof import Proof, finding, quoted
from manuscript.check.prose import cells, design, evidence
from manuscript.check.vocabulary import Words
from manuscript.source import Cell, Passage, Plain

NAME = "numbers"
TITLE = "No number is typed"

_MEND = (
    'take it from the data with `{python} v("key")`, or write '
    '[...]{.typed reason="why it is typed"}'
)
_CITED = 'leave it if it is the source\'s: take yours with `{python} v("key")`'
_DOUBTFUL = 'leave it if it is no result: take those with `{python} v("key")`'
_EXCUSED = "end the line with the comment `# typed: why it is typed`"
_MENDS = {
    "alt": f"leave it out: an alternative text cannot be computed; or {_EXCUSED}",
    "title": f"take it from the data, or {_EXCUSED}",
    "metadata": f"take it from the data, or {_EXCUSED}",
}

_CELL = f"compute it in the analysis package and call its function here, or {_EXCUSED}"

_NUMBER = re.compile(
    r"(?<![\w.,·])[+−-]?(?:\d[\d\u202f]*(?:,\d{3})*(?:[.,·]\d+)*|[.·]\d+)|[¼-¾⅐-⅞]"
    r"|(?:(?<=\bTable )|(?<=\bFigure ))S\d+\b"
)
_MONTH = (
    "(?:January|February|March|April|May|June|July|August|September|October|November"
    "|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
)
_CLOCK = r"\d{1,2}(?::\d\d)?"
_WHOLE = re.compile(
    "|".join(
        (
            rf"\b\d{{1,2}} {_MONTH} \d{{4}}\b",
            rf"\b{_MONTH} \d{{1,2}}, \d{{4}}\b",
            rf"\b{_MONTH} \d{{4}}\b",
            rf"\b\d{{1,2}} {_MONTH}\b",
            rf"\b(?:on|until|till|by|since|from|before|after) {_MONTH} \d{{1,2}}\b"
            r"(?!, \d{4})",
            r"\b(?:19|20)\d\d-\d\d-\d\d\b",
            r"\b\d{1,2}[./]\d{1,2}[./](?:19|20)\d\d\b",
            r"\b(?:19|20)\d0s\b",
            # Times of day.
            rf"(?:{_CLOCK}(?: ?(?:[-–]|and|to|or) ?))?{_CLOCK} ?(?:[ap]\.?m|o'clock)\b",
            rf"(?:\b(?:at|from|until|till|by|before|after|about) |(?<!\d)0){_CLOCK}"
            r"(?::\d\d)?(?: ?(?:[-–]|and|to) ?\d{1,2}:\d\d)?(?<=:\d\d)(?!\d)",
            # Files of authorities, editions of programs, telephones.
            r"\b(?:\d{1,5}/(?:19|20)\d\d|(?:19|20)\d\d/\d{1,5}|(?:19|20)\d\d-\d{3,6})\b"
            r"(?!-| ?[(%])",
            r"\b(?:[Nn]os?\.|(?:[Nn]umber|[Aa]pproval|[Pp]rotocol|[Gg]rant|[Rr]eference"
            r"|[Ll]ot)(?: no\.| number)?:?) (?=\S*[/-])[A-Z]*[ -]?\d[\w./-]*\w",
            r"\b(?:[Vv]ersion|[Rr]elease|[Bb]uild|[Pp]ackage \S+),? ?\d[\w.-]*",
            r"\bv\.?\d[\w.-]*",
            r"\+\d{1,3}(?:[ -]\(?\d{2,}\)?)+",
            r"\b\d{4}-\d{6}-\d{2}\b",
            r"\b10\.\d{4,9}/\S+",
            r"\b(?:19|20)\d\d;\s?\d+(?:\(\d+\))?:\s?[A-Za-z]?\d+(?:[–-]\d+)?",
            r"\b\d+\.\d+\.\d+\S*",
            r"\b95%(?=[- ](?:CIs?|limits?|confidence|prediction|credible)\b)",
            r"(?<=level of )95%",
            r"\bper\s1[\s\u202f,]?0{2,3}(?:[\s\u202f,]?0{3})?\b",
        )
    )
)
_YEAR = re.compile(r"(?:19|20)\d\d$")
_BEFORE_YEAR = re.compile(
    r"(?:\b(?:in|since|until|till|before|after|from|to|by|and|during|early|late|mid"
    r"|year|published|dated|through|(?:start|beginning|middle|half|end|spring|summer"
    r"|autumn|winter|quarter|week \d+) of)\s|\b(?:early|mid|late)-|[(–]"
    r"|\bet al\.?,?\s|\b[A-Z][\w.&-]*\s)$"
)
_COUNTS = re.compile(r"\s*%")
_NEXT_WORDS = re.compile(r"(?:\s[\w-]+){1,3}")
_BEFORE_VERSION = re.compile(r"(?:\b[Vv]ersion|\bv|\b(?:Python|Quarto|typst|R))\s?$")
_COMPUTED = ("value", "item", "reference", "citation", "url", "fault")
_NEAR = 100
_IDENTIFIER = re.compile(r"[^\W\d]\w*[-/]$")


def check(proof: Proof) -> Outcome:
    """Find numbers that stand in the text as typed."""
    findings: list[Finding] = []
    printed = 0
    for passage in proof.passages():
        printed += sum(len(mark.values) for mark in passage.marks)
        findings.extend(_in_passage(passage, proof.words))
    code = [cell for reading in proof.readings for cell in reading.document.cells]
    for cell in code:
        findings.extend(_in_cell(cell, proof.words))
    summary = f"{printed} printed numbers, {len(code)} cells"
    return Outcome(summary, tuple(findings))


def _in_passage(passage: Passage, words: Words) -> Iterator[Finding]:
    """Find typed numbers; of a source's, and of doubtful ones, one a sentence."""
    told = -1
    for start, end in sorted(set(typed_numbers(passage, words))):
        if passage.covered(start, end, "typed"):
            continue
        what = f"typed number {quoted(passage.text[start:end])} in {_where(passage)}"
        mend, rule = _MENDS.get(passage.kind, _MEND), ""
        if passage.cites(start):
            mend, rule = _CITED, "cited"
        elif not evidence.is_result(passage, start, end, words):
            mend, rule = _DOUBTFUL, "doubtful"
        if not rule:
            yield finding(passage, start, NAME, what, mend)
        elif start >= told:
            told = passage.sentence_around(start)[1]
            yield finding(passage, start, NAME, what, mend, rule=rule, level="warning")


def typed_numbers(passage: Passage, words: Words) -> Iterator[tuple[int, int]]:
    """Stretches of numbers in digits or words of no lawful kind.

    Exceptions written beside the text are not looked at.
    """
    text = passage.text
    computed = [(m.start, m.end) for m in passage.marked(*_COMPUTED)]
    numbers = [
        (match.start(), match.start() + len(match[0].rstrip(".,")))
        for match in _NUMBER.finditer(text)
    ]
    spelled = [match.span() for match in words.listed("number-words").finditer(text)]
    spelled += [match.span() for match in words.listed("persons").finditer(text)]
    worded = computed + [(m.start, m.end) for m in passage.marked("claim")]
    numbers = [each for each in numbers if not _within(*each, computed)]
    spelled = [each for each in spelled if not _within(*each, worded)]
    if not numbers and not spelled:
        return
    lawful = [match.span() for match in words.listed("names").finditer(text)]
    lawful += [match.span() for match in words.listed("number-idioms").finditer(text)]
    lawful += design.stretches(text, passage.sentences, words)
    if passage.kind in ("alt", "caption"):
        lawful += design.drawn(text, words, passage.kind)
    if numbers:
        lawful += [match.span() for match in _WHOLE.finditer(text)]
    for start, end in numbers:
        if not _within(start, end, lawful) and not _is_lawful(text, start, end, words):
            yield start, end
    for start, end in spelled:
        if not _within(start, end, lawful):
            yield start, end


def _is_lawful(text: str, start: int, end: int, words: Words) -> bool:
    # What tells is near; looking at all of a paragraph for each number is quadratic.
    before, number = text[max(0, start - _NEAR) : start], text[start:end]
    after = text[end : end + _NEAR]
    if _YEAR.fullmatch(number):
        if not _BEFORE_YEAR.search(before) or _COUNTS.match(after):
            return False
        nearby = _NEXT_WORDS.match(after)
        return not nearby or not words.listed("counted").search(nearby[0])
    if "." in number and _BEFORE_VERSION.search(before):
        return True
    return bool(_IDENTIFIER.search(before))


def _within(start: int, end: int, stretches: list[tuple[int, int]]) -> bool:
    return any(first <= start and end <= last for first, last in stretches)


def _where(passage: Passage) -> str:
    kinds = {
        "alt": "an alternative text",
        "item": "a list",
        "metadata": "the front matter",
        "title": "the title",
    }
    return kinds.get(passage.kind, f"a {passage.kind}")


def _in_cell(cell: Cell, words: Words) -> Iterator[Finding]:
    """Find results typed into code: cells call functions, and those compute."""
    if cell.options.values.get("eval") is False:
        return
    for each in cells.typed(cell.code, cell.shows):
        if isinstance(each.value, str) and each.is_label:
            what = _in_label(each.value, words)
        else:
            kind = "text" if isinstance(each.value, str) else "number"
            what = f"{kind} {quoted(str(each.value))} typed in {cell.name}"
        if what:
            line = cell.code_line + each.line - 1
            yield Finding(cell.file, line, each.column, NAME, what, _CELL)


def _in_label(text: str, words: Words) -> str:
    """Say what a label of a figure or a table states that it cannot compute."""
    passage = Passage("label", "", Plain(cells.without_places(text), (), (), ()))
    for start, end in typed_numbers(passage, words):
        return f"typed number {quoted(text[start:end])} in the label {quoted(text)}"
    return ""
