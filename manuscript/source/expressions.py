"""Inline expressions, read without a kernel.

Prose calls ``v`` (and ``v.words``, ``v.ci``, ``v.iqr``, ``v.range``), ``claim`` and
``item`` with literal arguments and nothing else. That is little enough to be
evaluated from the syntax tree, so that ledger and checks run no code of a document.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from manuscript.source import conditions
from manuscript.source.conditions import Comparison, literal
from manuscript.values import Condition, Span, Value

if TYPE_CHECKING:
    from manuscript.values import Answers

INTERVALS = {"ci": ("ci_low", "ci_high"), "iqr": ("q1", "q3"), "range": ("min", "max")}
LAWFUL = 'v("key"), v.words, v.ci, v.iqr, v.range, claim("words", test), item("label")'


_DEEPEST = 60


class ExpressionError(ValueError):
    """An inline expression that prose may not use.

    Attributes
    ----------
    what, mend : str
        What was found, and what to write instead.
    """

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(f"{what}; {mend}")
        self.what = what
        self.mend = mend


@dataclass(frozen=True)
class Claim:
    """Words that state a finding, and the condition that bears them."""

    words: str
    condition: Condition

    @property
    def text(self) -> str:
        """The words."""
        return self.words

    def _repr_markdown_(self) -> str:
        reading = self.condition.reading.replace('"', "'")
        return f'[{self.words}]{{.claim data-condition="{reading}"}}'

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True)
class Item:
    """A float of the supplement, named in the letter."""

    label: str
    text: str


@dataclass(frozen=True)
class Expression:
    """An inline expression whose form is lawful."""

    source: str
    tree: ast.Call

    @property
    def function(self) -> str:
        """What it calls: ``v``, ``words``, ``ci``, ``iqr``, ``range``, ``claim``..."""
        called = self.tree.func
        return called.attr if isinstance(called, ast.Attribute) else _name(called)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The keys it reads, in order, without repeats."""
        return _keys_in(self.tree)

    @cached_property
    def parts(self) -> tuple[tuple[ast.expr, tuple[str, ...]], ...]:
        """Comparisons of a claim's condition, in order, each with the keys it reads."""
        found = conditions.leaves(self.tree.args[1])
        return tuple((part, _keys_in(part)) for part, _ in found)

    def evaluate(
        self, v: Answers, name: Callable[[str], str]
    ) -> Value | Span | Claim | Item:
        """Evaluate it; a claim comes back whether or not its condition holds.

        Parameters
        ----------
        v : Answers
        name : callable
            Gives the printed name of a float of the supplement.

        Raises
        ------
        LookupError
            When a key or a label is unknown.
        """
        if self.function == "item":
            label = literal(self.tree.args[0])
            return Item(label, name(label))
        if self.function == "claim":
            return Claim(literal(self.tree.args[0]), self.condition(v))
        return _value(self.tree, v)

    def condition(self, v: Answers) -> Condition:
        """Evaluate the condition of a claim."""
        found = conditions.evaluate(self.tree.args[1], v)
        assert isinstance(found, Condition)
        return found

    def comparisons(self, v: Answers) -> tuple[Comparison, ...]:
        """Take the condition of a claim apart, in the order in which it is written."""
        return tuple(conditions.comparisons(self.tree.args[1], v))

    @cached_property
    def needed(self) -> tuple[bool, ...]:
        """Whether the condition needs each of its comparisons.

        A comparison that others can stand in for, by ``|``, bears no words.
        """
        count = len(self.parts)
        return tuple(
            not conditions.holds_with(self.tree.args[1], (i != j for i in range(count)))
            for j in range(count)
        )


@lru_cache(maxsize=4096)
def parse(source: str) -> Expression:
    """Read an inline expression and refuse what prose may not call.

    Raises
    ------
    ExpressionError
    """
    try:
        tree = ast.parse(source, mode="eval").body
    except SyntaxError as error:
        raise ExpressionError(
            f"`{source}` is not Python: {error.msg}", f"write one of {LAWFUL}"
        ) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise _nested(source) from error
    if _is_deep(tree):
        raise _nested(source)
    if isinstance(tree, ast.Call) and (_is_value(tree) or _is_call(tree, "item", 1)):
        return Expression(source, tree)
    if isinstance(tree, ast.Call) and _name(tree.func) == "claim":
        if not _is_call(tree, "claim", 2):
            raise ExpressionError(
                f"`{source}` is no claim",
                'write claim("words", condition), the words typed in place',
            )
        _refuse_untestable(tree.args[1])
        return Expression(source, tree)
    raise ExpressionError(
        f"`{source}` calls something else than prose may", f"write one of {LAWFUL}"
    )


