"""Code whose lines are explained below it, by numbers in comments."""

from __future__ import annotations

import re
from collections.abc import Iterator

from manuscript.compose.attributes import node
from manuscript.compose.pandoc import Node
from manuscript.source import word

# Class of what a page shows beside an annotated line, and before its explanation.
MARK = "code-annotation"

# How a comment begins, in languages of which it is sure.
_COMMENTS = {
    **dict.fromkeys(("python", "r", "bash", "sh", "julia", "yaml", "toml"), "#"),
    **dict.fromkeys(("c", "cpp", "java", "javascript", "js", "rust", "go"), "//"),
    **dict.fromkeys(("sql", "lua", "haskell"), "--"),
}


def mark(blocks: list[Node], lang: str) -> list[Node]:
    """Turn code with numbers, and the list below it, into ``Annotated`` nodes.

    Only what is whole is taken: each number on one line, and each explained, in
    order. The rest is left, to be refused.

    Parameters
    ----------
    blocks : list of dict
    lang : str
        In which lines are called by their number.
    """
    marked: list[Node] = []
    for block in blocks:
        if block["t"] in ("Div", "BlockQuote"):
            inner = block["c"][1] if block["t"] == "Div" else block["c"]
            inner[:] = mark(inner, lang)
        below = (
            block["t"] == "OrderedList" and marked and marked[-1]["t"] == "CodeBlock"
        )
        if below and (made := _annotated(marked[-1], block, lang)):
            marked[-1] = made
        else:
            marked.append(block)
    return marked


def _annotated(code: Node, explained: Node, lang: str) -> Node | None:
    attributes, text = code["c"]
    (first, *_), items = explained["c"]
    if attributes[0] or "cell-code" in attributes[1] or first != 1:
        return None
    lines = [*_lines(text, _COMMENTS.get(next(iter(attributes[1]), ""), ""))]
    found = [number for _, number in lines if number]
    if not found or found != [*range(1, len(items) + 1)]:
        return None
    names = [
        f"{word('line', lang)} {place}"
        for place, (_, number) in enumerate(lines, start=1)
        if number
    ]
    return node(
        "Annotated",
        classes=attributes[1],
        lines=[line for line, _ in lines],
        marks=[number for _, number in lines],
        names=names,
        content=items,
    )


def _lines(text: str, comment: str) -> Iterator[tuple[str, int]]:
    """Yield each line without its number, and the number, 0 where it has none."""
    pattern = re.compile(rf"\s*{re.escape(comment)}\s*<(\d+)>\s*$")
    for line in text.split("\n"):
        found = pattern.search(line) if comment else None
        yield (line[: found.start()], int(found[1])) if found else (line, 0)
