"""Long tables are written beside the rest of a document, where that says the same.

They are most of the tree of a supplement, and pandoc works on one core. Of a table
its writers know nothing but what stands in it, if that is no citation and no note;
of filters, only the press's own are known to look at each table by itself.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from manuscript.compose import pandoc
from manuscript.compose.pandoc import Node, raw

# SHA-256 of the filters in partials/.
FILTERS = frozenset(
    (
        "470261acbd12034c3b8844facd3755c6fe18dd741a0bb7d7b729a582b494531d",
        "4f6d47e5f934c2f9df51f549aa9bd0f6c6e0b1694b96ea334dd395c3a8164546",
        "738bae3f6d765cf71c0f6adeb249fae502b29d7c8437be076ea091c0dd976be4",
        "974a744604917637c45fbc03e6f596bb142f3cd070207ebb2eb6665ee3e50110",
    )
)
# Fewer rows take no longer than a process of their own.
ROWS = 60
_COMMENTS = {"html": "<!--{}-->", "typst": "/*{}*/"}


class Apart:
    """Tables taken out of a document.

    Parameters
    ----------
    to : {"html", "typst"}

    Attributes
    ----------
    blocks : list of dict
        The tables, a mark before each.
    """

    def __init__(self, to: str) -> None:
        self._to = to
        # No text holds it by chance.
        self._name = secrets.token_hex(16)
        self.blocks: list[Node] = []

    def take(self, blocks: list[Node]) -> None:
        """Take tables out of a list of blocks, and leave a mark for each.

        Where they stand in a list, a quotation or a table, pandoc indents them.
        """
        for place, block in enumerate(blocks):
            if block["t"] in ("Div", "Figure"):
                self.take(block["c"][-1])
            elif block["t"] == "Table" and not _needs_others(block):
                number = len(self.blocks) // 2
                comment = _COMMENTS[self._to].format(f"{self._name} {number}")
                blocks[place] = raw(self._to, comment)
                self.blocks += [blocks[place], block]

    def put_back(self, text: str, tables: str) -> str:
        """Put written tables where their marks stand in a written document."""
        opening, closing = map(re.escape, _COMMENTS[self._to].split("{}"))
        mark = re.compile(rf"{opening}{self._name} ([0-9]+){closing}\n?")
        _, *written = mark.split(tables)
        by_number = dict(zip(written[::2], written[1::2], strict=True))
        return mark.sub(lambda found: by_number[found[1]], text)


def _needs_others(table: Node) -> bool:
    return any(pandoc.elements(table, "Cite", "Note"))


def possible(to: str, blocks: list[Node], filters: Iterable[str], root: Path) -> bool:
    """Whether a document has tables that can be taken out, and are worth it.

    Parameters
    ----------
    to : str
    blocks : list of dict
    filters : iterable of str
        Paths, below the project's folder.
    root : Path
    """
    if to not in _COMMENTS:
        return False
    tables = pandoc.elements(blocks, "Table")
    rows = sum(len(body[3]) for table in tables for body in table["c"][4])
    if rows < ROWS:
        return False
    read = ((root / path).read_bytes() for path in filters)
    return all(sha256(each).hexdigest() in FILTERS for each in read)
