"""Abbreviations are spelled out before they are used, and in every caption anew."""

from __future__ import annotations

import re
from collections.abc import Iterator

from manuscript.check.finding import Finding, Outcome
from manuscript.check.proof import Proof, finding
from manuscript.check.prose import design
from manuscript.check.vocabulary import Words
from manuscript.source import Passage

NAME = "abbreviations"
TITLE = "Abbreviations are spelled out first"

_ABBREVIATION = re.compile(r"(?<![\w.])[A-Z][A-Z0-9]+(?:s\b)?(?!\w|[.*]\d)")
_NOT_WORDS = ("code", "url", "value", "item", "reference")
# Genes and codes are names: nobody spells out BRCA1.
_IDENTIFIER = re.compile(r"\D*\d")


def check(proof: Proof) -> Outcome:
    """Find abbreviations that no earlier text of their document spells out."""
    findings: list[Finding] = []
    spelled: set[str] = set()
    for reading in proof.readings:
        known: set[str] = set()
        reported: set[str] = set()
        for passage in reading.passages:
            if passage.kind == "alt":
                continue
            is_caption = passage.kind == "caption"
            here = _spelled_out_in(passage, proof.words) if is_caption else known
            for start, end, name in used(passage, proof.words):
                if name in here or name in reported:
                    continue
                if _is_spelled_out(passage.text, start, end, name):
                    here.add(name)
                elif not passage.covered(start, end, "typed"):
                    reported |= set() if is_caption else {name}
                    findings.append(
                        finding(
                            passage,
                            start,
                            NAME,
                            f"{name} is used in a caption that does not spell it out"
                            if is_caption
                            else f"{name} is used before it is spelled out",
                            f"write “… ({name})” where it first stands, or list it in "
                            "vocabulary.yml if every reader knows it",
                        )
                    )
        spelled |= known
    return Outcome(f"{len(spelled)} abbreviations", tuple(findings))


def used(passage: Passage, words: Words) -> Iterator[tuple[int, int, str]]:
    """Stretches of abbreviations that need spelling out, with their singular."""
    found = list(_ABBREVIATION.finditer(passage.text))
    names = words.listed("names").finditer(passage.text) if found else ()
    skipped = [match.span() for match in names]
    skipped += design.trials(passage.text) if found else ()
    for match in found:
        start, end = match.span()
        name = match[0].removesuffix("s")
        known = words.listed("known-abbreviations").fullmatch(name)
        inside = any(first <= start and end <= last for first, last in skipped)
        inside = inside or passage.covered(start, end, *_NOT_WORDS)
        if not known and not inside and not _IDENTIFIER.match(name):
            yield start, end, name


def _spelled_out_in(caption: Passage, words: Words) -> set[str]:
    """Abbreviations that a caption spells out, at its end or elsewhere."""
    return {
        name
        for start, end, name in used(caption, words)
        if _is_spelled_out(caption.text, start, end, name)
    }


def _is_spelled_out(text: str, start: int, end: int, name: str) -> bool:
    """Whether the words beside an abbreviation spell it out here.

    Knows ``long form (ABC)``, ``ABC (long form)`` and, as legends have it,
    ``ABC, long form``.
    """
    before, after = text[:start], text[end:]
    if re.search(r"[(\[]\s*$", before) and re.match(r"\s*[)\];,]", after):
        words = re.findall(r"[^\W_]+", before)[-(2 * len(name) + 4) :]
        return spells(name, words)
    if legend := re.match(r"(?:,| \()([^;:.()]+)", after):
        words = re.findall(r"[^\W_]+", legend[1])[: len(name) + 4]
        return bool(words) and any(
            spells(name, words[:stop]) for stop in range(1, len(words) + 1)
        )
    return False


def spells(name: str, words: list[str]) -> bool:
    """Whether the end of a row of words spells an abbreviation.

    After Schwartz and Hearst (2003, Pac Symp Biocomput 451): its letters occur in
    order, and the first one begins a word.

    Examples
    --------
    >>> spells("MRI", ["magnetic", "resonance", "imaging"])
    True
    >>> spells("MRI", ["computed", "tomography"])
    False
    """
    letters = [letter for letter in name.lower() if letter.isalpha()]
    text = " ".join(words).lower()
    at = len(text)
    for index in range(len(letters) - 1, -1, -1):
        at -= 1
        while at >= 0 and not (
            text[at] == letters[index] and (index or at == 0 or text[at - 1] == " ")
        ):
            at -= 1
        if at < 0:
            return False
    return True
