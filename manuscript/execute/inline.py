"""Code of documents answered without a kernel, by the text a kernel would give.

Prose calls ``v``, ``claim`` and ``item`` alone (:mod:`~manuscript.source.expressions`).
Where nothing but imports could bind these names, they are known to be the press's
own, and this process can answer from the values; so it can where a cell calls a
function whose answer it was given, such as the panel of checks. What it cannot
answer, faults included, is left to the kernel, which says what is wrong.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from manuscript.execute.cells import Options
from manuscript.execute.kept import Kept
from manuscript.execute.names import Names
from manuscript.execute.outputs import escaped
from manuscript.execute.state import State
from manuscript.source import (
    Cell,
    Claim,
    Document,
    Expression,
    ExpressionError,
    Item,
    Project,
    Study,
    find_root,
    parse,
)

if TYPE_CHECKING:
    from manuscript.source import Names as Labels
    from manuscript.values import Answers

# The number of cells above an expression, and its text, which is empty for a cell.
Place = tuple[int, str]
# Markdown that a function shows when it is called without arguments, by its origin.
Shown = Mapping[str, Callable[["Answers"], str]]

_OWN = {name: f"manuscript.prose:{name}" for name in ("v", "claim", "item")}


class Answering:
    """Answers code of a project's documents.

    Parameters
    ----------
    state : State
        Of the project; nothing is answered unless this process runs its code.
    kept : Kept
        Keeps the values (:mod:`manuscript.execute.known`).
    shown : mapping, optional
        What cells show that call one of these functions and nothing else.
    project : Project, optional
        All of it, as it was read already.
    """

    def __init__(
        self,
        state: State,
        kept: Kept,
        shown: Shown | None = None,
        project: Project | None = None,
    ) -> None:
        self._project = project
        self._state = state
        self._kept = kept
        self._shown = shown or {}
        self._computing = threading.Lock()
        # Values as another process tells them, nothing where none does.
        self.told: Callable[[], bytes] = bytes

    def expected(
        self, document: Document, options: Options
    ) -> Mapping[Place, Expression | str]:
        """Return what this process answers, unless data or code have a fault.

        Returns
        -------
        mapping
            The expression at each place; for a cell, the origin of what it calls.
        """
        if not self.is_possible:
            return {}
        return dict(self._expected(document, options))

    def _expected(
        self, document: Document, options: Options
    ) -> Iterator[tuple[Place, Expression | str]]:
        names = Names()
        above = 0
        for fragment in document.asking:
            if isinstance(fragment, Cell):
                origin = names.origins.get(fragment.code.strip().removesuffix("()"), "")
                if (
                    origin in self._shown
                    and names.plain
                    and _is_plain(fragment, options)
                ):
                    yield (above, ""), origin
                elif options.of(fragment, "eval"):
                    names.take(fragment.code)
                above += 1
                continue
            for inline in fragment.inlines:
                expression = _parsed(inline.expression, names) if names.plain else None
                if expression:
                    yield (above, inline.expression), expression
                else:
                    names.take(inline.expression)

    def answer(self, expected: Mapping[Place, Expression | str]) -> dict[Place, str]:
        """Markdown of what was expected, without what the kernel has to be asked."""
        found = {place: self._text(each) for place, each in expected.items()}
        return {place: text for place, text in found.items() if text}

    def _text(self, expression: Expression | str) -> str:
        try:
            if isinstance(expression, str):
                return self._shown[expression](self._values())
            found = expression.evaluate(self._values(), self._item)
            if isinstance(found, Claim) and not found.condition:
                return ""
            if isinstance(found, Item):
                return escaped(repr(found.text))
            return found._repr_markdown_()
        except Exception:
            # Data or code have a fault: the kernel will meet it and name it.
            return ""

    def call(self, code: str, origins: Mapping[str, str]) -> str:
        """Markdown of a cell that is one expression of imported names.

        Parameters
        ----------
        code : str
        origins : mapping of str to str
            What its names stand for (:class:`manuscript.execute.names.Names`).
        """
        try:
            called = compile(code.strip(), "cell", "eval")
            used = {n: o for n, o in origins.items() if n in called.co_names}
            if find_root(Path.cwd()) != self._state.root:
                return ""
            names = {name: _imported(origin) for name, origin in used.items()}
            if not all(self._is_ours(o.partition(":")[0]) for o in used.values()):
                return ""
            if used.get("v") == _OWN["v"]:
                names["v"] = self._values()
            return str(eval(called, names)._repr_markdown_())
        except Exception:
            # As for expressions.
            return ""

    def _is_ours(self, package: str) -> bool:
        file = getattr(sys.modules.get(package), "__file__", None)
        ours = self._state.root / package.partition(".")[0]
        return file is not None and Path(file).is_relative_to(ours)

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

    @cached_property
    def _letter(self) -> Answers:
        from manuscript.execute import known

        if not self.is_possible:
            raise LookupError("the letter of another project")
        return (
            self._known
            or known.told_letter(self._state, self._kept, self.told())
            or known.computed_letter(self._state, self._kept)
        )

    @cached_property
    def is_possible(self) -> bool:
        """Whether this process runs the project's code, and there is some."""
        return self._is_ours("manuscript") and Study.load(self._state.root).is_here

    @cached_property
    def _known(self) -> Answers | None:
        from manuscript.execute import known

        return known.kept_letter(self._state, self._kept)

    @property
    def has_to_compute(self) -> bool:
        """Whether there are values, and no earlier render has kept them."""
        with self._computing:
            return self.is_possible and not self._known

    def _item(self, label: str) -> str:
        with self._computing:
            return self._labels.item(label)

    @cached_property
    def _labels(self) -> Labels:
        from manuscript.source import Names as Labels

        return Labels.of(self._project or Project.load(self._state.root))


def _is_plain(cell: Cell, options: Options) -> bool:
    """Whether nothing but a label tells how a cell runs and is shown."""
    shown = options.eval and options.include and options.output is True
    return shown and cell.options.values.keys() <= {"label"}


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
