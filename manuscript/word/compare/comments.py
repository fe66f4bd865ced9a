"""Comments, each with the place in the sources that it is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from manuscript.word.compare.items import Item, equal
from manuscript.word.compare.report import Note
from manuscript.word.compare.telling import place_of, shortened
from manuscript.word.compare.words import Word, compare
from manuscript.word.package import Comment


class Comments:
    """Knows where the words of an edited copy stand in the sources."""

    def __init__(self) -> None:
        # By paragraph of the copy: where a word begins in it, and its file:line.
        self._places: dict[int, list[tuple[int, str]]] = {}

    def remember(
        self, index: int, words: Sequence[Word], items: Sequence[Item]
    ) -> None:
        """Keep where the words of an edited paragraph stand.

        Parameters
        ----------
        index : int
            Of the paragraph.
        words : sequence of Word
            Of the paragraph.
        items : sequence of Item
            The printed words that it was made from.
        """
        hunks = compare([item.word.key for item in items], [word.key for word in words])
        found = []
        for i, j in equal(items, words, hunks):
            site, layout = items[i].site, items[i].printed.layout
            if site and layout:
                line, _ = layout.passage.place(site.first)
                found.append((words[j].start, f"{layout.passage.file}:{line}"))
        if not found and items and (place := place_of(items[0].printed)):
            found = [(0, place)]
        self._places[index] = found

    def notes(self, comments: Iterable[Comment]) -> Iterator[Note]:
        """Yield a note for each thread of comments."""
        listed = list(comments)
        answers: dict[int, list[int]] = defaultdict(list)
        for index, comment in enumerate(listed):
            answers[comment.thread].append(index)
        for index in answers[-1]:
            comment = listed[index]
            words = f" on “{shortened(comment.words)}”" if comment.words else ""
            lines = [f"{_said(comment, words)}{' [resolved]' * comment.resolved}"]
            waiting = answers[index][::-1]
            while waiting:
                reply = waiting.pop()
                lines.append(f"  {_said(listed[reply])}")
                waiting += answers[reply][::-1]
            place = self._place(comment)
            yield Note("comment", place, "\n".join(lines))

    def _place(self, comment: Comment) -> str:
        """Find the place of its first word, or the nearest one before it."""
        for index in range(comment.paragraph, -1, -1):
            if found := self._places.get(index):
                if index < comment.paragraph:
                    return found[-1][1]
                at_or_after = (p for start, p in found if start >= comment.offset)
                return next(at_or_after, found[-1][1])
        return ""


def _said(comment: Comment, words: str = "") -> str:
    """Say who wrote what, and when."""
    date = f", {comment.date[:10]}" if comment.date else ""
    text = comment.text.replace("\n", "\n    ")
    return f"{comment.author or 'unnamed'}{date}{words}: {text}"
