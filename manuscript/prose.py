"""What prose calls: ``v`` for numbers, ``claim`` for findings, ``item`` for floats.

Each document's first cell imports these three; inline code calls nothing else,
so that every number and claim can be read from the sources without a kernel.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from analysis.letter import letter
from analysis.value import Condition
from manuscript import supplement

ROOT = Path(__file__).resolve().parent.parent

v = letter()


@dataclass(frozen=True)
class Claim:
    """Words that state a finding, and the condition that bears them."""

    words: str
    condition: Condition

    def _repr_markdown_(self) -> str:
        reading = self.condition.reading.replace('"', "'")
        return f'[{self.words}]{{.claim data-condition="{reading}"}}'

    def __str__(self) -> str:
        return self.words


class ClaimError(AssertionError):
    """A sentence says what the data no longer bear."""


def claim(words: str, condition: Condition) -> Claim:
    """State a finding as long as the data bear it.

    Parameters
    ----------
    words : str
        The phrase as it prints, such as ``significantly increased``.
    condition : Condition
        A comparison of values: ``v("risk.placebo.p") < 0.05``, joined by
        ``&``, ``|`` and ``~``.

    Raises
    ------
    ClaimError
        When the condition fails; says where the claim stands and what it read.
    TypeError
        When the condition is a plain boolean, which cannot say what it read.
    """
    if not isinstance(condition, Condition):
        raise TypeError(
            f"claim({words!r}, ...): the condition must compare values, as in "
            f"v('risk.placebo.p') < 0.05; got {condition!r}"
        )
    if not condition:
        raise ClaimError(_no_longer_holds(words, condition))
    return Claim(words, condition)


def item(label: str) -> str:
    """Name a figure or table of the supplement, such as ``Table S4``.

    Raises
    ------
    LookupError
        When the supplement has no such label; names the nearest ones.
    """
    return _numbers().name(label)


@lru_cache(maxsize=1)
def _numbers() -> supplement.Numbering:
    return supplement.numbering(ROOT)


def _no_longer_holds(words: str, condition: Condition) -> str:
    raise NotImplementedError
