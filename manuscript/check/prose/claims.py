"""Every claim holds, could fail, and says what its condition tests."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, product

from manuscript.check.finding import Finding, Outcome
from manuscript.check.proof import Proof, finding, quoted
from manuscript.check.prose.meaning import number, side_name, unborne
from manuscript.source import Claim, Comparison, Expression, Mark, Passage, conditions
from manuscript.values import Answers, Value

NAME = "claims"
TITLE = "Claims hold, and their words say what is tested"

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
_NEGATED = re.compile(r"\b(?:not|no|never|hardly|neither|nor|cannot|n't)\s+$", re.I)


def check(proof: Proof) -> Outcome:
    """Try every claim on the data and on data that would refute it."""
    findings: list[Finding] = []
    claims = 0
    for passage in proof.passages():
        for mark in passage.marked("claim"):
            claims += 1
            findings.extend(
                finding(passage, mark, NAME, what, mend, rule=rule)
                for rule, what, mend in _faults(passage, mark, proof.v)
            )
    return Outcome(f"{claims} claims", tuple(findings))


def _faults(passage: Passage, mark: Mark, v: Answers) -> Iterator[tuple[str, str, str]]:
    expression, claim = mark.expression, mark.result
    assert expression is not None
    assert isinstance(claim, Claim)
    words = quoted(claim.words)
    if not re.search(r"\w", claim.words):
        mend = "write the phrase that states the finding"
        yield "words", "a claim without words", mend
    idle = idle_part(expression, v)
    if not claim.condition:
        never = f" ({idle.text}, whatever the data)" if idle and not idle.holds else ""
        yield (
            "refuted",
            f"the data do not bear {words}: {claim.condition.reading}{never}; in the "
            f"sentence “{passage.sentence(mark.start)}”",
            "change the words, or find out what changed the numbers",
        )
    elif idle:
        cannot = "cannot fail" if idle.holds else "tests in part what cannot be"
        yield (
            "idle",
            f"{words} {cannot}: {idle.text}",
            "test what the words say, with a limit that the data could miss",
        )
    if _NEGATED.search(passage.text[: mark.start]):
        what = f"a negation before {words} turns it round"
        yield "negated", what, "write it inside the claim"
    comparisons = expression.comparisons(v)
    borne = tuple(
        c for c, needed in zip(comparisons, expression.needed, strict=True) if needed
    )
    for missing in unborne(claim.words, borne):
        mend = "make the condition test what the words say"
        yield "untested", f"{words} {missing}", mend


class _Supposed(Answers):
    """The letter, with other numbers for some keys."""

    def __init__(self, v: Answers, numbers: Mapping[str, float]) -> None:
        self._v = v
        self._numbers = numbers

    def __call__(self, key: str) -> Value:
        value = self._v(key)
        return replace(value, number=self._numbers.get(key, value.number))


@dataclass(frozen=True)
class Idle:
    """A condition, or a part of one, that is the same whatever the data.

    Attributes
    ----------
    text : str
    holds : bool
        Whether it always holds, rather than never.
    """

    text: str
    holds: bool


def idle_part(expression: Expression, v: Answers) -> Idle | None:
    """Say which part of a condition holds, or fails, whatever the data.

    Tries the numbers at the ends of their domain (a P value from 0 to 1) and on
    both sides of every limit: those of each comparison alone, and together where
    they are not too many to try all.

    Returns
    -------
    Idle or None
        None when every comparison, and the condition, can both hold and fail, as
        far as was tried.
    """
    comparisons = expression.comparisons(v)
    supposed: list[dict[str, float]] = [{}]
    for each, (part, keys) in zip(comparisons, expression.parts, strict=True):

        def is_so(
            numbers: dict[str, float], part: ast.expr = part, symbol: str = each.symbol
        ) -> bool:
            (tried,) = conditions.comparisons(part, _Supposed(v, numbers))
            return _holds(replace(tried, symbol=symbol))

        held, all_tried = _try(is_so, _assignments(v, keys, [each]))
        if all_tried and len(held) == 1:
            (holds,) = held
            sides = f"{side_name(each.left)} {each.symbol} {side_name(each.right)}"
            return Idle(f"{sides} {'always' if holds else 'never'} holds", holds)
        supposed += held.values()

    def is_borne(numbers: dict[str, float]) -> bool:
        return bool(expression.condition(_Supposed(v, numbers)))

    # To turn one comparison settles most conditions.
    every = chain(supposed, _assignments(v, expression.keys, comparisons))
    held, all_tried = _try(is_borne, every)
    if all_tried and len(held) == 1:
        (holds,) = held
        ever = "whatever the data" if holds else "never"
        return Idle(f"its condition holds {ever}", holds)
    return None


def _try(
    test: Callable[[dict[str, float]], bool], assignments: Iterable[dict[str, float]]
) -> tuple[dict[bool, dict[str, float]], bool]:
    """Find numbers for which a test is so, and is not; tell whether all were tried."""
    found: dict[bool, dict[str, float]] = {}
    for count, numbers in enumerate(assignments):
        if count == _TRIALS:
            return found, False
        found.setdefault(test(numbers), numbers)
        if len(found) == 2:
            break
    return found, True


def _assignments(
    v: Answers, keys: Sequence[str], comparisons: Sequence[Comparison]
) -> Iterator[dict[str, float]]:
    """Yield numbers for all keys at once, as far as comparisons tell them apart."""
    # Where another value is the limit, its number is: x > 1.7 y and x < 2.3 y.
    limits = [
        float(number(side)) for each in comparisons for side in (each.left, each.right)
    ]
    choices = [_numbers_to_try(v(key), limits) for key in keys]
    # All low and all high come first: they settle most conditions at once.
    for numbers in chain(zip(*choices, strict=False), product(*choices)):
        yield dict(zip(keys, numbers, strict=True))


def _numbers_to_try(value: Value, limits: list[float]) -> list[float]:
    low, high = _DOMAIN[value.unit]
    around = [x * limit for limit in limits for x in (1 - 1e-9, 1, 1 + 1e-9)]
    tried = {low, high, *(x for x in (value.number, *around) if low <= x <= high)}
    return sorted(tried, key=lambda x: (x not in (low, high), x))


def _holds(comparison: Comparison) -> bool:
    left, right = number(comparison.left), number(comparison.right)
    compare: dict[str, Callable[[], bool]] = {
        "<": lambda: left < right,
        "≤": lambda: left <= right,
        ">": lambda: left > right,
        "≥": lambda: left >= right,
        "=": lambda: left == right,
        "≠": lambda: left != right,
    }
    return compare[comparison.symbol]()
