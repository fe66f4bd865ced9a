"""Inline expressions evaluated without a kernel, to the text a kernel would give.

Prose calls ``v``, ``claim`` and ``item`` alone (:mod:`manuscript.expressions`). Where
a document's cells do nothing but import, these names are known to be the press's
own, and this process can answer. What it cannot answer, faults included, is left
to the kernel, which says what is wrong.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from manuscript.execute import escaped
from manuscript.expressions import Claim, ExpressionError, Item, parse
from manuscript.purity import Names
from manuscript.sources import Cell, Document, Project

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
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()

    def of(self, document: Document) -> Iterator[tuple[tuple[int, str], str]]:
        """Yield what can be answered, as in an :class:`execute.Execution`."""
        if not self._is_ours("manuscript") or not (self._root / "analysis").is_dir():
            return
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
                if names.plain and (text := self._text(inline.expression, names)):
                    yield (above, inline.expression), text
                elif names.roots([inline.expression]) is None:
                    names.run(inline.expression)

    def _text(self, source: str, names: Names) -> str:
        """Markdown of an expression, empty where the kernel has to be asked."""
        try:
            expression = parse(source)
        except ExpressionError:
            return ""
        used = {"v"} if expression.keys else set()
        used |= {expression.function} & {"claim", "item"}
        if any(names.origins.get(name) != _OWN[name] for name in used):
            return ""
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

    def _is_ours(self, package: str) -> bool:
        module = sys.modules.get(package)
        file = getattr(module, "__file__", None)
        return file is not None and Path(file).is_relative_to(self._root / package)

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
