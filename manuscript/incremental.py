"""Executing what has changed: cells are reused when all they rest on is as it was.

A cell rests on its code and options, on the code of the cells above that leave
something behind, on every file, folder and variable that was read in its kernel
until it ended (results are cached in modules, so that an earlier cell may have read
what a later one shows), on the modules loaded by then, and on what is installed.
What the press itself reads, such as the text that it numbers, does not count for a
cell that calls ``analysis`` alone, which knows nothing of the press.
"""

from __future__ import annotations

import ast
import base64
import hashlib
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from manuscript import execute, tracer
from manuscript.digests import Digests, environment, shadowing
from manuscript.errors import ManuscriptError
from manuscript.execute import Execution, Options, Output
from manuscript.kept import Kept
from manuscript.kernel import Kernel
from manuscript.lawful import Lawful
from manuscript.purity import Names, is_own
from manuscript.sources import Cell, Document, Inline

VERSION = 1

# Where data lie, for readers that Python does not see opening files.
DATA = ("data", "restricted")
# Imports nothing of the press, which a test guards.
INDEPENDENT = "analysis"
# Variables that the kernel sets by itself, to what is known otherwise.
_SET_BY_KERNEL = frozenset(
    (
        *("IPYTHONDIR", "JPY_PARENT_PID", "LC_ALL", "MATPLOTLIBRC", "MPLBACKEND"),
        *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "PYTHONHASHSEED", "PYTHONUTF8"),
        *("PYDEVD_DISABLE_FILE_VALIDATION", "TZ"),
    )
)
_INSTALL = (
    "(lambda names: (__import__('builtins').exec(__import__('builtins').compile("
    "{source!r}, {file!r}, 'exec'), names), names['install']({root!r}, {press!r})) "
    "and None)({{'__name__': {module!r}}})"
)
_NOTHING: Mapping[str, Any] = {
    **{"records": {}, "digests": {}, "things": []},
    **{"outside": [], "shadowing": []},
}
_TAKE = "__import__({module!r}).take({names!r})"


@dataclass(frozen=True, eq=False)
class Item:
    """A cell, or the inline expressions between two cells.

    Attributes
    ----------
    cell : Cell or None
    inlines : tuple of Inline
    above : int
        How many cells stand above.
    identity : str
        All that it asks.
    roots : tuple of str or None
        Names that it starts from if, by its look, it leaves nothing behind.
    origins : mapping of str to str
        Where these come from (:class:`manuscript.purity.Names`).
    """

    cell: Cell | None
    inlines: tuple[Inline, ...]
    above: int
    identity: str
    roots: tuple[str, ...] | None
    origins: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """What an item yielded, and what that rests on.

    Attributes
    ----------
    outputs : tuple of Output
    texts : mapping of str to str
        Markdown of inline expressions.
    things : frozenset of str
        See :mod:`manuscript.digests`.
    press : frozenset of str
        Things read only by the press, and
    press_digest : str
        their digest together.
    leaves : bool
        Whether it left something behind for the cells below.
    bitmaps : bool
        Whether figures were drawn as bitmaps.
    lasting : bool
        Whether it can be known when to reuse it.
    """

    outputs: tuple[Output, ...]
    texts: Mapping[str, str]
    things: frozenset[str]
    press: frozenset[str]
    leaves: bool
    bitmaps: bool
    lasting: bool = True
    press_digest: str = ""


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
        inlines = dict(self.lawful.of(document))
        items = [*_items(document, folder, options, inlines)]
        name = f"cells-{document.stem}"
        kept = self._kept.read_json(name)
        results = run.reuse(items, kept)
        reused = sum(item.cell is not None for item in results)
        if len(results) < len(items):
            results, ran = run.some(items, results) or run.all(items)
            reused = sum(item.cell is not None for item in results) - ran
            self._kept.write_json(name, run.record(results))
        outputs: list[tuple[Output, ...]] = [()] * len(document.cells)
        for item, result in results.items():
            if item.cell:
                outputs[item.above] = result.outputs
            inlines |= {(item.above, e): text for e, text in result.texts.items()}
        return Execution(tuple(outputs), inlines, reused)


def _items(
    document: Document,
    folder: Path,
    options: Options,
    known: Mapping[tuple[int, str], str],
) -> Iterator[Item]:
    """Yield what a kernel has to be asked, in order."""
    names = Names(folder)
    above = 0
    for fragment in document.fragments:
        if isinstance(fragment, Cell):
            if options.of(fragment, "eval"):
                asks = [fragment.code, *_asked_of(fragment, options)]
                roots = names.roots([fragment.code])
                origins = {n: names.origins[n] for n in roots or () if names.plain}
                yield Item(fragment, (), above, json.dumps(asks), roots, origins)
                if roots is None:
                    names.run(fragment.code)
            above += 1
            continue
        left = tuple(i for i in fragment.inlines if (above, i.expression) not in known)
        if left:
            codes = [inline.expression for inline in left]
            roots = names.roots(codes)
            yield Item(None, left, above, json.dumps(["inline", *codes]), roots)
            if roots is None:
                names.run("\n".join(codes))


