"""Whether an estimate, its interval and its P value agree.

Recomputes as statcheck does (Nuijten et al. 2016, Behav Res Methods 48:1205): an
interval that is even on its scale holds its estimate in the middle, and its width
gives the standard error and with it Wald's P value (Altman and Bland 2011, BMJ
343:d2304). Each printed number stands for all numbers that print so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import inf, log

from manuscript.check.results.fault import Result
from manuscript.check.results.intervals import Estimate, Scale
from manuscript.check.results.numbers import Printed
from manuscript.check.results.significance import (
    NEAR_TEST,
    OTHER_TEST,
    Probability,
    deviate,
    quantile,
    two_sided,
)

# How far, in half widths, an estimate may lie from the middle when limits were made
# from rounded numbers, and in an interval from the profile of the likelihood.
_ROUNDED = 0.05
_PROFILE = 0.25
# Standard error of a log ratio from which events are so few that limits may be exact.
_FEW_EVENTS = 0.8
# Fewest degrees of freedom of a difference whose interval may rest on Student's t.
_LEAST_DF = 5

Bounds = tuple[float, float]


def judged(estimate: Estimate) -> Iterator[Result]:
    """Recompute one estimate; each rule that was tried gives a result."""
    low, high, x = estimate.low, estimate.high, estimate.x
    text = f"{low.text} to {high.text}"
    if low.number > high.number:
        what = "" if estimate.two_units else f"the interval {text} runs backwards"
        # Negative limits are often given by their size.
        mild = what and (estimate.falls or (high.number < 0 and low.number <= 0))
        result = _result("interval", estimate, what)
        yield replace(result, level="warning") if mild else result
        return
    if estimate.total:
        yield _result("interval", estimate, _share_outside(estimate))
        return
    if not (low.low <= x.high and x.low <= high.high):
        # A fall of 1.7 is a change of −1.7.
        turned = x.low > 0 and low.low <= -x.low and -x.high <= high.high
        fell = (turned and estimate.falls) or _is_proportion(estimate)
        what = "" if fell else f"{x.text} does not lie in its interval {text}"
        result = _result("interval", estimate, what)
        yield replace(result, level="warning") if turned else result
        return
    uneven = off_middle(x, low, high, estimate.scale) if estimate.even else 0.0
    what = ""
    if uneven > _ROUNDED:
        on = "a logarithmic scale" if estimate.scale == "log" else "its scale"
        what = f"{x.text} is not in the middle of {text} on {on}"
    mild = uneven <= _PROFILE or _events_are_few(estimate)
    yield Result(
        "middle",
        estimate.start,
        estimate.end,
        what,
        "warning" if what and mild else "error",
    )
    if estimate.p and estimate.null is not None:
        yield from _with_p(estimate, estimate.p, uneven > _ROUNDED)


def _result(rule: str, estimate: Estimate, what: str) -> Result:
    return Result(rule, estimate.start, estimate.end, what)


def _is_proportion(estimate: Estimate) -> bool:
    """Whether a percentage lies in an interval that is written as a proportion."""
    x, low, high = estimate.x.number / 100, estimate.low.low, estimate.high.high
    return estimate.unit and high <= 1 and low <= x <= high


def _share_outside(estimate: Estimate) -> str:
    """Say that a share lies outside its interval, in percent and as a proportion."""
    assert estimate.total
    if not 0 < estimate.x.number <= estimate.total.number:
        return ""
    share = estimate.x.number / estimate.total.number
    for unit in (1.0, 100.0):
        if estimate.low.low <= unit * share <= estimate.high.high:
            return ""
    limits = f"{estimate.low.text} to {estimate.high.text}"
    fraction = f"{estimate.x.text} of {estimate.total.text}"
    return f"{fraction} is {100 * share:.4g}%, outside its interval {limits}"


def _scaled(number: Printed, scale: Scale) -> Bounds:
    if scale != "log":
        return number.low, number.high
    low = log(number.low) if number.low > 0 else -inf
    return low, log(number.high) if number.high > 0 else -inf


def off_middle(x: Printed, low: Printed, high: Printed, scale: Scale) -> float:
    """How far an estimate must lie from the middle of its interval, in half widths.

    Returns
    -------
    float
        0 where it may lie in the middle, or nothing is known of the scale.
    """
    (l1, l2), (h1, h2) = _scaled(low, scale), _scaled(high, scale)
    x1, x2 = _scaled(x, scale)
    if not scale or l1 == -inf or x1 == -inf or h2 <= l1:
        return 0.0
    first, last = (l1 + h1) / 2, (l2 + h2) / 2
    gap = max(0.0, first - x2, x1 - last)
    return gap / ((h2 - l1) / 2)


def _error(estimate: Estimate) -> Bounds:
    """Least and greatest standard error that the interval allows."""
    (l1, l2), (h1, h2) = (
        _scaled(each, estimate.scale) for each in (estimate.low, estimate.high)
    )
    z = quantile(estimate.level)
    return max(0.0, h1 - l2) / (2 * z), (h2 - l1) / (2 * z)


def _events_are_few(estimate: Estimate) -> bool:
    return estimate.scale == "log" and _error(estimate)[1] > _FEW_EVENTS


def wald(estimate: Estimate) -> Bounds:
    """Least and greatest deviate of Wald's test that the printed numbers allow."""
    x1, x2 = _scaled(estimate.x, estimate.scale)
    assert estimate.null is not None
    null = log(estimate.null) if estimate.scale == "log" else estimate.null
    least, greatest = _error(estimate)
    near = 0.0 if x1 <= null <= x2 else min(abs(x1 - null), abs(x2 - null))
    far = max(abs(x1 - null), abs(x2 - null))
    return (near / greatest if greatest else inf), (far / least if least else inf)


