"""Values of what the printed quantiles of a variable leave open."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.letter import data
from analysis.letter.data import ReportedValue
from analysis.reconstruction.constraints import Interval
from analysis.reconstruction.order import Quantiles
from manuscript.values import Origin, Value

_PROBABILITY = {"median": 0.5, "q1": 0.25, "q3": 0.75, "min": 0.0, "max": 1.0}
# Variables with quantiles in the letter, where their number stands, and a time
# in years of which a reader may ask how many reach it.
_QUANTILES = (
    ("cases.exposure", "cases.detailed", 5),
    ("cases.latency", "cases.detailed", 5),
    ("vigibase.duration", "vigibase.duration.n", 1),
    ("vigibase.latency", "vigibase.latency.n", 1),
)


def bounds(study: object) -> Iterator[Value]:
    """Bound means, and how many values reach a time, by the printed quantiles.

    Parameters
    ----------
    study : object
        Not used: the bounds rest on what was published alone.
    """
    for prefix, number, years in _QUANTILES:
        yield from _open(prefix, number, years)


def _open(prefix: str, number: str, years: int) -> Iterator[Value]:
    """Say what the printed quantiles of a variable leave open."""
    reported = data.reported_values()
    n = int(reported[number].number)
    known = Quantiles(
        n,
        {
            probability: _interval(reported[f"{prefix}.{name}"])
            for name, probability in _PROBABILITY.items()
        },
    )
    rows = f"keys {prefix}.*"
    origin = Origin.of(Quantiles.mean, "data/reported-values.csv", rows, "published")
    mean = known.mean()
    for end, value in (("min", mean.low), ("max", mean.high)):
        yield origin.value(f"bounds.{prefix}.mean.{end}", value, "years", 1)
    origin = Origin.of(Quantiles.at_least, origin.data, rows, "published")
    yield origin.value(f"bounds.{prefix}.years", years, "years", 0)
    fewest, most = known.at_least(years)
    yield origin.count(f"bounds.{prefix}.reach.min", fewest)
    yield origin.count(f"bounds.{prefix}.reach.max", most)


def _interval(reported: ReportedValue) -> Interval:
    return Interval.of(f"{reported.number:.{reported.decimals}f}")
