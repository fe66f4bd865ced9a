"""Parts of a document that a copy lacks as a whole: a question, not an edit.

A copy may hold a part alone, because its author pasted that part back. Nobody deletes
half a letter without tracking it; so what is missing is not taken out, but asked about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from manuscript.word.compare.report import Note
from manuscript.word.compare.site import Printed
from manuscript.word.compare.telling import joined, place_of, shown
from manuscript.word.compare.words import Pair
from manuscript.word.package import EditedDocument

_SHARE: Final = 0.2  # of the words of a document, from which a part is asked about
_SECTION: Final = 3  # paragraphs, with a heading among them


def missing(
    printed: Sequence[Printed], pairs: Sequence[Pair], edited: EditedDocument
) -> list[list[int]]:
    """List the parts that are missing as a whole, as indices of paragraphs.

    Parameters
    ----------
    printed : sequence of Printed
    pairs : sequence of Pair
        Of these paragraphs with those of the copy.
    edited : EditedDocument
        Whose tracked deletions are edits, however long.
    """
    deleted = _flat(
        run.text
        for each in edited.paragraphs
        for run in each.runs
        if run.change == "deleted"
    )
    here = {tuple(each.text.split()) for each in edited.paragraphs}
    total = sum(len(each.words) for each in printed if each.layout)
    found = []
    for is_here, missed in groupby(pairs, key=lambda pair: bool(pair.new)):
        if is_here:
            continue
        group = [i for pair in missed for i in pair.old]
        gone = [i for i in group if printed[i].layout]
        texts = [printed[i].paragraph.text for i in gone]
        if not gone or any(tuple(text.split()) in here for text in texts):
            continue
        if all(_flat([text]) in deleted for text in texts):
            continue
        words = sum(len(printed[i].words) for i in gone)
        headed = any(printed[i].paragraph.heading for i in gone)
        if words >= _SHARE * total or (headed and len(gone) >= _SECTION):
            found.append(group)
    return found


def question(printed: Sequence[Printed], group: Sequence[int]) -> Note:
    """Ask about a part that is missing."""
    first = next(printed[i] for i in group if printed[i].layout)
    words = sum(len(printed[i].words) for i in group)
    what = (
        f"missing as a whole: {len(group)} paragraphs of {words} words, from "
        f"{shown(first.words, 12)} on"
    )
    mend = "delete it by hand if that is meant; it stays if the copy is a part alone"
    gone = "\n".join(joined(printed[i].words) for i in group)
    return Note("refused", place_of(first), what, mend, gone=gone)


def _flat(texts: Iterator[str] | Sequence[str]) -> str:
    return "".join("".join(text.split()) for text in texts)
