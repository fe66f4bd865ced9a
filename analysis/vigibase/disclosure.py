"""Small counts are not shown, nor what would give them away.

A count from 1 to below the smallest cell is hidden as small, and printed as
below it; another count is withheld where the small one could be had from it by
subtraction, and printed as withheld. What is hidden of a sum is checked as a
reader would: knowing what is shown, the sum, and why each count is hidden, no
hidden count may be left with one possible value, and what is hidden together
may not be small itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from analysis.vigibase.measures.interaction import Interaction
from analysis.vigibase.measures.onset import Weibull
from analysis.vigibase.results import (
    SMALL,
    WITHHELD,
    Breakdown,
    Count,
    Description,
    Disproportionality,
    Flow,
    FlowStep,
    Further,
    Hidden,
    Quantiles,
)


def suppress(description: Description, smallest: int) -> Description:
    """Hide small counts everywhere, and what would give them away.

    Parameters
    ----------
    description : Description
    smallest : int
        Counts from 1 to below this are not shown.

    Returns
    -------
    Description
        Times over too few reports are NaN, and so are minimum and maximum, each
        of which is one report's. A four-fold table with a small cell is not
        shown at all, since its measures tell its cells; nor are the strata, of
        which one has a small cell, since the others leave it.
    """
    if smallest <= 1:
        return description
    first, *strata = description.disproportionality
    parts, adjusted = strata[:-1], strata[-1:]
    if any(_has_small(table, smallest) for table in parts):
        parts = [_hidden_table(table) for table in parts]
    tables = (
        first,
        *adjusted,
    )
    shown = [
        _hidden_table(table) if _has_small(table, smallest) else table
        for table in tables
    ]
    return replace(
        description,
        flow=suppress_flow(description.flow, smallest),
        breakdowns=tuple(
            suppress_breakdown(found, smallest) for found in description.breakdowns
        ),
        times=tuple(_suppress_times(time, smallest) for time in description.times),
        disproportionality=(shown[0], *parts, *shown[1:]),
        further=_suppress_further(description, smallest),
    )


def _suppress_further(description: Description, smallest: int) -> Further:
    """Hide small cells beyond the description.

    A model over a table with a small cell is not shown, nor an interaction of
    which a count is small; nor another set of reports that differs from that of
    the study by a small count.
    """
    further, crude = description.further, description.disproportionality[0]
    hidden = _has_small(crude, smallest)
    return replace(
        further,
        breakdowns=tuple(suppress_breakdown(b, smallest) for b in further.breakdowns),
        adjusted=None if hidden else further.adjusted,
        shrunk=None if hidden else further.shrunk,
        interactions=tuple(
            _hidden_interaction(found) if 0 < (found.n or 0) < smallest else found
            for found in further.interactions
        ),
        sensitivity=tuple(
            replace(other, table=_hidden_table(other.table))
            if _has_small(other.table, smallest)
            or any(
                a is None or b is None or 0 < abs(a - b) < smallest
                for a, b in (
                    (crude.a, other.table.a),
                    (crude.b, other.table.b),
                    (crude.c, other.table.c),
                    (crude.d, other.table.d),
                )
            )
            else other
            for other in further.sensitivity
        ),
        onset=tuple(
            Weibull.none(None, found.truncated)
            if 0 < (found.n or 0) < smallest
            else found
            for found in further.onset
        ),
    )


def _hidden_interaction(found: Interaction) -> Interaction:
    nan = math.nan
    return Interaction(
        *(found.key, found.label, None),
        *(nan, nan, nan, nan, nan, nan, nan, nan),
    )


def protect(numbers: Sequence[int], smallest: int) -> tuple[list[Hidden], bool]:
    """Decide what to hide of counts whose sum is shown.

    Parameters
    ----------
    numbers : sequence of int
    smallest : int

    Returns
    -------
    hidden : list of {"", "small", "withheld"}
        For each count.
    sum_too : bool
        Whether the sum has to be withheld as well, since nothing else is left.

    Examples
    --------
    >>> protect([3, 40, 50], 5)
    (['small', 'withheld', ''], False)
    >>> protect([4, 4], 5)
    (['small', 'small'], True)
    """
    hidden: list[Hidden] = [SMALL if 0 < n < smallest else "" for n in numbers]
    while is_told(numbers, hidden, smallest):
        left = [i for i, n in enumerate(numbers) if n and not hidden[i]]
        if not left:
            return hidden, True
        hidden[min(left, key=lambda i: numbers[i])] = WITHHELD
    return hidden, False


def is_told(numbers: Sequence[int], hidden: Sequence[Hidden], smallest: int) -> bool:
    """Tell whether a reader who knows the sum can work a hidden count out."""
    unknown = [(n, why) for n, why in zip(numbers, hidden, strict=True) if why]
    if not any(why == SMALL for _, why in unknown):
        return False
    total = sum(n for n, _ in unknown)
    if total < smallest:
        return True
    bounds = [
        (1, smallest - 1) if why == SMALL else (smallest, total) for _, why in unknown
    ]
    least, most = (sum(bound[end] for bound in bounds) for end in (0, 1))
    return any(
        max(low, total - (most - high)) >= min(high, total - (least - low))
        for low, high in bounds
    )


def suppress_breakdown(breakdown: Breakdown, smallest: int) -> Breakdown:
    """Hide the small counts of a breakdown, and what would give them away."""
    numbers = [count.n or 0 for count in breakdown.counts]
    available = breakdown.available or 0
    if 0 < available < smallest:
        whys: list[Hidden] = [WITHHELD if n == 0 else SMALL for n in numbers]
        return _with_hidden(breakdown, whys, SMALL)
    if not breakdown.exclusive:
        # Nothing adds up, but the rest of the reports is a count as well.
        return _with_hidden(
            breakdown, [SMALL if 0 < n < smallest else "" for n in numbers], ""
        )
    hidden, sum_too = protect(numbers, smallest)
    return _with_hidden(breakdown, hidden, WITHHELD if sum_too else "")


def suppress_flow(flow: Flow, smallest: int) -> Flow:
    """Hide the small counts of a flow.

    Between two steps that are shown, the reports that left add up to their
    difference. Where one could be worked out, another that left there is
    withheld, or a step between, so that more left between those shown.
    """
    steps = list(flow.steps)
    whys: list[Hidden] = [_why(step.n, smallest) for step in steps]
    left: list[list[Hidden]] = [
        [_why(count.n, smallest) for count in step.excluded] for step in steps
    ]
    while (found := _told_segment(steps, whys, left, smallest)) is not None:
        start, end = found
        cells = [
            (count.n or 0, row, place)
            for row in range(start + 1, end + 1)
            for place, count in enumerate(steps[row].excluded)
            if count.n and not left[row][place]
        ]
        last = len(steps) - 1
        if cells:
            _, row, place = min(cells)
            left[row][place] = WITHHELD
        elif end < last:
            whys[end] = WITHHELD
        elif start > 0:
            whys[start] = WITHHELD
        elif not whys[last]:
            whys[last] = WITHHELD
        else:
            whys[start] = WITHHELD
            break
    return Flow(
        tuple(
            FlowStep(
                step.key,
                step.label,
                None if why else step.n,
                tuple(
                    _hide(count, inner)
                    for count, inner in zip(step.excluded, inners, strict=True)
                ),
                why,
            )
            for step, why, inners in zip(steps, whys, left, strict=True)
        )
    )


def _told_segment(
    steps: list[FlowStep],
    whys: list[Hidden],
    left: list[list[Hidden]],
    smallest: int,
) -> tuple[int, int] | None:
    """Find two neighbouring shown steps between which a count can be worked out."""
    last = len(steps) - 1
    shown = [place for place, why in enumerate(whys) if not why and place < last]
    for start, end in zip(shown, [*shown[1:], last], strict=True):
        numbers, hidden = [], []
        for row in range(start + 1, end + 1):
            numbers += [count.n or 0 for count in steps[row].excluded]
            hidden += left[row]
        if end == last:
            numbers.append(steps[last].n or 0)
            hidden.append(whys[last])
        if is_told(numbers, hidden, smallest):
            return start, end
    return None


def _why(n: int | None, smallest: int) -> Hidden:
    return SMALL if n is not None and 0 < n < smallest else ""


def _hide(count: Count, why: Hidden) -> Count:
    return replace(count, n=None, hidden=why) if why else count


def _with_hidden(
    breakdown: Breakdown, whys: Sequence[Hidden], available: Hidden
) -> Breakdown:
    return replace(
        breakdown,
        available=None if available else breakdown.available,
        hidden=available,
        counts=tuple(
            _hide(count, why) for count, why in zip(breakdown.counts, whys, strict=True)
        ),
    )


def _suppress_times(time: Quantiles, smallest: int) -> Quantiles:
    nan = math.nan
    if 0 < (time.n or 0) < smallest:
        return Quantiles(
            time.key, time.title, None, nan, nan, nan, nan, nan, hidden=SMALL
        )
    numbers = [n or 0 for n in time.by_year]
    hidden, all_of_them = protect(numbers, smallest)
    by_year = tuple(
        None if why or all_of_them else n
        for n, why in zip(numbers, hidden, strict=True)
    )
    return replace(time, min=nan, max=nan, by_year=by_year)


def _has_small(table: Disproportionality, smallest: int) -> bool:
    cells = (table.a, table.b, table.c, table.d)
    return any(n is None or 0 < n < smallest for n in cells)


def _hidden_table(table: Disproportionality) -> Disproportionality:
    return Disproportionality.none(table.label, WITHHELD)
