"""Run a document's cells and inline expressions, once for all formats.

What a cell published becomes a plain :class:`Execution`; how it looks is
settled later. Rules are those of Quarto 1.7 (``notebook.py``, ``jupyter.ts``,
``jupyter-inline.ts``); where Quarto would print source code, drop an output in
some formats or go on after a fault, the run stops with file and line.
"""

from __future__ import annotations

import ast
import base64
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from manuscript import kernel
from manuscript.errors import ManuscriptError, refuse
from manuscript.kernel import Kernel, KernelEndedError, KernelTimeoutError, Message
from manuscript.sources import Cell, Document, Inline

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_CELL_LINE = re.compile(r"Cell In\[\d+\], line (\d+)")
_MODULE_LINE = re.compile(r"File (/.+?):(\d+)")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+,\-.!$@~^|&])")
# Reprs that stand beside a figure and say nothing to a reader.
_PLOT = ("[<matplotlib", "<matplotlib", "<seaborn.", "<Figure size")
_FIGURE_SIZE = "__import__('matplotlib').rcParams['figure.figsize'] = {}"
# Of an SVG; it bears the date.
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)
_BRACKETED = re.compile(r"^[<(\[].*[>)\]]$")


@dataclass(frozen=True)
class Options:
    """How cells run and what of them is shown, unless a cell says otherwise.

    Attributes
    ----------
    echo, eval, include, warning, error : bool
    output : bool or "asis"
    size : tuple of float
        Width and height of figures in inches.
    dpi : int
        Of bitmap figures.
    bitmaps : bool
        Whether any format asked for shows figures as bitmaps.
    limit : float
        Seconds that one cell may take.
    epoch : int
        Date of files made by cells, in seconds since 1970.
    """

    echo: bool = True
    eval: bool = True
    include: bool = True
    warning: bool = True
    error: bool = False
    output: bool | Literal["asis"] = True
    size: tuple[float, float] = (7, 5)
    dpi: int = 300
    bitmaps: bool = True
    limit: float = 600
    epoch: int = 0

    def of(self, cell: Cell, name: str) -> Any:
        """Return an option of a cell."""
        return cell.options.values.get(name, getattr(self, name))


@dataclass(frozen=True)
class Output:
    """One thing that a cell put out.

    Attributes
    ----------
    kind : str
    text : str
        Empty for a figure.
    svg : str
    png : bytes
        The figure as vector and bitmap; empty where the cell made none.
    """

    kind: Literal["stdout", "stderr", "error", "markdown", "text", "figure"]
    text: str = ""
    svg: str = ""
    png: bytes = b""


@dataclass(frozen=True)
class Execution:
    """All that a document's code yielded.

    Attributes
    ----------
    outputs : tuple of tuple of Output
        For each cell, in order.
    inlines : mapping
        Markdown of each inline expression, by the number of cells above it and
        its text: what it rests on and what it asks.
    reused : int
        How many cells did not run, since an earlier render knew their outputs.
    """

    outputs: tuple[tuple[Output, ...], ...]
    inlines: Mapping[tuple[int, str], str]
    reused: int = 0


def execute(
    document: Document, folder: Path, options: Options, stop: threading.Event
) -> Execution:
    """Execute a document in a kernel of its own.

    Parameters
    ----------
    document : Document
    folder : Path
        Working directory of the cells.
    options : Options
    stop : threading.Event
        Ends the execution when it is set.

    Raises
    ------
    ManuscriptError
        At the first cell or expression that fails, runs longer than the limit,
        or puts out what not every format can show.
    """
    outputs: list[tuple[Output, ...]] = []
    inlines: dict[tuple[int, str], str] = {}
    if not any(isinstance(f, Cell) or f.inlines for f in document.fragments):
        return Execution((), {})
    with started(document, folder, options, stop) as running:
        for fragment in document.fragments:
            if isinstance(fragment, Cell):
                outputs.append(run_cell(fragment, folder, running, options))
            elif fragment.inlines:
                inlines |= evaluate(fragment.inlines, len(outputs), running, options)
    return Execution(tuple(outputs), inlines)


@contextmanager
def started(
    document: Document, folder: Path, options: Options, stop: threading.Event
) -> Iterator[Kernel]:
    """Start a kernel for a document; one that does not start is a fault of it."""
    asked = [f for f in document.fragments if isinstance(f, Cell) or f.inlines]
    try:
        with kernel.start(
            folder, options.size, options.dpi, options.epoch, stop, options.bitmaps
        ) as running:
            yield running
    except (KernelEndedError, KernelTimeoutError) as died:
        raise ManuscriptError(
            asked[0].file,
            asked[0].line,
            f"the Python kernel did not start: {died or 'it gave no answer'}",
            "check the installation of ipykernel, and free memory and disk",
        ) from died


def run_cell(
    cell: Cell, folder: Path, running: Kernel, options: Options
) -> tuple[Output, ...]:
    """Run a cell in a kernel."""
    if not options.of(cell, "eval"):
        return ()
    width = cell.options.values.get("fig-width", options.size[0])
    height = cell.options.values.get("fig-height", options.size[1])
    resized = (width, height) != options.size
    if resized:
        running.execute(_FIGURE_SIZE.format((width, height)), options.limit)
    messages, reply = _ask(running, cell.code, options.limit, cell, cell.name)
    if resized:
        running.execute(_FIGURE_SIZE.format(options.size), options.limit)
    if reply["status"] == "error" and options.of(cell, "error") is not True:
        raise ManuscriptError(
            cell.file,
            _error_line(cell, reply),
            f"{cell.name} raised {_error(reply)}{_frame(reply, folder)}",
            "correct the cell or what it calls",
        )
    if not options.of(cell, "include") or options.of(cell, "output") is False:
        return ()
    return tuple(_outputs(cell, messages))


