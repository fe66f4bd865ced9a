"""What the published letter's printed numbers imply about each other.

Every printed number stands for an interval, half a unit of its last decimal on
either side. An identity between printed numbers (a sum, a share, the middle of
a confidence interval) then gives an interval for one of them from the others,
without any trial data; the two must meet.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from scipy.special import chdtrc

from analysis.letter.data import ReportedValue
from analysis.letter.evidence.identities import (
    IDENTITIES,
    SUBGROUPS,
    Identity,
    between_groups,
)

Reported = Mapping[str, ReportedValue]


@dataclass(frozen=True)
class Implied:
    """What other printed numbers imply for one.

    Attributes
    ----------
    central : float
        At the printed inputs.
    low, high : float
        Over all inputs that round to the printed ones.
    agrees : bool
        Whether that interval meets the rounding interval of the printed number.
    says : str
    """

    central: float
    low: float
    high: float
    agrees: bool
    says: str


def rounding_interval(value: ReportedValue) -> tuple[float, float]:
    """Numbers that print as the reported one.

    Counts are exact; ``< 0.01`` stands for 0 to 0.01.

    Examples
    --------
    >>> odds = ReportedValue("risk.placebo.or", "", "", 3.82, "ratio", 2, "3.82")
    >>> [round(end, 3) for end in rounding_interval(odds)]
    [3.815, 3.825]
    """
    if math.isnan(value.number):
        return 0.0, 10.0**-value.decimals
    if value.unit == "count":
        return value.number, value.number
    half = 0.5 * 10.0**-value.decimals
    return value.number - half, value.number + half


def holds(value: ReportedValue, low: float, high: float | None = None) -> bool:
    """Say whether a number, or an interval, meets the rounding interval."""
    bottom, top = rounding_interval(value)
    slack = 1e-9 * max(1.0, abs(top))
    return low <= top + slack and (low if high is None else high) >= bottom - slack


def implied(reported: Reported) -> dict[str, Implied]:
    """Evaluate every identity.

    Parameters
    ----------
    reported : mapping
        Printed numbers by key.
    """
    return {identity.key: _evaluate(identity, reported) for identity in IDENTITIES}


def incidence_subgroups(reported: Reported) -> tuple[float, float, float]:
    """Test the printed subgroup incidences for a difference.

    Parameters
    ----------
    reported : mapping
        Printed numbers by key.

    Returns
    -------
    q : float
        Cochran's Q between the subgroups at the printed numbers.
    p, p_max : float
        Its P value, and the largest over all numbers that round to the
        printed ones.
    """
    inputs = [
        f"incidence.{group}{end}"
        for group in SUBGROUPS
        for end in ("", ".ci_low", ".ci_high")
    ]
    q = between_groups([reported[key].number for key in inputs])
    least = min(between_groups(corner) for corner in _corners(inputs, reported))
    df = len(SUBGROUPS) - 1
    return q, float(chdtrc(df, q)), float(chdtrc(df, least))


def _evaluate(identity: Identity, reported: Reported) -> Implied:
    central = identity.formula(*(reported[key].number for key in identity.inputs))
    over = [identity.formula(*corner) for corner in _corners(identity.inputs, reported)]
    low, high = min(over), max(over)
    agrees = holds(reported[identity.key], low, high)
    return Implied(central, low, high, agrees, identity.says)


def _corners(keys: Sequence[str], reported: Reported) -> list[tuple[float, ...]]:
    return list(
        product(*({*rounding_interval(reported[key])} for key in keys)),
    )
