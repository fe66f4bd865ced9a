"""What the press's own nodes are in pandoc's terms, for formats without own forms.

So every writer, those of the bundle among them, prints all that an author wrote.
"""

from __future__ import annotations

from typing import Any

from manuscript.compose import pandoc
from manuscript.compose.constructs.theorems import in_brackets
from manuscript.compose.numbering import Kind
from manuscript.compose.pandoc import Node

_SPACE: Node = {"t": "Space"}


def lower(element: Node, to: str, kinds: dict[str, Kind]) -> Node | list[Node] | None:
    """Write a node in pandoc's terms.

    Parameters
    ----------
    element : dict
    to : str
        Quarto's name of the format.
    kinds : dict
        All kinds of numbered things, by key.

    Returns
    -------
    dict, list of dict or None
        None for an element of pandoc's own.
    """
    content: Any = element.get("c")
    blocks: list[Node]
    match element["t"]:
        case "Ref":
            return link(content)
        case "Only":
            blocks = content["content"] if to in content["formats"] else []
            return blocks
        case "SaidRawBlock" | "SaidRawInline":
            raw = [content["format"], content["text"]]
            return {"t": element["t"].removeprefix("Said"), "c": raw}
        case "PageBreak":
            return []
        case "Coloured" | "Folded":
            blocks = content["content"]
            return blocks
        case "Tabs":
            return pandoc.div(
                [block for tab in content["content"] for block in tab], content["id"]
            )
        case "Columns":
            return pandoc.div(
                [pandoc.div(column) for column in content["content"]], content["id"]
            )
        case "Annotated":
            terms = [
                [pandoc.words(name), [item]]
                for name, item in zip(content["names"], content["content"], strict=True)
            ]
            code = ["", content["classes"], []], "\n".join(content["lines"])
            return [
                {"t": "CodeBlock", "c": [*code]},
                {"t": "DefinitionList", "c": terms},
            ]
        case "Box":
            return {"t": "Str", "c": "☒" if content["ticked"] else "☐"}
        case "Callout":
            title = {"t": "Para", "c": [{"t": "Strong", "c": content["title"]}]}
            return pandoc.div([title, *content["content"]], content["id"], ("callout",))
        case "Theorem":
            blocks = preceded(theorem_title(content, kinds), content["content"])
            return pandoc.div(blocks, content["id"], ("theorem",))
        case "Proof":
            title = {"t": "Emph", "c": [*content["title"], {"t": "Str", "c": "."}]}
            blocks = preceded([title], content["content"])
            return pandoc.div(blocks, content["id"], ("proof",))
        case "Equation":
            text = rf"{content['text']} \qquad({content['number']})"
            formula = {"t": "Math", "c": [{"t": "DisplayMath"}, text]}
            return {"t": "Span", "c": [[content["id"], [], []], [formula]]}
        case "Panels":
            blocks = content["content"]
            return blocks
        case "Panel":
            caption = {"t": "Para", "c": panel_caption(content)}
            return pandoc.div([*content["content"], caption], content["id"])
    return None


def link(reference: Node) -> Node:
    """Make a link of a reference."""
    text = [*reference["prefix"], {"t": "Str", "c": reference["number"]}]
    target = [f"#{reference['id']}", ""]
    return {"t": "Link", "c": [["", ["quarto-xref"], []], text, target]}


def theorem_title(content: Node, kinds: dict[str, Kind]) -> list[Node]:
    """Return what a theorem is called, in bold: ``Theorem 1 (Line)``."""
    words = pandoc.words(f"{kinds[content['kind']].prefix} {content['number']}")
    words += in_brackets(content["name"])
    strong = {"t": "Strong", "c": words}
    return [{"t": "Span", "c": [["", ["theorem-title"], []], [strong]]}]


def preceded(title: list[Node], blocks: list[Node]) -> list[Node]:
    """Put words before the first paragraph of blocks."""
    if blocks and blocks[0]["t"] in ("Para", "Plain"):
        first = {"t": blocks[0]["t"], "c": [*title, _SPACE, *blocks[0]["c"]]}
        return [first, *blocks[1:]]
    return [{"t": "Para", "c": title}, *blocks]


def panel_caption(content: Node) -> list[Node]:
    """Caption of a panel, its letter first."""
    letter: list[Node] = [{"t": "Str", "c": f"({content['letter']})"}]
    caption: list[Node] = content["caption"]
    return [*letter, _SPACE, *caption] if pandoc.plain(caption) else letter
