"""Data frames of pandas as tables, from the HTML in which notebooks show them."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from manuscript.values.markdown import Column, Table, table

FRAME = re.compile(r'<table [^>]*class="dataframe".*?</table>', re.DOTALL)
# What pandas adds below a frame of which it shows a part.
CUT = re.compile(r"<p>\d+ rows × \d+ columns</p>")

_NUMBER = re.compile(r"[-−+]?[\d.,\s]+(?:e[-+]?\d+)?%?|NaN|", re.IGNORECASE)


class _Cells(HTMLParser):
    """Rows of a table; the first ``head`` of them are its titles."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.head = 0
        self._open = 0  # columns that the cell spans which is being read

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self._open = int(dict(attrs).get("colspan") or 1)
            self.rows[-1] += [""] * self._open

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._open = 0
        elif tag == "thead":
            self.head = len(self.rows)

    def handle_data(self, data: str) -> None:
        for column in range(1, self._open + 1):
            self.rows[-1][-column] += data


def table_of(html: str) -> Table:
    """Read a data frame; rows of titles are joined, numbers align right.

    Examples
    --------
    >>> head = "<thead><tr><th></th><th>n</th></tr></thead>"
    >>> table_of(f"<table>{head}<tr><th>a</th><td>1</td></tr></table>").rows
    (('a', '1'),)
    """
    cells = _Cells()
    cells.feed(html)
    width = max(map(len, cells.rows), default=0)
    rows = [[*row, *[""] * (width - len(row))] for row in cells.rows]
    head, body = rows[: cells.head], rows[cells.head :]
    columns = []
    for i in range(width):
        title = " ".join(row[i] for row in head if row[i])
        entries = [row[i].strip() for row in body]
        longest = max([len(title), *map(len, entries)])
        numeric = all(_NUMBER.fullmatch(entry) for entry in entries) and any(entries)
        columns.append(Column(title, max(longest, 3), "right" if numeric else "left"))
    return table(columns, body)
