"""Data sets on which figures are tried."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st

from analysis.letter.data import Trials, described
from analysis.letter.study import Study, study


@dataclass(frozen=True)
class Counts:
    name: str
    control_class: str
    events: int
    n: int
    control_events: int
    control_n: int


def study_of(counts: list[Counts]) -> Study:
    trials = Trials(
        file="data/trials.csv",
        described=described(),
        basis="reconstruction",
        line=np.arange(2, len(counts) + 2),
        trial=tuple(c.name for c in counts),
        control_class=tuple(c.control_class for c in counts),
        n_treated=np.array([c.n for c in counts]),
        n_control=np.array([c.control_n for c in counts]),
        events_treated=np.array([c.events for c in counts]),
        events_control=np.array([c.control_events for c in counts]),
        median_followup_months=np.full(len(counts), np.nan),
        source_type=("registry",) * len(counts),
    )
    return Study(trials, study().cases)


@st.composite
def counts(draw: st.DrawFn, name: str = "T") -> Counts:
    n, control_n = draw(st.integers(2, 20_000)), draw(st.integers(2, 20_000))
    return Counts(
        name=name
        + draw(st.sampled_from(["1", " 2 (2009)", "_$x$_", " with a long name"])),
        control_class=draw(st.sampled_from(described().keys)),
        events=min(n, draw(st.integers(0, 12))),
        n=n,
        control_events=min(control_n, draw(st.integers(0, 12))),
        control_n=control_n,
    )


def data_sets(most: int = 14) -> st.SearchStrategy[list[Counts]]:
    def named_apart(data: list[Counts]) -> list[Counts]:
        return [replace(c, name=f"{i} {c.name}") for i, c in enumerate(data)]

    return st.lists(counts(), min_size=1, max_size=most).map(named_apart)
