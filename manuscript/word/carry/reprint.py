"""Markdown printed as its document prints it, to see that an edit does as it says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from manuscript.source import Passage, Place, Printed, plain
from manuscript.word.compare import edges, key_of, split


class Reprint:
    """Prints Markdown.

    Parameters
    ----------
    passages : sequence of Passage
        Of the document: they know what its expressions print.
    """

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages

    def is_safe(self, markdown: str, keys: Sequence[str], pieces: Counter[str]) -> bool:
        """Tell whether Markdown prints these words and computes these pieces alone."""
        read = plain(markdown, lambda offset: (1, 1 + offset), self._answer, self._name)
        words = split(read.text, edges(read.marks))
        text = "".join(key_of(read.text[a:b]) for a, b in words)
        known = [mark for mark in read.marks if mark.kind not in ("typed", "url")]
        wanted = +pieces
        return text == "".join(keys) and len(known) == wanted.total()

    def _answer(self, source: str, place: Place) -> Printed:
        for passage in self._passages:
            for mark in passage.marks:
                if mark.expression and mark.expression.source == source:
                    text = passage.text[mark.start : mark.end]
                    return Printed(text, mark.expression, mark.result)
        return Printed("?", None, None)

    def _name(self, label: str) -> str:
        for passage in self._passages:
            for mark in passage.marked("reference"):
                if mark.names == (label,):
                    return passage.text[mark.start : mark.end]
        return "?"
