"""A value stands in a sentence about its subject, and beside its own statistics."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from manuscript.check.finding import Finding, Outcome
from manuscript.check.proof import Proof, finding
from manuscript.check.vocabulary import Words
from manuscript.source import Mark, Passage

NAME = "subjects"
TITLE = "Values stand in sentences about their subject"

# Last parts of a key that name a statistic of what the rest of the key names.
_STATISTICS = {"or", "ci_low", "ci_high", "p", "k", "k_all", "q", "q_p", "df"}
_STATISTICS |= {"i2", "i2_low", "i2_high", "median", "q1", "q3", "min", "max", "n"}
_STATISTICS |= {"percent"}
_MEND = (
    "take the value of what the sentence speaks of, or say what the value is of "
    "(its words are in vocabulary.yml)"
)
_GROUP = re.compile(r"[(\[]([^()\[\]]*(?:[(\[][^()\[\]]*[)\]][^()\[\]]*)*)[)\]]")
_OF = re.compile(r"^(?:/| of (?:the |these )?)$")
_LEAD = re.compile(r"^(?:%| years?| months?)?,?\s?$")


def check(proof: Proof) -> Outcome:
    """Compare the keys of values with the words, and with each other."""
    findings: list[Finding] = []
    values = 0
    for passage in proof.passages():
        values += len(list(passage.marked("value", "claim")))
        for rule, fault in _RULES.items():
            findings.extend(
                finding(passage, mark, NAME, what, _MEND, rule=rule)
                for mark, what in fault(passage, proof.words)
            )
    return Outcome(f"{values} values and claims", tuple(findings))


def stem(key: str) -> str:
    """Return what a key is about: the key without the name of a statistic."""
    head, _, last = key.rpartition(".")
    return head if head.count(".") and last in _STATISTICS else key


@lru_cache(maxsize=8)
def _subjects(
    known: Words,
) -> dict[str, list[tuple[re.Pattern[str], re.Pattern[str]]]]:
    """Compile the groups of subjects: a pattern of keys and one of words each."""
    return {
        group: [
            (
                re.compile(rf"(?:{key})(?<=\.)|(?:{key})(?!\w)"),
                re.compile(rf"(?<!\w)(?:{words})(?!\w)"),
            )
            for key, words in subjects.items()
        ]
        for group, subjects in known.mapping("subjects").items()
    }


@lru_cache(maxsize=8)
def _topics(known: Words) -> dict[str, re.Pattern[str]]:
    return {
        section: re.compile(rf"(?<!\w)(?:{words})(?!\w)")
        for section, words in known.mapping("sections").items()
    }


def _off_topic(passage: Passage, known: Words) -> Iterator[tuple[Mark, str]]:
    """Find values of a section that their sentence says nothing of."""
    for mark in passage.marked("value"):
        key = mark.values[0].key
        topic = _topics(known).get(key.partition(".")[0])
        if topic and not topic.search(
            passage.text, *passage.sentence_around(mark.start)
        ):
            yield mark, f"`{key}` stands in a sentence that says nothing of it"


_Named = tuple[int, int, re.Pattern[str]]


def _start(found: _Named) -> int:
    return found[0]


def _strangers(passage: Passage, known: Words) -> Iterator[tuple[Mark, str]]:
    """Find values whose subject the sentence does not name, or not nearby."""
    known_here: dict[tuple[int, str], list[_Named]] = {}
    for mark in passage.marked("value"):
        start, end = passage.sentence_around(mark.start)
        key = mark.values[0].key
        for group, subjects in _subjects(known).items():
            own = next((words for about, words in subjects if about.match(key)), None)
            if own is None:
                continue
            if (start, group) not in known_here:
                known_here[start, group] = [
                    (match.start(), match.end(), words)
                    for _, words in subjects
                    for match in words.finditer(passage.text, start, end)
                ]
            named = known_here[start, group]
            before = [n for n in named if n[1] <= mark.start]
            after = [n for n in named if n[0] >= mark.end]
            near = {max(before, key=_start)[2]} if before else set()
            near |= {min(after, key=_start)[2]} if after else set()
            if own in near:
                continue
            if not named and own.search(passage.text, 0, start):
                continue
            what = "does not name it" if not near else "names another next to it"
            yield mark, f"`{key}` stands in a sentence that {what}"


def _repeated(passage: Passage, known: Words) -> Iterator[tuple[Mark, str]]:
    """Find keys that one sentence prints twice."""
    for start, end in passage.sentences:
        seen: set[str] = set()
        for mark in passage.marked("value"):
            if start <= mark.start < end:
                for value in mark.values:
                    if value.key in seen:
                        yield mark, f"`{value.key}` is printed twice in one sentence"
                    seen.add(value.key)


def _mixed(passage: Passage, known: Words) -> Iterator[tuple[Mark, str]]:
    """Find an estimate in parentheses among the statistics of another."""
    for group in _GROUP.finditer(passage.text):
        inside = [
            mark
            for mark in passage.marked("value")
            if group.start() <= mark.start < group.end() and _is_statistic(mark)
        ]
        marks = [*_leading(passage, group.start()), *inside]
        stems = [stem(mark.values[0].key) for mark in marks]
        for mark, its in zip(marks, stems, strict=True):
            if its != stems[0]:
                yield mark, f"`{mark.values[0].key}` stands beside `{stems[0]}`"
                break


def _leading(passage: Passage, start: int) -> list[Mark]:
    """Find the value that a parenthesis explains: `n` in ``n of N (…)``."""
    before = [mark for mark in passage.marked("value") if mark.end <= start]
    if not before or not _LEAD.match(passage.text[before[-1].end : start]):
        return []
    if len(before) > 1 and _OF.match(passage.text[before[-2].end : before[-1].start]):
        return [before[-2]]
    return [before[-1]]


def _is_statistic(mark: Mark) -> bool:
    key = mark.values[0].key
    return stem(key) != key


def _claims_on_others(passage: Passage, known: Words) -> Iterator[tuple[Mark, str]]:
    """Find claims that test nothing of what their sentence prints or names."""
    for mark in passage.marked("claim"):
        start, end = passage.sentence_around(mark.start)
        assert mark.expression is not None
        keys = mark.expression.keys
        printed = {
            stem(value.key)
            for other in passage.marked("value")
            if start <= other.start < end
            for value in other.values
        }
        if printed and not printed & {stem(key) for key in keys}:
            yield (
                mark,
                f"the claim tests `{keys[0]}`, and its sentence prints none of its "
                "kind",
            )
        for subjects in _subjects(known).values():
            about = {
                words
                for pattern, words in subjects
                for key in keys
                if pattern.match(key)
            }
            if not about:
                continue
            named = {
                words for _, words in subjects if words.search(passage.text, start, end)
            }
            if named and not about & named:
                yield (
                    mark,
                    f"the claim tests `{keys[0]}`, and its sentence names another",
                )
                break


_RULES = {
    "topic": _off_topic,
    "subject": _strangers,
    "repeated": _repeated,
    "mixed": _mixed,
    "claim": _claims_on_others,
}
