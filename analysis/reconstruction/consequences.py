"""What every analysis would have said in each table of an ensemble."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis import meta
from analysis.meta.methods import Method
from analysis.meta.results import Pooled
from analysis.reconstruction.constraints import ALL, Problem

Array = NDArray[np.float64]
Counts = NDArray[np.int64]
Unit = Literal["ratio", "percent", "per 1000", "changes", "none"]

SIGNIFICANT = 0.05
CHANGES = 2  # most outcomes that fragility changes
BAND = 0.95
_QUANTILES = (0.0, (1 - BAND) / 2, 0.5, (1 + BAND) / 2, 1.0)
_SCALE: dict[Unit, float] = {"percent": 100.0, "per 1000": 1000.0}


@dataclass(frozen=True)
class Spread:
    """How a number varies over tables: its extremes, band and median.

    Attributes
    ----------
    low, band_low, median, band_high, high : float
        NaN where no table has the number.
    """

    low: float
    band_low: float
    median: float
    band_high: float
    high: float

    @classmethod
    def of(cls, values: Array) -> Spread:
        """Summarise the finite values, by quantiles of type 7."""
        finite = values[np.isfinite(values)]
        if not finite.size:
            return cls(*[np.nan] * len(_QUANTILES))
        return cls(*np.quantile(finite, _QUANTILES).tolist())


@dataclass(frozen=True)
class Consequence:
    """One analysis over an ensemble.

    Attributes
    ----------
    key : str
        Scope and analysis, such as ``all.exact``.
    label : str
        Usual name of the analysis.
    unit : {"ratio", "percent", "per 1000", "changes", "none"}
        Of the estimate; ``none`` for a bare test.
    estimate : Spread
    p : Spread or None
        P values; None for an analysis without a test.
    significant : float
        Share of the tables in which P is below 0.05; NaN without a test.
    """

    key: str
    label: str
    unit: Unit
    estimate: Spread
    p: Spread | None
    significant: float


@dataclass(frozen=True)
class Answer:
    """One analysis of each table: estimates and P values, (tables,)."""

    key: str
    label: str
    unit: Unit
    estimate: Array
    p: Array | None = None

    def consequence(self) -> Consequence:
        """Summarise over the tables."""
        p = self.p
        return Consequence(
            self.key,
            self.label,
            self.unit,
            Spread.of(self.estimate),
            None if p is None else Spread.of(p),
            float("nan") if p is None else float(np.mean(p < SIGNIFICANT)),
        )


def answers(
    tables: Counts, problem: Problem, scopes: Sequence[str] | None = None
) -> Iterator[Answer]:
    """Analyse every table in every way.

    Parameters
    ----------
    tables : (tables, k, 4) int array
        Events of the treated and control arm, then patients of each.
    problem : Problem
        It names the classes of the trials.
    scopes : sequence of str, optional
        Where to pool odds ratios: ``all`` and the classes for which a
        statement does, unless given.
    """
    for scope in scopes if scopes is not None else _scopes(problem):
        yield from _odds_ratios(tables[:, problem.mask(scope)], scope)
    if len(problem.classes) > 1:
        yield from _subgroups(tables, problem)
    yield from _incidences(tables)


def consequences(tables: Counts, problem: Problem) -> tuple[Consequence, ...]:
    """Summarise :func:`answers` over the tables."""
    return tuple(answer.consequence() for answer in answers(tables, problem))


def _scopes(problem: Problem) -> list[str]:
    pooled = {s.scope for s in problem.statements if s.quantity == "peto.estimate"}
    sizes = {name: problem.mask(name).sum() for name in problem.classes}
    return [ALL, *(n for n in problem.classes if n in pooled and sizes[n] > 1)]


def _odds_ratios(tables: Counts, scope: str) -> Iterator[Answer]:
    counts = _two_arms(tables)
    for method in meta.TWO_ARMS:
        pooled = method.pool(*counts)
        if pooled.measure in ("OR", "RD"):
            unit: Unit = "ratio" if pooled.measure == "OR" else "per 1000"
            yield _pooled(f"{scope}.{_name(method)}", method.label, unit, pooled)
    if tables.shape[1] > 1:
        yield _without_one(tables, scope)
        yield _fragility(tables, scope)


def _without_one(tables: Counts, scope: str) -> Answer:
    pooled = meta.leave_one_out(meta.peto, *_two_arms(tables))
    odds_ratio = pooled.natural()[0]
    p = np.where(np.isnan(pooled.p), 1.0, pooled.p)
    return Answer(
        f"{scope}.without_one",
        "Peto without any one trial: least favorable",
        "ratio",
        np.nanmin(odds_ratio, axis=-1),
        p.max(axis=-1),
    )


def _fragility(tables: Counts, scope: str) -> Answer:
    changes = [
        meta.fragility(meta.peto, *_two_arms(table), alpha=SIGNIFICANT, at_most=CHANGES)
        for table in tables
    ]
    needed = [CHANGES + 1 if one.changes is None else one.changes for one in changes]
    return Answer(
        f"{scope}.fragility",
        "Peto: outcomes to change until significance turns",
        "changes",
        np.array(needed, dtype=float),
    )


def _subgroups(tables: Counts, problem: Problem) -> Iterator[Answer]:
    parts = [tables[:, problem.mask(name)] for name in problem.classes]
    risk = meta.subgroup_test([meta.peto(*_two_arms(part)) for part in parts])
    incidence = meta.subgroup_test(
        [meta.logit_inverse_variance(*_one_arm(part)) for part in parts]
    )
    nothing = np.full(len(tables), np.nan)
    yield Answer(
        "subgroups.risk", "Difference of Peto odds ratios", "none", nothing, risk.p
    )
    yield Answer(
        "subgroups.incidence", "Difference of incidences", "none", nothing, incidence.p
    )


def _incidences(tables: Counts) -> Iterator[Answer]:
    counts = _one_arm(tables)
    for method in meta.ONE_ARM:
        pooled = method.pool(*counts)
        yield _pooled(f"incidence.{_name(method)}", method.label, "percent", pooled)


def _pooled(key: str, label: str, unit: Unit, pooled: Pooled) -> Answer:
    estimate = _SCALE.get(unit, 1.0) * np.asarray(pooled.natural()[0])
    tested = None if unit == "percent" else np.asarray(pooled.p)
    return Answer(key, label, unit, estimate, tested)


def _two_arms(tables: Counts) -> tuple[Counts, Counts, Counts, Counts]:
    a, c, n1, n2 = np.moveaxis(tables, -1, 0)
    return a, n1, c, n2


def _one_arm(tables: Counts) -> tuple[Counts, Counts]:
    return tables[..., 0], tables[..., 2]


def _name(method: Method) -> str:
    return method.name.replace("-", "_")
