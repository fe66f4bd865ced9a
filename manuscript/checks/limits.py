"""The letter keeps within the limits of its journal, where they are known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from manuscript import settings
from manuscript.checks.finding import Finding, Outcome
from manuscript.checks.proof import Proof
from manuscript.passages import Reading

NAME = "limits"
TITLE = "The letter keeps within its journal's limits"

JOURNAL = Path(__file__).resolve().parents[2] / "journal.yml"

_MEASURES = {
    "words": "words",
    "references": "references",
    "display-items": "figures and tables",
    "title-characters": "characters of the title",
    "title-words": "words of the title",
}


@cache
def journal() -> Mapping[str, Any]:
    """Read the profile of the journal."""
    return settings.parse(JOURNAL.read_text(encoding="utf-8"), JOURNAL.name).values


def check(proof: Proof) -> Outcome:
    """Measure the letter against the limits of the journal."""
    profile = journal()
    reading = next(
        (r for r in proof.readings if r.document.path == profile["document"]), None
    )
    if reading is None:
        return Outcome("no letter among the documents")
    counts = measure(reading)
    findings: list[Finding] = []
    unknown: list[str] = []
    comparable = profile.get("comparable") or {}
    for name, limit in profile["limits"].items():
        what = _MEASURES[name]
        found = f"{what} {counts[name]}"
        if limit["value"] is None:
            near = comparable.get(name)
            hint = f" ({comparable['name']} allows {near})" if near else ""
            unknown.append(f"{found}, limit unknown{hint}")
        elif counts[name] > limit["value"]:
            findings.append(
                Finding(
                    reading.document.path,
                    reading.document.front_matter.line("title"),
                    1,
                    NAME,
                    f"{found}, and {profile['name']} allows {limit['value']} "
                    f"({limit['source']}, checked {limit['checked']})",
                    "shorten the letter",
                )
            )
    summary = ", ".join(
        f"{_MEASURES[name]} {counts[name]}" for name in profile["limits"]
    )
    return Outcome(summary, tuple(findings), tuple(unknown))


def measure(reading: Reading) -> dict[str, int]:
    """Count what journals limit.

    Words are those of the rendered text without title, headings, tables, captions,
    references and the closing statements; a hyphenated compound is one word.
    """
    text = (p for p in reading.prose() if ".statement" not in p.heading)
    cited = {
        name
        for passage in reading.passages
        for mark in passage.marked("citation")
        for name in mark.names
    }
    title = str(reading.document.front_matter.values.get("title", ""))
    return {
        "words": sum(len(words(passage.text)) for passage in text),
        "references": len(cited),
        "display-items": len(reading.floats),
        "title-characters": len(title),
        "title-words": len(words(title)),
    }


def words(text: str) -> list[str]:
    """Words of a text as journals count them: between spaces, with a sign in them."""
    return [word for word in text.split() if re.search(r"\w", word)]
