"""What quantiles leave open, against every set of values on a grid."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations_with_replacement

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.letter import data
from analysis.reconstruction.constraints import Interval
from analysis.reconstruction.order import ContradictoryQuantilesError, Quantiles

MOST = 8


def on_grid(n: int, printed: Mapping[float, Interval]) -> np.ndarray:
    """All n ascending whole numbers up to ``MOST`` that have these quantiles."""
    values = np.array(list(combinations_with_replacement(range(MOST + 1), n)), float)
    for probability, interval in printed.items():
        # numpy's default is type 7.
        q = np.quantile(values, probability, axis=1)
        values = values[(q >= interval.low - 1e-9) & (q <= interval.high + 1e-9)]
    return values


# With whole-numbered intervals, and quantiles of 3 and of 5 values that are
# values themselves, the extremes are on the grid.
CASES = [
    (3, {0.5: Interval(2, 3)}),
    (3, {0.0: Interval(1, 2), 0.5: Interval(4, 5), 1.0: Interval(5, 7)}),
    (5, {0.0: Interval(0, 1), 0.25: Interval(2, 4), 0.75: Interval(5, 5)}),
    (5, {0.25: Interval(2, 3), 0.5: Interval(1, 4), 1.0: Interval(6, 8)}),
]


@pytest.mark.parametrize(("n", "printed"), CASES)
def test_bounds_are_the_extremes_on_the_grid(
    n: int, printed: dict[float, Interval]
) -> None:
    printed = {**printed, 1.0: printed.get(1.0, Interval(0, MOST))}
    values, known = on_grid(n, printed), Quantiles(n, printed)
    assert len(values)
    means = values.mean(axis=1)
    mean = known.mean()
    assert (mean.low, mean.high) == pytest.approx((means.min(), means.max()), abs=1e-6)
    for place in range(n):
        one, of = known.value(place), values[:, place]
        assert (one.low, one.high) == pytest.approx((of.min(), of.max()), abs=1e-6)
    for limit in np.arange(0.5, MOST):
        counts = (values < limit).sum(axis=1)
        assert known.below(limit) == (counts.min(), counts.max())
        assert known.at_least(limit) == (n - counts.max(), n - counts.min())


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.floats(0, 20), min_size=2, max_size=9),
    st.sets(st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]), min_size=1),
    st.floats(0, 20),
)
def test_values_lie_within_the_bounds_of_their_own_quantiles(
    values: list[float], probabilities: set[float], limit: float
) -> None:
    printed = {
        p: Interval.of(f"{float(np.quantile(values, p)):.1f}") for p in probabilities
    }
    known = Quantiles(len(values), printed)
    mean = known.mean()
    assert mean.low - 1e-6 <= np.mean(values) <= mean.high + 1e-6
    for place, value in enumerate(sorted(values)):
        extent = known.value(place)
        assert extent.low - 1e-6 <= value <= extent.high + 1e-6
    # A value within 1e-6 of the limit may count as either.
    fewest, most = known.below(limit)
    assert fewest <= sum(value < limit + 1e-6 for value in values)
    assert most >= sum(value < limit - 1e-6 for value in values)


def test_without_a_maximum_the_mean_has_no_upper_bound() -> None:
    known = Quantiles(4, {0.5: Interval(2, 2)})
    assert known.mean().high == np.inf
    assert known.mean().low == pytest.approx(1.5, abs=1e-6)


@pytest.mark.parametrize(
    "printed",
    [
        {0.25: Interval(5, 6), 0.75: Interval(3, 4)},
        {0.0: Interval(2, 3), 0.5: Interval(0, 1)},
    ],
)
def test_quantiles_that_no_values_have_are_refused(
    printed: dict[float, Interval],
) -> None:
    with pytest.raises(ContradictoryQuantilesError, match="no 5 values"):
        Quantiles(5, printed).mean()


@pytest.mark.parametrize("variable", ["exposure", "latency"])
def test_the_cases_that_ship_lie_within_what_the_letter_leaves_open(
    variable: str,
) -> None:
    """Letter, results: medians, IQRs and ranges of the 7 cases."""
    values = getattr(data.cases(), f"{variable}_years")
    names = {"median": 0.5, "q1": 0.25, "q3": 0.75, "min": 0.0, "max": 1.0}
    reported = data.reported_values()
    known = Quantiles(
        7,
        {
            p: Interval.of(f"{reported[f'cases.{variable}.{name}'].number:.1f}")
            for name, p in names.items()
        },
    )
    mean = known.mean()
    assert mean.low <= np.mean(values) <= mean.high
    fewest, most = known.at_least(5)
    assert fewest <= sum(value >= 5 for value in values) <= most


def test_more_quantiles_never_leave_more_open() -> None:
    """VigiBase latency of 15 reports (letter): 3.08 [2.69-3.23], 0.1 to 5.84 years."""
    printed = {
        0.5: Interval.of("3.08"),
        0.0: Interval.of("0.1"),
        1.0: Interval.of("5.84"),
        0.25: Interval.of("2.69"),
        0.75: Interval.of("3.23"),
    }
    before = Interval(0, np.inf)
    for count in range(1, len(printed) + 1):
        mean = Quantiles(15, dict(list(printed.items())[:count])).mean()
        assert mean.low >= before.low - 1e-9
        assert mean.high <= before.high + 1e-9
        before = mean
    assert before.high - before.low < 2
