"""One pooled estimate under many conditions: a line of dots with intervals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analysis.plots.interval_table import (
    Cell,
    IntervalTable,
    Panel,
    PlotColumn,
    Row,
    TextColumn,
)
from analysis.plots.paper import style
from analysis.plots.paper.marks import Interval
from analysis.plots.paper.style import Page
from analysis.plots.table_drawing import draw

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Compared:
    """A pooled estimate, and how it prints.

    Attributes
    ----------
    label : str
    limits : (float, float, float)
        Estimate, lower and upper limit, on the scale of the axis; NaN if unknown.
    texts : mapping of str to Cell
        By the column in which they stand.
    main : bool
        Whether it is the main analysis, which is set off.
    """

    label: str
    limits: tuple[float, float, float]
    texts: Mapping[str, Cell]
    main: bool = False


@dataclass(frozen=True)
class Comparison:
    """One estimate under many conditions.

    Attributes
    ----------
    title : str
    axis : PlotColumn
        Its guide is the estimate of the main analysis.
    sections : mapping of str to sequence of Compared
        Under headings; a heading may be empty.
    before, after : mapping of str to TextColumn
        Columns of text on either side of the axis.
    heading : str
        Over the labels.
    """

    title: str
    axis: PlotColumn
    sections: Mapping[str, Sequence[Compared]]
    before: Mapping[str, TextColumn] = field(default_factory=dict)
    after: Mapping[str, TextColumn] = field(default_factory=dict)
    heading: str = "Analysis"

    def table(self, letter: str = "") -> IntervalTable:
        """Return it as rows of text and intervals."""
        return IntervalTable(
            columns={
                "label": TextColumn(self.heading, widest=170),
                **self.before,
                "plot": self.axis,
                **self.after,
            },
            rows=list(self._rows()),
            panels=[Panel("label", letter, self.title)],
        )

    def _rows(self) -> Iterator[Row]:
        for heading, lines in self.sections.items():
            if heading:
                yield Row({"label": Cell(heading, bold=True)}, gap=2.5, tint=True)
            for line in lines:
                mark = Interval(
                    *line.limits,
                    mark="diamond" if line.main else "dot",
                    size=0.32,
                    color=style.VERMILION if line.main else style.BLUE,
                )
                texts: dict[str, Cell | Interval] = {**line.texts, "plot": mark}
                order = ("label", *self.before, "plot", *self.after)
                cells = {"label": Cell(line.label, bold=line.main), **texts}
                yield Row({key: cells[key] for key in order if key in cells})


def compare(page: Page, *comparisons: Comparison) -> tuple[Figure, ...]:
    """Draw pooled estimates as dots with intervals, comparisons stacked."""
    letters = "ABCDEFGH" if len(comparisons) > 1 else " " * len(comparisons)
    tables = [
        comparison.table(letter.strip())
        for comparison, letter in zip(comparisons, letters, strict=False)
    ]
    return draw(page, *tables)