def _nested(source: str) -> ExpressionError:
    return ExpressionError(
        f"`{source[:40]}...` nests more than {_DEEPEST} levels",
        f"write one of {LAWFUL}, and large conditions as several claims",
    )


def _is_deep(tree: ast.AST) -> bool:
    """Tell whether a tree is deeper than what walks it may recurse."""
    level: list[ast.AST] = [tree]
    for _ in range(_DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return False
    return True


def _refuse_untestable(node: ast.expr) -> None:
    """Refuse a condition that is more than comparisons of values."""
    match node:
        case ast.BinOp(op=ast.BitAnd() | ast.BitOr()):
            _refuse_untestable(node.left)
            _refuse_untestable(node.right)
        case ast.UnaryOp(op=ast.Invert()):
            _refuse_untestable(node.operand)
        case (
            ast.Call(func=ast.Attribute(value=left, attr="equals"), args=[right])
            | ast.Compare(left=left, ops=[_], comparators=[right])
        ) if _reads_a_value(node) and _is_known_comparison(node):
            _refuse_unreadable(left)
            _refuse_unreadable(right)
        case ast.Compare(ops=[_, _, *_]):
            raise ExpressionError(
                f"`{ast.unparse(node)}` chains comparisons, and Python drops all but "
                "the last",
                "put each comparison in parentheses and join them with &",
            )
        case ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
            raise ExpressionError(
                f"`{ast.unparse(node)}`: and, or, not forget what they read",
                "join comparisons with &, | and ~",
            )
        case ast.Compare() if not _is_known_comparison(node):
            raise ExpressionError(
                f"`{ast.unparse(node)}` compares by a sign that values do not know",
                "use <, <=, >, >= or .equals(...)",
            )
        case _:
            raise ExpressionError(
                f"the condition `{ast.unparse(node)}` compares no value",
                "compare values, as in v('risk.p') < 0.05",
            )


def _reads_a_value(node: ast.expr) -> bool:
    return any(isinstance(n, ast.Call) and _is_value(n) for n in ast.walk(node))


def _is_known_comparison(node: ast.expr) -> bool:
    return not isinstance(node, ast.Compare) or type(node.ops[0]) in conditions.SYMBOLS


def _refuse_unreadable(node: ast.expr) -> None:
    match node:
        case ast.BinOp(op=ast.Sub(), left=left) if not _reads_a_value(left):
            raise ExpressionError(
                f"`{ast.unparse(node)}` subtracts a value from a number",
                "compare the value itself, with the number moved to the other side",
            )
        case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult()):
            _refuse_unreadable(node.left)
            _refuse_unreadable(node.right)
        case ast.Call() if _is_value(node) and _name(node.func) == "v":
            pass
        case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
            pass
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float())):
            pass
        case _:
            raise ExpressionError(
                f"`{ast.unparse(node)}` in a condition is neither a value nor a number",
                'compare v("key") with v("key") or with a number',
            )


def _value(call: ast.Call, v: Answers) -> Value | Span:
    argument = literal(call.args[0])
    match call.func:
        case ast.Attribute(attr="words"):
            capital = any(ast.literal_eval(word.value) for word in call.keywords)
            return v.words(argument, capital=capital)
        case ast.Attribute(attr="ci"):
            return v.ci(argument)
        case ast.Attribute(attr="iqr"):
            return v.iqr(argument)
        case ast.Attribute(attr="range"):
            return v.range(argument)
        case _:
            return v(argument)


def _is_value(call: ast.Call) -> bool:
    match call.func:
        case ast.Name(id="v"):
            return _is_call(call, "v", 1)
        case ast.Attribute(value=ast.Name(id="v"), attr="words"):
            return _hasliteral(call, 1) and all(
                word.arg == "capital"
                and isinstance(word.value, ast.Constant)
                and isinstance(word.value.value, bool)
                for word in call.keywords
            )
        case ast.Attribute(value=ast.Name(id="v"), attr=method):
            return method in INTERVALS and _hasliteral(call, 1) and not call.keywords
        case _:
            return False


def _is_call(call: ast.Call, name: str, arguments: int) -> bool:
    return (
        _name(call.func) == name and _hasliteral(call, arguments) and not call.keywords
    )


def _hasliteral(call: ast.Call, arguments: int) -> bool:
    return (
        len(call.args) == arguments
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    )


def _keys_in(tree: ast.expr) -> tuple[str, ...]:
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    found: dict[str, None] = {}
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        if _is_value(call):
            found.update(dict.fromkeys(_keys_of(call)))
    return tuple(found)


def _keys_of(call: ast.Call) -> tuple[str, ...]:
    argument = literal(call.args[0])
    if isinstance(call.func, ast.Attribute) and call.func.attr in INTERVALS:
        return tuple(f"{argument}.{end}" for end in INTERVALS[call.func.attr])
    return (argument,)


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""