def _asked_of(cell: Cell, options: Options) -> Iterator[Any]:
    """Yield the settings on which the outputs of a cell rest."""
    yield from (options.of(cell, "include"), options.of(cell, "output"))
    yield from (options.of(cell, "error"), options.dpi, *options.size)
    yield from (cell.options.values.get(f"fig-{side}") for side in ("width", "height"))


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
        self._document = document
        self._folder = folder
        self._options = options
        self._stop = stop
        self._began = time.time_ns()
        self._variables = {"SOURCE_DATE_EPOCH": str(options.epoch)}
        self._base = _digest(environment(root), str(root), str(folder))
        self._digests: dict[str, str] = {}
        self._outside: set[str] = set()
        self._keys: dict[Item, str] = {}
        self._leaves: dict[Item, bool] = {}
        self._old: dict[Item, Result] = {}

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
        chain = _Chain(self._base)
        for item in items:
            self._keys[item] = chain.key(item)
            record = kept["records"].get(self._keys[item])
            result = _restored(record, kept["things"]) if record else None
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
        chain = _Chain(self._base)
        results: dict[Item, Result] = {}
        for item, result in self._run(items):
            self._keys[item] = chain.key(item)
            if result.leaves:
                chain.add(item)
            results[item] = result
        return results, sum(item.cell is not None for item in items)

    def _run(self, items: list[Item]) -> Iterator[tuple[Item, Result]]:
        rests = _Rests(self._root)
        results: list[tuple[Item, Result]] = []
        with execute.started(
            self._document, self._folder, self._options, self._stop
        ) as running:
            _install(running, self._root, self._options)
            for item in items:
                outputs, texts = self._ask(item, running)
                note = _taken(running, item, self._options)
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
                key: _stored(result, numbers) for key, result in lasting.items()
            },
        }


class _Chain:
    """The code that leaves something behind, up to some item."""

    def __init__(self, base: str) -> None:
        self._so_far = base
        self._met: Counter[str] = Counter()

    def key(self, item: Item) -> str:
        """Name an item by its code, all that it stands on, and its turn."""
        key = _digest(self._so_far, item.identity)
        self._met[key] += 1
        return f"{key}-{self._met[key]}"

    def add(self, item: Item) -> None:
        """Let the items below stand on one."""
        self._so_far = _digest(self._so_far, item.identity)


class _Rests:
    """What has been read in a kernel so far."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._names = Digests(root)
        self._own: set[str] = set()
        self._press: set[str] = set()
        self.outside: set[str] = set()
        self.untraceable = False

    def is_left(self, note: Mapping[str, Any]) -> bool:
        """Whether something was left behind, or called that is not the project's."""
        return bool(note["changed"]) or not all(
            first == "IPython" or is_own(first, self._root)
            for first in (owner.partition(".")[0] for owner in note["owners"])
        )

    def add(self, note: Mapping[str, Any], leaves: bool) -> None:
        """Take in what an item read."""
        name = self._names.name
        for by, things in (("own", self._own), ("press", self._press)):
            things.update(name("file", path) for path in note["files"][by])
            things.update(name("listing", path) for path in note["listed"][by])
        if leaves:
            self._own |= self._press
        for path in note["modules"]:
            self._own.add(name("file", path))
            if not path.endswith("/__init__.py"):
                # A package would be taken in place of a module of its name.
                package = f"{path.removesuffix('.py')}/__init__.py"
                self._own.add(name("file", package))
        for module in note["missing"]:
            place = module.replace(".", "/")
            self._own |= {f"file:{place}.py", f"file:{place}/__init__.py"}
        asked = set(note["asked"]) - _SET_BY_KERNEL
        self._own |= {f"variable:{variable}" for variable in asked}
        if note["native"]:
            self._own |= {f"tree:{folder}" for folder in DATA}
        self.outside |= set(note["outside"])
        self.untraceable |= bool(note["untraceable"])

    def of(self, note: Mapping[str, Any]) -> tuple[frozenset[str], frozenset[str]]:
        """Return what an item rests on that has just run; then what the press read."""
        owners = {owner.partition(".")[0] for owner in note["owners"]}
        independent = bool(owners) and owners <= {INDEPENDENT}
        press = set() if independent else self._press - self._own
        return frozenset(self._own), frozenset(press)


def _install(running: Kernel, root: Path, options: Options) -> None:
    file = Path(tracer.__file__)
    code = _INSTALL.format(
        source=file.read_text("utf-8"),
        file=file.name,
        root=str(root),
        press=str(root / "manuscript"),
        module=tracer.MODULE,
    )
    running.execute(code, options.limit)


def _taken(running: Kernel, item: Item, options: Options) -> dict[str, Any]:
    """Return what was noted while an item ran."""
    asked = _TAKE.format(module=tracer.MODULE, names=item.roots or ())
    _, reply = running.execute("", options.limit, {"note": asked})
    answer = reply["user_expressions"]["note"]
    note: dict[str, Any] = json.loads(ast.literal_eval(answer["data"]["text/plain"]))
    return note


def _stored(result: Result, numbers: Mapping[str, int]) -> dict[str, Any]:
    return {
        "outputs": [
            [o.kind, o.text, o.svg, base64.b64encode(o.png).decode()]
            for o in result.outputs
        ],
        "texts": dict(result.texts),
        "things": sorted(numbers[thing] for thing in result.things),
        "press": sorted(numbers[thing] for thing in result.press),
        "press_digest": result.press_digest,
        "leaves": result.leaves,
        "bitmaps": result.bitmaps,
    }


def _restored(record: Mapping[str, Any], names: Sequence[str]) -> Result:
    outputs = tuple(
        Output(kind, text, svg, base64.b64decode(png))
        for kind, text, svg, png in record["outputs"]
    )
    return Result(
        outputs,
        record["texts"],
        frozenset(names[number] for number in record["things"]),
        frozenset(names[number] for number in record["press"]),
        record["leaves"],
        record["bitmaps"],
        press_digest=record["press_digest"],
    )


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
