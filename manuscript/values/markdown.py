"""Tables as Markdown: pipe tables whose column widths are set.

The number of dashes under a column's title is its share of the text width;
pandoc honors it in every format as soon as a line is longer than 72 columns,
which the dashes alone are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from manuscript.values.templates import Lookup, fill
from manuscript.values.value import Span, Value

NOT_KNOWN = "–"

_DASHES = 100
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~^$@&])")
_DASH_PAIR = re.compile(r"-(?=-)")

Align = Literal["left", "center", "right"]


class Markup(str):
    """Text that is Markdown already."""

    __slots__ = ()


Cell = str | Value | Span


@dataclass(frozen=True)
class Column:
    """A column: its title, its share of the width, and how its cells align."""

    title: str
    width: float
    align: Align = "left"


@dataclass(frozen=True)
class Table:
    """A table that prints as Markdown.

    Attributes
    ----------
    columns : tuple of Column
    rows : tuple of tuple of Cell
        Plain text is escaped; :class:`Markup`, values and spans are not.
    notes : tuple of Cell
        Stand below the table.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[Cell, ...] = ()

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(
                    f"{len(row)} cells in a table of {len(self.columns)} columns: {row}"
                )

    def _repr_markdown_(self) -> str:
        titles = [markdown(column.title) for column in self.columns]
        rows = [[markdown(cell) for cell in row] for row in self.rows]
        lines = [_line(cells) for cells in (titles, self._rule(), *rows)]
        if self.notes:
            notes = " ".join(map(markdown, self.notes))
            lines += ["", "::: {.notes}", notes, ":::"]
        return "\n".join(lines) + "\n"

    def _rule(self) -> list[str]:
        share = _DASHES / sum(column.width for column in self.columns)
        return [
            _rule(column.align, max(3, round(share * column.width)))
            for column in self.columns
        ]


def table(
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    notes: Iterable[Cell] = (),
) -> Table:
    """Make a table of rows."""
    return Table(tuple(columns), tuple(tuple(row) for row in rows), tuple(notes))


def heading(title: Cell, columns: Sequence[Column]) -> tuple[Cell, ...]:
    """Make a row that opens a group; ``partials/tables.lua`` lets it span."""
    return (Markup(f"[{bold(title)}]{{.group}}"), *[""] * (len(columns) - 1))


def markdown(cell: Cell) -> str:
    """Write a cell as Markdown."""
    if isinstance(cell, Markup):
        return str(cell)
    if isinstance(cell, str):
        return escape(cell)
    return cell._repr_markdown_()


def escape(text: str) -> str:
    r"""Write text so that none of it is taken for markup.

    Examples
    --------
    >>> print(escape("A|B *x* @y"))
    A\|B \*x\* \@y
    """
    return _DASH_PAIR.sub(r"\-", _SPECIAL.sub(r"\\\1", text))


def join(*cells: Cell) -> Markup:
    """Write cells one after the other in one cell."""
    return Markup("".join(markdown(cell) for cell in cells))


def bold(cell: Cell) -> Markup:
    """Write a cell in bold."""
    return Markup(f"**{markdown(cell)}**")


def link(text: str, url: str) -> Markup:
    """Link text to an address."""
    return Markup(f"[{escape(text)}](<{url}>)")


def cite(references: str) -> Markup:
    """Cite references by their keys, separated by blanks."""
    keys = references.split()
    return Markup("[" + "; ".join(f"@{key}" for key in keys) + "]" if keys else "")


def filled(template: str, v: Lookup) -> Markup:
    """Write a text of the data, with the values that it names between braces."""
    return Markup(fill(template, v, Value._repr_markdown_, escape))


def estimate(value: Value, interval: Span) -> Markup:
    """Write an estimate with its interval; a missing one as not known."""
    if value.number != value.number:
        return Markup(NOT_KNOWN)
    return join(value, " (", interval, ")")


def bare(value: Value) -> Value:
    """Write a value in a column of its kind: a P value without its equals sign."""
    return replace(value, printed=value.text.removeprefix("= "))


def known(cell: str) -> str:
    """Write text with a capital, or a dash where there is none."""
    return cell[:1].upper() + cell[1:] or NOT_KNOWN


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


_RULES: dict[Align, Callable[[str], str]] = {
    "left": lambda dashes: f":{dashes}",
    "center": lambda dashes: f":{dashes[1:]}:",
    "right": lambda dashes: f"{dashes}:",
}


def _rule(align: Align, width: int) -> str:
    return _RULES[align]("-" * width)
