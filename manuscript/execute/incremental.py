"""Executing what has changed: cells are reused when all they rest on is as it was.

A cell rests on its code and options, on the code of the cells above that leave
something behind, on every file, folder and variable that was read in its kernel
until it ended (results are cached in modules, so that an earlier cell may have read
what a later one shows), on the modules loaded by then, and on what is installed.
What the press itself reads, such as the text that it numbers, does not count for a
cell that calls ``analysis`` alone, which knows nothing of the press.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from manuscript.errors import ManuscriptError
from manuscript.execute import cells as execute
from manuscript.execute.cells import Execution, Options
from manuscript.execute.digests import Digests, environment, shadowing
from manuscript.execute.inline import Lawful
from manuscript.execute.items import Chain, Item, digest, items_of
from manuscript.execute.kept import Kept
from manuscript.execute.kernel import Kernel
from manuscript.execute.outputs import Output
from manuscript.execute.rests import Rests, Result, install, restored, stored, taken
from manuscript.source.documents import Document

VERSION = 1

_NOTHING: Mapping[str, Any] = {
    **{"records": {}, "digests": {}, "things": []},
    **{"outside": [], "shadowing": []},
}


class Incremental:
    """Executes documents of a project, in which it keeps the results.

    Parameters
    ----------
    root : Path
        The project.
    kept : Kept

    Attributes
    ----------
    lawful : Lawful
        What this process answers without a kernel.
    """

    def __init__(self, root: Path, kept: Kept) -> None:
        self._root = root
        self._kept = kept
        self.lawful = Lawful(root, kept)

    def execute(
        self, document: Document, folder: Path, options: Options, stop: threading.Event
    ) -> Execution:
        """Execute what has changed of a document; as :func:`execute.execute`."""
        run = _Run(self._root, self.lawful, document, folder, options, stop)
        expected = self.lawful.expected(document, options)
        # Cells run while other threads compute the values.
        results, reused = self._results(run, expected)
        answered = self.lawful.answer(expected)
        if len(answered) < len(expected):
            results, reused = self._results(run, answered)
        outputs: list[tuple[Output, ...]] = [()] * len(document.cells)
        inlines: dict[tuple[int, str], str] = {}
        for (above, expression), text in answered.items():
            if expression:
                inlines[above, expression] = text
            else:
                outputs[above] = (Output("markdown", text),)
                reused += 1
        for item, result in results.items():
            if item.cell:
                outputs[item.above] = result.outputs
            inlines |= {(item.above, e): text for e, text in result.texts.items()}
        return Execution(tuple(outputs), inlines, reused)

    def _results(
        self, run: _Run, answered: Collection[tuple[int, str]]
    ) -> tuple[dict[Item, Result], int]:
        """Return the results of all items, and how many cells did not run."""
        items = [*run.items(answered)]
        name = f"cells-{run.document.stem}"
        results = run.reuse(items, self._kept.read_json(name))
        reused = sum(item.cell is not None for item in results)
        if len(results) < len(items):
            results, ran = run.some(items, results) or run.all(items)
            reused = sum(item.cell is not None for item in results) - ran
            self._kept.write_json(name, run.record(results))
        return results, reused


class _Run:
    """One execution of one document."""

    def __init__(
        self,
        root: Path,
        lawful: Lawful,
        document: Document,
        folder: Path,
        options: Options,
        stop: threading.Event,
    ) -> None:
        self._root = root
        self._lawful = lawful
        self.document = document
        self._folder = folder
        self._options = options
        self._stop = stop
        self._began = time.time_ns()
        self._variables = {"SOURCE_DATE_EPOCH": str(options.epoch)}
        self._base = digest(environment(root), str(root), str(folder))
        self._digests: dict[str, str] = {}
        self._outside: set[str] = set()
        self._keys: dict[Item, str] = {}
        self._leaves: dict[Item, bool] = {}
        self._old: dict[Item, Result] = {}

    def items(self, answered: Collection[tuple[int, str]]) -> Iterator[Item]:
        """Yield what a kernel has to be asked but for expressions answered here."""
        return items_of(self.document, self._folder, self._options, answered)

    def reuse(self, items: list[Item], kept: Mapping[str, Any]) -> dict[Item, Result]:
        """Return the results that still hold."""
        try:
            if (kept.get("version"), kept.get("base")) != (VERSION, self._base):
                kept = _NOTHING
            self._outside = set(kept["outside"])
            if shadowing(self._root, self._outside) != kept["shadowing"]:
                kept = {**kept, "records": {}}
            return self._reuse(items, kept)
        except (LookupError, TypeError, ValueError, AttributeError):
            return self._reuse(items, _NOTHING)

    def _reuse(self, items: list[Item], kept: Mapping[str, Any]) -> dict[Item, Result]:
        digests = kept["digests"]
        now = Digests(self._root, self._variables)
        results: dict[Item, Result] = {}
        chain = Chain(self._base)
        for item in items:
            self._keys[item] = chain.key(item)
            record = kept["records"].get(self._keys[item])
            result = restored(record, kept["things"]) if record else None
            leaves = item.roots is None or (result is not None and result.leaves)
            self._leaves[item] = leaves
            if leaves:
                chain.add(item)
            if (
                result
                and self._serves(result)
                and all(now.of(thing) == digests[thing] for thing in result.things)
            ):
                self._digests |= {thing: digests[thing] for thing in result.things}
                if now.together(result.press) == result.press_digest:
                    results[item] = result
                elif item.cell and (text := self._answer(item, result)):
                    # Not kept, as it is not known what was read for it.
                    self._old[item] = result
                    results[item] = replace(result, outputs=(Output("markdown", text),))
        return results

    def _answer(self, item: Item, before: Result) -> str:
        """Answer a cell in this process, for which only the press reads other text."""
        if [output.kind for output in before.outputs] != ["markdown"]:
            return ""
        assert item.cell
        return self._lawful.call(item.cell.code, item.origins)

    def _serves(self, result: Result) -> bool:
        if result.bitmaps or not self._options.bitmaps:
            return True
        return all(output.kind != "figure" for output in result.outputs)

    def some(
        self, items: list[Item], known: Mapping[Item, Result]
    ) -> tuple[dict[Item, Result], int] | None:
        """Run what has changed and what it may stand on; None if that is not safe."""
        chosen = [item for item in items if self._leaves[item] or item not in known]
        if len(chosen) == len(items):
            return None
        found: dict[Item, Result] = {}
        try:
            for item, result in self._run(chosen):
                if result.leaves != self._leaves[item]:
                    return None  # so that others may rest on it, or do not any more
                found[item] = result
        except ManuscriptError:
            # Say what is wrong as if nothing had been kept.
            return None
        ran = sum(item.cell is not None for item in chosen)
        return {item: found.get(item) or known[item] for item in items}, ran

    def all(self, items: list[Item]) -> tuple[dict[Item, Result], int]:
        """Run everything."""
        chain = Chain(self._base)
        results: dict[Item, Result] = {}
        for item, result in self._run(items):
            self._keys[item] = chain.key(item)
            if result.leaves:
                chain.add(item)
            results[item] = result
        return results, sum(item.cell is not None for item in items)

    def _run(self, items: list[Item]) -> Iterator[tuple[Item, Result]]:
        rests = Rests(self._root)
        results: list[tuple[Item, Result]] = []
        with execute.started(
            self.document, self._folder, self._options, self._stop
        ) as running:
            install(running, self._root, self._options)
            for item in items:
                outputs, texts = self._ask(item, running)
                note = taken(running, item, self._options)
                leaves = item.roots is None or rests.is_left(note)
                rests.add(note, leaves)
                result = Result(
                    outputs,
                    texts,
                    *rests.of(note),
                    leaves,
                    self._options.bitmaps,
                    not rests.untraceable,
                )
                results.append((item, result))
        self._outside |= rests.outside
        yield from self._fixed(results)

    def _ask(
        self, item: Item, running: Kernel
    ) -> tuple[tuple[Output, ...], dict[str, str]]:
        if item.cell:
            return execute.run_cell(item.cell, self._folder, running, self._options), {}
        found = execute.evaluate(item.inlines, item.above, running, self._options)
        return (), {expression: text for (_, expression), text in found.items()}

    def _fixed(
        self, results: list[tuple[Item, Result]]
    ) -> Iterator[tuple[Item, Result]]:
        """Digest what results rest on, unless it changed while they were made."""
        now = Digests(self._root, self._variables)
        digests = {thing: now.of(thing) for _, each in results for thing in each.things}
        fixed = [
            (item, replace(result, press_digest=now.together(result.press)))
            for item, result in results
        ]
        if now.changed_since(self._began):
            digests = {}
        self._digests |= digests
        yield from fixed

    def record(self, results: Mapping[Item, Result]) -> dict[str, Any]:
        """Return what to keep."""
        lasting = {
            self._keys[item]: self._old.get(item, result)
            for item, result in results.items()
            if result.lasting and result.things <= self._digests.keys()
        }
        things = sorted({t for e in lasting.values() for t in e.things | e.press})
        numbers = {thing: number for number, thing in enumerate(things)}
        digests = {t: self._digests[t] for e in lasting.values() for t in e.things}
        return {
            "version": VERSION,
            "base": self._base,
            "outside": sorted(self._outside),
            "shadowing": shadowing(self._root, self._outside),
            "things": things,
            "digests": digests,
            "records": {
                key: stored(result, numbers) for key, result in lasting.items()
            },
        }
