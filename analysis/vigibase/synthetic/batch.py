"""Reports to be drawn, and where their rows begin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.vigibase.synthetic.chance import Ints
from analysis.vigibase.synthetic.lines import Bytes
from analysis.vigibase.synthetic.plan import NONE, Plan, Source

Columns = dict[str, Bytes]

FIRST_REPORT = 100_000_001
FIRST_ROW = 1_000_000_001  # of DRUG and of ADR


@dataclass(frozen=True)
class Batch:
    """Reports to be drawn.

    Attributes
    ----------
    number : int
        Reports drawn before.
    size : int
    special : (s,) array
        Places in the batch of the reports that follow the plan, ascending.
    plan : Plan
        One entry for each of these.
    source : Source
    """

    number: int
    size: int
    special: Ints
    plan: Plan
    source: Source

    @property
    def report_id(self) -> Ints:
        """Ids of the reports."""
        return FIRST_REPORT + self.number + np.arange(self.size)

    @property
    def of_plan(self) -> Ints:
        """Place of each report in the plan; ``NONE`` for the background."""
        places = np.full(self.size, NONE)
        places[self.special] = np.arange(len(self.special))
        return places


@dataclass(frozen=True)
class Rows:
    """Rows of DRUG or ADR: how many each report has, and where they begin.

    Attributes
    ----------
    report : (n,) array
        Place of each row's report.
    counts, first : (reports,) array
    """

    report: Ints
    counts: Ints
    first: Ints

    @classmethod
    def of(cls, counts: Ints) -> Rows:
        """Make the rows of reports with these counts, report after report."""
        return cls(
            np.repeat(np.arange(len(counts)), counts),
            counts,
            np.cumsum(counts) - counts,
        )
