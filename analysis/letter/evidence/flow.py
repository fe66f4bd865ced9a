"""Flow diagrams of the review and of the reports, their numbers taken from values."""

from __future__ import annotations

from functools import lru_cache

from analysis.letter.evidence.records import EVIDENCE
from analysis.review import Box, Flow, Stage, read_stages
from manuscript.values import Lookup, fill

FLOWS = ("review", "vigibase")


def flow(name: str, v: Lookup) -> Flow:
    """Set up a flow diagram and check that it adds up.

    Parameters
    ----------
    name : {"review", "vigibase"}
    v : callable
        Gives the value of a key.

    Raises
    ------
    FlowError
        With every box whose parts do not sum to it.
    """
    diagram = Flow(name, tuple(_box(row, v) for row in _stages() if row.flow == name))
    diagram.check()
    return diagram


def _box(row: Stage, v: Lookup) -> Box:
    value = v(row.key) if row.key else None
    return Box(
        row.box,
        fill(row.label, v),
        None if value is None else value.number,
        "" if value is None else value.text,
        row.part_of,
        row.place,
        row.phase,
    )


@lru_cache(maxsize=1)
def _stages() -> tuple[Stage, ...]:
    return read_stages(EVIDENCE, "flow.csv", FLOWS)
