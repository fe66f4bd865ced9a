"""Figures and tables have labels of their own, and are mentioned in order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches

from manuscript.check.finding import Finding, Outcome
from manuscript.check.proof import Proof, finding
from manuscript.source import Float, Item, Mark, Passage, Reading

NAME = "floats"
TITLE = "Figures and tables are mentioned, in order"

# Words in common from which a sentence is taken to speak of another float.
_SHARED = 2
# First letters of words that speak of nothing.
_IDLE = {"about", "after", "could", "each", "every", "from", "have", "figur", "other"}
_IDLE |= {"shown", "shows", "table", "than", "that", "their", "there", "these", "they"}
_IDLE |= {"this", "those", "under", "were", "where", "which", "while", "with", "would"}


def check(proof: Proof) -> Outcome:
    """Follow every label from its float to its mentions."""
    findings: list[Finding] = []
    items = {name for _, _, name in _items(proof)}
    for reading in proof.readings:
        findings.extend(_repeated(reading))
        findings.extend(_unresolved(reading))
        findings.extend(_without_caption(reading))
        mentioned = {name for _, _, name in _mentions(reading)} | items
        for each in reading.floats:
            if each.label not in mentioned:
                findings.append(
                    Finding(
                        each.file,
                        each.line,
                        1,
                        NAME,
                        f"{each.name} (`{each.label}`) is never mentioned",
                        f"refer to it with @{each.label} or remove it",
                    )
                )
        findings.extend(_disorder(list(_mentions(reading)), list(reading.floats)))
        findings.extend(_panels(reading))
    floats = list(proof.floats())
    findings.extend(_disorder(list(_items(proof)), floats))
    findings.extend(_strangers(proof))
    return Outcome(f"{len(floats)} figures and tables", tuple(findings))


Mention = tuple[Passage, Mark, str]


def _mentions(reading: Reading) -> Iterator[Mention]:
    """Yield the references to labels in a document's own text, captions aside."""
    for passage in reading.passages:
        if passage.kind != "caption":
            for mark in passage.marked("reference"):
                yield from ((passage, mark, label) for label in mark.names)


def _items(proof: Proof) -> Iterator[Mention]:
    for reading in proof.readings:
        yield from _items_of(reading)


def _items_of(reading: Reading) -> Iterator[Mention]:
    for passage in reading.passages:
        for mark in passage.marked("item"):
            assert isinstance(mark.result, Item)
            yield passage, mark, mark.result.label


def _repeated(reading: Reading) -> Iterator[Finding]:
    seen: dict[str, tuple[str, int]] = {}
    for label, file, line in reading.labels:
        if label in seen:
            first = seen[label]
            yield Finding(
                file,
                line,
                1,
                NAME,
                f"label `{label}` is taken at {first[0]}:{first[1]}",
                "give it another label",
            )
        seen.setdefault(label, (file, line))


def _unresolved(reading: Reading) -> Iterator[Finding]:
    labels = [label for label, _, _ in reading.labels]
    for passage in reading.passages:
        for mark in passage.marked("reference"):
            for label in mark.names:
                if label not in labels:
                    near = get_close_matches(label, labels, n=2, cutoff=0.5)
                    hint = f"; did you mean {' or '.join(near)}?" if near else ""
                    yield finding(
                        passage,
                        mark,
                        NAME,
                        f"nothing in this document is labelled `{label}`{hint}",
                        "correct the label, or restore what it named",
                    )


def _without_caption(reading: Reading) -> Iterator[Finding]:
    for each in reading.floats:
        if each.cells and (each.caption is None or not each.caption.text.strip()):
            yield Finding(
                each.file,
                each.line,
                1,
                NAME,
                f"{each.name} (`{each.label}`) has no caption",
                "end its division with a paragraph that says what it shows",
            )


def _disorder(mentions: list[Mention], floats: list[Float]) -> Iterator[Finding]:
    """Find first mentions out of the order in which their kind is numbered."""
    order = {each.label: index for index, each in enumerate(floats)}
    names = {each.label: each.name for each in floats}
    last: dict[str, str] = {}
    seen: set[str] = set()
    for passage, mark, label in mentions:
        if label in seen or label not in order:
            continue
        seen.add(label)
        kind = label.partition("-")[0]
        if kind in last and order[label] < order[last[kind]]:
            yield finding(
                passage,
                mark,
                NAME,
                f"{names[label]} is first mentioned after {names[last[kind]]}",
                "mention them in order, or move the float",
            )
        else:
            last[kind] = label


def _panels(reading: Reading) -> Iterator[Finding]:
    """Find panels, ``Figure 1 B``, that are mentioned before the ones above them."""
    seen: dict[str, str] = {}
    for passage in reading.passages:
        for mark in passage.marked("reference", "item"):
            label = (
                mark.result.label if isinstance(mark.result, Item) else mark.names[0]
            )
            panel = re.match(r"\s?([A-H])\b", passage.text[mark.end :])
            if not panel or passage.kind == "caption":
                continue
            expected = chr(ord(seen.get(label, "@")) + 1)
            if panel[1] > expected:
                yield finding(
                    passage,
                    mark,
                    NAME,
                    f"panel {panel[1]} of `{label}` is mentioned before {expected}",
                    "mention panels in order, or correct the letter",
                )
            seen[label] = max(panel[1], seen.get(label, "@"))


def _strangers(proof: Proof) -> Iterator[Finding]:
    """Find sentences that share no word with the float they mention, but with another.

    Words are compared by their first letters; those that many captions have do not
    speak for another. A paragraph on the float's subject speaks for it.
    """
    words = {each.label: _stems(each) for each in proof.floats()}
    names = {each.label: each.name for each in proof.floats()}
    count = Counter(stem for stems in words.values() for stem in stems)
    common = {stem for stem, n in count.items() if n > max(2, len(words) / 4)}
    for reading in proof.readings:
        for passage, mark, label in [*_mentions(reading), *_items_of(reading)]:
            said = _stems_of(passage.sentence(mark.start))
            around = _stems_of(passage.text) - common
            if label not in words or said & words[label]:
                continue
            if len(around & words[label]) >= _SHARED:
                continue
            shared = {o: len(said & stems - common) for o, stems in words.items()}
            best = max(shared, key=lambda other: shared[other])
            named = _named(passage, mark.start)
            if shared[best] >= _SHARED and best not in named:
                what = f"the sentence speaks of {names[best]}, not of {names[label]}"
                mend = f"refer to {best}, or say what {label} shows"
                yield finding(passage, mark, NAME, what, mend)


def _named(passage: Passage, offset: int) -> set[str]:
    """Labels that the sentence around a character mentions."""
    start, end = passage.sentence_around(offset)
    marks = (m for m in passage.marked("reference") if start <= m.start < end)
    return {label for mark in marks for label in mark.names}


def _stems(each: Float) -> set[str]:
    caption = each.caption.text if each.caption else ""
    return _stems_of(f"{caption} {each.label.replace('-', ' ')}")


def _stems_of(text: str) -> set[str]:
    return {word[:5].lower() for word in re.findall(r"[^\W\d_]{4,}", text)} - _IDLE
