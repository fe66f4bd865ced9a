"""A reported number that knows where it comes from.

A :class:`Value` prints as a Markdown span that carries its key, unrounded
number and origin; HTML shows them in a card, PDF and Word print plain text.
Comparing a value gives a :class:`Condition`, which remembers what it read so
that a failed claim can say which numbers no longer bear it; adding, subtracting
and multiplying values serves such comparisons.
"""

from __future__ import annotations

import inspect
import math
import operator
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from operator import attrgetter
from typing import Literal, SupportsFloat

from manuscript.values import text
from manuscript.values.text import MINUS

# How the rows of a value begin that rests on none.
NO_ROW = "no row"

Basis = Literal["published", "reconstruction", "synthetic", "collected"]
Unit = Literal["count", "percent", "ratio", "p", "months", "years", "number"]


@dataclass(frozen=True)
class Origin:
    """What made a value, and from which rows.

    Attributes
    ----------
    function : str
        Dotted name of the function, such as ``analysis.meta.binary.odds_ratio.peto``.
    data : str
        Path of the data file, relative to the project.
    rows : str
        The rows it rests on, in words (``arm = treated``).
    basis : {"published", "reconstruction", "synthetic", "collected"}
        Whether those rows are published facts, a reconstruction from published
        aggregates, synthetic reports, or collected data such as a licensed
        extract.
    """

    function: str
    data: str
    rows: str
    basis: Basis

    @classmethod
    def of(
        cls,
        function: Callable[..., object],
        data: str,
        rows: str,
        basis: Basis,
    ) -> Origin:
        """Name the function by its object, so that a rename is followed."""
        return cls(f"{function.__module__}.{function.__qualname__}", data, rows, basis)

    @property
    def source(self) -> tuple[str, int]:
        """File, relative to the project, and line that define the function."""
        return _source(self.function)

    @property
    def is_empty(self) -> bool:
        """Whether the data have no row of which the value could be."""
        return self.rows.startswith(NO_ROW)

    def value(
        self, key: str, number: SupportsFloat, unit: Unit, decimals: int
    ) -> Value:
        """Make a value of this origin."""
        return Value(key, float(number), unit, decimals, self)

    def count(self, key: str, number: SupportsFloat) -> Value:
        """Make a count, printed without decimals."""
        return self.value(key, number, "count", 0)

    def percent(self, key: str, share: SupportsFloat, decimals: int = 0) -> Value:
        """Make a percentage from a share in [0, 1]."""
        return self.value(key, 100 * float(share), "percent", decimals)

    def ratio(self, key: str, number: SupportsFloat, decimals: int = 2) -> Value:
        """Make a ratio, such as an odds ratio."""
        return self.value(key, number, "ratio", decimals)

    def p(self, key: str, number: SupportsFloat, decimals: int = 2) -> Value:
        """Make a P value; it prints with its relation."""
        return self.value(key, number, "p", decimals)


@dataclass(frozen=True)
class Condition:
    """A statement about values: whether it holds, and what was read."""

    holds: bool
    reading: str

    def __bool__(self) -> bool:
        return self.holds

    def __and__(self, other: Condition) -> Condition:
        return Condition(
            self.holds and other.holds, f"{self.reading} and {other.reading}"
        )

    def __or__(self, other: Condition) -> Condition:
        return Condition(
            self.holds or other.holds, f"({self.reading} or {other.reading})"
        )

    def __invert__(self) -> Condition:
        return Condition(not self.holds, f"not ({self.reading})")


