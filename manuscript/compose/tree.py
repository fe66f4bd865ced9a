"""Put what code yielded where the code stood, and read the whole as one tree.

Cells become divisions (``.cell``, ``.cell-output``) as in Quarto 1.7; a figure
is an image that names its output, so that each format takes the form it can
show.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from manuscript.compose import pandoc
from manuscript.compose.pandoc import Node
from manuscript.errors import ManuscriptError
from manuscript.execute.cells import Execution, Options
from manuscript.execute.outputs import Output
from manuscript.source.documents import Cell, Document, Prose

_PAIR = re.compile(r'([\w-]+)="((?:[^"\\]|\\.)*)"')
_VALUE = re.compile(rf"\{{\.value ((?:{_PAIR.pattern} ?)+)\}}")
_READER_LINE = re.compile(r"\bline (\d+)\b")


@dataclass(frozen=True)
class Figure:
    """A figure made by a cell.

    Attributes
    ----------
    cell : Cell
    alt : str
        What it shows, for readers who cannot see it.
    svg : str
    png : bytes
    """

    cell: Cell
    alt: str
    svg: str
    png: bytes


@dataclass(frozen=True)
class Assembled:
    """A document with its code's results in place.

    Attributes
    ----------
    document : Document
    version : list of int
        Of the tree's format.
    blocks : list of dict
        pandoc's tree.
    figures : dict
        The figures, by the name under which images in the tree refer to them.
    """

    document: Document
    version: list[int]
    blocks: list[Node]
    figures: dict[str, Figure]


def assemble(
    document: Document, execution: Execution, options: Options, folder: Path
) -> Assembled:
    """Read an executed document.

    Raises
    ------
    ManuscriptError
        A figure without alternative text, a labelled cell without caption or
        output, an image from elsewhere, and whatever pandoc warns of.
    """
    text: list[str] = []
    places: list[tuple[int, str, int]] = []
    figures: dict[str, Figure] = {}
    line = 1
    for chunk, file, number in _chunks(document, execution, options, figures):
        places.append((line, file, number))
        text.append(chunk)
        line += chunk.count("\n")
    try:
        tree = _read("".join(text), folder)
    except pandoc.PandocError as error:
        file, number = _place(str(error), places, document)
        raise ManuscriptError(
            file, number, f"pandoc: {error}", "correct the Markdown"
        ) from error
    blocks: list[Node] = tree["blocks"]
    _refuse_foreign_images(document, blocks, figures)
    return Assembled(document, tree["pandoc-api-version"], blocks, figures)


def _read(text: str, folder: Path) -> Node:
    """Have pandoc read Markdown, the attributes of values set aside meanwhile.

    A value bears some 300 characters on its origin, on which pandoc would spend
    two thirds of its time.
    """
    aside: list[str] = []

    def set_aside(match: re.Match[str]) -> str:
        aside.append(match[1])
        return f'{{.value aside="{len(aside) - 1}"}}'

    reader = ("-f", "markdown", "-t", "json")
    tree: Node = json.loads(pandoc.run(reader, _VALUE.sub(set_aside, text), folder))
    restored = 0
    for element in pandoc.elements(tree["blocks"]):
        if element["t"] == "Span" and element["c"][0][2][:1]:
            attributes = element["c"][0]
            if attributes[2][0][0] == "aside":
                source = aside[int(attributes[2][0][1])]
                attributes[2] = [list(pair) for pair in _pairs(source)]
                restored += 1
    if restored < len(aside):
        # Some stood where they are no attributes, as in code.
        tree = json.loads(pandoc.run(reader, text, folder))
    return tree


def _pairs(attributes: str) -> Iterator[tuple[str, str]]:
    for name, value in _PAIR.findall(attributes):
        yield name, re.sub(r"\\(.)", r"\1", value)


def _place(
    said: str, places: list[tuple[int, str, int]], document: Document
) -> tuple[str, int]:
    """Where in the sources a line of the assembled text comes from."""
    match = _READER_LINE.search(said)
    if not match:
        return document.path, 1
    line = int(match[1])
    start, file, number = places[bisect_right(places, (line, "\uffff")) - 1]
    return file, number + line - start


def _chunks(
    document: Document,
    execution: Execution,
    options: Options,
    figures: dict[str, Figure],
) -> Iterator[tuple[str, str, int]]:
    """Yield Markdown with the file and line it stands for."""
    cells = 0
    for fragment in document.fragments:
        if isinstance(fragment, Prose):
            yield from _prose(fragment, cells, execution)
        else:
            made = execution.outputs[cells]
            cells += 1
            shown = "".join(_cell(fragment, made, options, figures))
            yield shown, fragment.file, fragment.line


def _prose(
    prose: Prose, cells: int, execution: Execution
) -> Iterator[tuple[str, str, int]]:
    start = 0
    for inline in prose.inlines:
        yield prose.text[start : inline.start], prose.file, prose.line_at(start)
        yield execution.inlines[cells, inline.expression], prose.file, inline.line
        start = inline.end
    yield prose.text[start:], prose.file, prose.line_at(start)


def _cell(
    cell: Cell, made: tuple[Output, ...], options: Options, figures: dict[str, Figure]
) -> Iterator[str]:
    if not options.of(cell, "include"):
        return
    caption = _caption(cell)
    shown = [*_shown(cell, made, options)]
    if caption and not shown:
        raise ManuscriptError(
            cell.file,
            cell.line,
            f"{cell.name} has a caption and puts out nothing",
            "end it with the figure or table",
        )
    code = cell.code if options.of(cell, "echo") else ""
    if not shown and not code:
        return
    yield f"\n\n::: {{#{cell.label}}}\n" if caption else "\n\n"
    yield "::: {.cell}\n"
    if code:
        yield _fenced(code, "{.python .cell-code}")
    for output in shown:
        yield _output(cell, output, options, figures)
    yield ":::\n"
    if caption:
        yield f"\n{caption}\n:::\n"
    yield "\n"


def _caption(cell: Cell) -> str:
    """Caption of a cell that is a float by its own label; empty for others."""
    label = cell.label or ""
    for kind in ("fig", "tbl"):
        caption = cell.options.values.get(f"{kind}-cap")
        labelled = label.startswith(f"{kind}-")
        if labelled and not caption:
            what, mend = f"has no `{kind}-cap`", "give it a caption"
        elif caption and not labelled:
            what, mend = f"has `{kind}-cap`", f"label it `{kind}-...`"
        elif "`{python}" in str(caption):
            what = f"computes in `{kind}-cap`, where Quarto does not"
            mend = f"put it in a division `::: {{#{label}}}`, the caption last in it"
        else:
            if labelled:
                return " ".join(str(caption).split())
            continue
        line = cell.options.line(f"{kind}-cap" if caption else "label")
        raise ManuscriptError(cell.file, line, f"{cell.name} {what}", mend)
    return ""


def _shown(cell: Cell, made: tuple[Output, ...], options: Options) -> Iterator[Output]:
    for output in made:
        if output.kind != "stderr" or options.of(cell, "warning"):
            yield output


def _output(
    cell: Cell, output: Output, options: Options, figures: dict[str, Figure]
) -> str:
    if output.kind == "markdown":
        body, kind = output.text.strip("\n") + "\n", "display .cell-output-markdown"
    elif output.kind == "figure":
        body, kind = f"![]({_figure(cell, output, figures)})\n", "display"
    elif output.kind == "stdout" and options.of(cell, "output") == "asis":
        return f"\n{output.text}\n"
    else:
        body = _fenced(output.text)
        kind = "display" if output.kind == "text" else output.kind
    return f"\n::: {{.cell-output .cell-output-{kind}}}\n\n{body}\n:::\n"


def _fenced(text: str, attributes: str = "") -> str:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    ticks = "`" * max(3, longest + 1)
    return f"{ticks}{attributes}\n{text.rstrip()}\n{ticks}\n"


def _figure(cell: Cell, output: Output, figures: dict[str, Figure]) -> str:
    alt = " ".join(str(cell.options.values.get("fig-alt") or "").split())
    if not alt:
        raise ManuscriptError(
            cell.file,
            cell.line,
            f"{cell.name} draws a figure without alternative text",
            """say what it shows in `#| fig-alt: "..."`""",
        )
    number = sum(figure.cell is cell for figure in figures.values()) + 1
    name = f"figure-{cell.number}-{number}"
    figures[name] = Figure(cell, alt, output.svg, output.png)
    return name


def _refuse_foreign_images(
    document: Document, blocks: list[Node], figures: dict[str, Any]
) -> None:
    for element in pandoc.elements(blocks):
        if element["t"] == "Image" and (source := element["c"][2][0]) not in figures:
            file, line = document.find(f"]({source}")
            raise ManuscriptError(
                file,
                line,
                f"image `{source}` is not supported",
                "make figures in code cells",
            )
