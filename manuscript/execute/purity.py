"""What can be known of a document's code without running it.

A cell that only calls functions which an earlier cell imported from the project
leaves nothing behind, so that cells below it do not rest on it. Whether it kept to
that is seen when it runs (:mod:`manuscript.execute.tracer`).
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

# What a call of imported functions is written with; whatever binds names,
# waits, or runs a body of code is not among it.
_HARMLESS = (
    *(ast.Call, ast.Attribute, ast.Name, ast.Constant, ast.keyword, ast.Load),
    *(ast.Tuple, ast.List, ast.Dict, ast.Set, ast.Subscript, ast.Slice, ast.Starred),
    *(ast.UnaryOp, ast.BinOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.operator),
    *(ast.unaryop, ast.boolop, ast.cmpop, ast.JoinedStr, ast.FormattedValue),
)
_IMPORTS = (ast.Import, ast.ImportFrom)
# Modules of others whose functions only make what is shown.
_DISPLAYS = ("IPython.display",)


@dataclass
class Names:
    """What names stand for, as far as imports say.

    Attributes
    ----------
    root : Path
        The project, whose modules count as its own.
    origins : dict of str
        For each imported name, ``module`` or ``module:name``.
    plain : bool
        Whether nothing but imports has run so far.
    """

    root: Path
    origins: dict[str, str] = field(default_factory=dict)
    plain: bool = True

    def run(self, code: str) -> None:
        """Take in what a cell that leaves something behind does to names."""
        body = _body(code)
        if body is None:
            self.origins.clear()
            self.plain = False
            return
        for statement in body:
            if isinstance(statement, ast.Import):
                self._import(statement)
            elif isinstance(statement, ast.ImportFrom):
                self._import_from(statement)
            elif not _is_remark(statement):
                self.plain = False
                self._forget(statement)

    def _import(self, statement: ast.Import) -> None:
        for alias in statement.names:
            first = alias.name.partition(".")[0]
            self.origins[alias.asname or first] = alias.name if alias.asname else first

    def _import_from(self, statement: ast.ImportFrom) -> None:
        for alias in statement.names:
            if alias.name == "*" or statement.level:
                self.origins.clear()
                self.plain = False
            else:
                name = alias.asname or alias.name
                self.origins[name] = f"{statement.module}:{alias.name}"

    def _forget(self, statement: ast.stmt) -> None:
        for node in ast.walk(statement):
            match node:
                case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                    self.origins.pop(name, None)
                case (
                    ast.FunctionDef(name=name)
                    | ast.AsyncFunctionDef(name=name)
                    | ast.ClassDef(name=name)
                ):
                    self.origins.pop(name, None)
                case ast.Import() | ast.ImportFrom():
                    for alias in node.names:
                        bound = alias.asname or alias.name.partition(".")[0]
                        self.origins.pop(bound, None)
                case (
                    ast.ExceptHandler(name=str(name))
                    | ast.MatchAs(name=str(name))
                    | ast.MatchStar(name=str(name))
                    | ast.MatchMapping(rest=str(name))
                ):
                    self.origins.pop(name, None)

    def roots(self, codes: Sequence[str]) -> tuple[str, ...] | None:
        """Names from which code starts that leaves nothing behind.

        Parameters
        ----------
        codes : sequence of str
            A cell, or inline expressions.

        Returns
        -------
        tuple of str or None
            None where it may leave something behind.
        """
        names: dict[str, None] = {}
        for code in codes:
            body = _body(code)
            if body is None:
                return None
            for statement in body:
                if not isinstance(statement, ast.Expr):
                    return None
                for node in ast.walk(statement.value):
                    if not isinstance(node, _HARMLESS):
                        return None
                    if isinstance(node, ast.Name):
                        if not self._is_own(node.id):
                            return None
                        names[node.id] = None
        return tuple(names)

    def _is_own(self, name: str) -> bool:
        module = self.origins.get(name, "").partition(":")[0]
        first = module.partition(".")[0]
        return module in _DISPLAYS or is_own(first, self.root)


def is_own(module: str, root: Path) -> bool:
    """Tell whether a module, by the first part of its name, is the project's."""
    if not module.isidentifier():
        return False
    return (root / f"{module}.py").is_file() or (root / module).is_dir()


def _body(code: str) -> list[ast.stmt] | None:
    """Statements of code; None for what only IPython reads, such as magics."""
    try:
        return ast.parse(code).body
    except (SyntaxError, ValueError):
        return None


def _is_remark(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
