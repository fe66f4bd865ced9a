"""Marking what was found in the finished pages, where it stands.

A render stops at findings; a draft shows them, so that a co-author sees the page
while writing. Marks are put into the finished HTML: the block whose words are most
those of the passage bears the number of the finding, and a list stands beside.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING

from manuscript.errors import ManuscriptError
from manuscript.source import Cell, Document

if TYPE_CHECKING:
    from manuscript.check import Finding
    from manuscript.source import Passage, Reading

DRAFT = "Draft:"  # at the head of what is one
FOLDER = "draft"  # among the outputs, so that a draft is never taken for the letter

_BLOCK = re.compile(
    r"<(p|h[1-6]|li|figcaption|caption|td|dt|dd)\b[^>]*>(.*?)</\1>", re.DOTALL
)
_TAG = re.compile(r"<[^>]*>")
_WORD = re.compile(r"[^\W_]+")
# Share of the words of a passage that its block must have.
_ENOUGH = 0.6
_STYLE = (
    "<style>.finding{background:#ffe08a;color:#5c1a00;border-radius:.3em;"
    "padding:0 .35em;margin-left:.25em;font:600 .75em sans-serif}"
    ".findings{border:2px solid #b3541e;padding:.4em 1em;margin:1em 0;"
    "font:.85em/1.5 sans-serif}</style>"
)


@dataclass(frozen=True)
class Note:
    """A finding, and the words among which it stands; none where it has no place.

    Attributes
    ----------
    text : str
        The finding as `check` prints it.
    words : str
    file : str
    line : int
    """

    text: str
    words: str = ""
    file: str = ""
    line: int = 0


def notes(
    readings: Sequence[Reading], found: Sequence[Finding | ManuscriptError]
) -> list[Note]:
    """Find the passage of each finding or fault."""
    passages = [p for reading in readings for p in reading.passages]
    return [
        Note(str(each), _around(each, passages), each.file, each.line) for each in found
    ]


def of_cells(document: Document, faults: Sequence[ManuscriptError]) -> list[Note]:
    """Say what cells were refused for; the words are those of the stopgaps."""
    within = [f for f in faults if any(_holds(cell, f) for cell in document.cells)]
    return [Note(str(f), f.what, f.file, f.line) for f in within]


def _holds(cell: Cell, fault: ManuscriptError) -> bool:
    last = cell.code_line + cell.code.count("\n")
    return fault.file == cell.file and cell.line <= fault.line <= last


def mark(html: str, found: Sequence[Note]) -> str:
    """Mark notes in a page, and list them at its head.

    Examples
    --------
    >>> note = Note("a.qmd:1:1: what; mend", "Two trials.")
    >>> "Two trials.<mark" in mark("<body><p>Two trials.</p></body>", [note])
    True
    """
    blocks = [
        (block.end(2), _words(unescape(_TAG.sub(" ", block[2]))))
        for block in _BLOCK.finditer(html)
    ]
    marks: dict[int, list[int]] = {}
    for number, note in enumerate(found, start=1):
        if (end := _place(_words(note.words), blocks)) is not None:
            marks.setdefault(end, []).append(number)
    for end in sorted(marks, reverse=True):
        shown = "".join(_mark(n, found[n - 1]) for n in marks[end])
        html = html[:end] + shown + html[end:]
    placed = {number for numbers in marks.values() for number in numbers}
    head = re.search(r"<body[^>]*>", html)
    at = head.end() if head else 0
    return html[:at] + _STYLE + _list(found, placed) + html[at:]


def mark_pages(folder: Path, found: Sequence[Note]) -> None:
    """Mark notes in every HTML page of a folder; say in other files that there are."""
    # Slow to import, for drafts alone.
    from manuscript.compose.draft.stamps import stamp

    for path in folder.glob("*.html"):
        path.write_text(mark(path.read_text("utf-8"), found), "utf-8")
    for path in (*folder.glob("*.pdf"), *folder.glob("*.docx")):
        page = path.with_suffix(".html")
        where = f", marked in {page.name}" if found and page.exists() else ""
        stamp(path, f"{DRAFT} {_count(found)}{where}")


def _count(found: Sequence[Note]) -> str:
    return f"{len(found) or 'no'} finding{'s' * (len(found) != 1)}"


def _around(finding: Finding | ManuscriptError, passages: Sequence[Passage]) -> str:
    # A fault has a line alone.
    column = getattr(finding, "column", sys.maxsize)
    before = [
        passage
        for passage in passages
        if passage.file == finding.file and passage.place(0) <= (finding.line, column)
    ]
    return max(before, key=lambda passage: passage.place(0)).text if before else ""


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))


def _place(
    words: frozenset[str], blocks: Sequence[tuple[int, frozenset[str]]]
) -> int | None:
    best = max(blocks, key=lambda block: _alike(words, block[1]), default=None)
    if best is None or not words or _alike(words, best[1]) < _ENOUGH:
        return None
    return best[0]


def _alike(words: frozenset[str], others: frozenset[str]) -> float:
    """Return the share of words in common; of two blocks with all, the shorter."""
    both = len(words & others)
    return both / max(len(words), 1) - 0.001 * (len(others) - both)


def _mark(number: int, note: Note) -> str:
    title = escape(note.text, quote=True)
    return (
        f'<mark class="finding" id="finding-{number}" title="{title}">{number}</mark>'
    )


def _list(found: Sequence[Note], placed: set[int]) -> str:
    items = "".join(_item(number, note, placed) for number, note in enumerate(found, 1))
    return (
        '<aside class="findings" aria-label="Findings">'
        f"<strong>{DRAFT} {_count(found)}</strong><ol>{items}</ol></aside>"
    )


def _item(number: int, note: Note, placed: set[int]) -> str:
    text = escape(note.text)
    if number in placed:
        text = f'<a href="#finding-{number}">{text}</a>'
    return f"<li>{text}</li>"
