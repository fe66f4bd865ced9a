"""Inline expressions evaluated without a kernel, to the text a kernel would give.

Prose calls ``v``, ``claim`` and ``item`` alone (:mod:`~manuscript.source.expressions`).
Where
a document's cells do nothing but import, these names are known to be the press's
own, and this process can answer; so it can where a cell shows the panel of checks.
What it cannot answer, faults included, is left to the kernel, which says what is
wrong.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from manuscript.execute.cells import Options
from manuscript.execute.kept import Kept
from manuscript.execute.outputs import escaped
from manuscript.execute.purity import Names
from manuscript.source.documents import Cell, Document, Project, find_root
from manuscript.source.expressions import (
    Claim,
    Expression,
    ExpressionError,
    Item,
    parse,
)
from manuscript.source.study import Study

if TYPE_CHECKING:
    from manuscript.check.finding import Outcome
    from manuscript.source.labels import Names as Labels
    from manuscript.values.answers import Answers

# The number of cells above an expression, and its text.
Place = tuple[int, str]

_OWN = {name: f"manuscript.prose:{name}" for name in ("v", "claim", "item")}
_PANEL = "manuscript.check.panel:panel"


class Lawful:
    """Answers the inline expressions of a project's documents.

    Parameters
    ----------
    root : Path
        The project; nothing is answered unless this process runs its code.
    kept : Kept
        Keeps the values (:mod:`manuscript.execute.known`).
    """

    def __init__(self, root: Path, kept: Kept) -> None:
        self._root = root
        self._kept = kept
        self._computing = threading.Lock()
        self._checking = threading.Lock()

    def expected(
        self, document: Document, options: Options
    ) -> Mapping[Place, Expression | None]:
        """Expressions that this process answers, unless data or code have a fault.

        Parameters
        ----------
        document : Document
        options : Options

        Returns
        -------
        mapping
            By the number of cells above each and its text; None for a cell that
            shows the panel of checks, whose text is empty.
        """
        if not self._is_ours("manuscript") or not Study.load(self._root).is_here:
            return {}
        return dict(self._lawful(document, options))

    def _lawful(
        self, document: Document, options: Options
    ) -> Iterator[tuple[Place, Expression | None]]:
        names = Names(self._root)
        above = 0
        for fragment in document.fragments:
            if isinstance(fragment, Cell):
                if names.plain and _shows_panel(fragment, names, options):
                    yield (above, ""), None
                elif (
                    options.of(fragment, "eval")
                    and names.roots([fragment.code]) is None
                ):
                    names.run(fragment.code)
                above += 1
                continue
            for inline in fragment.inlines:
                source = inline.expression
                if names.plain and (expression := _parsed(source, names)):
                    yield (above, source), expression
                elif names.roots([source]) is None:
                    names.run(source)

    def answer(self, expected: Mapping[Place, Expression | None]) -> dict[Place, str]:
        """Markdown of expressions, without those that the kernel has to be asked."""
        found = {
            place: self._text(each) if each else self._panel()
            for place, each in expected.items()
        }
        return {place: text for place, text in found.items() if text}

    def _text(self, expression: Expression) -> str:
        try:
            found = expression.evaluate(self._values(), self._names.item)
            if isinstance(found, Claim) and not found.condition:
                return ""
            if isinstance(found, Item):
                return escaped(repr(found.text))
            return found._repr_markdown_()
        except Exception:
            # Data or code have a fault: the kernel will meet it and name it.
            return ""

    def _panel(self) -> str:
        try:
            from manuscript.check import panel

            return panel.of(self.outcomes())._repr_markdown_()
        except Exception:
            # As for expressions.
            return ""

    def call(self, code: str, origins: Mapping[str, str]) -> str:
        """Markdown of a cell that calls imported functions, empty as above.

        Parameters
        ----------
        code : str
            One expression.
        origins : mapping of str to str
            What its names stand for (:class:`manuscript.execute.purity.Names`).
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
            for name, origin in origins.items():
                if origin == _OWN["v"]:
                    names[name] = self._values()
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

    @property
    def letter(self) -> Answers | None:
        """The letter of the project; None unless this process runs its code."""
        try:
            return self._values()
        except Exception:
            # Whoever computes values meets the fault and names it.
            return None

    def _values(self) -> Answers:
        with self._computing:
            return self._letter

    def outcomes(self) -> Mapping[str, Outcome]:
        """Outcomes of all checks of the project."""
        with self._checking:
            return self._outcomes

    @cached_property
    def _letter(self) -> Answers:
        from manuscript.execute.known import known_letter

        if not self._is_ours("manuscript") or not Study.load(self._root).is_here:
            raise LookupError("the letter of another project")
        return known_letter(self._root, self._kept)

    @cached_property
    def _outcomes(self) -> Mapping[str, Outcome]:
        from manuscript import check as checks

        return checks.outcomes(self._project, v=self._values())

    @cached_property
    def _names(self) -> Labels:
        from manuscript.source.labels import Names as Labels

        return Labels.of(self._project)

    @cached_property
    def _project(self) -> Project:
        return Project.load(self._root)


def _shows_panel(cell: Cell, names: Names, options: Options) -> bool:
    return (
        cell.options.values.keys() <= {"label"}
        and options.eval
        and options.include
        and options.output is True
        and any(
            origin == _PANEL and cell.code.strip() == f"{name}()"
            for name, origin in names.origins.items()
        )
    )


def _parsed(source: str, names: Names) -> Expression | None:
    """Parse an expression that calls the press's own functions and nothing else."""
    try:
        expression = parse(source)
    except ExpressionError:
        return None
    used = {"v"} if expression.keys else set()
    used |= {expression.function} & {"claim", "item"}
    own = all(names.origins.get(name) == _OWN[name] for name in used)
    return expression if own else None


def _imported(origin: str) -> object:
    """Import what ``module:name`` or ``module`` stands for."""
    module, _, name = origin.partition(":")
    found = import_module(module)
    if name and not hasattr(found, name):
        return import_module(f"{module}.{name}")
    return getattr(found, name) if name else found
