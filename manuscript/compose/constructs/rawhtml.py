"""HTML and raw output in the text.

Small marks such as ``<sup>`` become what pandoc calls so; a table is read as a
table; what is said to be for one format goes to that one. All else is refused.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from manuscript.compose import pandoc
from manuscript.compose.attributes import node
from manuscript.compose.constructs.known import Declared, handles
from manuscript.compose.pandoc import Node
from manuscript.errors import ManuscriptError
from manuscript.source import Document

# Raw output that says for which format it is, told from HTML in the text.
SAID = "for-"
# HTML that a cell put out, such as a data frame.
FROM_CELLS = "from-cell"
_FENCED = re.compile(r"\{=([\w+-]+)\}")
_FORMATS = {
    **{"html": "html", "html5": "html", "html4": "html", "typst": "typst"},
    **{"openxml": "docx", "docx": "docx"},
}
_ELSEWHERE = frozenset(("latex", "tex", "beamer", "context", "revealjs", "epub"))
_WRITTEN = {"html": "html", "typst": "typst", "docx": "openxml"}
_INLINES = {
    **{"sup": "Superscript", "sub": "Subscript", "u": "Underline", "s": "Strikeout"},
    **{"del": "Strikeout", "b": "Strong", "strong": "Strong", "i": "Emph"},
    **{"em": "Emph", "cite": "Emph", "var": "Emph"},
    **{"ins": "Underline", "strike": "Strikeout"},
}
# Marks for which pandoc has classes.
_SPANS = frozenset(("mark", "kbd", "dfn"))
_BREAKS = ("Space", "SoftBreak", "LineBreak")
_TAG = re.compile(r"<(/?)([A-Za-z][\w-]*)\s*(/?)>")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_WHOLE_TABLE = re.compile(r"<table\b.*</table>", re.DOTALL | re.IGNORECASE)
_TABLE = re.compile(r"<(/?)table\b", re.IGNORECASE)

HANDLES: Declared = dict.fromkeys(("Only", "SaidRawBlock", "SaidRawInline"), handles())


def mark(text: str) -> str:
    """Tell raw output that names its format from HTML in the text."""
    return _FENCED.sub(rf"{{={SAID}\1}}", text)


def unmark(text: str) -> str:
    """Give back what :func:`mark` changed, for text that is code."""
    return text.replace(f"{{={SAID}", "{=")


def convert(
    document: Document,
    blocks: list[Node],
    folder: Path,
    remarks: list[ManuscriptError],
) -> list[Node]:
    """Turn HTML and raw output into elements of the tree.

    TeX is dropped, as no format here reads it, and `remarks` say where.

    Raises
    ------
    ManuscriptError
        A tag that is opened and not closed, a table that cannot be read.
    """
    return pandoc.transform(
        _tables(document, blocks, folder),
        lambda element: _change(document, element, remarks),
    )


def _change(
    document: Document, element: Node, remarks: list[ManuscriptError]
) -> Node | list[Node] | None:
    kind = element["t"]
    if kind in ("Code", "CodeBlock"):
        return {"t": kind, "c": [element["c"][0], unmark(element["c"][1])]}
    if kind in ("RawInline", "RawBlock"):
        format_, text = element["c"]
        if format_ == "html" and _COMMENT.sub("", text).strip() == "":
            return []
        if format_.startswith(SAID):
            return _only(element)
        if format_ == "tex":
            remarks.append(_dropped(document, text))
            return []
        return None
    content = element.get("c")
    if isinstance(content, list):
        for index, part in enumerate(content):
            if isinstance(part, list) and _has_tags(part):
                content[index] = _inlines(part)
        if _has_tags(content):
            element["c"] = _inlines(content)
    return None


def _dropped(document: Document, text: str) -> ManuscriptError:
    first = text.strip().split("\n")[0]
    file, line, column = document.at(rf"({re.escape(first)})")
    where = f" (column {column})" if column else ""
    what = f"`{first[:40]}` is TeX{where}, which no format prints"
    return ManuscriptError(file, line, what, "write it in Markdown")


def _only(element: Node) -> Node | list[Node] | None:
    format_ = element["c"][0].removeprefix(SAID)
    if to := _FORMATS.get(format_):
        raw = node(f"Said{element['t']}", format=_WRITTEN[to], text=element["c"][1])
        return node("Only", formats=[to], content=[raw])
    if format_ in _ELSEWHERE:
        return []
    element["c"][0] = format_
    return None


def _has_tags(part: list[Any]) -> bool:
    return any(
        pandoc.is_element(one) and one["t"] == "RawInline" and one["c"][0] == "html"
        for one in part
    )


def _inlines(inlines: list[Node]) -> list[Node]:
    """Pair tags with their ends; those that are not known stay, to be refused."""
    stack: list[tuple[str, list[Node], Node | None]] = [("", [], None)]
    for index, inline in enumerate(inlines):
        tag = None
        if inline["t"] == "RawInline" and inline["c"][0] == "html":
            tag = _TAG.fullmatch(inline["c"][1].strip())
        name = tag[2].lower() if tag else ""
        if tag and name == "br" and _is_parted(inlines, index):
            stack[-1][1].append({"t": "LineBreak"})
        elif tag and not tag[1] and name in (*_INLINES, *_SPANS):
            stack.append((name, [], inline))
        elif tag and tag[1] and stack[-1][0] == name and name:
            _, content, _ = stack.pop()
            if name in _SPANS:
                span = {"t": "Span", "c": [["", [name], []], content]}
                stack[-1][1].append(span)
            else:
                stack[-1][1].append({"t": _INLINES[name], "c": content})
        else:
            stack[-1][1].append(inline)
    while len(stack) > 1:
        _, content, opening = stack.pop()
        stack[-1][1].extend([opening, *content] if opening else content)
    return stack[0][1]


def _is_parted(inlines: list[Node], index: int) -> bool:
    """Tell whether words around a break stay apart where Quarto drops it."""
    around = inlines[max(index - 1, 0) : index] + inlines[index + 1 : index + 2]
    return len(around) < 2 or any(one["t"] in _BREAKS for one in around)


def _tables(document: Document, blocks: list[Node], folder: Path) -> list[Node]:
    """Read the tables that stand in the text as HTML."""
    found: list[Node] = []
    table: list[str] = []
    depth = 0
    for block in blocks:
        if block["t"] == "RawBlock" and block["c"][0] == FROM_CELLS:
            found += _read(block["c"][1], folder)
            continue
        raw = (
            block["c"] if block["t"] == "RawBlock" and block["c"][0] == "html" else None
        )
        if _is_table(block):
            found += _read(block["c"][1], folder)
            continue
        if block["t"] == "Div":
            block["c"][1] = _tables(document, block["c"][1], folder)
        if not depth and not (raw and _TABLE.match(raw[1].strip())):
            found.append(block)
            continue
        table.append(raw[1] if raw else _as_html(block, folder))
        if raw:
            for tag in _TABLE.finditer(raw[1]):
                depth += -1 if tag[1] else 1
        if depth <= 0:
            found += _read("\n".join(table), folder)
            table, depth = [], 0
    if table:
        file, line, _ = document.at(r"<table\b")
        what = "a table in HTML is opened and not closed"
        raise ManuscriptError(file, line, what, "end it with </table>")
    return found


def _is_table(block: Node) -> bool:
    """Whether a block said to be HTML is a table alone, which all formats show."""
    if block["t"] != "RawBlock" or block["c"][0] != f"{SAID}html":
        return False
    text = _COMMENT.sub("", block["c"][1]).strip()
    return bool(_WHOLE_TABLE.fullmatch(text)) and len(_TABLE.findall(text)) == 2


def _read(text: str, folder: Path) -> list[Node]:
    """Read HTML; what a data frame says of its looks is left aside."""
    tree = json.loads(pandoc.run(("-f", "html", "-t", "json"), text, folder))
    blocks: list[Node] = []
    for block in tree["blocks"]:
        # pandas wraps its tables.
        blocks += block["c"][1] if block["t"] == "Div" else [block]
    blocks = pandoc.transform(
        blocks, lambda e: [] if e["t"] in ("RawBlock", "RawInline") else None
    )
    blocks = [block for block in blocks if block["c"] != []]
    for block in blocks:
        if block["t"] == "Table":
            block["c"][0] = ["", [], []]
    return blocks


def _as_html(block: Node, folder: Path) -> str:
    tree = {"pandoc-api-version": [1, 23, 1], "meta": {}, "blocks": [block]}
    return pandoc.run(
        ("-f", "json", "-t", "html", "--mathml"), json.dumps(tree), folder
    )
