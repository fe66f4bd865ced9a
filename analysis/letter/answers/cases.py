"""The cases of leukemia with individual details."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from analysis.letter import data
from analysis.letter.study import Study
from analysis.meta.quantiles import summary
from manuscript.values import Unit, Value


def detailed(study: Study) -> Iterator[Value]:
    """Age, exposure, latency and outcome over the detailed cases."""
    table = study.cases
    n = len(table)
    origin = table.origin(data.cases)
    yield origin.count("cases.detailed", n)
    yield from _quantiles(study, "cases.age", table.age_years, "years")
    yield from _quantiles(study, "cases.exposure", table.exposure_years, "years")
    yield from _quantiles(study, "cases.latency", table.latency_years, "years")
    alive = table.outcome.count("alive")
    living = table.origin(data.cases, "outcome = alive")
    yield living.count("cases.alive", alive)
    yield living.percent("cases.alive.percent", alive / n)
    yield from _quantiles(study, "cases.death", table.time_to_death_months, "months")


def _quantiles(
    study: Study, prefix: str, values: NDArray[np.float64], unit: Unit
) -> Iterator[Value]:
    known = summary(values[~np.isnan(values)])
    rows = f"{known.n} of {len(values)} rows, those with a value"
    origin = study.cases.origin(summary, rows)
    yield origin.count(f"{prefix}.n", known.n)
    for name in ("median", "q1", "q3", "min", "max"):
        yield origin.value(f"{prefix}.{name}", getattr(known, name), unit, 1)
