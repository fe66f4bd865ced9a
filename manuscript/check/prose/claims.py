"""Every claim holds, could fail, and says what its condition tests."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import chain, islice, product

from analysis.letter import Letter
from manuscript.check.finding import Finding, Outcome
from manuscript.check.proof import Proof, finding, quoted
from manuscript.source.conditions import Comparison
from manuscript.source.expressions import Claim, Expression
from manuscript.source.reading.passages import Passage
from manuscript.source.reading.plain import Mark
from manuscript.values.text import in_words
from manuscript.values.value import Value

NAME = "claims"
TITLE = "Claims hold, and their words say what is tested"

ALPHA = 0.05
_TRIALS = 20_000
_DOMAIN: Mapping[str, tuple[float, float]] = {
    "count": (0, 1e9),
    "percent": (0, 100),
    "ratio": (1e-9, 1e9),
    "p": (0, 1),
    "months": (0, 1e4),
    "years": (0, 1e4),
    "number": (-1e9, 1e9),
}
_RISING = {">", "≥"}
_FALLING = {"<", "≤"}

_NEGATED = re.compile(r"\b(?:not|no|never|hardly|neither|nor|cannot|n't)\s+$", re.I)
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


def check(proof: Proof) -> Outcome:
    """Try every claim on the data and on data that would refute it."""
    findings: list[Finding] = []
    claims = 0
    for passage in proof.passages():
        for mark in passage.marked("claim"):
            claims += 1
            findings.extend(
                finding(passage, mark, NAME, what, mend)
                for what, mend in _faults(passage, mark, proof.v)
            )
    return Outcome(f"{claims} claims", tuple(findings))


def _faults(passage: Passage, mark: Mark, v: Letter) -> Iterator[tuple[str, str]]:
    expression, claim = mark.expression, mark.result
    assert expression is not None
    assert isinstance(claim, Claim)
    words = quoted(claim.words)
    if not re.search(r"\w", claim.words):
        yield "a claim without words", "write the phrase that states the finding"
    if not claim.condition:
        yield (
            f"the data do not bear {words}: {claim.condition.reading}; in the sentence "
            f"“{passage.sentence(mark.start)}”",
            "change the words, or find out what changed the numbers",
        )
    if idle := idle_part(expression, v):
        yield (
            f"{words} cannot fail: {idle}",
            "test what the words say, with a limit that the data could miss",
        )
    if _NEGATED.search(passage.text[: mark.start]):
        yield f"a negation before {words} turns it round", "write it inside the claim"
    comparisons = expression.comparisons(v)
    borne = tuple(
        c for c, needed in zip(comparisons, expression.needed, strict=True) if needed
    )
    for missing in unborne(claim.words, borne):
        yield f"{words} {missing}", "make the condition test what the words say"


class _Supposed(Letter):
    """The letter, with other numbers for some keys."""

    def __init__(self, v: Letter, numbers: Mapping[str, float]) -> None:
        self._v = v
        self._numbers = numbers

    def __call__(self, key: str) -> Value:
        value = self._v(key)
        return replace(value, number=self._numbers.get(key, value.number))


def idle_part(expression: Expression, v: Letter) -> str:
    """Say which part of a condition holds, or fails, whatever the data.

    Tries the numbers at the ends of their domain (a P value from 0 to 1) and on
    both sides of every limit.

    Returns
    -------
    str
        Empty when every comparison, and the condition, can both hold and fail.
    """
    comparisons = expression.comparisons(v)
    limits = [
        float(side)
        for comparison in comparisons
        for side in (comparison.left, comparison.right)
        if not isinstance(side, Value)
    ]
    keys = expression.keys
    choices = [_numbers_to_try(v(key), limits) for key in keys]
    seen: list[set[bool]] = [set() for _ in comparisons]
    whole: set[bool] = set()
    # All low and all high come first: they settle most conditions at once.
    for numbers in islice(
        chain(zip(*choices, strict=False), product(*choices)), _TRIALS
    ):
        supposed = _Supposed(v, dict(zip(keys, numbers, strict=True)))
        for held, each in zip(seen, expression.comparisons(supposed), strict=True):
            held.add(_holds(each))
        whole.add(bool(expression.condition(supposed)))
        if len(whole) == 2 and all(len(held) == 2 for held in seen):
            return ""
    for held, each in zip(seen, comparisons, strict=True):
        if len(held) == 1:
            always = "always holds" if held == {True} else "never holds"
            return f"{_side(each.left)} {each.symbol} {_side(each.right)} {always}"
    return "its condition holds whatever the data" if whole == {True} else ""


def _numbers_to_try(value: Value, limits: list[float]) -> list[float]:
    low, high = _DOMAIN[value.unit]
    around = [x for limit in limits for x in (limit * (1 - 1e-9), limit * (1 + 1e-9))]
    tried = {low, high, value.number, *(x for x in around if low <= x <= high)}
    return sorted(tried, key=lambda x: (x not in (low, high), x))


def _holds(comparison: Comparison) -> bool:
    left, right = _number(comparison.left), _number(comparison.right)
    compare: dict[str, Callable[[], bool]] = {
        "<": lambda: left < right,
        "≤": lambda: left <= right,
        ">": lambda: left > right,
        "≥": lambda: left >= right,
        "=": lambda: left == right,
        "≠": lambda: left != right,
    }
    return compare[comparison.symbol]()


def _number(side: Value | float) -> float:
    return side.number if isinstance(side, Value) else side


def _side(side: Value | float) -> str:
    return side.key if isinstance(side, Value) else f"{side:g}"


def unborne(words: str, comparisons: tuple[Comparison, ...]) -> Iterator[str]:
    """Say what the words state and the comparisons do not test."""
    tests = [_value_first(comparison) for comparison in comparisons]
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


def _value_first(comparison: Comparison) -> Comparison:
    if isinstance(comparison.left, Value):
        return comparison
    mirrored = {"<": ">", "≤": "≥", ">": "<", "≥": "≤"}
    symbol = mirrored.get(comparison.symbol, comparison.symbol)
    return Comparison(comparison.right, comparison.left, symbol)


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
            limit = _number(each.right)
            if limit == ALPHA or (limit < ALPHA) == (symbols is _FALLING):
                return
    yield f"needs {wanted} in its condition"


def _heterogeneity(words: str, tests: list[Comparison]) -> Iterator[str]:
    if not _HETEROGENEITY.search(words):
        return
    absent = re.search(f"{_NOT}heterogene", words, re.IGNORECASE)
    for each in tests:
        key = _side(each.left)
        small = each.symbol in _FALLING or each.symbol == "="
        if key.endswith(".i2") and small == bool(absent):
            return
        if key.endswith(".q_p") and (each.symbol in _RISING) == bool(absent):
            limit = _number(each.right)
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
