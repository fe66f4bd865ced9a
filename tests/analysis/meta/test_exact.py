"""The conditional law of events, against its definition in whole numbers."""

from fractions import Fraction
from itertools import product
from math import comb, exp

import numpy as np
import pytest

from analysis import meta

COUNTS = ((2, 0, 3), (9, 6, 12), (1, 2, 0), (7, 8, 15))


def law(log_or):
    """Probability of each total of treated events, by enumeration."""
    psi = Fraction(exp(log_or))
    total = {}
    margins = [(a + c, n1, n2) for a, n1, c, n2 in zip(*COUNTS, strict=True)]
    supports = [range(max(0, m - n2), min(n1, m) + 1) for m, n1, n2 in margins]
    for xs in product(*supports):
        weight = psi ** sum(xs)
        for x, (m, n1, n2) in zip(xs, margins, strict=True):
            weight *= comb(n1, x) * comb(n2, m - x)
        total[sum(xs)] = total.get(sum(xs), 0) + weight
    whole = sum(total.values())
    return {x: float(weight / whole) for x, weight in total.items()}


OBSERVED = sum(COUNTS[0])


def test_the_estimate_makes_the_observed_events_expected():
    pooled = meta.exact_conditional(*COUNTS)
    fitted = law(pooled.estimate)
    mean = sum(x * p for x, p in fitted.items())
    assert mean == pytest.approx(OBSERVED, rel=1e-12)
    information = sum((x - mean) ** 2 * p for x, p in fitted.items())
    assert pooled.se == pytest.approx(information**-0.5, rel=1e-12)


@pytest.mark.parametrize("level", [0.8, 0.95, 0.999])
def test_the_limits_leave_half_of_the_rest_beyond(level):
    pooled = meta.exact_conditional(*COUNTS, level=level)
    above = sum(p for x, p in law(pooled.ci_low).items() if x >= OBSERVED)
    below = sum(p for x, p in law(pooled.ci_high).items() if x <= OBSERVED)
    assert [above, below] == pytest.approx([(1 - level) / 2] * 2, rel=1e-11)


def test_p_sums_what_is_no_more_probable():
    null = law(0.0)
    p = sum(q for q in null.values() if q <= null[OBSERVED] * (1 + 1e-7))
    assert meta.exact_conditional(*COUNTS).p == pytest.approx(p, rel=1e-12)


@pytest.mark.parametrize(("sign", "counts"), [(1, (3, 0)), (-1, (0, 3))])
def test_all_events_in_one_arm_leave_one_limit(sign, counts):
    pooled = meta.exact_conditional([counts[0]], [40], [counts[1]], [40])
    assert pooled.estimate == sign * np.inf
    assert np.isfinite(pooled.ci_low if sign == 1 else pooled.ci_high)
    assert np.isnan(pooled.se)
    assert pooled.reason


def test_far_from_one_nothing_underflows():
    counts = ([4000, 3000], [4100, 3200], [30, 20], [4000, 3300])
    exact, likelihood = meta.exact_conditional(*counts), meta.glmm(*counts)
    assert exact.estimate == pytest.approx(likelihood.estimate, rel=1e-3)
    assert exact.ci_low < exact.estimate < exact.ci_high
    assert exact.p < 1e-300
