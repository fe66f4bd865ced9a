"""Flow diagrams as data, whose numbers must add up.

A box may be split into parts; where all of them have a number the parts sum
to the box, and where some have none they sum to no more. A stage whose number
the published letter does not give is kept, without one; what comes after it
may still not exceed what came before.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from analysis.letter.evidence.records import read, refuse, text
from analysis.schema import free_text, one_of
from manuscript.values.templates import Lookup, fill
from manuscript.values.value import Value

FLOWS = ("review", "vigibase")
NOT_PUBLIC = "not public"

Place = Literal["main", "side", "group"]


class FlowError(ValueError):
    """A flow whose numbers do not add up; names the boxes."""


@dataclass(frozen=True)
class _Row:
    flow: str
    box: str
    label: str
    key: str
    part_of: str
    place: Place


@dataclass(frozen=True)
class Box:
    """A box of a flow diagram.

    Attributes
    ----------
    name : str
    label : str
        What the number counts.
    value : Value or None
        None where the number is not public.
    part_of : str
        Name of the box that it divides; empty for the first.
    place : {"main", "side", "group"}
        On the main line, beside it (what is left out), or one of the groups
        into which the last box divides.
    """

    name: str
    label: str
    value: Value | None
    part_of: str
    place: Place

    @property
    def number(self) -> str:
        """The number as it prints."""
        return NOT_PUBLIC if self.value is None else self.value.text


@dataclass(frozen=True)
class Flow:
    """A flow diagram, its boxes in the order of the table."""

    name: str
    boxes: tuple[Box, ...]

    def parts(self, name: str) -> tuple[Box, ...]:
        """Boxes into which a box divides."""
        return tuple(box for box in self.boxes if box.part_of == name)

    def check(self) -> None:
        """Check every sum.

        Raises
        ------
        FlowError
            With every box whose parts do not sum to it.
        """
        faults = [fault for box in self.boxes for fault in self._faults(box)]
        if faults:
            raise FlowError(f"flow {self.name!r} does not add up: " + "; ".join(faults))

    def _faults(self, box: Box) -> list[str]:
        if box.value is None:
            return []
        parts = self.parts(box.name)
        known = self._numbered(parts)
        total = sum(part.value.number for part in known if part.value is not None)
        complete = bool(parts) and all(part.value is not None for part in parts)
        if total == box.value.number or (total < box.value.number and not complete):
            return []
        terms = " + ".join(f"{part.label} ({part.number})" for part in known)
        relation = "should be" if complete else "should be at most"
        return [f"{terms} = {total:g} {relation} {box.label} ({box.number})"]

    def _numbered(self, boxes: tuple[Box, ...]) -> list[Box]:
        """Replace each box without a number by the numbered parts of it."""
        numbered: list[Box] = []
        for box in boxes:
            known = box.value is not None
            numbered += [box] if known else self._numbered(self.parts(box.name))
        return numbered


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
    diagram = Flow(
        name,
        tuple(
            Box(
                row.box,
                fill(row.label, v),
                v(row.key) if row.key else None,
                row.part_of,
                row.place,
            )
            for row in _rows()
            if row.flow == name
        ),
    )
    diagram.check()
    return diagram


@lru_cache(maxsize=1)
def _rows() -> tuple[_Row, ...]:
    rows = read(
        "flow.csv",
        _Row,
        {
            "flow": one_of(*FLOWS),
            "box": text,
            "label": text,
            "key": free_text,
            "part_of": free_text,
            "place": one_of("main", "side", "group"),
        },
        unique=("box",),
    )
    boxes = {(row.flow, row.box) for row in rows}
    refuse(
        "flow.csv",
        [
            ("part_of", repr(row.part_of), f"a box of the flow {row.flow}")
            for row in rows
            if row.part_of and (row.flow, row.part_of) not in boxes
        ],
    )
    return rows
