"""An edited Word file against the sources that made it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from manuscript.exchange.comments import Comments
from manuscript.exchange.edits import Edits
from manuscript.exchange.items import items_of, with_ends
from manuscript.exchange.model import EditedDocument
from manuscript.exchange.paragraphs import Paragraphs
from manuscript.exchange.phrase import Phrases
from manuscript.exchange.record import Record
from manuscript.exchange.report import Merged
from manuscript.exchange.reprint import Reprint
from manuscript.exchange.rewriting import Rewriter
from manuscript.exchange.site import Printed, locate
from manuscript.exchange.words import Pair, Word, align, words_of
from manuscript.source.reading.passages import Passage


def merge(
    base: EditedDocument,
    edited: EditedDocument,
    passages: Sequence[Passage],
    texts: Mapping[str, str],
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
        Texts of its files, line ends included.
    """
    printed = locate(base.paragraphs, passages, texts)
    words = [words_of(each) for each in edited.paragraphs]
    pairs = _pairs(printed, words)
    record, comments = Record(), Comments()
    phrases, reprint = Phrases(printed), Reprint(passages)
    gone = [printed[i] for pair in pairs if not pair.new for i in pair.old]
    paragraphs = Paragraphs(edited, words, gone, texts, phrases, reprint, record)
    edits = Edits(phrases, Rewriter(reprint, texts), record)
    last: Printed | None = None
    waiting: list[int] = []
    for pair in pairs:
        if not pair.new:
            paragraphs.take_out(printed[pair.old[0]])
        elif not pair.old:
            waiting += pair.new
        else:
            paragraphs.set_in(waiting, last, printed[pair.old[0]])
            waiting = []
            items = list(items_of([printed[i] for i in pair.old]))
            for j in pair.new:
                comments.remember(j, words[j], items)
            authors = [who for j in pair.new for who in edited.paragraphs[j].authors]
            edits.carry(items, list(with_ends([words[j] for j in pair.new])), authors)
            last = printed[pair.old[-1]]
    paragraphs.set_in(waiting, last, None)
    record.notes += comments.notes(edited.comments)
    return record.merged(texts)


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
