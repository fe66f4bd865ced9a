"""Content for some formats alone: ``content-visible`` and ``content-hidden``."""

from __future__ import annotations

from typing import Any

from manuscript.compose import pandoc
from manuscript.compose.attributes import get, key_of, node, without
from manuscript.compose.constructs.known import Declared, handles
from manuscript.compose.pandoc import Node
from manuscript.errors import ManuscriptError
from manuscript.source import Document

_CLASSES = ("content-visible", "content-hidden")
_CONDITIONS = ("when-format", "unless-format")
_ALL = ("html", "typst", "docx")
# Quarto's names for groups of formats; "pdf" is LaTeX's.
_GROUPS = {
    "html": ("html",),
    "html:js": ("html",),
    "typst": ("typst",),
    "docx": ("docx",),
}

HANDLES: Declared = {
    "Div": handles(_CLASSES, _CONDITIONS),
    "Span": handles(_CLASSES, _CONDITIONS),
}


def mark(document: Document, blocks: list[Node]) -> list[Node]:
    """Turn conditional content into ``Only`` nodes.

    Raises
    ------
    ManuscriptError
        A numbered thing that some formats would not count.
    """
    marked: list[Node] = pandoc.transform(blocks, lambda e: _change(document, e))
    return marked


def _change(document: Document, element: Node) -> Node | list[Node] | None:
    if element["t"] not in ("Div", "Span"):
        return None
    attributes, content = element["c"]
    if not (said := [name for name in _CLASSES if name in attributes[1]]):
        return None
    formats = [to for to in _ALL if _shown(attributes, said[0], to)]
    attributes = without(attributes, *_CLASSES, *_CONDITIONS)
    kept: list[Node] = content
    if attributes[0] or attributes[1] or attributes[2]:
        kept = [{"t": element["t"], "c": [attributes, content]}]
    if len(formats) == len(_ALL):
        return kept
    if not formats:
        return []
    if numbered := _numbered(content):
        file, line, column = document.at(rf"\.?({said[0]})")
        raise ManuscriptError(
            file,
            line,
            f"`{said[0]}` (column {column}) holds {numbered}, which some formats "
            "would not count",
            "put it outside, so that all formats number alike",
        )
    return node("Only", formats=formats, content=kept)


def _shown(attributes: list[Any], said: str, to: str) -> bool:
    holds = True
    if (when := get(attributes, "when-format")) is not None:
        holds &= to in _GROUPS.get(when, ())
    if (unless := get(attributes, "unless-format")) is not None:
        holds &= to not in _GROUPS.get(unless, ())
    return holds if said == "content-visible" else not holds


def _numbered(content: list[Node]) -> str:
    for element in pandoc.elements(content):
        match element["t"]:
            case "Header":
                return "a heading"
            case "Note":
                return "a footnote"
            case "Cite":
                return "a citation or reference"
            case "Div" | "Table" | "CodeBlock" | "Figure":
                if key_of(element["c"][0][0]):
                    return f"`{element['c'][0][0]}`"
    return ""
