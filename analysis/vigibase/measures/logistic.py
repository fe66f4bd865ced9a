"""Reporting odds ratio by logistic regression, adjusted for covariates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, ndtri

from analysis.vigibase.lists import UNKNOWN_COVARIATE

if TYPE_CHECKING:
    from analysis.vigibase.codes import Group
    from analysis.vigibase.cohort import Cohort

Floats = NDArray[np.float64]

_COLUMNS = {
    "age": "AgeGroup",
    "sex": "Gender",
    "region": "Region",
    "type": "Type",
    "year": "year(FirstDateDatabase)::VARCHAR",
}
_KNOWN = {
    "age": "'4', '5', '6', '7', '8'",
    "sex": "'1', '2'",
    "region": "'1', '2', '3', '4', '5', '6'",
    "type": "'1', '2', '3', '5'",
}
_MOST_STEPS = 100
_CLOSE = 1e-12


@dataclass(frozen=True)
class Adjusted:
    """An odds ratio that is adjusted for covariates.

    Attributes
    ----------
    ror, ror_low, ror_high : float
        With Wald limits; NaN if the likelihood has no maximum.
    reports : int or None
    covariates : tuple of str
    score : float
        Largest slope of the log likelihood per report at the estimate: that it
        is 0 proves the maximum, since the log likelihood is concave.
    """

    ror: float
    ror_low: float
    ror_high: float
    reports: int | None
    covariates: tuple[str, ...]
    score: float


def adjusted(
    cohort: Cohort,
    covariates: Sequence[str],
    drugs: Sequence[Group] = (),
    *,
    level: float = 0.95,
) -> Adjusted:
    """Adjust the reporting odds ratio of a cohort.

    Parameters
    ----------
    cohort : Cohort
    covariates : sequence of str
        Characteristics of reports, each a factor (what is not known is a level
        too), or keys of ``drugs``, whose presence is one.
    drugs : sequence of Group
        Other drugs, in any role.
    level : float, optional
        Level of the limits, in (0, 1).
    """
    # What an extract is read with is slow to import, and results are read without.
    from analysis.vigibase.cohort import among

    by_key = {group.key: group for group in drugs}
    columns = []
    for name in covariates:
        if name in by_key:
            codes = among("DrecNo", by_key[name].codes)
            columns.append(
                f"UMCReportId IN (SELECT UMCReportId FROM drug WHERE {codes})"
            )
        elif known := _KNOWN.get(name):
            column = _COLUMNS[name]
            columns.append(
                f"CASE WHEN {column} IN ({known}) THEN {column} "
                f"ELSE '{UNKNOWN_COVARIATE}' END"
            )
        else:
            columns.append(f"coalesce({_COLUMNS[name]}, '{UNKNOWN_COVARIATE}')")
    listed = "".join(f", {column} AS c{i}" for i, column in enumerate(columns))
    grouped = "".join(f", c{i}" for i in range(len(columns)))
    rows = cohort.extract.query(
        f"""
        SELECT x, count(*), count(*) FILTER (y){grouped} FROM (SELECT
            UMCReportId IN (SELECT UMCReportId FROM {cohort.drugs}) AS x,
            UMCReportId IN (SELECT UMCReportId FROM {cohort.reactions}) AS y{listed}
            FROM demo WHERE {cohort.population.counted})
        GROUP BY ALL ORDER BY ALL
        """
    )
    if not rows:
        nan = math.nan
        return Adjusted(nan, nan, nan, 0, tuple(covariates), nan)
    factors = [[row[3 + i] for row in rows] for i in range(len(columns))]
    total, events = (np.array([row[i] for row in rows], float) for i in (1, 2))
    indicators = [_dummies(values, events, total) for values in factors]
    design = np.column_stack(
        [np.ones(len(rows)), [row[0] for row in rows], *indicators]
    )
    estimate, error, score = maximum(design, events, total, of=1)
    z = float(ndtri((1 + level) / 2))
    return Adjusted(
        math.exp(estimate),
        math.exp(estimate - z * error),
        math.exp(estimate + z * error),
        int(total.sum()),
        tuple(covariates),
        score,
    )


def maximum(
    design: ArrayLike, events: ArrayLike, total: ArrayLike, *, of: int
) -> tuple[float, float, float]:
    """Maximise the likelihood of a logistic regression on grouped reports.

    Parameters
    ----------
    design : (k, p) array_like
    events, total : (k,) array_like
        Reports with the reaction, and all, of each group.
    of : int
        Column whose coefficient is wanted.

    Returns
    -------
    estimate, error, score : float
        The coefficient, its standard error by the information, and the largest
        slope per report. NaN if the likelihood has no maximum, as when groups
        without an event, or with nothing else, make up a level; a level that
        says nothing of the wanted coefficient is left out before.
    """
    x, y, n = (np.asarray(part, float) for part in (design, events, total))
    x, y, n, column = _estimable(x, y, n, of)
    nothing = math.nan, math.nan, math.nan
    if column < 0 or not len(n):
        return nothing
    beta = np.zeros(x.shape[1])
    start = float(y.sum() / n.sum())
    if not 0 < start < 1:
        return nothing
    beta[0] = math.log(start / (1 - start))
    for _ in range(_MOST_STEPS):
        p = expit(x @ beta)
        score = x.T @ (y - n * p)
        information = (x.T * (n * p * (1 - p))) @ x
        try:
            step = np.linalg.solve(information, score)
        except np.linalg.LinAlgError:
            return nothing
        if not np.all(np.isfinite(step)):
            return nothing
        longest = float(np.max(np.abs(step)))
        beta = beta + step * min(1.0, 3.0 / max(longest, 1e-300))
        if longest < _CLOSE:
            break
    else:
        return nothing
    if np.max(np.abs(beta)) > 30:
        return nothing
    p = expit(x @ beta)
    information = (x.T * (n * p * (1 - p))) @ x
    error = math.sqrt(float(np.linalg.inv(information)[column, column]))
    slope = float(np.max(np.abs(x.T @ (y - n * p)))) / float(n.sum())
    return float(beta[column]), error, slope


def _dummies(values: Sequence[object], events: Floats, total: Floats) -> Floats:
    """Make an indicator of each level but one, which tells most."""
    levels = sorted(set(values), key=str)
    inside = np.array([[value == level for level in levels] for value in values], float)
    told = np.minimum(inside.T @ events, inside.T @ (total - events))
    result: Floats = np.delete(inside, int(np.argmax(told)), axis=1)
    return result


def _estimable(
    x: Floats, y: Floats, n: Floats, of: int
) -> tuple[Floats, Floats, Floats, int]:
    """Leave out levels without an event, or with nothing else, and their reports.

    Their own coefficient is infinite; they say nothing of the others.
    """
    columns = list(range(x.shape[1]))
    changed = True
    while changed:
        changed = False
        for place in [c for c in columns if c > 1]:
            inside = x[:, place] > 0
            if y[inside].sum() in (0, n[inside].sum()):
                x, y, n = x[~inside], y[~inside], n[~inside]
                columns.remove(place)
                changed = True
        # The reference level too: without reports, another takes its place.
        factor = [c for c in columns if c > 1]
        if factor and len(x) and np.linalg.matrix_rank(x[:, columns]) < len(columns):
            for place in factor[::-1]:
                rest = [c for c in columns if c != place]
                if np.linalg.matrix_rank(x[:, rest]) == np.linalg.matrix_rank(
                    x[:, columns]
                ):
                    columns = rest
                    changed = True
                    break
    return x[:, columns], y, n, columns.index(of) if of in columns else -1