def _with_p(estimate: Estimate, p: Probability, uneven: bool) -> Iterator[Result]:
    start, end = min(estimate.start, p.start), max(estimate.end, p.end)
    limits = f"{estimate.low.text} to {estimate.high.text}"
    if what := _contradiction(estimate, p):
        yield Result("p", start, end, what)
        return
    if uneven or not estimate.even or _scaled(estimate.low, estimate.scale)[0] == -inf:
        yield Result("p", start, end)
        return
    least, greatest = wald(estimate)
    if p.allows(two_sided(greatest), two_sided(least)) or (
        estimate.scale == "linear" and _student_allows(estimate, p)
    ):
        yield Result("p", start, end)
        return
    low, high = deviate(p.high), deviate(p.low)
    gap = max(low - greatest, least - high) - NEAR_TEST * (1 + least)
    if gap <= 0:
        yield Result("p", start, end)
        return
    about = two_sided((least + min(greatest, 40)) / 2)
    what = (
        f"{p.text} does not fit {estimate.x.text} ({limits}), "
        f"which gives P of about {about:.2g}"
    )
    yield Result("p", start, end, what, "warning" if gap <= OTHER_TEST else "error")


def _contradiction(estimate: Estimate, p: Probability) -> str:
    """Say that an interval leaves out no effect, and P does not, or the reverse."""
    alpha, null = 1 - estimate.level / 100, estimate.null
    assert null is not None
    excludes = estimate.low.low > null or estimate.high.high < null
    includes = estimate.low.high < null < estimate.high.low
    limits = f"{estimate.low.text} to {estimate.high.text}"
    if excludes and p.low > alpha * (1 + 1e-9):
        return f"{p.text}, and the interval {limits} leaves {null:g} out"
    if includes and p.high < alpha * (1 - 1e-9):
        return f"{p.text}, and the interval {limits} holds {null:g}"
    return ""


def _student_allows(estimate: Estimate, p: Probability) -> bool:
    """Whether P fits for an interval of Student's t with few degrees of freedom."""
    from scipy.special import stdtr, stdtrit

    least, greatest = wald(estimate)
    z = quantile(estimate.level)
    low, high = 1.0, 0.0
    for df in (_LEAST_DF, 7, 10, 15, 25, 50, 100):
        factor = stdtrit(df, 0.5 + estimate.level / 200) / z
        low = min(low, 2 * float(stdtr(df, -greatest * factor)))
        high = max(high, 2 * float(stdtr(df, -least * factor)))
    return p.allows(low, high)
