"""PDF through typst: tagged, PDF/UA-1, with fonts of its own.

The typst source has Quarto's order (definitions, template, header, show rule,
body) and Quarto's figures (``layout/typst.lua``), so that the project's
templates serve typst 0.13 in Quarto and the installed typst here.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import typst

from manuscript.compose.formats.article import Article, write
from manuscript.compose.numbering import HEADING_NUMBER, NBSP, Kind
from manuscript.compose.pandoc import Node, raw
from manuscript.errors import ManuscriptError
from manuscript.source.settings import as_list

_CELL_CLASSES = {"cell", "cell-output"}
_MISSING_FONT = re.compile(r"unknown font family: ")


def build(article: Article, directory: Path, scratch: Path) -> Path:
    """Write ``<document>.pdf`` into a directory.

    Raises
    ------
    ManuscriptError
        What typst refuses, among it whatever PDF/UA-1 forbids; a font that is
        not in the project.
    """
    settings = article.metadata("typst")
    vector = settings.get("fig-format") != "png"
    source = scratch / f"{article.document.stem}.typ"
    source.write_text(
        write(
            article,
            "typst",
            lambda element: _change(article, element, scratch, vector),
            scratch,
            ["--template", "partials/page.typ", "--shift-heading-level-by=-1"],
        ),
        "utf-8",
    )
    folders = as_list(settings.get("font-paths"))
    try:
        pdf, warnings = typst.compile_with_warnings(
            str(source),
            root=str(scratch),
            font_paths=[str(article.project.root / folder) for folder in folders],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=["ua-1"],
            timestamp=article.epoch,
        )
    except typst.TypstError as error:
        raise _refused(article, error.message, error.hints) from error
    for warning in warnings:
        if _MISSING_FONT.match(warning.message):
            raise _refused(
                article,
                warning.message,
                ["put it into the project and name its folder in `font-paths`"],
            )
    target = directory / f"{article.document.stem}.pdf"
    target.write_bytes(pdf)
    return target


def _refused(article: Article, message: str, hints: list[str]) -> ManuscriptError:
    mend = "; ".join(hints) or "correct the source or the typst template"
    return ManuscriptError(article.document.path, 1, f"typst: {message}", mend)


def _change(
    article: Article, element: Node, scratch: Path, vector: bool
) -> Node | list[Node] | None:
    match element["t"]:
        case "Float":
            content = element["c"]
            return _float(article.kinds[content["kind"]], content)
        case "Ref":
            return _reference(element["c"])
        case "Image":
            name, figure = article.figure(element)
            if vector and figure.svg:
                file = scratch / f"{name}.svg"
                file.write_text(figure.svg, "utf-8")
            else:
                file = scratch / f"{name}.png"
                file.write_bytes(figure.png)
            alt = json.dumps(figure.alt, ensure_ascii=False)
            return raw("typst", f'#image("{file.name}", alt: {alt})', inline=True)
        case "Table":
            # The float around it is the figure; pandoc would make another.
            element["c"][0][1].append("typst:no-figure")
        case "Span" if HEADING_NUMBER in element["c"][0][1]:
            return []  # typst numbers headings itself
        case "Div" if _CELL_CLASSES & set(element["c"][0][1]):
            blocks: list[Node] = element["c"][1]
            return blocks
    return None


def _float(kind: Kind, content: Node) -> list[Node]:
    supplement = json.dumps(kind.prefix, ensure_ascii=False)
    return [
        raw("typst", "#figure(["),
        *content["content"],
        raw("typst", f"], caption: figure.caption(position: {kind.caption}, ["),
        {"t": "Plain", "c": content["caption"]},
        raw(
            "typst",
            f"]), kind: {json.dumps('quarto-float-' + kind.key)}, "
            f"supplement: {supplement})<{content['id']}>",
        ),
    ]


def _reference(content: Node) -> list[Node]:
    # The number is typst's own; a no-break space is its own as well.
    prefix = [part for part in content["prefix"] if part.get("c") != NBSP]
    return [
        raw("typst", f"#ref(<{content['id']}>, supplement: [", inline=True),
        *prefix,
        raw("typst", "])", inline=True),
    ]
