"""The published numbers beside the recomputed ones, with a verdict for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from analysis.letter import data
from analysis.letter.data import ReportedValue
from analysis.letter.evidence import printed
from analysis.letter.evidence.printed import Implied
from manuscript.values import Lookup, Value

Verdict = Literal["reproduced", "differs", "not recomputable"]

VERDICTS: tuple[Verdict, ...] = ("reproduced", "differs", "not recomputable")

_CARRIED = f"{data.reported_values.__module__}.{data.reported_values.__qualname__}"


@dataclass(frozen=True)
class Comparison:
    """A published number and what became of it.

    Attributes
    ----------
    reported : ReportedValue
    value : Value
        From the project's own data, or carried over from the letter.
    verdict : {"reproduced", "differs", "not recomputable"}
        Whether the recomputed number rounds to the printed one; a number that
        is only carried over is not recomputable.
    implied : Implied or None
        What the other printed numbers imply; None where they imply nothing.
    """

    reported: ReportedValue
    value: Value
    verdict: Verdict
    implied: Implied | None


def comparisons(v: Lookup) -> tuple[Comparison, ...]:
    """Set every published number beside the recomputed one.

    Parameters
    ----------
    v : callable
        Gives the value of a key.
    """
    reported = data.reported_values()
    implied = printed.implied(reported)
    return tuple(
        _compare(published, v(key), implied) for key, published in reported.items()
    )


def _compare(
    published: ReportedValue, value: Value, implied: Mapping[str, Implied]
) -> Comparison:
    return Comparison(
        published, value, _verdict(published, value), implied.get(published.key)
    )


def _verdict(published: ReportedValue, value: Value) -> Verdict:
    if value.origin.function == _CARRIED:
        return "not recomputable"
    return "reproduced" if printed.holds(published, value.number) else "differs"
