"""Inline expressions evaluated without a kernel, to the text a kernel would give.

Prose calls ``v``, ``claim`` and ``item`` alone (:mod:`manuscript.expressions`). Where
a document's cells do nothing but import, these names are known to be the press's
own, and this process can answer. What it cannot answer, faults included, is left
to the kernel, which says what is wrong.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from manuscript.digests import Digests, environment
from manuscript.execute import escaped
from manuscript.expressions import Claim, ExpressionError, Item, parse
from manuscript.kept import Kept
from manuscript.purity import Names
from manuscript.sources import Cell, Document, Project, find_root

if TYPE_CHECKING:
    from analysis.letter import Letter
    from manuscript.labels import Names as Labels

_OWN = {name: f"manuscript.prose:{name}" for name in ("v", "claim", "item")}


class Lawful:
    """Answers the inline expressions of a project's documents.

    Parameters
    ----------
    root : Path
        The project; nothing is answered unless this process runs its code.
    kept : Kept
        Keeps what values and claims print, until code or data change.
    """

    def __init__(self, root: Path, kept: Kept) -> None:
        self._root = root
        self._kept = kept
        self._lock = threading.Lock()

    def of(self, document: Document) -> Mapping[tuple[int, str], str]:
        """Answer what can be answered, as in an :class:`execute.Execution`."""
        if not self._is_ours("manuscript") or not (self._root / "analysis").is_dir():
            return {}
        began = time.time_ns()
        digests = Digests(self._root)
        of = f"{environment(self._root)} {self._root} {digests.of('sources:.')}"
        name = f"inlines-{document.stem}"
        kept = self._kept.read_json(name)
        known = kept["texts"] if kept.get("of") == of else {}
        found = dict(self._answers(document, known))
        texts = {e: text for (_, e), text in found.items() if "item(" not in e}
        if texts != known and not digests.changed_since(began):
            self._kept.write_json(name, {"of": of, "texts": texts})
        return found

    def _answers(
        self, document: Document, known: Mapping[str, str]
    ) -> Iterator[tuple[tuple[int, str], str]]:
        names = Names(self._root)
        above = 0
        for fragment in document.fragments:
            if isinstance(fragment, Cell):
                above += 1
                if (
                    fragment.options.values.get("eval") is not False
                    and names.roots([fragment.code]) is None
                ):
                    names.run(fragment.code)
                continue
            for inline in fragment.inlines:
                source = inline.expression
                if names.plain and (text := self._text(source, names, known)):
                    yield (above, source), text
                elif names.roots([source]) is None:
                    names.run(source)

    def _text(self, source: str, names: Names, known: Mapping[str, str]) -> str:
        """Markdown of an expression, empty where the kernel has to be asked."""
        try:
            expression = parse(source)
        except ExpressionError:
            return ""
        used = {"v"} if expression.keys else set()
        used |= {expression.function} & {"claim", "item"}
        if any(names.origins.get(name) != _OWN[name] for name in used):
            return ""
        if source in known:
            return known[source]
        try:
            with self._lock:
                found = expression.evaluate(self._letter, self._names.item)
            if isinstance(found, Claim) and not found.condition:
                return ""
            if isinstance(found, Item):
                return escaped(repr(found.text))
            return found._repr_markdown_()
        except Exception:
            # Data or code have a fault: the kernel will meet it and name it.
            return ""

    def call(self, code: str, origins: Mapping[str, str]) -> str:
        """Markdown of a cell that calls imported functions, empty as above.

        Parameters
        ----------
        code : str
            One expression.
        origins : mapping of str to str
            What its names stand for (:class:`manuscript.purity.Names`).
        """
        try:
            called = compile(code.strip(), "cell", "eval")
            if find_root(Path.cwd()) != self._root or not set(called.co_names) & {
                *origins
            }:
                return ""
            names = {name: _imported(origin) for name, origin in origins.items()}
            modules = {origin.partition(":")[0] for origin in origins.values()}
            if not all(self._is_ours(module) for module in modules):
                return ""
            with self._lock:
                found = eval(called, names)
            return str(found._repr_markdown_())
        except Exception:
            # As for expressions.
            return ""

    def _is_ours(self, package: str) -> bool:
        module = sys.modules.get(package)
        file = getattr(module, "__file__", None)
        return file is not None and Path(file).is_relative_to(
            self._root / package.partition(".")[0]
        )

    @cached_property
    def _letter(self) -> Letter:
        from analysis.letter import letter

        if not self._is_ours("analysis"):
            raise LookupError("the letter of another project")
        return letter()

    @cached_property
    def _names(self) -> Labels:
        from manuscript.labels import Names as Labels

        return Labels.of(Project.load(self._root))


def _imported(origin: str) -> object:
    """Import what ``module:name`` or ``module`` stands for."""
    module, _, name = origin.partition(":")
    found = import_module(module)
    if name and not hasattr(found, name):
        return import_module(f"{module}.{name}")
    return getattr(found, name) if name else found
