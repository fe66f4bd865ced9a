"""Views that exist only of collected data: of invented data nothing is drawn.

The course of single patients, the order in which trials were published or grew,
and the shape of a distribution between published quantiles are a matter of
chance in a reconstruction. Each view here is drawn, with its legend, as soon as
``data/basis.csv`` says that its data are collected or published, or a licensed
extract lies in ``restricted/``; until then it shows nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from analysis.letter.figures.sensitivity import cumulative
from analysis.letter.figures.swimmer import swimmer
from analysis.letter.figures.vigibase import time_to_onset
from analysis.letter.study import Study
from manuscript.values import Picture


@dataclass(frozen=True)
class View:
    """A figure, its legend, and whether its data are more than chance."""

    exists: Callable[[Study], bool]
    draw: Callable[[Study], Picture]
    legend: str


@dataclass(frozen=True)
class Legend:
    """Words below a figure."""

    text: str

    def _repr_markdown_(self) -> str:
        return self.text


VIEWS: Mapping[str, View] = {
    "course": View(
        lambda study: not study.cases.is_invented,
        lambda study: swimmer(study.cases),
        "**Course of the detailed cases.** Time on lenalidomide, onset of acute "
        "lymphoblastic leukemia and death. A living patient's lane ends at onset.",
    ),
    "cumulative": View(
        lambda study: not study.trials.is_invented,
        cumulative,
        "**Cumulative evidence.** Peto odds ratio as trials are added, largest first.",
    ),
    "onset": View(
        lambda study: not study.reports.synthetic,
        lambda study: time_to_onset(study.reports),
        "**Time from the first dose of lenalidomide to onset in VigiBase.** Reports "
        "by whole years, under median, quartiles and extremes.",
    ),
}


def view(name: str, study: Study) -> Picture | None:
    """Draw a view of collected data; None of invented data.

    Parameters
    ----------
    name : {"course", "cumulative", "onset"}
    study : Study
    """
    one = VIEWS[name]
    return one.draw(study) if one.exists(study) else None


def legend(name: str, study: Study) -> Legend | None:
    """Return the legend of a view of collected data; None of invented data."""
    one = VIEWS[name]
    return Legend(one.legend) if one.exists(study) else None
