"""Run a document's cells and inline expressions, once for all formats.

What a cell published becomes a plain :class:`Execution`; how it looks is
settled later. Rules are those of Quarto 1.7 (``notebook.py``, ``jupyter.ts``,
``jupyter-inline.ts``); where Quarto would print source code, drop an output in
some formats or go on after a fault, the run stops with file and line.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from manuscript.errors import ManuscriptError, refuse
from manuscript.execute import kernel
from manuscript.execute.kernel import (
    Kernel,
    KernelEndedError,
    KernelLostError,
    KernelTimeoutError,
    Message,
)
from manuscript.execute.nursery import Nursery
from manuscript.execute.outputs import (
    ANSI,
    Output,
    failed,
    markdown,
    printed,
    raised,
    stopgap,
)
from manuscript.source import Cell, Document, Inline

_MISSED = re.compile(r"NameError: name '\w+' is not defined")
_CELL_LINE = re.compile(r"Cell In\[\d+\], line (\d+)")
_MODULE_LINE = re.compile(r"File (/.+?):(\d+)")
_FIGURE_SIZE = "__import__('matplotlib').rcParams['figure.figsize'] = {}"


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
    limit : float
        Seconds that one cell may take.
    epoch : int
        Date of files made by cells, in seconds since 1970.
    draft : bool
        Whether what fails is shown as failed, where a render would stop.
    is_inert : bool
        Whether no cell of the document runs.
    """

    echo: bool = True
    eval: bool = True
    include: bool = True
    warning: bool = True
    error: bool = False
    output: bool | Literal["asis"] = True
    size: tuple[float, float] = (7, 5)
    dpi: int = 300
    limit: float = 600
    epoch: int = 0
    draft: bool = False
    is_inert: bool = False

    def of(self, cell: Cell, name: str) -> Any:
        """Return an option of a cell."""
        return cell.options.values.get(name, getattr(self, name))


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
    faults : tuple of ManuscriptError
        Of a draft: what was refused, in whose place a stopgap is shown.
    reused : int
        How many cells did not run, since an earlier render knew their outputs.
    """

    outputs: tuple[tuple[Output, ...], ...]
    inlines: Mapping[tuple[int, str], str]
    faults: tuple[ManuscriptError, ...] = ()
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
        or puts out what not every format can show; a draft goes on.
    """
    faults: list[ManuscriptError] = []
    outputs: list[tuple[Output, ...]] = []
    inlines: dict[tuple[int, str], str] = {}
    if not any(isinstance(f, Cell) or f.inlines for f in document.asking):
        return Execution((), {})
    with started(document, folder, options, stop) as running:
        for fragment in document.asking:
            if isinstance(fragment, Cell):
                outputs.append(run_cell(fragment, folder, running, options, faults))
            elif fragment.inlines:
                above = len(outputs)
                inlines |= evaluate(fragment.inlines, above, running, options, faults)
    return Execution(tuple(outputs), inlines, tuple(faults))


@contextmanager
def started(
    document: Document,
    folder: Path,
    options: Options,
    stop: threading.Event,
    nursery: Nursery | None = None,
) -> Iterator[Kernel]:
    """Start a kernel for a document; one that does not start is a fault of it."""
    asked = [f for f in document.asking if isinstance(f, Cell) or f.inlines]
    try:
        with kernel.start(
            folder,
            options.size,
            options.dpi,
            options.epoch,
            stop,
            nursery,
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
    cell: Cell,
    folder: Path,
    running: Kernel,
    options: Options,
    faults: list[ManuscriptError],
) -> tuple[Output, ...]:
    """Run a cell in a kernel; the faults of a draft's are collected."""
    found: list[ManuscriptError] = []
    outputs = _outputs(cell, folder, running, options, found)
    if not options.draft:
        refuse(found)
    faults += found
    return outputs


