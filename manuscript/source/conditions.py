"""Conditions of claims, evaluated and taken apart from their syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from manuscript.values import Condition, Value

if TYPE_CHECKING:
    from manuscript.values import Answers

SYMBOLS: Mapping[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "≤",
    ast.Gt: ">",
    ast.GtE: "≥",
}
_OPPOSITE = {"<": "≥", "≤": ">", ">": "≤", "≥": "<", "=": "≠"}


@dataclass(frozen=True)
class Comparison:
    """One comparison inside a claim's condition, as the claim asserts it.

    Attributes
    ----------
    left, right : Value or float
        Sums and products of values are values whose key says what was combined.
    symbol : str
        One of ``< ≤ > ≥ = ≠``; already reversed where the claim negates it.
    """

    left: Value | float
    right: Value | float
    symbol: str

    @property
    def value_first(self) -> Comparison:
        """The same comparison with a value on its left."""
        if isinstance(self.left, Value):
            return self
        mirrored = {"<": ">", "≤": "≥", ">": "<", "≥": "≤"}
        symbol = mirrored.get(self.symbol, self.symbol)
        return Comparison(self.right, self.left, symbol)


def evaluate(node: ast.expr, v: Answers) -> Any:
    """Evaluate a condition that :func:`.expressions.parse` has let pass."""
    match node:
        case ast.BinOp(op=ast.BitAnd()):
            return evaluate(node.left, v) & evaluate(node.right, v)
        case ast.BinOp(op=ast.BitOr()):
            return evaluate(node.left, v) | evaluate(node.right, v)
        case ast.UnaryOp(op=ast.Invert()):
            return ~evaluate(node.operand, v)
        case _:
            return _compared(_comparison(node, v))


def _number(node: ast.expr, v: Answers) -> Value | float:
    match node:
        case ast.BinOp(op=ast.Add()):
            return _number(node.left, v) + _number(node.right, v)
        case ast.BinOp(op=ast.Sub()):
            minuend = _number(node.left, v)
            assert isinstance(minuend, Value)
            return minuend - _number(node.right, v)
        case ast.BinOp(op=ast.Mult()):
            return _number(node.left, v) * _number(node.right, v)
        case ast.Call():
            return v(literal(node.args[0]))
        case _:
            number: float = ast.literal_eval(node)
            return number


def _comparison(node: ast.expr, v: Answers) -> Comparison:
    if isinstance(node, ast.Compare):
        symbol = SYMBOLS[type(node.ops[0])]
        sides = _number(node.left, v), _number(node.comparators[0], v)
        return Comparison(*sides, symbol)
    assert isinstance(node, ast.Call)
    assert isinstance(node.func, ast.Attribute)
    return Comparison(_number(node.func.value, v), _number(node.args[0], v), "=")


def _compared(comparison: Comparison) -> Condition:
    written = comparison.value_first
    left = written.left
    assert isinstance(left, Value), "expressions.parse refuses other comparisons"
    compare: dict[str, Callable[[Value | float], Condition]] = {
        "<": left.__lt__,
        "≤": left.__le__,
        ">": left.__gt__,
        "≥": left.__ge__,
        "=": left.equals,
    }
    return compare[written.symbol](written.right)


def comparisons(node: ast.expr, v: Answers) -> Iterator[Comparison]:
    """Take a condition apart, each comparison as the whole asserts it."""
    for leaf, asserted in leaves(node):
        found = _comparison(leaf, v)
        opposite = replace(found, symbol=_OPPOSITE[found.symbol])
        yield found if asserted else opposite


def leaves(node: ast.expr, asserted: bool = True) -> Iterator[tuple[ast.expr, bool]]:
    """Yield the comparisons of a condition, and whether the whole asserts each."""
    match node:
        case ast.BinOp(op=ast.BitAnd() | ast.BitOr()):
            yield from leaves(node.left, asserted)
            yield from leaves(node.right, asserted)
        case ast.UnaryOp(op=ast.Invert()):
            yield from leaves(node.operand, not asserted)
        case _:
            yield node, asserted


def holds_with(node: ast.expr, truths: Iterator[bool], asserted: bool = True) -> bool:
    """Tell whether a condition holds when its comparisons, as asserted, are so.

    Under ``~``, and becomes or (De Morgan).
    """
    match node:
        case ast.BinOp(op=ast.BitAnd() | ast.BitOr() as joint):
            left = holds_with(node.left, truths, asserted)
            right = holds_with(node.right, truths, asserted)
            both = isinstance(joint, ast.BitAnd) == asserted
            return (left and right) if both else (left or right)
        case ast.UnaryOp(op=ast.Invert()):
            return holds_with(node.operand, truths, not asserted)
        case _:
            return next(truths)


def literal(node: ast.expr) -> str:
    """Return the text of a literal argument."""
    assert isinstance(node, ast.Constant)
    assert isinstance(node.value, str)
    return node.value
