"""Coloured words: ``[text]{style="color: red"}``."""

from __future__ import annotations

import re

from manuscript.compose import pandoc
from manuscript.compose.attributes import get, node, without
from manuscript.compose.constructs.known import Declared, handles
from manuscript.compose.pandoc import Node
from manuscript.errors import ManuscriptError
from manuscript.source import Document

# The colours that HTML 4 and typst both name, with the values of the former.
_NAMED = {
    **{"black": "000000", "gray": "808080", "grey": "808080", "silver": "c0c0c0"},
    **{"white": "ffffff", "maroon": "800000", "red": "ff0000", "purple": "800080"},
    **{"fuchsia": "ff00ff", "green": "008000", "lime": "00ff00", "olive": "808000"},
    **{"yellow": "ffff00", "navy": "000080", "blue": "0000ff", "teal": "008080"},
    **{"aqua": "00ffff", "orange": "ffa500"},
}
_COLOUR = re.compile(r"\s*color\s*:\s*(#[0-9a-f]{3}|#[0-9a-f]{6}|[a-z]+)\s*;?\s*", re.I)

HANDLES: Declared = {"Span": handles((), ("style",))}


def mark(document: Document, blocks: list[Node]) -> list[Node]:
    """Turn spans with a colour into ``Coloured`` nodes.

    Raises
    ------
    ManuscriptError
        A style that is no colour, or a colour without a known name.
    """

    def change(element: Node) -> Node | None:
        if element["t"] != "Span":
            return None
        attributes, content = element["c"]
        if (style := get(attributes, "style")) is None:
            return None
        found = _COLOUR.fullmatch(style)
        value = _value(found[1].lower()) if found else None
        if value is None:
            file, line, column = document.at(rf"(style)=\"{re.escape(style)}")
            raise ManuscriptError(
                file,
                line,
                f"`style` `{style}` (column {column}) is not supported",
                'write a colour by its name or number: style="color: #b00020"',
            )
        attributes = without(attributes, "style")
        inner = content
        if attributes[0] or attributes[1] or attributes[2]:
            inner = [{"t": "Span", "c": [attributes, content]}]
        return node("Coloured", colour=value, content=inner)

    return pandoc.transform(blocks, change)


def _value(name: str) -> str | None:
    if name.startswith("#"):
        digits = name[1:]
        return digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    return _NAMED.get(name)
