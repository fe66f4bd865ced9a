"""A passage being edited: cells that can be taken away, with text set between."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from manuscript.word.compare import Layout, Piece

_EMPHASIS = ("*", "**", "***", "_", "__", "___", "^", "~", "~~")


@dataclass(frozen=True)
class _Cell:
    """The least that an edit can take away: a character, or a piece as a whole."""

    source: str
    piece: Piece
    first: int
    last: int

    @property
    def is_space(self) -> bool:
        return self.source.isspace()

    @property
    def is_markup(self) -> bool:
        return self.piece.kind == "markup" and not self.is_space


class Draft:
    """Source of a passage under edit.

    Parameters
    ----------
    layout : Layout
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._cells = list(_cells(layout))
        # Both rise along the source, so that a stretch is found by halving.
        self._firsts = [cell.first for cell in self._cells]
        self._lasts = [cell.last for cell in self._cells]
        self._gone = [False] * len(self._cells)
        # What is set before a cell, in order; the last one is the passage's end.
        self._set: dict[int, list[str]] = defaultdict(list)
        # Closing marks stand before whatever else is set at their place.
        self._closing: dict[int, list[str]] = defaultdict(list)
        self._opening: Counter[int] = Counter()
        self.protected = Counter(
            piece.source
            for piece in layout.pieces
            if piece.protected and piece.kind != "url"
        )

    def stretch(self, first: int, last: int) -> range:
        """Cells from the one that prints `first` to the one that prints `last - 1`."""
        start = bisect_right(self._lasts, first)
        stop = bisect_left(self._firsts, last)
        return range(start, stop) if start < stop else range(0)

    def piece(self, piece: Piece) -> range:
        """Cells of a piece that prints nothing by itself, such as a citation."""
        for index, cell in enumerate(self._cells):
            if cell.piece is piece:
                return range(index, index + 1)
        return range(0)

    def take(self, cells: range, *, computed: bool = False) -> None:
        """Take words away; markup between them stays, and so does what is computed."""
        for index in cells:
            cell = self._cells[index]
            if cell.is_markup or (cell.piece.protected and not computed):
                continue
            self._gone[index] = True
            if cell.piece.protected and cell.piece.kind != "url":
                self.protected[cell.source] -= 1

    def set_before(self, cells: range, text: str, *, leave: bool) -> None:
        """Set text before a word; `leave` sets it before the emphasis that opens."""
        index = cells.start
        while leave and index and self._cells[index - 1].source in (*_EMPHASIS, "["):
            index -= 1
        self._set[index].append(text)

    def set_after(self, cells: range, text: str, *, leave: bool) -> None:
        """Set text after a word.

        Parameters
        ----------
        cells : range
            Of the word.
        text : str
        leave : bool
            Whether the emphasis around the word ends before the text.
        """
        index = cells.stop
        while index < len(self._cells):
            cell = self._cells[index]
            closes = cell.source.startswith("]") or (leave and cell.source in _EMPHASIS)
            if not (cell.is_markup and closes):
                break
            index += 1
        self._set[index].append(text)

    def space_before(self, cells: range, wanted: bool) -> None:
        """See to it that there is space before a word, or none."""
        if not cells:
            return
        for index in range(cells.start, -1, -1):
            if texts := self._set.get(index):
                # Text set before this cell is what the word follows now.
                if wanted and not texts[-1][-1:].isspace():
                    texts.append(" ")
                elif not wanted and not texts[-1].endswith("\n"):
                    texts[-1] = texts[-1].rstrip()
                return
            if index == 0:
                return
            cell = self._cells[index - 1]
            if cell.is_space and not self._gone[index - 1]:
                self._gone[index - 1] = not (wanted or self._opens_note(index - 1))
                return
            if not (cell.is_markup or self._gone[index - 1]):
                break
        if wanted:
            self._set[cells.start].append(" ")

    def _opens_note(self, index: int) -> bool:
        """Whether a space stands after what says which note it is, ``[^1]:``."""
        before = self._cells[index - 1] if index else None
        return before is not None and before.is_markup and before.source == ":"

    def take_space_before(self, cells: range) -> bool:
        """Take the space right before a word; tells whether there was one."""
        index = cells.start - 1
        if index >= 0 and self._cells[index].is_space and not self._gone[index]:
            self._gone[index] = True
            return True
        return False

    def is_plain(self, cells: range) -> bool:
        """Whether a stretch holds words alone, without markup or computed pieces."""
        return all(
            not self._cells[i].is_markup and not self._cells[i].piece.protected
            for i in cells
        )

    def wrap(self, cells: range, opening: str, closing: str) -> None:
        """Set a mark before a stretch and another after it, outside earlier ones."""
        self._set[cells.start].insert(self._wrapped(cells.start), opening)
        self._closing[cells.stop].append(closing)

    def words(self, cells: range) -> Iterator[range]:
        """Yield the words of a stretch."""
        start = cells.start
        for index in (*cells, cells.stop):
            if index == cells.stop or self._cells[index].is_space:
                if start < index:
                    yield range(start, index)
                start = index + 1

    def _wrapped(self, at: int) -> int:
        """Where the marks begin among what is set before a cell."""
        self._opening[at] += 1
        return len(self._set[at]) - self._opening[at] + 1

    def unwrap(self, cells: range, opening: str, closing: str) -> bool:
        """Take away marks right around a stretch; tells whether they were there."""
        before, after = cells.start - 1, cells.stop
        if before < 0 or after >= len(self._cells):
            return False
        first, last = self._cells[before].source, self._cells[after].source
        if first == opening and (
            last == closing or (opening == "[" and last[:2] == "](")
        ):
            self._gone[before] = self._gone[after] = True
            return True
        return False

    def restore(self, cells: Sequence[int]) -> None:
        """Leave what was to be taken away."""
        for index in cells:
            self._gone[index] = False

    def source(self) -> str:
        """Write the source as it is now."""
        gone = list(self._gone)
        self._drop_empty_markup(gone)
        text: list[str] = []
        for index, cell in enumerate(self._cells):
            text += self._closing.get(index, []) + self._set.get(index, [])
            if not gone[index]:
                text.append(cell.source)
        last = len(self._cells)
        text += self._closing.get(last, []) + self._set.get(last, [])
        return "".join(text)

    def _drop_empty_markup(self, gone: list[bool]) -> None:
        """Drop markers with nothing left between them."""
        dropped = True
        while dropped:
            dropped = False
            left = [i for i, cell in enumerate(self._cells) if not gone[i]]
            for one, other in pairwise(left):
                if other == one + 1 or any(
                    self._set.get(i) for i in range(one + 1, other + 1)
                ):
                    continue
                opening, closing = self._cells[one], self._cells[other]
                if not (opening.is_markup and closing.is_markup):
                    continue
                same = opening.source == closing.source and opening.source in _EMPHASIS
                span = opening.source == "[" and closing.source.startswith("]")
                if same or span:
                    gone[one] = gone[other] = True
                    dropped = True
                    break


def _cells(layout: Layout) -> Iterator[_Cell]:
    for piece in layout.pieces:
        if piece.kind == "text" and len(piece.source) == piece.last - piece.first:
            for offset, character in enumerate(piece.source):
                at = piece.first + offset
                yield _Cell(character, piece, at, at + 1)
        else:
            yield _Cell(piece.source, piece, piece.first, piece.last)
