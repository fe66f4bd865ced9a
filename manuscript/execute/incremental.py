"""Executing what has changed: a document's cells run when what they rest on did.

A cell rests on its document's code up to and including it (but for what is answered
without a kernel), on its options, and on the code and data of the project; a cell
that names the press beyond values, on the sources as well
(:mod:`manuscript.execute.state`). As no cell can start from where another has left a
kernel, all run if one has to.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from manuscript.errors import ManuscriptError
from manuscript.execute import cells as execute
from manuscript.execute import kernel, nursery
from manuscript.execute.cells import Execution, Options
from manuscript.execute.files import digest
from manuscript.execute.inline import Answering, Place
from manuscript.execute.kept import Kept
from manuscript.execute.names import Names, imported
from manuscript.execute.nursery import Nursery
from manuscript.execute.outputs import Output
from manuscript.execute.state import State
from manuscript.source import Cell, Document, Inline


@dataclass(frozen=True)
class Result:
    """What one ask yielded: outputs of a cell, or Markdown by inline expression."""

    outputs: tuple[Output, ...]
    texts: dict[str, str]


@dataclass(frozen=True)
class KeptCells:
    """Results of all that a document asked of its kernel.

    Attributes
    ----------
    key : str
        Digest of all that they rest on but
    sources : str
        the sources, on which those rest that name the press.
    results : tuple of Result
    """

    key: str
    sources: str
    results: tuple[Result, ...]


@dataclass(frozen=True)
class Ask:
    """A cell, or the inline expressions between two cells, to ask a kernel for.

    Attributes
    ----------
    cell : Cell or None
    inlines : tuple of Inline
    above : int
        How many cells stand above.
    identity : str
        Its code and options.
    names_press : bool
        Whether it rests on the sources.
    origins : mapping of str to str
        What names stand for, if nothing could bind them but imports.
    """

    cell: Cell | None
    inlines: tuple[Inline, ...]
    above: int
    identity: str
    names_press: bool
    origins: Mapping[str, str] = field(default_factory=dict)


class Incremental:
    """Executes documents of a project, in which it keeps the results.

    Parameters
    ----------
    state : State
        Of the project.
    kept : Kept
    answers : Answering, optional
        Where it knows more than the state does.

    Attributes
    ----------
    answers : Answering
        What this process answers without a kernel.
    """

    def __init__(
        self,
        state: State,
        kept: Kept,
        answers: Answering | None = None,
    ) -> None:
        self._state = state
        self._kept = kept
        self.answers = answers or Answering(state, kept)
        self._nursery: Nursery | None = None

    @contextmanager
    def ahead(self, asked: Sequence[tuple[Document, Options]]) -> Iterator[None]:
        """Start what documents have in common, before any of them asks for it.

        Where the values have to be computed, that is one process for them and for
        all kernels (:mod:`manuscript.execute.nursery`); it ends with the block.
        """
        if not (asked and nursery.possible() and self.answers.has_to_compute):
            yield
            return
        options = asked[0][1]
        modules = dict.fromkeys(
            module
            for document, _ in asked
            for cell in document.cells
            for module in imported(cell.code)
        )
        self._nursery = kernel.nursery(
            self._state.root,
            options.size,
            options.dpi,
            options.epoch,
            [*modules],
            values=self._state.code,
        )
        self.answers.told = self._nursery.values
        try:
            yield
        finally:
            self._nursery.close()

    def execute(
        self, document: Document, folder: Path, options: Options, stop: threading.Event
    ) -> Execution:
        """Execute what has changed of a document; as :func:`execute.execute`."""
        expected = self.answers.expected(document, options)
        # Cells run while other threads compute the values.
        asks = [*_asks(document, options, expected)]
        results, faults, ran = self._results(document, folder, options, stop, asks)
        answered = self.answers.answer(expected)
        if len(answered) < len(expected):
            asks = [*_asks(document, options, answered)]
            results, faults, ran = self._results(document, folder, options, stop, asks)
        outputs = [execute.unrun(cell, options) for cell in document.cells]
        inlines: dict[Place, str] = {}
        for (above, expression), text in answered.items():
            if expression:
                inlines[above, expression] = text
            else:
                outputs[above] = (Output("markdown", text),)
        for ask, result in zip(asks, results, strict=True):
            if ask.cell:
                outputs[ask.above] = result.outputs
            inlines |= {(ask.above, e): text for e, text in result.texts.items()}
        asked = sum(ask.cell is not None for ask in asks)
        told = sum(not expression for _, expression in answered)
        reused = told + (0 if ran else asked)
        return Execution(tuple(outputs), inlines, faults, reused)

    def _results(
        self,
        document: Document,
        folder: Path,
        options: Options,
        stop: threading.Event,
        asks: list[Ask],
    ) -> tuple[tuple[Result, ...], tuple[ManuscriptError, ...], bool]:
        """Return the results of all asks, their faults, and whether they had to run."""
        if not asks:
            return (), (), False
        name = f"cells-{document.stem}"
        # A draft that runs no cell says so where one is asked for.
        is_said = options.draft and options.is_inert
        settings = [options.epoch, options.dpi, *options.size, is_said]
        shared = json.dumps([str(folder), *settings])
        key = digest(self._state.code, shared, *(ask.identity for ask in asks))
        kept = self._kept.read_as(KeptCells, name)
        if kept and kept.key == key and len(kept.results) == len(asks):
            reused = [*map(self._reused, asks, kept.results, [kept] * len(asks))]
            found = tuple(result for result in reused if result)
            if len(found) == len(asks):
                return found, (), False
        faults: list[ManuscriptError] = []
        results = []
        with execute.started(document, folder, options, stop, self._nursery) as running:
            for ask in asks:
                if ask.cell:
                    outputs = execute.run_cell(
                        ask.cell, folder, running, options, faults
                    )
                    results.append(Result(outputs, {}))
                else:
                    texts = execute.evaluate(
                        ask.inlines, ask.above, running, options, faults
                    )
                    results.append(Result((), {e: t for (_, e), t in texts.items()}))
        made = KeptCells(key, self._state.sources, tuple(results))
        if not faults:  # which name lines, and what is kept outlives these
            self._kept.write(name, made)
        return made.results, tuple(faults), True

    def _reused(self, ask: Ask, result: Result, kept: KeptCells) -> Result | None:
        """Return a result that holds, or is made to hold without a kernel."""
        asked = {inline.expression for inline in ask.inlines}
        if result.texts.keys() != asked:
            return None
        if not ask.names_press or kept.sources == self._state.sources:
            return result
        # Whatever else it puts out, a kernel only can tell.
        if not ask.cell or [o.kind for o in result.outputs] != ["markdown"]:
            return None
        text = self.answers.call(ask.cell.code, ask.origins)
        return Result((Output("markdown", text),), {}) if text else None


def _asks(
    document: Document, options: Options, answered: Collection[Place]
) -> Iterator[Ask]:
    """Yield what a kernel has to be asked, in order."""
    names = Names()
    above = 0
    for fragment in document.asking:
        if isinstance(fragment, Cell):
            if options.of(fragment, "eval") and (above, "") not in answered:
                told = json.dumps([fragment.code, *_asked_of(fragment, options)])
                press = names.take(fragment.code)
                origins = {**names.origins} if names.plain else {}
                yield Ask(fragment, (), above, told, press, origins)
            above += 1
            continue
        left = [i for i in fragment.inlines if (above, i.expression) not in answered]
        if left:
            codes = [inline.expression for inline in left]
            press = max(map(names.take, codes))
            told = json.dumps(["inline", *codes])
            yield Ask(None, tuple(left), above, told, press)


def _asked_of(cell: Cell, options: Options) -> Iterator[Any]:
    """Yield the settings on which the outputs of a cell rest."""
    yield from (options.of(cell, name) for name in ("include", "output", "error"))
    yield from (cell.options.values.get(f"fig-{side}") for side in ("width", "height"))
