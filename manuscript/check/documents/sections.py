"""Every section file is part of a document, and the statements are all there."""

from __future__ import annotations

from manuscript.check.finding import Finding, Outcome
from manuscript.check.proof import Proof

NAME = "sections"
TITLE = "Every section and statement is in its place"


def check(proof: Proof) -> Outcome:
    """Find section files that no document includes, and missing statements."""
    findings: list[Finding] = []
    root = proof.project.root
    # Whatever links lead to them: documents name their files as they resolve.
    included = {
        root / file for reading in proof.readings for file in reading.document.files
    }
    files = sorted((root / "sections").rglob("_*.qmd"))
    for path in files:
        if path.resolve() not in included:
            file = path.relative_to(root).as_posix()
            what = f"no document includes `{file}`"
            mend = f"add {{{{< include {file} >}}}} where it belongs, or remove it"
            findings.append(Finding(file, 1, 1, NAME, what, mend))
    profile = proof.journal
    for reading in proof.readings:
        if profile is None or reading.document.path != profile.document:
            continue
        if not str(reading.document.front_matter.values.get("title") or "").strip():
            what = "the letter has no title, which the journal wants"
            mend = "write `title: ...` in its front matter"
            findings.append(Finding(reading.document.path, 1, 1, NAME, what, mend))
        headings = [p for p in reading.passages if p.kind == "heading"]
        last = [h for h in headings if ".statement" in h.heading][-1:]
        place = (reading.document.path, 1, 1)
        if last:
            place = (last[0].file, *last[0].place(0))
        for statement in profile.statements:
            if not any(statement.casefold() in h.text.casefold() for h in headings):
                what = f"no section is headed “{statement}”, which the journal wants"
                mend = "write the statement under that heading"
                findings.append(Finding(*place, NAME, what, mend))
    return Outcome(f"{len(files)} section files", tuple(findings))
