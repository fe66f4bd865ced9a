"""What names in the code of a document stand for, as far as imports say."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field

_PRESS = "manuscript"
# Of the press, what reads no sources.
_VALUES = ("manuscript.values", "manuscript.prose:v")
# By these, code reaches names that it does not write.
_DYNAMIC = frozenset(
    (
        *("exec", "eval", "compile", "globals", "locals", "vars", "setattr", "sys"),
        *("importlib", "builtins", "__builtins__", "__import__", "__main__"),
        *("__dict__", "get_ipython"),
    )
)
# A lone expression of other parts than these may bind names.
_BINDING = (ast.NamedExpr, ast.Lambda, ast.comprehension, ast.Await, ast.Yield)


@dataclass
class Names:
    """Names in the code so far.

    Attributes
    ----------
    origins : dict of str
        For each imported name, ``module`` or ``module:name``.
    plain : bool
        Whether nothing that may bind names has run but imports.
    """

    origins: dict[str, str] = field(default_factory=dict)
    plain: bool = True
    _passed_on: bool = False

    def take(self, code: str) -> bool:
        """Take in the next code; tell whether what it yields rests on the sources.

        It does when it names what the press does beyond values, when it may, or
        when code above that does so may have left something behind.
        """
        try:
            body = ast.parse(code).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            self.plain, self._passed_on = False, True
            return True
        left = [each for each in body if not self._is_import(each)]
        words = {w for each in left for w in re.findall(r"\w+", ast.unparse(each))}
        reading = {n for n, origin in self.origins.items() if _reads_sources(origin)}
        dynamic = bool(words & _DYNAMIC)
        names_press = dynamic or bool(words & {_PRESS, *reading}) or self._passed_on
        alone = is_lone_expression(body) and not dynamic
        if left and not alone:
            self.plain = False
        if left and not (alone and self._calls_imported(body[0])):
            self._passed_on = names_press
        return names_press

    def _calls_imported(self, statement: ast.stmt) -> bool:
        called = ast.unparse(statement).partition("(")[0]
        return called.partition(".")[0] in self.origins

    def _is_import(self, statement: ast.stmt) -> bool:
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                first = alias.name.partition(".")[0]
                self.origins[alias.asname or first] = (
                    alias.name if alias.asname else first
                )
            return True
        if not isinstance(statement, ast.ImportFrom):
            return False
        for alias in statement.names:
            self.origins[alias.asname or alias.name] = (
                f"{statement.module}:{alias.name}"
            )
            self.plain &= alias.name != "*" and not statement.level
        return "*" not in (alias.name for alias in statement.names)


def imported(code: str) -> list[str]:
    """Modules that code imports first of all, before it does anything else."""
    try:
        body = ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    modules = []
    for statement in body:
        if isinstance(statement, ast.Import):
            modules += [alias.name for alias in statement.names]
        elif isinstance(statement, ast.ImportFrom) and not statement.level:
            modules.append(str(statement.module))
        else:
            break
    return modules


def is_lone_expression(body: list[ast.stmt]) -> bool:
    """Whether code is one expression that binds no name."""
    return [type(each) for each in body] == [ast.Expr] and not any(
        isinstance(node, _BINDING) for node in ast.walk(body[0])
    )


def _reads_sources(origin: str) -> bool:
    module = re.split("[.:]", origin)[0]
    return module == _PRESS and not origin.startswith(_VALUES)
