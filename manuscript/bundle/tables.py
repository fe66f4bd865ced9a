"""Tables as CSV, safe to open in a spreadsheet, and as editable Word documents."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from manuscript.compose import Article, Node, filters, link, ooxml, pandoc, write
from manuscript.source import as_list
from manuscript.values import temporary_folder

# What makes a spreadsheet calculate a cell, in half and full width.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
_PAGE = re.compile(rb'<w:pgSz w:w="(\d+)" w:h="(\d+)"/>')
_CELLS = {"cell", "cell-output"}
_TURNED = "turned"
_NUMBERED = "References are numbered as in the document that the table is from."


def resolve(article: Article) -> dict[str, Node]:
    """Resolve the citations and references in the tables of a document.

    Returns
    -------
    dict
        For each table by label, the division of caption, table and notes.
    """

    def change(element: Node) -> Node | list[Node] | None:
        match element["t"]:
            case "Float":
                content = element["c"]
                kind = article.kinds[content["kind"]]
                name = [*pandoc.words(kind.name(content["number"]) + ":")]
                text = [*name, {"t": "Space"}, *content["caption"]]
                caption = pandoc.div(
                    [{"t": "Para", "c": text}], custom_style="Table Caption"
                )
                blocks = [caption, *content["content"]]
                return pandoc.div(blocks, content["id"], ["float"])
            case "Ref":
                return link(element["c"])
            case "Image":
                return []
            case "Div" if _CELLS & set(element["c"][0][1]):
                cell: list[Node] = element["c"][1]
                return cell
        return None

    with temporary_folder() as scratch:
        tree = json.loads(write(article, "json", change, scratch))
    found = {}
    for element in pandoc.elements(tree["blocks"], "Div"):
        (identifier, classes, _), content = element["c"]
        if "landscape" in classes:
            for inner in content:
                if inner["t"] == "Div" and "float" in inner["c"][0][1]:
                    inner["c"][0][1].append(_TURNED)
        elif "float" in classes and any(pandoc.elements(content, "Table")):
            found[identifier] = element
    return found


def write_docx(article: Article, table: Node, target: Path) -> None:
    """Write one table as a Word document.

    Parameters
    ----------
    article : Article
        The document it is from.
    table : dict
        As :func:`resolve` gives it.
    target : Path
    """
    (_, classes, _), content = table["c"]
    blocks = [_unlinked(table)]
    if any(pandoc.elements(content, "Cite")):
        note = [{"t": "Para", "c": pandoc.words(_NUMBERED)}]
        blocks.append(pandoc.div(note, "", ["notes"]))
    tree = {
        "pandoc-api-version": article.assembled.version,
        "meta": {},
        "blocks": blocks,
    }
    settings = article.metadata("docx")
    with temporary_folder() as scratch:
        references = [
            article.project.root / path
            for path in as_list(settings.get("reference-doc"))
        ]
        if _TURNED in classes:
            references = [_turn(path, scratch) for path in references]
        pandoc.run(
            [
                *("--from", "json", "--to", "docx", "--standalone"),
                *(f"--lua-filter={path}" for path in filters(settings)),
                *(f"--reference-doc={path}" for path in references),
                *("--output", str(target)),
            ],
            json.dumps(tree),
            article.project.root,
            article.epoch,
        )
    ooxml.finish(target)


def _turn(reference: Path, folder: Path) -> Path:
    """Copy a reference document with its page turned."""
    target = folder / reference.name
    with zipfile.ZipFile(reference) as given, zipfile.ZipFile(target, "w") as turned:
        for part in given.infolist():
            text = given.read(part)
            if part.filename == "word/document.xml":
                text = _PAGE.sub(
                    rb'<w:pgSz w:w="\2" w:h="\1" w:orient="landscape"/>', text
                )
            turned.writestr(part, text)
    return target


def _unlinked(table: Node) -> Node:
    """Take out links whose goals stay behind in the document."""

    def change(element: Node) -> list[Node] | None:
        if element["t"] == "Link" and element["c"][2][0].startswith("#"):
            text: list[Node] = element["c"][1]
            return text
        return None

    return pandoc.transform(table, change)


def as_csv(table: Node) -> str:
    """Write the cells of a table as CSV, with a mark by which Excel knows UTF-8."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    for element in pandoc.elements(table, "Table"):
        width = len(element["c"][2])
        for row in _rows(element["c"]):
            writer.writerow([*map(harmless, row), *[""] * (width - len(row))])
    return "\N{ZERO WIDTH NO-BREAK SPACE}" + buffer.getvalue()


def harmless(cell: str) -> str:
    """Mark as text what a spreadsheet would take for a formula.

    Examples
    --------
    >>> harmless("=1+1"), harmless("−0.5"), harmless("0.02")
    ("'=1+1", '−0.5', '0.02')
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _rows(content: list[Any]) -> Iterator[list[str]]:
    _, _, _, (_, head), bodies, (_, foot) = content
    rows = [
        *head,
        *(row for body in bodies for part in body[2:] for row in part),
        *foot,
    ]
    for _, cells in rows:
        texts: list[str] = []
        for _, _, _, columns, blocks in cells:
            texts += [_text(blocks), *[""] * (columns - 1)]
        yield texts


def _text(node: Any) -> str:
    """Words of blocks or inlines."""
    found = "".join(_words(node))
    return re.sub(r"[ \n]+", " ", found).strip()


def _words(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for part in node:
            yield from _words(part)
    elif isinstance(node, dict):
        content = node.get("c")
        match node.get("t"):
            case "Str":
                yield str(content)
            case "Space" | "SoftBreak" | "LineBreak":
                yield " "
            case "Code" | "Math":
                assert content is not None
                yield str(content[1])
            case "Cite":
                assert content is not None
                yield f" [{_text(content[1])}]"
            case "Para" | "Plain" | "Header":
                yield from _words(content)
                yield " "
            case "RawInline" | "RawBlock" | "Note":
                pass
            case "Quoted":
                assert content is not None
                marks = "‘’" if content[0]["t"] == "SingleQuote" else "“”"
                yield marks[0]
                yield from _words(content[1])
                yield marks[1]
            case "Link" | "Span":
                assert content is not None
                yield from _words(content[1])
            case _:
                yield from _words(content)
