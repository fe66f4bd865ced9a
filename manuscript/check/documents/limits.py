"""The letter keeps within the limits of its journal, where they are known."""

from __future__ import annotations

import re

from manuscript.check.finding import Finding, Outcome
from manuscript.check.proof import Proof
from manuscript.source import MEASURES, Reading, is_file, journal

NAME = "limits"
TITLE = "The letter keeps within its journal's limits"


def check(proof: Proof) -> Outcome:
    """Measure the letter against the limits of the journal."""
    profile = proof.journal
    if profile is None:
        return Outcome("no journal", unknown=(f"there is no {journal.ACTIVE}",))
    findings = [
        Finding(f.file, f.line, 1, NAME, f.what, f.mend)
        for f in journal.disagreements(profile, proof.project.settings)
    ]
    reading = next(
        (r for r in proof.readings if r.document.path == profile.document), None
    )
    if not is_file(proof.project.root, profile.document):
        what = f"`{profile.document}`, of which the limits are, does not exist"
        mend = "name the letter, by its path from the project"
        place = (journal.ACTIVE, profile.line, 1)
        findings.append(Finding(*place, NAME, what, mend))
    if reading is None:
        return Outcome("no letter among the documents", tuple(findings))
    counts = measure(reading)
    found = {name: _found(name, counts[name]) for name in profile.limits}
    unknown: list[str] = []
    for name, limit in profile.limits.items():
        if limit.value is None:
            near = f" ({limit.near})" if limit.near else ""
            unknown.append(f"{found[name]}, limit unknown{near}")
        elif counts[name] > limit.value:
            findings.append(
                Finding(
                    reading.document.path,
                    reading.document.front_matter.line("title"),
                    1,
                    NAME,
                    f"{MEASURES[name]} {counts[name]}, and {profile.name} allows "
                    f"{limit.value} "
                    f"({limit.source}, checked {limit.checked})",
                    "shorten the letter",
                )
            )
    return Outcome(", ".join(found.values()), tuple(findings), tuple(unknown))


def _found(name: str, count: int) -> str:
    if name == "words" and count >= 1000:
        # The supplement prints this, and is not made anew for each word changed.
        return f"words about {round(count, -2)}"
    return f"{MEASURES[name]} {count}"


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
