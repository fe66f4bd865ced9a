"""What ``vigibase describe`` prints beyond the description."""

from __future__ import annotations

import math
from collections.abc import Iterator

from analysis.vigibase.measures.interaction import Interaction
from analysis.vigibase.measures.onset import Weibull
from analysis.vigibase.results import (
    FEW,
    Breakdown,
    Description,
    Disproportionality,
    shown,
)
from manuscript.values import text


def measures(found: Disproportionality) -> str:
    """Print a four-fold table, or why it is not shown."""
    if found.hidden == FEW:
        return "too few reports"
    if found.a is None:
        return "withheld"
    ror, low, high, prr, ic, ic025 = (
        text.decimal(number, 2)
        for number in (
            found.ror,
            found.ror_low,
            found.ror_high,
            found.prr,
            found.ic,
            found.ic025,
        )
    )
    ratio = f"; PRR {prr}" if math.isfinite(found.prr) else ""
    return (
        f"{found.a} observed, {text.decimal(found.expected, 1)} expected; "
        f"ROR {ror} ({text.interval(low, high)}){ratio}; IC {ic} (IC025 {ic025})"
    )


def further_as_text(description: Description) -> list[str]:
    """Print measures, other sets of reports, and how complete the reports are."""
    further, smallest = description.further, description.smallest_cell
    lines = []
    if found := further.adjusted:
        by = ", ".join(found.covariates)
        limits = text.interval(_two(found.ror_low), _two(found.ror_high))
        lines.append(f"    Logistic, by {by}: ROR {_two(found.ror)} ({limits})")
    if (posterior := further.shrunk) and further.prior:
        limits = f"EB05 {_two(posterior.low)}, EB95 {_two(posterior.high)}"
        lines.append(
            f"    EBGM {_two(posterior.ebgm)} ({limits}; prior of "
            f"{further.prior.pairs:,} pairs)"
        )
    lines += [
        f"    With {found.label}: {_joint(found)}" for found in further.interactions
    ]
    lines += [
        f"    Sensitivity, {other.label}: {measures(other.table)}"
        for other in further.sensitivity
    ]
    lines += [f"Time to onset, Weibull{_onset(found)}" for found in further.onset]
    for breakdown in further.breakdowns:
        lines += _breakdown(breakdown, smallest)
    return lines


def _breakdown(breakdown: Breakdown, smallest: int) -> Iterator[str]:
    available = shown(breakdown.available, breakdown.hidden, smallest)
    yield f"{breakdown.title} ({available} with data)"
    for count in breakdown.counts:
        n = shown(count.n, count.hidden, smallest)
        share = ""
        if count.n is not None and breakdown.available:
            percent = 100 * count.n / breakdown.available
            share = "< 1%" if 0 < percent < 0.5 else f"{text.decimal(percent, 0)}%"
        yield f"    {n:>10} {share:>5}  {count.label}"


def _joint(found: Interaction) -> str:
    if found.n is None:
        return "withheld"
    return (
        f"{found.n} observed, {text.decimal(found.expected, 1)} expected; interaction "
        f"IC {_two(found.ic)} (IC025 {_two(found.ic_low)}); from cells apart, as "
        f"vigicaen, IC {_two(found.ic_apart)} (IC025 {_two(found.ic_apart_low)})"
    )


def _onset(found: Weibull) -> str:
    kind = ", right truncation allowed for" if found.truncated else ""
    if not math.isfinite(found.shape):
        return f"{kind}: too few reports"
    limits = text.interval(_two(found.shape_low), _two(found.shape_high))
    return (
        f"{kind}: shape {_two(found.shape)} ({limits}), "
        f"scale {text.decimal(found.scale, 0)} days ({found.n} reports)"
    )


def _two(number: float) -> str:
    return text.decimal(number, 2)
