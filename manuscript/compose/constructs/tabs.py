"""Views of one thing behind tabs, which paper prints one after the other."""

from __future__ import annotations

from manuscript.compose import pandoc
from manuscript.compose.attributes import node
from manuscript.compose.constructs.known import Declared, handles
from manuscript.compose.pandoc import Node
from manuscript.errors import ManuscriptError, refuse
from manuscript.source import Document

_CLASS = "panel-tabset"

HANDLES: Declared = {"Div": handles((_CLASS,), ("group",))}


def mark(document: Document, blocks: list[Node], numbered: bool) -> list[Node]:
    """Turn divisions ``.panel-tabset`` into ``Tabs`` nodes.

    Parameters
    ----------
    document : Document
        Where faults are looked up.
    blocks : list of dict
    numbered : bool
        Whether sections bear numbers: a page would not number its tabs, and paper
        would number their headings.

    Raises
    ------
    ManuscriptError or ExceptionGroup
        Tabs without a heading first, and headings that would be numbered.
    """
    faults: list[ManuscriptError] = []

    def fault(what: str, mend: str) -> None:
        file, line, column = document.at(rf"({_CLASS})(?![\w-])")
        where = f"`{_CLASS}` (column {column}) {what}"
        faults.append(ManuscriptError(file, line, where, mend))

    def change(element: Node) -> Node | None:
        if element["t"] != "Div" or _CLASS not in element["c"][0][1]:
            return None
        attributes, content = element["c"]
        if not content or content[0]["t"] != "Header":
            fault("does not begin with a heading", "begin each tab with a heading")
            return None
        level = content[0]["c"][0]
        tabs: list[list[Node]] = []
        for block in content:
            if block["t"] == "Header" and block["c"][0] <= level:
                tabs.append([])
                if numbered and "unnumbered" not in block["c"][1][1]:
                    fault(
                        "has headings that paper alone would number",
                        "write them with {.unnumbered}",
                    )
            tabs[-1].append(block)
        return node("Tabs", id=attributes[0], content=tabs)

    marked = pandoc.transform(blocks, change)
    refuse(faults)
    return marked
