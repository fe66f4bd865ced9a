"""Flow diagrams as data, whose numbers must add up.

A box may be split into parts; where all of them have a number the parts sum
to the box, and where some have none they sum to no more. A stage whose number
is not public is kept, without one; what comes after it may still not exceed what
came before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analysis.review.records import Folder, text
from analysis.schema import free_text, one_of

NOT_PUBLIC = "not public"

Place = Literal["main", "side", "group"]


class FlowError(ValueError):
    """A flow whose numbers do not add up; names the boxes."""


@dataclass(frozen=True)
class Box:
    """A box of a flow diagram.

    Attributes
    ----------
    name : str
    label : str
        What the number counts.
    number : float or None
        None where it is not public.
    printed : str
        The number as it prints; ignored where there is none.
    part_of : str
        Name of the box that it divides; empty for the first.
    place : {"main", "side", "group"}
        On the main line, beside it (what is left out), or one of the groups
        into which the last box divides.
    phase : str
        Stage beside which it stands, such as Screening; empty for none.
    """

    name: str
    label: str
    number: float | None
    printed: str
    part_of: str
    place: Place
    phase: str = ""

    @property
    def text(self) -> str:
        """The number as it prints, or that it is not public."""
        return NOT_PUBLIC if self.number is None else self.printed


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
        if box.number is None:
            return []
        parts = self.parts(box.name)
        known = self._numbered(parts)
        total = sum(part.number for part in known if part.number is not None)
        complete = bool(parts) and all(part.number is not None for part in parts)
        if total == box.number or (total < box.number and not complete):
            return []
        terms = " + ".join(f"{part.label} ({part.text})" for part in known)
        relation = "should be" if complete else "should be at most"
        return [f"{terms} = {total:g} {relation} {box.label} ({box.text})"]

    def _numbered(self, boxes: tuple[Box, ...]) -> list[Box]:
        """Replace each box without a number by the numbered parts of it."""
        numbered: list[Box] = []
        for box in boxes:
            known = box.number is not None
            numbered += [box] if known else self._numbered(self.parts(box.name))
        return numbered


@dataclass(frozen=True)
class Stage:
    """A row of the table of flows, before its number is known.

    Attributes
    ----------
    flow, box : str
        Names of the flow and of the box.
    label : str
    key : str
        Of the value that is its number; empty where that is not public.
    part_of : str
    place : {"main", "side", "group"}
    phase : str
    """

    flow: str
    box: str
    label: str
    key: str
    part_of: str
    place: Place
    phase: str


def read_stages(folder: Folder, name: str, flows: tuple[str, ...]) -> tuple[Stage, ...]:
    """Read a table of flows.

    Parameters
    ----------
    folder : Folder
    name : str
        File in it.
    flows : tuple of str
        Names that a flow may have.

    Raises
    ------
    DataError
        With every fault of the table.
    """
    rows = folder.read(
        name,
        Stage,
        {
            "flow": one_of(*flows),
            "box": text,
            "label": text,
            "key": free_text,
            "part_of": free_text,
            "place": one_of("main", "side", "group"),
            "phase": free_text,
        },
        unique=("box",),
    )
    boxes = {(row.flow, row.box) for row in rows}
    folder.refuse(
        name,
        [
            ("part_of", repr(row.part_of), f"a box of the flow {row.flow}")
            for row in rows
            if row.part_of and (row.flow, row.part_of) not in boxes
        ],
    )
    return rows
