"""Lists of tasks, each with a box that is ticked or not."""

from __future__ import annotations

from manuscript.compose import pandoc
from manuscript.compose.attributes import node
from manuscript.compose.pandoc import Node

BOXES = {"☐": False, "☒": True}


def mark(blocks: list[Node]) -> list[Node]:
    """Turn the boxes that begin items of lists into ``Box`` nodes.

    pandoc reads ``[ ]`` and ``[x]`` as characters that few fonts have.
    """
    return pandoc.transform(blocks, _change)


def _change(element: Node) -> Node | None:
    if element["t"] not in ("BulletList", "OrderedList"):
        return None
    items = element["c"] if element["t"] == "BulletList" else element["c"][1]
    for item in items:
        first = item[0]["c"][:1] if item and item[0]["t"] in ("Plain", "Para") else []
        if first and first[0]["t"] == "Str" and first[0]["c"] in BOXES:
            first_box = node("Box", ticked=BOXES[first[0]["c"]])
            item[0]["c"][0] = first_box
    return None
