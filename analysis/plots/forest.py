"""Forest plots: trials in groups with their pools, one or more measures beside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analysis.plots.interval_table import (
    Cell,
    IntervalTable,
    Panel,
    PlotColumn,
    Row,
    TextColumn,
)
from analysis.plots.paper import style
from analysis.plots.paper.marks import Interval, Mark
from analysis.plots.paper.style import Page
from analysis.plots.table_drawing import draw

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_INDENT = "\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Texts:
    """A column of text.

    Attributes
    ----------
    column : TextColumn
    trials : sequence of k Cell
    pools : sequence of Cell
        One for each group that has a pool, then one for all trials; empty where
        pools have none.
    """

    column: TextColumn
    trials: Sequence[Cell]
    pools: Sequence[Cell] = ()


@dataclass(frozen=True)
class Intervals:
    """A column of intervals: trials as squares, pools as diamonds.

    Attributes
    ----------
    column : PlotColumn
    trials : (k, 3) array
        Estimates with their limits on the scale of the axis; NaN if unknown.
    size : (k,) array
        Areas of the squares as shares of the largest, in [0, 1].
    pools : (g + 1, 3) array
        Of each group that has a pool, then of all trials.
    """

    column: PlotColumn
    trials: NDArray[np.float64]
    size: NDArray[np.float64]
    pools: NDArray[np.float64]


@dataclass(frozen=True)
class Group:
    """Trials under a heading, with the pool of them below.

    Attributes
    ----------
    heading : str
        Empty for trials that stand under none; these have no pool of their own.
    trials : sequence of int
        Their places.
    notes : mapping of str to str
        Below the pool, by column.
    """

    heading: str
    trials: Sequence[int]
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Forest:
    """What a forest plot shows.

    Attributes
    ----------
    columns : mapping of str to (Texts or Intervals)
        From left to right; the first holds the names.
    groups : sequence of Group
    notes : sequence of mapping of str to str
        Lines below everything, by column.
    below : sequence of mapping of str to (Cell or Mark)
        Rows below the last pool, by column, such as its prediction interval.
    panels : sequence of Panel
    """

    columns: Mapping[str, Texts | Intervals]
    groups: Sequence[Group]
    notes: Sequence[Mapping[str, str]] = ()
    panels: Sequence[Panel] = ()
    below: Sequence[Mapping[str, Cell | Mark]] = ()

    def table(self) -> IntervalTable:
        """Return it as rows of text and intervals."""
        return IntervalTable(
            {key: column.column for key, column in self.columns.items()},
            list(self._rows()),
            [self._note(note) for note in self.notes],
            self.panels,
        )

    @property
    def _names(self) -> str:
        return next(iter(self.columns))

    def _rows(self) -> Iterator[Row]:
        pools = 0
        for group in self.groups:
            if group.heading:
                yield Row({self._names: Cell(group.heading, bold=True)}, gap=2)
            for trial in group.trials:
                yield self._trial(trial, _INDENT if group.heading else "")
            if group.heading:
                yield Row(self._pool(pools, style.BLUE), tint=True)
                pools += 1
            if group.notes:
                yield self._note(group.notes, muted=True)
        yield Row(
            self._pool(pools, style.VERMILION),
            tint=True,
            rule=True,
            gap=4.0 if pools else 3.0,
        )
        for cells in self.below:
            yield Row(cells)

    def _trial(self, i: int, indent: str) -> Row:
        cells: dict[str, Cell | Mark] = {}
        for key, column in self.columns.items():
            if isinstance(column, Texts):
                cells[key] = column.trials[i]
            else:
                estimate, low, high = map(float, column.trials[i])
                size = float(column.size[i])
                cells[key] = Interval(estimate, low, high, size=size)
        name = cells[self._names]
        assert isinstance(name, Cell)
        cells[self._names] = replace(name, text=indent + name.text)
        return Row(cells)

    def _pool(self, pool: int, color: str) -> dict[str, Cell | Mark]:
        cells: dict[str, Cell | Mark] = {}
        for key, column in self.columns.items():
            if isinstance(column, Intervals):
                estimate, low, high = map(float, column.pools[pool])
                cells[key] = Interval(estimate, low, high, "diamond", color=color)
            elif column.pools:
                cells[key] = column.pools[pool]
        return cells

    def _note(self, note: Mapping[str, str], *, muted: bool = False) -> Row:
        return Row(
            {
                key: Cell(text, muted=muted, small=True, spans=key == self._names)
                for key, text in note.items()
            }
        )


def forest(plot: Forest, page: Page) -> tuple[Figure, ...]:
    """Draw a forest plot with any number of trials, groups and measures."""
    return draw(page, plot.table())