def _outputs(
    cell: Cell,
    folder: Path,
    running: Kernel,
    options: Options,
    faults: list[ManuscriptError],
) -> tuple[Output, ...]:
    if not options.of(cell, "eval"):
        return unrun(cell, options)
    width = cell.options.values.get("fig-width", options.size[0])
    height = cell.options.values.get("fig-height", options.size[1])
    size = (width, height) if (width, height) != options.size else None
    messages: list[Message] = []
    try:
        messages, reply = _ask(
            running, cell.code, options.limit, cell, cell.name, size=size
        )
        if size:
            running.execute(_FIGURE_SIZE.format(options.size), options.limit)
        if reply["status"] == "error" and options.of(cell, "error") is not True:
            messages = [each for each in messages if each["msg_type"] != "error"]
            line, frame = _error_line(cell, reply), _frame(reply, folder)
            faults.append(raised(cell, reply, line, frame))
    except ManuscriptError as fault:
        faults.append(fault)
    if not options.of(cell, "include") or options.of(cell, "output") is False:
        return ()
    in_its_place = [Output("markdown", stopgap(fault.what)) for fault in faults]
    return (*printed(cell, messages, faults), *in_its_place)


def unrun(cell: Cell, options: Options) -> tuple[Output, ...]:
    """Say what a cell that does not run puts out: in a draft that runs none, words."""
    is_hidden = not options.of(cell, "include") or options.of(cell, "output") is False
    is_own = options.eval or "eval" in cell.options.values
    if is_hidden or is_own or not (options.draft and options.is_inert):
        return ()
    return (Output("markdown", stopgap(f"{cell.name} did not run")),)


def evaluate(
    inlines: Sequence[Inline],
    cells: int,
    running: Kernel,
    options: Options,
    faults: list[ManuscriptError],
) -> dict[tuple[int, str], str]:
    """Evaluate inline expressions that follow some number of cells."""
    if options.draft and options.is_inert:
        return {(cells, inline.expression): failed(inline) for inline in inlines}
    asked = {str(n): inline for n, inline in enumerate(inlines)}
    first = inlines[0]
    found: list[ManuscriptError] = []
    answers: Message = {}
    try:
        _, reply = _ask(
            running,
            "",
            options.limit,
            first,
            f"an inline expression from `{first.expression}` on",
            {name: inline.expression for name, inline in asked.items()},
        )
        answers = reply["user_expressions"]
    except ManuscriptError as fault:
        found.append(fault)
    values: dict[tuple[int, str], str] = {}
    for name, inline in asked.items():
        text = failed(inline)
        if name in answers:
            try:
                text = markdown(inline, answers[name])
            except ManuscriptError as fault:
                missed = _MISSED.search(fault.what)
                # What all lack for one reason is told once.
                if not any(missed and missed[0] in f.what for f in (*faults, *found)):
                    found.append(fault)
        values[cells, inline.expression] = text
    if not options.draft:
        refuse(found)
    faults += found
    return values


def _ask(
    running: Kernel,
    code: str,
    limit: float,
    asker: Cell | Inline,
    name: str,
    expressions: Mapping[str, str] | None = None,
    size: tuple[float, float] | None = None,
) -> tuple[list[Message], Message]:
    try:
        if size:
            running.execute(_FIGURE_SIZE.format(size), limit)
        return running.execute(code, limit, expressions)
    except KernelLostError:
        raise asker.fault(
            f"{name} was not run, as what stands above it lost the Python kernel",
            "mend that first",
        ) from None
    except KernelTimeoutError:
        raise asker.fault(
            f"{name} did not end within {limit:g} seconds",
            "shorten it, or allow more with --timeout",
        ) from None
    except KernelEndedError as died:
        raise asker.fault(
            f"{name} broke the Python kernel: {died}",
            "look for calls that leave the process, exhaust its memory or print no end",
        ) from None


def _error_line(cell: Cell, reply: Message) -> int:
    """Line of the source at which the cell failed."""
    traceback = ANSI.sub("", "\n".join(reply.get("traceback", ())))
    lines = _CELL_LINE.findall(traceback)
    return cell.code_line + int(lines[-1]) - 1 if lines else cell.line


def _frame(reply: Message, folder: Path) -> str:
    """Say which of the project's own modules raised an error, and in which line."""
    traceback = ANSI.sub("", "\n".join(reply.get("traceback", ())))
    for file, line in reversed(_MODULE_LINE.findall(traceback)):
        path = Path(file)
        if path.is_relative_to(folder) and "site-packages" not in path.parts:
            return f" (at {path.relative_to(folder).as_posix()}:{line})"
    return ""
