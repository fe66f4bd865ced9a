"""Displayed formulas with a label: ``$$ ... $$ {#eq-line alt="..."}``."""

from __future__ import annotations

import re

from manuscript.compose import pandoc
from manuscript.compose.attributes import node
from manuscript.compose.constructs.known import Declared
from manuscript.compose.pandoc import Node

_OPENING = re.compile(r"\{#eq-[\w.:-]*")
_WHOLE = re.compile(
    r"\{#(eq-[\w.:-]+)\s*((?:[\w-]+\s*=\s*\"[^\"]*\"\s*)*)\}(.*)", re.DOTALL
)
_PAIR = re.compile(r"([\w-]+)\s*=\s*\"([^\"]*)\"")

HANDLES: Declared = {}


def mark(blocks: list[Node]) -> list[Node]:
    """Turn labelled formulas into ``Equation`` nodes."""
    for part in pandoc.parts(blocks):
        if isinstance(part, list) and any(map(_displayed, part)):
            part[:] = _marked(part)
    return blocks


def spoken(source: str) -> str:
    """Return what is read aloud for a formula where nothing better is given."""
    return " ".join(source.split())


def _displayed(one: object) -> bool:
    return (
        pandoc.is_element(one)
        and one["t"] == "Math"  # type: ignore[index]
        and one["c"][0]["t"] == "DisplayMath"  # type: ignore[index]
    )


def _marked(inlines: list[Node]) -> list[Node]:
    found: list[Node] = []
    index = 0
    while index < len(inlines):
        one = inlines[index]
        after = index + 1
        while after < len(inlines) and inlines[after]["t"] in ("Space", "SoftBreak"):
            after += 1
        if _displayed(one) and after < len(inlines):
            label, end, rest = _label(inlines, after)
            if label:
                text = one["c"][1]
                alt = dict(_PAIR.findall(label[2])).get("alt") or spoken(text)
                found.append(
                    node("Equation", id=label[1], number="", text=text, alt=alt)
                )
                found += [{"t": "Str", "c": rest}] if rest else []
                index = end
                continue
        found.append(one)
        index += 1
    return found


def _label(inlines: list[Node], start: int) -> tuple[re.Match[str] | None, int, str]:
    """Read a label that pandoc has cut into words."""
    if not (inlines[start]["t"] == "Str" and _OPENING.match(inlines[start]["c"])):
        return None, start, ""
    written = ""
    for index in range(start, len(inlines)):
        written += _source(inlines[index])
        if match := _WHOLE.fullmatch(written):
            return match, index + 1, match[3]
    return None, start, ""


def _source(inline: Node) -> str:
    if inline["t"] == "Quoted":
        return f'"{"".join(map(_source, inline["c"][1]))}"'
    return inline["c"] if inline["t"] == "Str" else " "
