"""What items of a document yielded, and what that rests on."""

from __future__ import annotations

import ast
import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from manuscript.execute import leftovers, tracer
from manuscript.execute.cells import Options
from manuscript.execute.digests import Digests
from manuscript.execute.items import Item
from manuscript.execute.kernel import Kernel
from manuscript.execute.outputs import Output
from manuscript.execute.purity import is_own

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
# Leaves no name behind in the user's.
_RUN = "__import__('builtins').exec({code!r}, {{}})"
_INSTALL = """
spaces = []
for name, text in {sources!r}:
    spaces.append({{"__name__": name}})
    exec(compile(text, name, "exec"), spaces[-1])
spaces[0]["install"]({root!r}, {press!r}, spaces[1]["Leftovers"])
"""
_TAKE = "__import__({module!r}).take({names!r})"


@dataclass(frozen=True)
class Result:
    """What an item yielded, and what that rests on.

    Attributes
    ----------
    outputs : tuple of Output
    texts : mapping of str to str
        Markdown of inline expressions.
    things : frozenset of str
        See :mod:`manuscript.execute.digests`.
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


class Rests:
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


def install(running: Kernel, root: Path, options: Options) -> None:
    """Begin to trace what runs in a kernel."""
    files = [Path(str(module.__file__)) for module in (tracer, leftovers)]
    code = _INSTALL.format(
        sources=[(file.name, file.read_text("utf-8")) for file in files],
        root=str(root),
        press=str(root / "manuscript"),
    )
    running.execute(_RUN.format(code=code), options.limit)


def taken(running: Kernel, item: Item, options: Options) -> dict[str, Any]:
    """Return what was noted while an item ran."""
    asked = _TAKE.format(module=tracer.MODULE, names=item.roots or ())
    _, reply = running.execute("", options.limit, {"note": asked})
    answer = reply["user_expressions"]["note"]
    note: dict[str, Any] = json.loads(ast.literal_eval(answer["data"]["text/plain"]))
    return note


def stored(result: Result, numbers: Mapping[str, int]) -> dict[str, Any]:
    """Put a result into plain types, its things by their numbers."""
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


def restored(record: Mapping[str, Any], names: Sequence[str]) -> Result:
    """Return the result that was stored."""
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
