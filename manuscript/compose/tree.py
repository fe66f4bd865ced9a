"""Put what code yielded where the code stood, and read the whole as one tree.

Cells become divisions (``.cell``, ``.cell-output``) as in Quarto 1.7; a figure
is an image that names its output, so that each format takes the form it can
show.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from manuscript.compose import pandoc, reading
from manuscript.compose.constructs import folding, rawhtml, shortcodes
from manuscript.compose.constructs.rawhtml import FROM_CELLS
from manuscript.compose.pandoc import Node
from manuscript.errors import ManuscriptError
from manuscript.execute import Execution, Options, Output
from manuscript.source import Cell, Document, Inline, Prose, Shortcode, as_list, word

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
        What the cell made of it; bitmaps are drawn from vectors where it made none.
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
    aside : list of Shortcode
        Shortcodes, for which tokens stand in the tree.
    remarks : list of ManuscriptError
        Figures without alternative text.
    """

    document: Document
    version: list[int]
    blocks: list[Node]
    figures: dict[str, Figure]
    aside: list[Shortcode]
    remarks: list[ManuscriptError]


def assemble(
    document: Document,
    execution: Execution,
    options: Options,
    folder: Path,
    lang: str = "en",
) -> Assembled:
    """Read an executed document.

    Raises
    ------
    ManuscriptError
        A labelled cell without caption or output, and whatever pandoc warns of.
    """
    text: list[str] = []
    places: list[tuple[int, str, int]] = []
    figures: dict[str, Figure] = {}
    aside: list[Shortcode] = []
    line = 1
    summary = word("code", lang)
    for chunk, file, number in _chunks(
        document, execution, options, figures, aside, summary
    ):
        places.append((line, file, number))
        text.append(chunk)
        line += chunk.count("\n")
    try:
        tree = reading.read("".join(text), folder)
    except pandoc.PandocError as error:
        file, number = _place(str(error), places, document)
        raise ManuscriptError(
            file, number, f"pandoc: {error}", "correct the Markdown"
        ) from error
    blocks: list[Node] = tree["blocks"]
    remarks = [_undescribed(each.cell) for each in figures.values() if not each.alt]
    version = tree["pandoc-api-version"]
    return Assembled(document, version, blocks, figures, aside, remarks)


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
    aside: list[Shortcode],
    summary: str,
) -> Iterator[tuple[str, str, int]]:
    """Yield Markdown with the file and line it stands for."""
    cells = 0
    for fragment in document.fragments:
        if isinstance(fragment, Prose):
            asked = fragment.inlines if document.cells else ()
            yield from _prose(fragment, asked, cells, execution, aside)
        else:
            made = execution.outputs[cells]
            cells += 1
            shown = "".join(_cell(fragment, made, options, figures, summary))
            yield shown, fragment.file, fragment.line


def _prose(
    prose: Prose,
    asked: tuple[Inline, ...],
    cells: int,
    execution: Execution,
    aside: list[Shortcode],
) -> Iterator[tuple[str, str, int]]:
    def written(text: str) -> str:
        return shortcodes.set_aside(rawhtml.mark(text), aside)

    start = 0
    for inline in asked:
        yield (
            written(prose.text[start : inline.start]),
            prose.file,
            prose.line_at(start),
        )
        yield execution.inlines[cells, inline.expression], prose.file, inline.line
        start = inline.end
    yield written(prose.text[start:]), prose.file, prose.line_at(start)


def _cell(
    cell: Cell,
    made: tuple[Output, ...],
    options: Options,
    figures: dict[str, Figure],
    summary: str,
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
    code = _code(cell, options, summary)
    if not shown and not code:
        return
    panels = _panels(cell, shown, caption)
    yield f"\n\n::::: {{#{cell.label}{_columns(cell)}}}\n" if caption else "\n\n"
    yield "::: {.cell}\n"
    yield code
    if panels:
        yield ":::\n"
    for number, output in enumerate(shown):
        if panels:
            label = f"{cell.label}-{number + 1}"
            yield f"\n:::: {{#{label}}}\n"
        yield _output(cell, output, options, figures)
        if panels:
            yield f"\n{panels[number]}\n\n::::\n"
    if not panels:
        yield ":::\n"
    if caption:
        yield f"\n{caption}\n\n:::::\n"
    yield "\n"


def _code(cell: Cell, options: Options, summary: str) -> str:
    """Markdown of a cell's code, where it is to be seen."""
    echo = options.of(cell, "echo")
    if not echo or not cell.code:
        return ""
    if echo == "fenced":
        whole = f"```{{python}}\n{cell.code.rstrip()}\n```"
        return _fenced(whole, "{.markdown .cell-code}")
    code = _fenced(cell.code, "{.python .cell-code}")
    fold = cell.options.values.get("code-fold")
    if not fold:
        return code
    text = str(cell.options.values.get("code-summary") or summary)
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    opened = f' {folding.OPEN}="yes"' if fold == "show" else ""
    opening = f':::: {{.{folding.CLASS} {folding.SUMMARY}="{quoted}"{opened}}}'
    return f"{opening}\n{code}::::\n"


def _columns(cell: Cell) -> str:
    columns = cell.options.values.get("layout-ncol")
    return f" layout-ncol={int(columns)}" if columns else ""


def _panels(cell: Cell, shown: list[Output], caption: str) -> list[str]:
    """Captions of the panels of a cell that draws several figures."""
    kind = "tbl" if (cell.label or "").startswith("tbl-") else "fig"
    captions = as_list(cell.options.values.get(f"{kind}-subcap"))
    kinds = ("figure",) if kind == "fig" else ("html", "markdown")
    drawn = len(shown) > 1 and all(output.kind in kinds for output in shown)
    if kind == "tbl" and not captions:
        return []
    if captions and (not drawn or not caption or len(captions) != len(shown)):
        raise ManuscriptError(
            cell.file,
            cell.options.line(f"{kind}-subcap"),
            f"{cell.name} has {len(captions)} captions of panels and puts out "
            f"{sum(output.kind in kinds for output in shown)} of them",
            "give each figure or table of a labelled cell one",
        )
    if not drawn or not caption:
        return []
    # A panel without words has its letter.
    return [" ".join(str(c).split()) for c in captions] or ["[]{}"] * len(shown)


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
    if output.kind == "error":
        raise ManuscriptError(
            cell.file,
            cell.options.line("error"),
            f"{cell.name} raised {output.text.splitlines()[0][:80]}, and Quarto prints "
            "it in other words in each format",
            "catch the error and print what it says",
        )
    if output.kind == "html":
        body, kind = _fenced(output.text, f"{{={FROM_CELLS}}}"), "display"
    elif output.kind == "markdown":
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
    number = sum(figure.cell is cell for figure in figures.values()) + 1
    texts = as_list(cell.options.values.get("fig-alt"))
    alt = " ".join(str(texts[min(number, len(texts)) - 1] if texts else "").split())
    name = f"figure-{cell.number}-{number}"
    figures[name] = Figure(cell, alt, output.svg, output.png)
    return name


def _undescribed(cell: Cell) -> ManuscriptError:
    return ManuscriptError(
        cell.file,
        cell.line,
        f"{cell.name} draws a figure without alternative text",
        """say what it shows in `#| fig-alt: "..."`""",
    )
