"""Columns side by side, which Word prints one below the other."""

from __future__ import annotations

import re

from manuscript.compose import pandoc
from manuscript.compose.attributes import get, node
from manuscript.compose.constructs.known import Declared, handles
from manuscript.compose.pandoc import Node
from manuscript.errors import ManuscriptError, refuse
from manuscript.source import Document

_WIDTH = re.compile(r"\d+(\.\d+)?%")

HANDLES: Declared = {"Div": handles(("columns", "column"), ("width",))}


def mark(document: Document, blocks: list[Node]) -> list[Node]:
    """Turn divisions ``.columns`` into ``Columns`` nodes.

    Raises
    ------
    ManuscriptError or ExceptionGroup
        A column outside, anything but columns inside, a width that is no share.
    """
    faults: list[ManuscriptError] = []

    def fault(pattern: str, what: str, mend: str) -> None:
        faults.append(document.fault(pattern, what, mend))

    def change(element: Node) -> Node | None:
        if element["t"] != "Div":
            return None
        attributes, content = element["c"]
        if "columns" not in attributes[1]:
            return None
        parts = [block for block in content if _is_column(block)]
        if not parts or len(parts) < len(content):
            fault(
                r"(?:\.|:::+[ \t]*)(columns)(?![\w-])",
                "`columns` holds what is no `.column`",
                "put everything in it into divisions `::: {.column}`",
            )
            return None
        widths = [get(part["c"][0], "width") or "" for part in parts]
        inner = [part["c"][1] for part in parts]
        return node("Columns", id=attributes[0], widths=widths, content=inner)

    marked = pandoc.transform(blocks, change)
    for element in pandoc.elements(marked, "Columns", "Div"):
        if element["t"] == "Columns":
            for width in filter(None, element["c"]["widths"]):
                if not _WIDTH.fullmatch(width):
                    fault(
                        rf"(width\s*=\s*[\"']?{re.escape(width)})",
                        f"the width of a column is `{width}`",
                        'write its share of the whole: `width="40%"`',
                    )
        elif element["t"] == "Div" and _is_column(element):
            fault(
                r"(?:\.|:::+[ \t]*)(column)(?![\w-])",
                "class `column` is not supported outside `.columns`",
                "put it into a division `:::: {.columns}`",
            )
        elif get(element["c"][0], "width") is not None:
            fault(
                r"(width)\s*=",
                "attribute `width` is not supported",
                "remove it, or render with Quarto (--engine quarto)",
            )
    refuse(faults)
    return marked


def _is_column(block: Node) -> bool:
    return block["t"] == "Div" and "column" in block["c"][0][1]