def evaluate(
    inlines: Sequence[Inline], cells: int, running: Kernel, options: Options
) -> dict[tuple[int, str], str]:
    """Evaluate inline expressions that follow some number of cells."""
    asked = {str(n): inline for n, inline in enumerate(inlines)}
    first = inlines[0]
    _, reply = _ask(
        running,
        "",
        options.limit,
        first,
        f"an inline expression from `{first.expression}` on",
        {name: inline.expression for name, inline in asked.items()},
    )
    faults: list[ManuscriptError] = []
    values: dict[tuple[int, str], str] = {}
    for name, inline in asked.items():
        try:
            answer = reply["user_expressions"][name]
            values[cells, inline.expression] = _markdown(inline, answer)
        except ManuscriptError as fault:
            faults.append(fault)
    refuse(faults)
    return values


def _ask(
    running: Kernel,
    code: str,
    limit: float,
    asker: Cell | Inline,
    name: str,
    expressions: Mapping[str, str] | None = None,
) -> tuple[list[Message], Message]:
    try:
        return running.execute(code, limit, expressions)
    except KernelTimeoutError:
        raise ManuscriptError(
            asker.file,
            asker.line,
            f"{name} did not end within {limit:g} seconds",
            "shorten it, or allow more with --timeout",
        ) from None
    except KernelEndedError as died:
        raise ManuscriptError(
            asker.file,
            asker.line,
            f"{name} broke the Python kernel: {died}",
            "look for calls that leave the process, exhaust its memory or print no end",
        ) from None


def _error(reply: Message) -> str:
    value = _ANSI.sub("", str(reply["evalue"])).strip()
    return f"{reply['ename']}: {value}" if value else str(reply["ename"])


def _error_line(cell: Cell, reply: Message) -> int:
    """Line of the source at which the cell failed."""
    traceback = _ANSI.sub("", "\n".join(reply.get("traceback", ())))
    lines = _CELL_LINE.findall(traceback)
    return cell.code_line + int(lines[-1]) - 1 if lines else cell.line


def _frame(reply: Message, folder: Path) -> str:
    """Say which of the project's own modules raised an error, and in which line."""
    traceback = _ANSI.sub("", "\n".join(reply.get("traceback", ())))
    for file, line in reversed(_MODULE_LINE.findall(traceback)):
        path = Path(file)
        if path.is_relative_to(folder) and "site-packages" not in path.parts:
            return f" (at {path.relative_to(folder).as_posix()}:{line})"
    return ""


def _outputs(cell: Cell, messages: list[Message]) -> list[Output]:
    outputs: list[Output] = []
    for message in messages:
        content = message["content"]
        match message["msg_type"]:
            case "stream":
                name, text = content["name"], _ANSI.sub("", content["text"])
                if outputs and outputs[-1].kind == name:
                    text = outputs.pop().text + text
                outputs.append(Output(name, text))
            case "error":
                outputs.append(Output("error", _error(content)))
            case "display_data" | "execute_result":
                outputs.append(_display(cell, content["data"]))
            case "execute_input":
                pass
            case other:
                raise _unprintable(cell, f"messages of type `{other}`")
    drawn = any(output.kind == "figure" for output in outputs)
    return [o for o in outputs if not _is_repr_of_plot(o, drawn)]


def _display(cell: Cell, data: Mapping[str, str]) -> Output:
    if "text/html" in data:
        raise _unprintable(cell, "HTML")
    if "text/markdown" in data:
        return Output("markdown", data["text/markdown"])
    if "image/svg+xml" in data or "image/png" in data:
        png = base64.b64decode(data.get("image/png", ""))
        svg = _METADATA.sub("", data.get("image/svg+xml", ""))
        return Output("figure", svg=svg, png=png)
    if set(data) == {"text/plain"}:
        return Output("text", _ANSI.sub("", data["text/plain"]))
    raise _unprintable(cell, " and ".join(sorted(set(data) - {"text/plain"})))


def _unprintable(cell: Cell, what: str) -> ManuscriptError:
    return ManuscriptError(
        cell.file,
        cell.line,
        f"{cell.name} puts out {what}, which not every format can show",
        "end it with a matplotlib figure or an IPython.display.Markdown",
    )


def _is_repr_of_plot(output: Output, drawn: bool) -> bool:
    text = output.text.strip()
    return output.kind == "text" and (
        text.startswith(_PLOT)
        or (drawn and "\n" not in text and bool(_BRACKETED.match(text)))
    )


def _markdown(inline: Inline, answer: Message) -> str:
    """Markdown that stands for an inline expression in the text."""

    def fault(what: str, mend: str) -> ManuscriptError:
        where = f"`{inline.expression}` (column {inline.column})"
        return ManuscriptError(inline.file, inline.line, f"{where} {what}", mend)

    if answer["status"] == "error":
        raise fault(
            f"raised {_error(answer)}", "correct the expression or what it rests on"
        )
    data = answer["data"]
    if "text/markdown" in data:
        text = str(data["text/markdown"])
    elif set(data) == {"text/plain"}:
        text = escaped(str(data["text/plain"]))
    else:
        raise fault(
            "is no text in every format", "return a string, a number or a value"
        )
    if not text:
        raise fault(
            "prints nothing, and Quarto would print its source",
            "remove it or return some text",
        )
    return text


def escaped(plain: str) -> str:
    """Text of a string's repr, safe in Markdown; other reprs as they are."""
    if plain[:1] not in "'\"":
        return plain
    try:
        return _MARKDOWN.sub(r"\\\1", str(ast.literal_eval(plain)))
    except (SyntaxError, ValueError):
        return plain
