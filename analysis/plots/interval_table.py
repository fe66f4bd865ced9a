"""A table in which some columns print text and others plot intervals.

Forest plots, leave-one-out and cumulative analyses and comparisons of methods
are all such tables. Columns of text take the width of their longest entry;
plots share what is left of the page.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.plots.paper import style
from analysis.plots.paper.marks import Mark
from analysis.plots.paper.scales import Scale
from analysis.plots.paper.sheet import Align


@dataclass(frozen=True)
class Cell:
    """Text of a cell.

    Attributes
    ----------
    text : str
    tail : str
        Printed after ``text``, which is then set flush right against it: an
        interval after its estimate.
    bold, muted, small : bool
    spans : bool
        Whether it may run on over the text columns to its right, and break
        into lines at the next plot.
    """

    text: str
    tail: str = ""
    bold: bool = False
    muted: bool = False
    small: bool = False
    spans: bool = False

    @property
    def size(self) -> float:
        """Size of the lettering in points."""
        return style.SMALL if self.small else style.BODY

    @property
    def color(self) -> str:
        """Colour of the lettering."""
        return style.MUTED if self.muted else style.INK


@dataclass(frozen=True)
class TextColumn:
    """A column of text.

    Attributes
    ----------
    header : str
        Lines separated by line feeds.
    group : str
        Heading over adjoining columns of the same group.
    space : float
        Extra points before the column.
    widest : float
        Points beyond which entries break into two lines; what does not fit into
        them is left out, and an ellipsis says so.
    """

    header: str
    align: Align = "left"
    group: str = ""
    space: float = 0.0
    widest: float = math.inf


@dataclass(frozen=True)
class PlotColumn:
    """A column of intervals on one axis.

    Attributes
    ----------
    scale : Scale
    title : str
        Below the axis.
    share : float
        Share of the width that the text leaves.
    null : float, optional
        Where no effect lies: a solid line.
    guide : float, optional
        A dashed line, such as the overall estimate.
    below, above : str
        What it means to lie on either side of ``null``.
    header : str
    space : float
        Extra points before the column.
    """

    scale: Scale
    title: str
    share: float = 1.0
    null: float | None = None
    guide: float | None = None
    below: str = ""
    above: str = ""
    header: str = ""
    space: float = 0.0


Column = TextColumn | PlotColumn


@dataclass(frozen=True)
class Row:
    """Cells and intervals by key of their column."""

    cells: Mapping[str, Cell | Mark]
    tint: bool = False
    rule: bool = False
    gap: float = 0.0

    def texts(self) -> list[tuple[str, Cell]]:
        """Cells that hold text, with their columns."""
        return [
            (key, cell) for key, cell in self.cells.items() if isinstance(cell, Cell)
        ]


@dataclass(frozen=True)
class Panel:
    """A letter and a title over a column."""

    column: str
    letter: str
    title: str


@dataclass(frozen=True)
class IntervalTable:
    """What is drawn.

    Attributes
    ----------
    columns : mapping of str to Column
        From left to right.
    rows : sequence of Row
    notes : sequence of Row
        Rows of text beside the axes, below all intervals.
    panels : sequence of Panel
    """

    columns: Mapping[str, Column]
    rows: Sequence[Row]
    notes: Sequence[Row] = ()
    panels: Sequence[Panel] = ()

    def plots(self) -> dict[str, PlotColumn]:
        """Columns that plot."""
        return {
            key: column
            for key, column in self.columns.items()
            if isinstance(column, PlotColumn)
        }

    def groups(self) -> dict[str, list[str]]:
        """Keys of the columns under each group heading."""
        groups: dict[str, list[str]] = {}
        for key, column in self.columns.items():
            if isinstance(column, TextColumn) and column.group:
                groups.setdefault(column.group, []).append(key)
        return groups
