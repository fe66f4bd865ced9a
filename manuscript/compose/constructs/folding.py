"""Code of cells that a page folds away: ``code-fold``."""

from __future__ import annotations

from manuscript.compose import pandoc
from manuscript.compose.attributes import get, node
from manuscript.compose.constructs.known import Declared, handles
from manuscript.compose.pandoc import Node

CLASS = "cell-code-folded"
SUMMARY = "summary"
OPEN = "opened"

HANDLES: Declared = {"Div": handles((CLASS,), (SUMMARY, OPEN))}


def mark(blocks: list[Node]) -> list[Node]:
    """Turn the divisions around such code into ``Folded`` nodes."""

    def change(element: Node) -> Node | None:
        if element["t"] != "Div" or CLASS not in element["c"][0][1]:
            return None
        attributes, content = element["c"]
        return node(
            "Folded",
            summary=get(attributes, SUMMARY) or "",
            opened=get(attributes, OPEN) is not None,
            content=content,
        )

    return pandoc.transform(blocks, change)
