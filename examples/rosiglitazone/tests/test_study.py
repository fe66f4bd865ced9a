"""The published pools come out (N Engl J Med 2007;356:2457-71, Tables 3 and 4)."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import pytest
import study

from analysis import meta

OUTCOMES = [outcome.key for outcome in study.trials().described.outcomes]


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_peto_gives_what_is_printed(outcome: str) -> None:
    v = study.letter()
    for name in study.PRINTED:
        assert (
            v(f"risk.{outcome}.peto.{name}").text
            == v(f"published.{outcome}.{name}").text
        )


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_half_an_event_everywhere_is_mantel_and_haenszels_sum(outcome: str) -> None:
    a, n, c, m = (x.astype(float) for x in study.trials().counts(outcome))
    a, b, c, d = a + 0.5, n - a + 0.5, c + 0.5, m - c + 0.5
    expected = (a * d / (n + m + 2)).sum() / (b * c / (n + m + 2)).sum()
    found = study.mantel_haenszel_all(*study.trials().counts(outcome))
    assert float(found.natural()[0]) == pytest.approx(expected, rel=1e-12)
    # Where no cell is empty, doubled counts give the interval of the counts.
    whole = [[7, 9], [40, 50], [4, 6], [41, 52]]
    once = meta.mantel_haenszel(*whole)
    twice = meta.mantel_haenszel(*[[2 * x for x in row] for row in whole])
    assert float(twice.se) * 2**0.5 == pytest.approx(float(once.se), rel=1e-12)
