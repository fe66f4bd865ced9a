"""Shortcodes in the tree: what they print takes their place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from manuscript.compose import pandoc
from manuscript.compose.attributes import node
from manuscript.compose.constructs.known import Declared, handles
from manuscript.compose.pandoc import Node
from manuscript.source import Shortcode, find

# A token stands for a shortcode while pandoc reads, as it would take it apart.
_TOKEN = "\uf8f0{}\uf8f1"
_FOUND = re.compile("\uf8f0(\\d+)\uf8f1")

HANDLES: Declared = {"PageBreak": handles()}

Print = Callable[[Shortcode], str]
Read = Callable[[str], list[Node]]


def set_aside(text: str, aside: list[Shortcode]) -> str:
    """Put tokens in the place of shortcodes; `aside` takes these in."""
    parts, end = [], 0
    for code in find(text):
        parts += [text[end : code.start], _TOKEN.format(len(aside))]
        aside.append(code)
        end = code.end
    return "".join((*parts, text[end:]))


def put_back(
    blocks: list[Node], aside: Iterable[Shortcode], shown: Print, read: Read
) -> list[Node]:
    """Put what shortcodes print in the place of their tokens.

    Parameters
    ----------
    blocks : list of dict
    aside : iterable of Shortcode
        By the numbers of their tokens.
    shown : callable
        Text that a shortcode prints.
    read : callable
        Reads Markdown, as inlines.
    """
    codes = list(aside)
    if not codes:
        return blocks

    def text_of(code: Shortcode) -> str:
        return code.shown or ("" if code.name == "pagebreak" else shown(code))

    def filled(text: str) -> str:
        return _FOUND.sub(lambda found: text_of(codes[int(found[1])]), text)

    def change(element: Node) -> Node | list[Node] | None:
        kind: str = element["t"]
        content: Any = element.get("c")
        if kind == "Str" and _FOUND.search(content):
            return _inlines(content, codes, text_of, read)
        if kind in ("Para", "Plain") and (broken := _page_break(content)):
            return broken
        if kind in ("Code", "CodeBlock", "RawInline", "RawBlock", "Math"):
            element["c"][1] = filled(element["c"][1])
        elif kind in ("Link", "Image"):
            element["c"][2] = [filled(part) for part in element["c"][2]]
        return None

    return pandoc.transform(blocks, change)


def _inlines(
    text: str, codes: list[Shortcode], text_of: Print, read: Read
) -> list[Node]:
    found: list[Node] = []
    for index, part in enumerate(_FOUND.split(text)):
        if index % 2 == 0:
            found += [{"t": "Str", "c": part}] if part else []
        elif codes[int(part)].name == "pagebreak":
            found.append(node("PageBreak"))
        elif codes[int(part)].shown:
            found += pandoc.words(codes[int(part)].shown)
        else:
            found += read(text_of(codes[int(part)]))
    return found


def _page_break(inlines: list[Any]) -> Node | None:
    kinds = [inline["t"] for inline in inlines]
    alone = set(kinds) <= {"PageBreak", "SoftBreak", "Space"}
    return node("PageBreak") if "PageBreak" in kinds and alone else None
