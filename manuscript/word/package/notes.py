"""Footnotes and endnotes read where they are called, between brackets.

An edit of a note is then an edit of the paragraph that calls it, as it is in Markdown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from manuscript.word.package.model import PICTURE, Paragraph, Run

OPENS: Final = "["
CLOSES: Final = "]"
_MOST: Final = 2000  # notes; a paper has a tenth of that
_BROKEN: Final = frozenset({"a new paragraph of its note"})
_AT_END: Final = frozenset({"an endnote"})


def in_place(
    paragraphs: Sequence[Paragraph], notes: Mapping[str, Sequence[Paragraph]]
) -> Iterator[Paragraph]:
    """Yield paragraphs with their notes where they are called.

    Parameters
    ----------
    paragraphs : sequence of Paragraph
    notes : mapping of str to sequence of Paragraph
        By kind and number, as runs name them.
    """
    left = _MOST
    for each in paragraphs:
        if left and any(run.note in notes for run in each.runs if run.note):
            runs = tuple(_runs(each, notes))
            left = max(left - sum(run.note in notes for run in each.runs), 0)
            each = replace(each, runs=runs)
        yield each


def _runs(
    paragraph: Paragraph, notes: Mapping[str, Sequence[Paragraph]]
) -> Iterator[Run]:
    for run in paragraph.runs:
        if run.text != PICTURE or run.note not in notes:
            yield run
            continue
        other = _AT_END if run.note.startswith("endnote") else frozenset()
        edge = Run("", note=run.note, other=other, author=run.author, change=run.change)
        yield replace(edge, text=OPENS)
        yield from _said(notes[run.note], run)
        yield replace(edge, text=CLOSES)


def _said(paragraphs: Sequence[Paragraph], call: Run) -> Iterator[Run]:
    """Yield what a note says, as new or deleted where its call is."""
    begun = False
    for each in paragraphs:
        fresh = True
        for run in each.runs:
            # Word sets a space after the number of the note.
            text = run.text.lstrip() if fresh else run.text
            if run.note or not text:
                continue
            if call.change and run.change != "deleted":
                run = replace(run, change=call.change, author=call.author)
            if fresh and begun:
                yield replace(run, text=" ", other=_BROKEN)
                run = replace(run, other=run.other | _BROKEN)
            yield replace(run, text=text)
            fresh, begun = False, True
