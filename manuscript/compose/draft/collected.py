"""What a draft goes on after, until its pages are whole."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from manuscript.compose.draft.marking import Note, notes, of_cells
from manuscript.compose.draft.stopgaps import AS_WRITTEN, bare, paragraph, tolerant
from manuscript.errors import ManuscriptError, column_of, faults_of
from manuscript.execute import Execution
from manuscript.source import Document, Reading

if TYPE_CHECKING:
    from manuscript.check import Finding
    from manuscript.compose.checked import Checked
    from manuscript.compose.formats.article import Article
    from manuscript.values import Answers

# What a message is about stands in quotes of either kind.
_NAMED = re.compile(r"[`']([^`']+)[`']")


@dataclass
class Collected:
    """Findings and faults of a draft, and the files that could not be written.

    Attributes
    ----------
    findings : list of Finding
    notes : list of Note
    faults : list of ManuscriptError
        Whose places in the text are yet to be found.
    missing : dict of str to str
        Why a file is not there, by its name.
    follows : callable
        Whether a message follows from what was left out in reading.
    patched : set of str
        Documents of which something is shown otherwise than a render would.
    answers : Answers or None
        What the study answers; None where it does not.
    """

    findings: list[Finding] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    faults: list[ManuscriptError] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    follows: Callable[[str], bool] = lambda text: False
    patched: set[str] = field(default_factory=set)
    answers: Answers | None = None

    def check(self, checked: Checked, answers: Callable[[], Answers]) -> None:
        """Run the checks, with the answers that the study gives."""
        from manuscript import check as checks

        try:
            self.answers = answers()
            self.findings += checks.findings(checked.outcomes(self.answers))
        except Exception as error:
            self.faults += faults_of(error, checked.root)

    def composed(
        self,
        document: Document,
        execution: Execution,
        attempt: Callable[[Document, Execution], Article],
    ) -> Article:
        """Compose a document as far as it can be."""
        of_its_cells = of_cells(document, execution.faults)
        self.notes += of_its_cells
        told = {note.text for note in of_its_cells}
        self.faults += [f for f in execution.faults if str(f) not in told]
        article, found = tolerant(document, execution, attempt)
        self.notes += found
        self.faults += article.remarks
        if execution.faults or found or article.remarks:
            self.patched.add(document.path)
        return article

    def set_aside(
        self, article: Article, attempt: Callable[[Document, Execution], None]
    ) -> None:
        """Write an article in a format, without what that format alone refuses."""
        _, found = tolerant(article.document, article.execution, attempt)
        self.notes += found
        if found:
            self.patched.add(article.document.path)

    def differ(self, faults: list[ManuscriptError]) -> None:
        """Note where formats differ; what stands as written no format has to print."""
        self.faults += [fault for fault in faults if not AS_WRITTEN.search(fault.what)]

    def unwritten(
        self, root: Path, document: str, target: Path, error: Exception
    ) -> None:
        """Note why a file cannot be written; a page shows the source instead."""
        self.patched.add(document)
        found = faults_of(error)
        if target.suffix == ".html":
            names = {document: 1, **{fault.file: 1 for fault in found}}
            texts = {
                name: (root / name).read_text("utf-8", "replace")
                for name in names
                if (root / name).is_file()
            }
            for fault in found:
                words = paragraph(texts.get(fault.file, ""), fault.line)
                self.notes.append(Note(str(fault), words, fault.file, fault.line))
            target.write_text(bare(document, [*texts.values()]), "utf-8")
        else:
            self.faults += found
            self.missing[target.name] = str(found[0])

    def all(self, checked: Checked) -> list[Note]:
        """Return what there is to mark, each once, in the order of the text."""
        found: list[Finding | ManuscriptError] = [*self.findings, *self.faults]
        readings: tuple[Reading, ...] = ()
        try:
            readings = checked.readings(self.answers) if self.answers else ()
        except Exception as error:
            found += faults_of(error, checked.root)
        placed = notes(readings, found)
        count = len(self.findings)
        of_checks, others = placed[:count], placed[count:]
        new = [
            note
            for note in (*others, *self.notes)
            if not any(same(note, other) for other in of_checks)
        ]
        own = {str(fault) for fault in self.faults}
        once = {
            note.text: note
            for note in (*of_checks, *new)
            if note.text in own or not self.follows(note.text)
        }
        return sorted(once.values(), key=lambda note: (note.file, note.line))


def same(note: Note, other: Note) -> bool:
    """Whether two notes on one line are about one thing."""
    if (note.file, note.line) != (other.file, other.line):
        return False
    if column := column_of(note.text):
        return other.text.startswith(f"{note.file}:{note.line}:{column}:")
    if " raised " in note.text:  # which no check finds
        return False
    return not named(note.text).isdisjoint(named(other.text))


def named(text: str) -> set[str]:
    """Return what a message is about, which stands in quotes."""
    return {found[1].lstrip("@#.") for found in _NAMED.finditer(text)}
