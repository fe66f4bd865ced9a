"""Score limits of Miettinen and Nurminen, for one trial or several."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from scipy.special import ndtr, ndtri

from analysis.meta.binary.logistic import fit
from analysis.meta.binary.odds_ratio import ONE_SIDED, UNINFORMATIVE
from analysis.meta.counts import TwoArms, check_choice, of_two_arms
from analysis.meta.pooling.inference import Mask, why
from analysis.meta.results import Array, Pooled
from analysis.meta.search.optimum import increasing_root

Measure = Literal["RD", "RR", "OR"]
_FAR = 45.0  # a log ratio that no counts reach


@of_two_arms
def score(counts: TwoArms, *, measure: Measure = "RD", level: float = 0.95) -> Pooled:
    """Estimate a common effect with the limits that the score test does not reject.

    Parameters
    ----------
    measure : {"RD", "RR", "OR"}
        Risk difference, risk ratio or odds ratio.

    Returns
    -------
    Pooled
        The effect whose score is 0: with Mantel and Haenszel's weights for risk
        differences and ratios, and the maximum of the likelihood for odds
        ratios. The limits have width even without any event. ``z`` and ``p``
        are those of the score test of no effect; ``se`` is that of the score at
        the estimate.

    Notes
    -----
    The variance of each trial is at the most likely risks under the effect that
    is tested, times N / (N - 1). Where the arms of all trials have no event, a
    ratio has neither estimate nor limits.

    References
    ----------
    Miettinen O, Nurminen M. Comparative analysis of two rates. Stat Med
    1985;4:213-26, equations 8 to 10 and 13, and section 4 for strata.

    Klingenberg B. A new and improved confidence interval for the Mantel-Haenszel
    risk difference. Stat Med 2014;33:2968-83.

    Examples
    --------
    >>> pooled = score([56], [70], [48], [80])  # Newcombe 1998, table II (a)
    >>> print(f"{pooled.ci_low:.4f} {pooled.ci_high:.4f}")
    0.0528 0.3382
    """
    check_choice("measure", measure, ("RD", "RR", "OR"))
    test, used = _TESTS[measure](counts)
    z = float(ndtri(0.5 + level / 2))
    edge = 1.0 if measure == "RD" else _FAR
    shape = counts.shape[:-1]
    some = used.any(axis=-1)
    roots = [np.zeros(shape)]
    for target in (0.0, z, -z):

        def shortfall(effect: Array, target: float = target) -> tuple[Array, Array]:
            # The score falls as the effect grows.
            value = _excess(test, effect, target)
            by = 1e-5
            up, down = np.minimum(effect + by, edge), np.maximum(effect - by, -edge)
            rise = _excess(test, up, target) - _excess(test, down, target)
            return (
                np.where(some, value, effect),
                np.where(some, rise / (up - down), 1.0),
            )

        ends = np.full(shape, edge)
        # From the estimate, unless that is infinite.
        start = np.where(np.abs(roots[0]) < edge / 2, roots[0], 0.0)
        roots.append(increasing_root(shortfall, start, -ends, ends))
        roots[0] = roots[1]
    roots = roots[1:]
    estimate, low, high = (np.where(some, root, np.nan) for root in roots)
    fewest, most = _ends(counts, measure, used)
    estimate = np.where(fewest, -np.inf, np.where(most, np.inf, estimate))
    low, high = np.where(fewest, -np.inf, low), np.where(most, np.inf, high)
    null, variance = test(np.zeros(shape))
    with np.errstate(invalid="ignore", divide="ignore"):
        statistic = np.where(variance > 0, null / np.sqrt(variance), np.nan)
        at = np.where(np.isfinite(estimate), estimate, 0.0)
        # How fast the score changes with the effect turns its error into that of it.
        by = 1e-6
        fall = (test(at - by)[0] - test(at + by)[0]) / (2 * by)
        se = np.where(np.isfinite(estimate), np.sqrt(test(at)[1]) / fall, np.nan)
    return Pooled(
        method=f"score-{measure.lower()}",
        measure=measure,
        level=level,
        k=np.asarray(used.sum(axis=-1), dtype=float),
        k_all=np.full(shape, float(counts.shape[-1])),
        estimate=np.asarray(estimate),
        se=np.asarray(se),
        ci_low=np.asarray(low),
        ci_high=np.asarray(high),
        z=np.asarray(statistic),
        p=np.asarray(2 * ndtr(-np.abs(statistic))),
        heterogeneity=None,
        trials=None,
        reason=why(~some, UNINFORMATIVE)
        or why(np.isinf(estimate), ONE_SIDED)
        or why(np.isnan(statistic), "no test: no arm has both events and non-events"),
        details=("score limits of Miettinen and Nurminen",),
    )


def _excess(test: Test, effect: Array, target: float) -> Array:
    numerator, variance = test(effect)
    return np.asarray(target * np.sqrt(variance) - numerator)


def difference_limits(counts: TwoArms, level: float) -> tuple[Array, Array]:
    """Return the score limits of a common risk difference."""
    pooled = score(counts.a, counts.n1, counts.c, counts.n2, level=level)
    return pooled.ci_low, pooled.ci_high


def _ends(counts: TwoArms, measure: Measure, used: Mask) -> tuple[Mask, Mask]:
    """Return where a ratio is 0, and where it is infinite."""
    if measure == "RD":
        never = np.zeros(counts.shape[:-1], dtype=bool)
        return never, never
    if measure == "RR":
        treated, control = (np.sum(x, axis=-1) for x in (counts.a, counts.c))
        return (treated == 0) & (control > 0), (control == 0) & (treated > 0)
    events = counts.events
    lowest = counts.a == np.maximum(0.0, events - counts.n2)
    highest = counts.a == np.minimum(counts.n1, events)
    some = used.any(axis=-1)
    return (
        some & (lowest | ~used).all(axis=-1),
        some & (highest | ~used).all(axis=-1),
    )


Test = Callable[[Array], tuple[Array, Array]]


def _difference(counts: TwoArms) -> tuple[Test, Mask]:
    a, n1, c, n2 = np.broadcast_arrays(counts.a, counts.n1, counts.c, counts.n2)
    weight, total = n1 * n2 / (n1 + n2), n1 + n2
    crude = a / n1 - c / n2

    def test(effect: Array) -> tuple[Array, Array]:
        delta = np.broadcast_to(effect[..., np.newaxis], a.shape)
        low, high = np.maximum(0.0, -delta), np.minimum(1.0, 1.0 - delta)

        def descent(p2: Array) -> tuple[Array, Array]:
            p1 = p2 + delta
            with np.errstate(divide="ignore", invalid="ignore"):
                terms = [
                    np.where(number > 0, number / share, 0.0)
                    for number, share in (
                        (a, p1),
                        (n1 - a, 1 - p1),
                        (c, p2),
                        (n2 - c, 1 - p2),
                    )
                ]
                curves = [
                    np.where(number > 0, number / share**2, 0.0)
                    for number, share in (
                        (a, p1),
                        (n1 - a, 1 - p1),
                        (c, p2),
                        (n2 - c, 1 - p2),
                    )
                ]
            return terms[1] + terms[3] - terms[0] - terms[2], np.sum(curves, axis=0)

        start = np.clip((a + c + 0.5) / (total + 1) - delta * n1 / total, low, high)
        start = np.where((start > low) & (start < high), start, (low + high) / 2)
        p2 = increasing_root(descent, start, low, high)
        p1 = np.clip(p2 + delta, 0.0, 1.0)
        variance = (p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2) * total / (total - 1)
        return (
            np.sum(weight * (crude - delta), axis=-1),
            np.sum(weight**2 * variance, axis=-1),
        )

    return test, np.ones(a.shape, dtype=bool)


def _ratio(counts: TwoArms) -> tuple[Test, Mask]:
    a, n1, c, n2 = np.broadcast_arrays(counts.a, counts.n1, counts.c, counts.n2)
    weight, total = n1 * n2 / (n1 + n2), n1 + n2

    def test(effect: Array) -> tuple[Array, Array]:
        ratio = np.exp(effect)[..., np.newaxis]
        b = ratio * (n1 + c) + a + n2
        root = np.sqrt(np.maximum(b**2 - 4 * total * ratio * (a + c), 0.0))
        p2 = 2 * (a + c) / (b + root)
        p1 = np.clip(ratio * p2, 0.0, 1.0)
        variance = p1 * (1 - p1) / n1 + ratio**2 * p2 * (1 - p2) / n2
        # Over the ratio's root, which keeps both arms of one size.
        scale = np.sqrt(ratio)
        return (
            np.sum(weight * (a / n1 / scale - scale * c / n2), axis=-1),
            np.sum(weight**2 * variance / scale**2 * total / (total - 1), axis=-1),
        )

    return test, np.asarray(a + c > 0)


def _odds_ratio(counts: TwoArms) -> tuple[Test, Mask]:
    total, used = counts.total, counts.informative

    def test(effect: Array) -> tuple[Array, Array]:
        fitted, information = fit(counts, effect)
        return (
            np.sum(np.where(used, counts.a - fitted, 0.0), axis=-1),
            np.sum(np.where(used, information * total / (total - 1), 0.0), axis=-1),
        )

    return test, used


_TESTS = {"RD": _difference, "RR": _ratio, "OR": _odds_ratio}
