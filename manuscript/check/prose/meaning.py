"""What the words of a claim state, and whether its condition tests that."""

from __future__ import annotations

import re
from collections.abc import Iterator

from manuscript.check.proof import quoted
from manuscript.source import Comparison
from manuscript.values import Value, in_words

ALPHA = 0.05
_RISING = {">", "≥"}
_FALLING = {"<", "≤"}

_NOT = r"\b(?:no|not|without|nor|neither|never|non|little)\b[\w\s-]{0,30}?"
_UP = re.compile(
    r"\b(?:increas|rais|higher|great|larg|longer|older|above|exceed|excess|rose|elevat"
    r"|enough|sufficient|most"
    r"|more (?:often|frequent|common|likely|patients|cases|reports))",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"\b(?:decreas|reduc|lower|small|shorter|younger|below|fewer|fell|declin|rarer"
    r"|few\b|less (?:often|frequent|common|likely))",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"\b(?:about|near|nearly|approximately|roughly|close to)\b", re.I)
_CHANCE = r"(?:significan|differ\w*|(?:beyond|more than) chance)"
_SIGNIFICANT = re.compile(_CHANCE, re.IGNORECASE)
_HETEROGENEITY = re.compile(r"heterogene", re.IGNORECASE)
_MULTIPLES = {"half": 0.5, "twice": 2.0, "double": 2.0, "thrice": 3.0, "triple": 3.0}
_SCALES = {"twenty": 20.0, "fifty": 50.0, "hundred": 100.0, "thousand": 1000.0}
_COUNTS = {in_words(count): float(count) for count in range(1, 13)}
_ONE_OF = "|".join(_COUNTS)
_AMOUNT = re.compile(
    rf"\b(?:(?P<multiple>{'|'.join(_MULTIPLES)})\b|(?P<times>{_ONE_OF})(?:fold| times)"
    rf"|(?P<n>{_ONE_OF}) in (?:an? )?(?P<scale>{_ONE_OF}|{'|'.join(_SCALES)})\b)",
    re.IGNORECASE,
)


def unborne(words: str, comparisons: tuple[Comparison, ...]) -> Iterator[str]:
    """Say what the words state and the comparisons do not test."""
    tests = [comparison.value_first for comparison in comparisons]
    yield from _significance(words, tests)
    yield from _heterogeneity(words, tests)
    yield from _direction(words, tests)
    effects = [each for each in tests if _unit(each.left) != "p"]
    symbols = {each.symbol for each in effects}
    bounded = "=" in symbols or (symbols & _RISING and symbols & _FALLING)
    if _ABOUT.search(words) and not bounded:
        yield "needs a limit on either side"
    if stated := _AMOUNT.search(words):
        amount = _amount(stated)
        limits = sorted(_limits(effects))
        if (
            not limits
            or not amount / 2 <= limits[0] <= amount <= limits[-1] <= 2 * amount
        ):
            yield f"says {stated[0]}, and its limits do not enclose {amount:g} closely"


def _amount(stated: re.Match[str]) -> float:
    """Return the number that words state; a share in percent."""
    if stated["multiple"]:
        return _MULTIPLES[stated["multiple"].lower()]
    if stated["times"]:
        return _COUNTS[stated["times"].lower()]
    scale = stated["scale"].lower()
    return 100 * _COUNTS[stated["n"].lower()] / (_SCALES | _COUNTS)[scale]


def _unit(side: Value | float) -> str:
    return side.unit if isinstance(side, Value) else ""


def _significance(words: str, tests: list[Comparison]) -> Iterator[str]:
    if not _SIGNIFICANT.search(words):
        return
    if re.search(f"{_NOT}{_CHANCE}|insignifican", words, re.IGNORECASE):
        wanted, symbols = f"P ≥ {ALPHA}", _RISING
    else:
        wanted, symbols = f"P < {ALPHA}", _FALLING
    for each in tests:
        if _unit(each.left) == "p" and each.symbol in symbols:
            limit = number(each.right)
            if limit == ALPHA or (limit < ALPHA) == (symbols is _FALLING):
                return
    yield f"needs {wanted} in its condition"


def _heterogeneity(words: str, tests: list[Comparison]) -> Iterator[str]:
    if not _HETEROGENEITY.search(words):
        return
    absent = re.search(f"{_NOT}heterogene", words, re.IGNORECASE)
    for each in tests:
        key = side_name(each.left)
        small = each.symbol in _FALLING or each.symbol == "="
        if key.endswith(".i2") and small == bool(absent):
            return
        if key.endswith(".q_p") and (each.symbol in _RISING) == bool(absent):
            limit = number(each.right)
            if limit >= ALPHA if absent else limit <= 2 * ALPHA:
                return
    yield f"needs a test of I² or of Q that {'finds none' if absent else 'finds it'}"


def _direction(words: str, tests: list[Comparison]) -> Iterator[str]:
    if re.search(f"{_NOT}(?:{_UP.pattern}|{_DOWN.pattern})", words, re.IGNORECASE):
        return
    for pattern, symbols in ((_UP, _RISING), (_DOWN, _FALLING)):
        if not (found := pattern.search(words)):
            continue
        effects = [each for each in tests if _unit(each.left) != "p"]
        if not effects:
            yield "gives a direction, and its condition compares no estimate"
        elif not any(each.symbol in symbols for each in effects):
            yield f"says {quoted(found[0] + '…')}, and its condition tests the opposite"
        elif not all(_beyond_null(each, symbols) for each in effects):
            yield "needs a limit that means something: 1 for a ratio, another value"


def _beyond_null(test: Comparison, symbols: set[str]) -> bool:
    if isinstance(test.right, Value):
        return True
    if _unit(test.left) != "ratio":
        return test.right != 0
    if test.symbol not in symbols:
        return True
    return test.right >= 1 if symbols is _RISING else test.right <= 1


def _limits(tests: list[Comparison]) -> Iterator[float]:
    """Numbers that the tests compare with, or multiply a value by."""
    for each in tests:
        if not isinstance(each.right, Value):
            yield each.right
        elif factor := re.search(r"× ([\d.]+)$", each.right.key):
            yield float(factor[1])


def number(side: Value | float) -> float:
    """Return the number of a side of a comparison."""
    return side.number if isinstance(side, Value) else side


def side_name(side: Value | float) -> str:
    """Name a side of a comparison: its key, or the number."""
    return side.key if isinstance(side, Value) else f"{side:g}"
