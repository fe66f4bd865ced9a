"""Conditional content: ``content-visible`` and ``content-hidden``.

For some formats alone, or where the settings say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from manuscript.compose import pandoc
from manuscript.compose.attributes import get, key_of, node, without
from manuscript.compose.constructs.known import Declared, handles
from manuscript.compose.pandoc import Node
from manuscript.errors import ManuscriptError
from manuscript.source import Document

_CLASSES = ("content-visible", "content-hidden")
_CONDITIONS = ("when-format", "unless-format", "when-meta", "unless-meta")
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


def mark(
    document: Document, blocks: list[Node], metadata: Mapping[str, Any]
) -> list[Node]:
    """Turn conditional content into ``Only`` nodes.

    Parameters
    ----------
    document : Document
    blocks : list of dict
    metadata : mapping
        Merged settings, of which ``when-meta`` speaks.

    Raises
    ------
    ManuscriptError
        A numbered thing that some formats would not count.
    """
    return pandoc.transform(blocks, lambda e: _change(document, e, metadata))


def _change(
    document: Document, element: Node, metadata: Mapping[str, Any]
) -> Node | list[Node] | None:
    if element["t"] not in ("Div", "Span"):
        return None
    attributes, content = element["c"]
    if not (said := [name for name in _CLASSES if name in attributes[1]]):
        return None
    formats = [to for to in _ALL if _shown(attributes, said[0], to, metadata)]
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


def _shown(
    attributes: list[Any], said: str, to: str, metadata: Mapping[str, Any]
) -> bool:
    holds = True
    if (when := get(attributes, "when-format")) is not None:
        holds &= to in _GROUPS.get(when, ())
    if (unless := get(attributes, "unless-format")) is not None:
        holds &= to not in _GROUPS.get(unless, ())
    if (when := get(attributes, "when-meta")) is not None:
        holds &= _is_set(metadata, when)
    if (unless := get(attributes, "unless-meta")) is not None:
        holds &= not _is_set(metadata, unless)
    return holds if said == "content-visible" else not holds


def _is_set(metadata: Mapping[str, Any], name: str) -> bool:
    """Whether a setting, such as ``path.to.it``, is there and not off."""
    value: Any = metadata
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value is not None and value is not False


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
