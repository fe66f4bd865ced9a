"""An edited Word file against the sources that made it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from manuscript.source import Passage, Works
from manuscript.word.carry.edits import Edits
from manuscript.word.carry.paragraphs import Paragraphs, shape_of
from manuscript.word.carry.phrase import Phrases
from manuscript.word.carry.record import Record
from manuscript.word.carry.reprint import Reprint
from manuscript.word.carry.rewriting import Rewriter
from manuscript.word.compare import (
    Comments,
    Library,
    Merged,
    Note,
    Pair,
    Printed,
    Word,
    align,
    citing,
    deletions,
    described,
    items_of,
    joined,
    locate,
    missing,
    question,
    shown,
    with_ends,
    words_of,
)
from manuscript.word.package import EditedDocument

_SHORT: Final = 12  # words of a heading


def merge(
    base: EditedDocument,
    edited: EditedDocument,
    passages: Sequence[Passage],
    texts: Mapping[str, str],
    library: Library | None = None,
    bibliography: str = "",
    held: Collection[int] = (),
) -> Merged:
    """Bring the edits of a Word file back to the sources.

    Parameters
    ----------
    base : EditedDocument
        The Word file that the sources make.
    edited : EditedDocument
        The copy that a co-author edited; tracked changes count as made.
    passages : sequence of Passage
        Of the document, in reading order.
    texts : mapping of str to str
        Texts of its files, line ends included, and of the bibliography.
    library : Library, optional
        Works that can be cited.
    bibliography : str, optional
        Name of the file that takes new works.
    held : collection of int
        Indices of paragraphs of `base` that stay as they are.
    """
    library = library or Library()
    printed = locate(base.paragraphs, passages, texts)
    words = [words_of(each) for each in edited.paragraphs]
    pairs = list(_renamed(_pairs(printed, words), base, edited, words))
    record, comments = Record(), Comments()
    controlled = any(run.computed for each in edited.paragraphs for run in each.runs)
    phrases = Phrases(
        printed,
        citing(base, library.resolve, library.named),
        library,
        controlled=controlled,
    )
    reprint = Reprint(passages)
    gone = [printed[i] for pair in pairs if not pair.new for i in pair.old]
    paragraphs = Paragraphs(edited, words, gone, texts, phrases, reprint, record)
    edits = Edits(phrases, Rewriter(reprint, texts), record)
    absent = missing(printed, pairs, edited)
    record.notes += [question(printed, group) for group in absent]
    kept = {i for group in absent for i in group}
    last: Printed | None = None
    waiting: list[int] = []
    for pair in pairs:
        if not pair.new:
            one = printed[pair.old[0]]
            if pair.old[0] in kept:
                last = one
            elif pair.old[0] in held:
                _hold(record, one, one.words, [])
            else:
                paragraphs.take_out(one)
        elif not pair.old:
            waiting += pair.new
        else:
            paragraphs.set_in(waiting, last, printed[pair.old[0]])
            waiting = []
            items = list(items_of([printed[i] for i in pair.old]))
            for j in pair.new:
                comments.remember(j, words[j], items)
            now = list(with_ends([words[j] for j in pair.new]))
            if held and not set(pair.old).isdisjoint(held):
                was = list(with_ends([printed[i].words for i in pair.old]))
                _hold(record, printed[pair.old[0]], was, now)
            else:
                changed = [edited.paragraphs[j] for j in pair.new]
                shape = _shape(base, edited, printed, pair)
                edits.carry(items, now, deletions(changed), shape)
            last = printed[pair.old[-1]]
    paragraphs.set_in(waiting, last, None)
    paragraphs.finish()
    for key, item in library.added.items():
        what = f"new entry @{key}: {described(item)}"
        mend = "check it against the work itself"
        record.notes.append(Note("look", bibliography, what, mend))
    record.notes += comments.notes(edited.comments)
    merged = record.merged(texts)
    if library.added and bibliography in texts:
        works = Works(bibliography, texts[bibliography], ())
        return Merged(
            {**merged.old, bibliography: texts[bibliography]},
            {**merged.new, bibliography: works.extended(library.added.values())},
            merged.notes,
        )
    return merged


def _hold(
    record: Record, printed: Printed, was: Sequence[Word], now: Sequence[Word]
) -> None:
    """Note a paragraph whose edits would not print as the copy has them."""
    if [word.key for word in was] == [word.key for word in now]:
        return
    what = f"edits of {shown(printed.words, 12)}"
    mend = "they would not print as the copy has them: write them by hand"
    record.note("refused", printed, what, mend, words=(joined(was), joined(now)))


def _shape(
    base: EditedDocument,
    edited: EditedDocument,
    printed: Sequence[Printed],
    pair: Pair,
) -> str | None:
    """Return the mark that a paragraph has now, where it had another one."""
    if len(pair.old) != 1 or len(pair.new) != 1:
        return None
    was, now = base.paragraphs[pair.old[0]], edited.paragraphs[pair.new[0]]
    layout = printed[pair.old[0]].layout
    if layout is None or was.where != "body" or now.where != "body":
        return None
    kinds = {"heading": was.heading > 0, "item": bool(was.bullet)}
    if not kinds.get(layout.passage.kind, layout.passage.kind == "paragraph"):
        return None
    return shape_of(now) if shape_of(was) != shape_of(now) else None


def _renamed(
    pairs: Sequence[Pair],
    base: EditedDocument,
    edited: EditedDocument,
    words: Sequence[Sequence[Word]],
) -> Iterator[Pair]:
    """Pair a heading or cell that is gone with the one new in its place.

    A heading of other words is still the heading of its section.
    """
    for whole, group in groupby(pairs, key=lambda pair: bool(pair.old and pair.new)):
        found = list(group)
        gone = [i for pair in found for i in pair.old]
        came = [j for pair in found for j in pair.new]
        if whole or len(gone) != 1 or len(came) != 1:
            yield from found
            continue
        [i], [j] = gone, came
        was, now = base.paragraphs[i], edited.paragraphs[j]
        short = max(len(words_of(was)), len(words[j])) <= _SHORT
        renamed = short and was.heading and shape_of(was) == shape_of(now)
        if renamed or (was.cell and was.cell == now.cell):
            yield Pair((i,), (j,))
        else:
            yield from found


def _pairs(printed: Sequence[Printed], words: Sequence[Sequence[Word]]) -> list[Pair]:
    """Pair printed paragraphs with those of the copy, empty ones left out."""
    old = [i for i, each in enumerate(printed) if each.words]
    new = [j for j, each in enumerate(words) if each]
    pairs = align(
        [printed[i].keys for i in old], [[word.key for word in words[j]] for j in new]
    )
    return [
        Pair(tuple(old[i] for i in pair.old), tuple(new[j] for j in pair.new))
        for pair in pairs
    ]
