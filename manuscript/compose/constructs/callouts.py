"""Callouts: notes and warnings in quiet boxes."""

from __future__ import annotations

from manuscript.compose import pandoc
from manuscript.compose.attributes import get, node
from manuscript.compose.constructs.known import Declared, handles
from manuscript.compose.pandoc import Node
from manuscript.source import word

# What begins the labels of callouts that have numbers.
LABELLED = {
    **{"nte": "note", "tip": "tip", "wrn": "warning"},
    **{"imp": "important", "cau": "caution"},
}
TYPES = ("note", "tip", "warning", "important", "caution")
_CLASSES = {f"callout-{name}": name for name in TYPES}

HANDLES: Declared = {
    # How they fold and look is a page's own; all formats print them open.
    "Div": handles(_CLASSES, ("title", "icon", "appearance", "collapse"))
}


def mark(blocks: list[Node], lang: str) -> list[Node]:
    """Turn divisions such as ``.callout-note`` into ``Callout`` nodes."""

    def change(element: Node) -> Node | None:
        if element["t"] != "Div":
            return None
        attributes, content = element["c"]
        found = [_CLASSES[name] for name in attributes[1] if name in _CLASSES]
        if not found:
            return None
        kind = found[0]
        title = pandoc.words(word(kind, lang))
        named = True
        if (written := get(attributes, "title")) is not None:
            title = pandoc.words(written)
        elif content and content[0]["t"] == "Header":
            title, content = content[0]["c"][2], content[1:]
        else:
            named = False
        icon = get(attributes, "icon") != "false"
        if get(attributes, "appearance") in ("minimal",):
            icon = False
        return node(
            "Callout",
            id=attributes[0],
            type=kind,
            title=title,
            named=named,
            icon=icon,
            content=content,
        )

    return pandoc.transform(blocks, change)
