"""Lines that figures print beside a pool: estimates, heterogeneity, tests."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from analysis.meta.results import Heterogeneity, Pooled
from analysis.meta.scales import to_natural
from analysis.meta.subgroups import SubgroupTest
from manuscript.values import text

Limits = tuple[float, float, float]
NOT_ESTIMABLE = "not estimable"


def natural(pooled: Pooled) -> Limits:
    """Return estimate and limits as odds ratio, percentage or difference."""
    return _percent(np.array([float(x) for x in pooled.natural()]), pooled.measure)


def natural_trial(pooled: Pooled, trial: int) -> Limits:
    """Return estimate and limits of one trial of a pool."""
    effects = pooled.trials
    if effects is None:
        return math.nan, math.nan, math.nan
    limits = [effects.estimate[trial], effects.ci_low[trial], effects.ci_high[trial]]
    return _percent(to_natural(np.array(limits), pooled.measure), pooled.measure)


def limits(numbers: Limits, decimals: int = 2) -> tuple[str, str]:
    """Return an estimate and, in parentheses, its interval as they print."""
    estimate, low, high = (text.large(number, decimals) for number in numbers)
    if estimate == text.NOT_ESTIMABLE:
        return NOT_ESTIMABLE, ""
    return estimate, f"\N{NO-BREAK SPACE}({text.interval(low, high)})"


def p_value(p: float | NDArray[np.float64], decimals: int = 2) -> str:
    """Return a P value with its letter, as ``P = 0.02``."""
    printed = text.p_value(float(p), decimals)
    return f"P {NOT_ESTIMABLE}" if printed == text.NOT_ESTIMABLE else f"P {printed}"


def level(pooled: Pooled) -> str:
    """Return the confidence level, as ``95%``."""
    return f"{text.decimal(100 * pooled.level, 0)}%"


def heterogeneity(found: Heterogeneity | None) -> str:
    """Return I² with the test of heterogeneity."""
    if found is None or not found.df >= 1:
        return "not applicable"
    q, df = text.decimal(float(found.q), 2), text.decimal(float(found.df), 0)
    return f"{_i2(found)}; Q = {q}, df = {df}, {p_value(found.p)}"


def short_heterogeneity(found: Heterogeneity | None) -> str:
    """Return I² with the P value of the test of heterogeneity."""
    if found is None or not found.df >= 1:
        return "I² not applicable"
    return f"{_i2(found)}, {p_value(found.p)}"


def overall_effect(pooled: Pooled) -> str:
    """Return the test of no effect."""
    if not math.isfinite(float(pooled.z)):
        return NOT_ESTIMABLE
    return f"z = {text.decimal(float(pooled.z), 2)}, {p_value(pooled.p)}"


def subgroup_test(test: SubgroupTest, *, short: bool = False) -> str:
    """Return the test for differences between subgroups."""
    if not test.df >= 1:
        return "not applicable"
    q, df = text.decimal(float(test.q), 2), text.decimal(float(test.df), 0)
    return f"Q = {q}, {'' if short else f'df = {df}, '}{p_value(test.p)}"


def _i2(found: Heterogeneity) -> str:
    return f"I² = {text.decimal(100 * float(found.i2), 0)}%"


def _percent(numbers: NDArray[np.float64], measure: str) -> Limits:
    shares = measure in ("PLOGIT", "PFT", "PRAW")
    estimate, low, high = 100 * numbers if shares else numbers
    return float(estimate), float(low), float(high)
