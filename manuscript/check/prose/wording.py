"""No finding is typed: words that state a result stand in a claim.

What is wished for, what the method was, and what was not done are no findings:
"larger trials are needed", "higher doses were not studied".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from manuscript.check.finding import Finding, Level, Outcome
from manuscript.check.proof import Proof, finding, quoted
from manuscript.check.vocabulary import Words
from manuscript.source import Passage

NAME = "wording"
TITLE = "Findings stand in claims"

_CLAIM = (
    '`{python} claim("…", v("key") < …)` holds it to the data; cite the source of '
    'another\'s finding, or write [...]{.typed reason="why it is typed"}'
)
_CAUSE = (
    "the data show an association: say that, cite a source, or write "
    '[...]{.typed reason="why it is typed"}'
)
_WHAT = {
    "cause": "asserts a cause that the data cannot bear",
    "finding": "states a finding outside a claim",
    "description": "describes, or states a finding outside a claim",
}
_CLAUSE = re.compile(r"[,;:—]\s")
# A word right after one of these states something of the subject.
_COPULA = re.compile(
    r"\b(?:is|are|was|were|be|been|became|remained|remains|seems?|seemed"
    r"|appear(?:s|ed)|stayed|stays|proved|turned out|fell|rose)\s"
    r"(?:\w+ly\s|much\s|even\s|far\s|not\s)*$",
    re.IGNORECASE,
)
# A clause begins, or a determiner or preposition stands: what follows describes.
_DESCRIBES = re.compile(
    r"(?:^|\b(?:the|an?|any|this|that|these|those|of|with|in|for|at|and|or|by|to|such|some"
    r"|more|no|from|on|if|as|while|until|much|even|many|both|our|their|but|though|although"
    r"|because|since|when|where|so|also|future|further|only|possible|potential)\s+)$",
    re.IGNORECASE,
)
# Limits of a group, and what its patients have.
_THAN = re.compile(r"\s+than (?:or equal to )?[\d−]")
_WITH = re.compile(
    r"\b(?:patients|adults|those|women|men|children) with (?:an? )?$", re.I
)
_ADJECTIVE = re.compile(
    r"(?:high|low|great|larg|small|long|short|old|young)er|(?:increas|elevat|rais|reduc"
    r"|decreas)ed",
    re.IGNORECASE,
)
_JUDGED = re.compile(
    r"\b(?:is|are|was|were|seems?|seemed|proved)\s(?:\w+\s)?(?:superior|inferior|better|worse|best|worst|safer|effective|beneficial|harmful"
    r"|toxic|similar|equal\w*|comparable|tolerated)\b",
    re.IGNORECASE,
)
_EXCEEDS = re.compile(r"exceeds", re.IGNORECASE)
_NOUN = re.compile(r"(?:\s[\w-]+){1,3}")
_SEEN = re.compile(r"\b(?:found|saw|observed|noted|showed?|reported|had)\b", re.I)
_NO = re.compile(r"^\s*(?:and\s|but\s)?no\b", re.IGNORECASE)
_VERB_LIKE = re.compile(
    r"(?:increas|elevat|rais|heighten|decreas|reduc|declin|fell|halv|lower|exceed|outweigh"
    r"|favou?r|rose|grew|did|do|does|differ|lies?|lay|is|are|was|were|stood|stays?)",
    re.IGNORECASE,
)


def check(proof: Proof) -> Outcome:
    """Find words of a result outside a claim."""
    findings: list[Finding] = []
    passages = 0
    for passage in proof.passages():
        passages += 1
        for start, end, rule in stated_findings(passage, proof.words):
            if passage.covered(start, end, "typed"):
                continue
            what = f"{quoted(passage.text[start:end])} {_WHAT[rule]}"
            mend = _CAUSE if rule == "cause" else _CLAIM
            if passage.kind == "alt":
                mend = "leave it out: no claim holds an alternative text to the data"
            level: Level = "warning" if rule == "description" else "error"
            findings.append(
                finding(passage, start, NAME, what, mend, rule=rule, level=level)
            )
    return Outcome(f"{passages} passages", tuple(findings))


def stated_findings(passage: Passage, words: Words) -> Iterator[tuple[int, int, str]]:
    """Stretches that state a finding or a cause outside claims, with their rule.

    Exceptions written beside the text are not looked at.
    """
    text = passage.text
    found = [
        (name, match)
        for name in ("findings", "causes")
        for match in words.listed(name).finditer(text)
    ]
    idioms = words.listed("finding-idioms").finditer(text) if found else ()
    free = [match.span() for match in idioms]
    for name, match in found:
        start, end = match.span()
        inside = any(first <= start and end <= last for first, last in free)
        inside = inside or passage.covered(start, end, "claim", "code", "url")
        if not inside and not _is_anothers(passage, start):
            is_cause = name == "causes"
            if not _is_open(passage, match, words, is_cause):
                is_doubtful = _is_doubtful(passage, match, words)
                rule = "description" if is_doubtful else "finding"
                yield start, end, "cause" if is_cause else rule


def _is_anothers(passage: Passage, offset: int) -> bool:
    """Whether the sentence cites a source and prints no value of ours."""
    start, end = passage.sentence_around(offset)
    ours = any(start <= mark.start <= end for mark in passage.marked("value"))
    return passage.cites(offset) and not ours


def _is_open(
    passage: Passage, match: re.Match[str], words: Words, is_cause: bool
) -> bool:
    """Whether the clause around the finding leaves it open, or wishes for it."""
    first, last = passage.sentence_around(match.start())
    before = passage.text[first : match.start()]
    after = passage.text[match.end() : last]
    ahead, behind = _CLAUSE.split(before)[-1], _CLAUSE.split(after)[0]
    states = bool(_COPULA.search(ahead))
    if not states and _describes(ahead, match[0], is_cause):
        if not is_cause and _is_whom(passage, match, ahead, behind, words):
            return True
        wish = words.listed("wishes").search(behind)
        if wish and not _COPULA.search(behind[: wish.start()] + " "):
            return True
        if _NO.search(ahead) and words.listed("not-done").search(behind):
            return True
    if "significan" in match[0].lower():
        return False
    if words.listed("constants").search(ahead) and _EXCEEDS.match(match[0]):
        return True
    openers = words.listed("open-questions" if is_cause else "hypothetical")
    if openers.search(ahead):
        return True
    return not is_cause and not states and bool(words.listed("methods").search(ahead))


def _is_doubtful(passage: Passage, match: re.Match[str], words: Words) -> bool:
    """Whether a word describes what is no outcome, found by nobody: a larger vessel."""
    first, last = passage.sentence_around(match.start())
    before, after = (
        passage.text[first : match.start()],
        passage.text[match.end() : last],
    )
    ahead = _CLAUSE.split(before)[-1]
    noun = _NOUN.match(after)
    return bool(
        noun
        and _ADJECTIVE.fullmatch(match[0])
        and _DESCRIBES.search(ahead)
        and not _COPULA.search(ahead)
        and not _SEEN.search(ahead)
        and not words.listed("outcomes").search(noun[0])
        and not re.search(r"\bthan\b", after)
        and not _JUDGED.search(after)
    )


def _is_whom(
    passage: Passage, match: re.Match[str], ahead: str, behind: str, words: Words
) -> bool:
    """Whether a word says who was treated, or with what: ``a reduced dose``."""
    if _THAN.match(behind):
        return True
    thing = words.listed("described-things").search(behind)
    if thing and not behind[: thing.start()].strip():
        is_adjective = bool(_ADJECTIVE.fullmatch(match[0]))
        return is_adjective and not (_SEEN.search(ahead) or _JUDGED.search(behind))
    first, last = passage.sentence_around(match.start())
    is_given = words.listed("given").search(passage.text, first, last)
    return bool(is_given and _WITH.search(ahead))


def _describes(ahead: str, found: str, is_cause: bool) -> bool:
    """Whether a word describes the subject of its clause, rather than stating it."""
    if is_cause:
        return found.lower().startswith(("causal", "proof"))
    return not _VERB_LIKE.match(found) or bool(_DESCRIBES.search(ahead))
