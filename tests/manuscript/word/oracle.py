"""Whether a merge was honest, by another way than its own.

Characters and their looks are compared as they stand in the files, without the
alignment of words and paragraphs that the merge itself uses: whatever the patched
sources print otherwise than the copy must be quoted by some note.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from manuscript.word.base import Base, reprint
from manuscript.word.compare import Merged
from manuscript.word.package import EditedDocument, Paragraph

_LONG = 4
_WORD = re.compile(r"[^\W\d_]+|\d+|_|[^\w\s]")


def silent(base: Base, edited: EditedDocument, merged: Merged) -> list[str]:
    """List what the patched sources print otherwise than the copy, and no note says."""
    changed = {
        file: text for file, text in merged.new.items() if text != merged.old[file]
    }
    now = reprint(base, changed) if changed else base.printed
    told, quoted = _told(merged)

    def unsaid(word: str, count: int) -> bool:
        """Whether no note quotes a word, or one that it is a part of."""
        return count > told[word] and not (len(word) >= _LONG and word in quoted)

    listed = {each.text for each in base.printed.paragraphs if _is_listed(each)}
    wanted = Counter(_words(edited, listed))
    printed = Counter(_words(now, listed))
    faults = []
    for word, count in (wanted - printed).items():
        if unsaid(word[0], count):
            faults.append(f"the copy has {count} more of {word}")
    for word, count in (printed - wanted).items():
        if unsaid(word[0], count):
            faults.append(f"the sources print {count} more of {word}")
    return faults


def _is_listed(paragraph: Paragraph) -> bool:
    return paragraph.style == "bibliography"


def _words(
    document: EditedDocument, listed: set[str]
) -> Iterator[tuple[str, bool, bool, str]]:
    """Yield the words of a file with their looks, numbers of citations left out."""
    for paragraph in document.paragraphs:
        if _is_listed(paragraph) or paragraph.text in listed:
            continue
        role = (paragraph.heading, paragraph.bullet)
        for run in paragraph.runs:
            if run.change == "deleted" or run.anchor.startswith("ref-"):
                continue
            for word in _WORD.findall(_plain(run.text)):
                raised = run.script if not re.fullmatch(r"[\d,–-]+", word) else ""
                yield word, run.bold, run.italic, f"{raised}{role}"


def _plain(text: str) -> str:
    return text.translate(str.maketrans("‘’‚“”„‐‑", "'''\"\"\"--"))


def _told(merged: Merged) -> tuple[Counter[str], str]:
    """Count the words that notes on what is not carried over quote."""
    said: Counter[str] = Counter()
    for note in merged.notes:
        if note.kind != "edit":
            words = set(_WORD.findall(_plain(f"{note.gone} {note.came} {note.what}")))
            said.update(dict.fromkeys(words, 1000))
    quoted = "".join(
        f"{note.gone} {note.came} {note.what}".replace("\n", " ")
        for note in merged.notes
        if note.kind != "edit"
    )
    return said, quoted