@dataclass(frozen=True)
class Value:
    """A number of the manuscript.

    Attributes
    ----------
    key : str
        Name in the ledger, such as ``risk.all.or``.
    number : float
        The unrounded number in the unit in which it prints (percent for a
        share); NaN when it cannot be estimated.
    unit : str
    decimals : int
        Decimals printed.
    origin : Origin
    printed : str, optional
        Text that replaces the usual form (``eight`` for 8).
    """

    key: str
    number: float
    unit: Unit
    decimals: int
    origin: Origin
    printed: str = ""

    @property
    def text(self) -> str:
        """The number as the reader sees it, without its unit."""
        if self.printed:
            return self.printed
        if self.unit == "p":
            return text.p_value(self.number, self.decimals)
        if self.unit == "ratio":
            return text.large(self.number, self.decimals)
        return text.decimal(self.number, self.decimals)

    def in_words(self, *, capital: bool = False) -> Value:
        """Return the value spelled out where style asks for words."""
        unknown = self.printed and math.isnan(self.number)
        words = self.printed if unknown else text.in_words(self.number)
        return replace(self, printed=words.capitalize() if capital else words)

    def __str__(self) -> str:
        return self.text

    def __float__(self) -> float:
        """Return the unrounded number, for plotting; prose prints the value."""
        return self.number

    def _repr_markdown_(self) -> str:
        return f"[{self.text}]{{.value {self._attributes()}}}"

    def _attributes(self) -> str:
        fields = {
            "key": self.key,
            "data-number": repr(float(self.number)),
            "data-unit": self.unit,
            "data-function": self.origin.function,
            "data-source": _seen_from_output(*self.origin.source),
            "data-file": self.origin.data,
            "data-rows": self.origin.rows,
            "data-basis": self.origin.basis,
        }
        return " ".join(f'{name}="{_quoted(v)}"' for name, v in fields.items())

    def _compare(
        self,
        other: Value | float,
        symbol: str,
        relation: Callable[[float, float], bool],
    ) -> Condition:
        number = other.number if isinstance(other, Value) else float(other)
        name = other._read if isinstance(other, Value) else str(other)
        holds = not (math.isnan(self.number) or math.isnan(number)) and relation(
            self.number, number
        )
        return Condition(holds, f"{self._read} {symbol} {name}")

    @property
    def _read(self) -> str:
        known = math.isfinite(self.number)
        return f"{self.key} = {f'{self.number:.6g}' if known else self.text}"

    def _combine(
        self,
        other: Value | float,
        symbol: str,
        operation: Callable[[float, float], float],
    ) -> Value:
        number = other.number if isinstance(other, Value) else float(other)
        name = other.key if isinstance(other, Value) else f"{other:g}"
        return replace(
            self,
            key=f"{self.key} {symbol} {name}",
            number=operation(self.number, number),
            printed="",
        )

    def __add__(self, other: Value | float) -> Value:
        return self._combine(other, "+", operator.add)

    def __sub__(self, other: Value | float) -> Value:
        return self._combine(other, MINUS, operator.sub)

    def __mul__(self, other: Value | float) -> Value:
        return self._combine(other, "×", operator.mul)

    __radd__ = __add__
    __rmul__ = __mul__

    def __lt__(self, other: Value | float) -> Condition:
        return self._compare(other, "<", operator.lt)

    def __le__(self, other: Value | float) -> Condition:
        return self._compare(other, "≤", operator.le)

    def __gt__(self, other: Value | float) -> Condition:
        return self._compare(other, ">", operator.gt)

    def __ge__(self, other: Value | float) -> Condition:
        return self._compare(other, "≥", operator.ge)

    def equals(self, other: Value | float) -> Condition:
        """Compare for equality of the unrounded numbers."""
        return self._compare(other, "equals", operator.eq)


@dataclass(frozen=True)
class Span:
    """Two values printed as one interval: ``1.22–11.92``."""

    low: Value
    high: Value

    @property
    def text(self) -> str:
        """The interval as the reader sees it."""
        return text.interval(self.low.text, self.high.text)

    def _repr_markdown_(self) -> str:
        if self.text == text.NOT_ESTIMABLE:
            return self.low._repr_markdown_()
        return text.interval(self.low._repr_markdown_(), self.high._repr_markdown_())


@cache
def _source(function: str) -> tuple[str, int]:
    module, _, name = function.rpartition(".")
    while module and module not in sys.modules:
        try:
            import_module(module)
        except ImportError:
            module, _, outer = module.rpartition(".")
            name = f"{outer}.{name}"
    found = attrgetter(name)(sys.modules[module])
    line = inspect.getsourcelines(inspect.unwrap(found))[1]
    return f"{module.replace('.', '/')}.py", line


def _seen_from_output(file: str, line: int) -> str:
    return f"../{file}#L{line}"


def _quoted(attribute: str) -> str:
    return attribute.replace("\\", "\\\\").replace('"', '\\"')
