"""Every citation has a reference, and every reference is cited."""

from __future__ import annotations

import re
from difflib import get_close_matches

from manuscript.check.finding import Finding, Outcome
from manuscript.check.proof import Proof, finding, quoted
from manuscript.check.vocabulary import Words
from manuscript.source import Mark, Passage, foreign

NAME = "citations"
TITLE = "Citations and references match"

# Tables of evidence are small; extracts of reports name no reference.
_LARGEST = 1_000_000


def check(proof: Proof) -> Outcome:
    """Find citations without a reference and references without a citation."""
    references = proof.references
    findings: list[Finding] = []
    cited: set[str] = set()
    raised = _is_raised(proof)
    for passage in proof.passages():
        for mark in passage.marked("citation"):
            cited.update(mark.names)
            if raised and _runs_together(passage, mark, proof.words):
                what = f"the number of a citation follows {_last_word(passage, mark)}"
                mend = "move the citation behind a word or a sign: digits run together"
                findings.append(
                    finding(
                        passage,
                        mark,
                        NAME,
                        what,
                        mend,
                        rule="after-digit",
                        level="warning",
                    )
                )
            for key in mark.names:
                if key not in references:
                    near = get_close_matches(key, list(references), n=2, cutoff=0.5)
                    hint = f"; did you mean {' or '.join(near)}?" if near else ""
                    findings.append(
                        finding(
                            passage,
                            mark,
                            NAME,
                            f"citation of unknown `{key}`{hint}",
                            "add it to the bibliography or correct the key",
                        )
                    )
    cited |= _cited_by_data(proof, set(references) - cited)
    for key in proof.repeated_references:
        what = f"reference `{key}` is listed twice"
        findings.append(Finding(*references[key], 1, NAME, what, "keep one of the two"))
    for key in references.keys() - cited:
        findings.append(
            Finding(
                *references[key],
                1,
                NAME,
                f"reference `{key}` is never cited",
                "cite it or remove it",
            )
        )
    return Outcome(f"{len(cited)} references cited", tuple(findings))


def _is_raised(proof: Proof) -> bool:
    """Whether the style prints citations as raised numbers."""
    path = proof.project.root / str(proof.project.settings.values.get("csl", ""))
    return path.is_file() and 'vertical-align="sup"' in foreign.legible(path)


def _runs_together(passage: Passage, mark: Mark, words: Words) -> bool:
    """Whether a raised number would stand at a digit that is part of no name."""
    if not passage.text[: mark.start][-1:].isdigit():
        return False
    names = words.listed("names").finditer(passage.text)
    return all(name.end() != mark.start for name in names)


def _last_word(passage: Passage, mark: Mark) -> str:
    return quoted(passage.text[: mark.start].split()[-1])


def _cited_by_data(proof: Proof, keys: set[str]) -> set[str]:
    """Keys that tables take from the data, or that functions of tables name."""
    found: set[str] = set()
    for folder, suffixes in (
        ("data", (".csv", ".json", ".yml")),
        ("analysis", (".py",)),
    ):
        for path in sorted((proof.project.root / folder).rglob("*")):
            if path.suffix in suffixes and path.stat().st_size < _LARGEST:
                text = foreign.legible(path)
                for key in keys - found:
                    if key in text and re.search(
                        rf"(?<![\w-]){re.escape(key)}(?![\w-])", text
                    ):
                        found.add(key)
    return found
