"""Figures of meta-analyses and series of cases, drawn from arrays and labels.

Every figure is a frozen dataclass of what it shows and a function that draws it as
a matplotlib figure. Numbers in it come as they print; only ticks are printed here.
"""

from analysis.plots.bias import Lights, traffic_lights
from analysis.plots.comparison import Compared, Comparison, compare
from analysis.plots.explorable import Explorable
from analysis.plots.flow import Titled, side_by_side
from analysis.plots.forest import Forest, Group, Intervals, Texts, forest
from analysis.plots.funnel import FunnelPlot, funnel
from analysis.plots.interval_table import (
    Cell,
    IntervalTable,
    Panel,
    PlotColumn,
    Row,
    TextColumn,
)
from analysis.plots.notice import notice
from analysis.plots.onset import Times, time_to_onset
from analysis.plots.paper.marks import Interval, Spread
from analysis.plots.paper.scales import (
    Scale,
    count_scale,
    difference_scale,
    ratio_scale,
)
from analysis.plots.paper.style import Page, is_cut, unprintable
from analysis.plots.spread import Headings, Spreading, spreads
from analysis.plots.swimmer import Lanes, swimmer
from analysis.plots.table_drawing import draw
from analysis.plots.two_arms import Printed, two_arms

__all__ = [
    "Cell",
    "Compared",
    "Comparison",
    "Explorable",
    "Forest",
    "FunnelPlot",
    "Group",
    "Headings",
    "Interval",
    "IntervalTable",
    "Intervals",
    "Lanes",
    "Lights",
    "Page",
    "Panel",
    "PlotColumn",
    "Printed",
    "Row",
    "Scale",
    "Spread",
    "Spreading",
    "TextColumn",
    "Texts",
    "Times",
    "Titled",
    "compare",
    "count_scale",
    "difference_scale",
    "draw",
    "forest",
    "funnel",
    "is_cut",
    "notice",
    "ratio_scale",
    "side_by_side",
    "spreads",
    "swimmer",
    "time_to_onset",
    "traffic_lights",
    "two_arms",
    "unprintable",
]
