"""What a document asks of a kernel, item by item, and by what each item is known."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from manuscript.execute.cells import Options
from manuscript.execute.purity import Names
from manuscript.source.documents import Cell, Document, Inline


@dataclass(frozen=True, eq=False)
class Item:
    """A cell, or the inline expressions between two cells.

    Attributes
    ----------
    cell : Cell or None
    inlines : tuple of Inline
    above : int
        How many cells stand above.
    identity : str
        All that it asks.
    roots : tuple of str or None
        Names that it starts from if, by its look, it leaves nothing behind.
    origins : mapping of str to str
        Where these come from (:class:`manuscript.execute.purity.Names`).
    """

    cell: Cell | None
    inlines: tuple[Inline, ...]
    above: int
    identity: str
    roots: tuple[str, ...] | None
    origins: Mapping[str, str] = field(default_factory=dict)


def items_of(
    document: Document,
    folder: Path,
    options: Options,
    known: Collection[tuple[int, str]],
) -> Iterator[Item]:
    """Yield what a kernel has to be asked, in order.

    Parameters
    ----------
    document : Document
    folder : Path
    options : Options
    known : collection of (int, str)
        What is answered elsewhere: the number of cells above an expression and
        its text, which is empty for the next cell itself.
    """
    names = Names(folder)
    above = 0
    for fragment in document.fragments:
        if isinstance(fragment, Cell):
            if options.of(fragment, "eval") and (above, "") not in known:
                asks = [fragment.code, *_asked_of(fragment, options)]
                roots = names.roots([fragment.code])
                origins = {n: names.origins[n] for n in roots or () if names.plain}
                yield Item(fragment, (), above, json.dumps(asks), roots, origins)
                if roots is None:
                    names.run(fragment.code)
            above += 1
            continue
        left = tuple(i for i in fragment.inlines if (above, i.expression) not in known)
        if left:
            codes = [inline.expression for inline in left]
            roots = names.roots(codes)
            yield Item(None, left, above, json.dumps(["inline", *codes]), roots)
            if roots is None:
                names.run("\n".join(codes))


def _asked_of(cell: Cell, options: Options) -> Iterator[Any]:
    """Yield the settings on which the outputs of a cell rest."""
    yield from (options.of(cell, "include"), options.of(cell, "output"))
    yield from (options.of(cell, "error"), options.dpi, *options.size)
    yield from (cell.options.values.get(f"fig-{side}") for side in ("width", "height"))


class Chain:
    """The code that leaves something behind, up to some item."""

    def __init__(self, base: str) -> None:
        self._so_far = base
        self._met: Counter[str] = Counter()

    def key(self, item: Item) -> str:
        """Name an item by its code, all that it stands on, and its turn."""
        key = digest(self._so_far, item.identity)
        self._met[key] += 1
        return f"{key}-{self._met[key]}"

    def add(self, item: Item) -> None:
        """Let the items below stand on one."""
        self._so_far = digest(self._so_far, item.identity)


def digest(*parts: str) -> str:
    """Digest texts together."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
