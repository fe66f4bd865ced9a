"""A report of ``pool`` as JSON.

A missing number is null, with the reason beside it; an infinite one is the string
``"Infinity"`` or ``"-Infinity"``, since JSON has no number for it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from analysis import meta
from analysis.commands.pool_report import Report
from analysis.meta.results import Array, Pooled

Json = dict[str, Any]

_SPREAD = (
    *("h", "h_low", "h_high", "i2", "i2_low", "i2_high"),
    *("tau2", "tau2_low", "tau2_high"),
    *("i2_tau2", "i2_tau2_low", "i2_tau2_high"),
)


def as_json(report: Report) -> Json:
    """Return the whole report as JSON would hold it."""
    answer = {
        "method": report.method.name,
        "label": report.method.label,
        **pool_as_json(report.pooled),
        "advice": [
            {"code": one.code, "text": one.text, "source": one.source}
            for one in report.advice
        ],
        "notes": list(report.notes),
        "trials": _rows(report.trial, report.trials()),
    }
    for name in ("leave_one_out", "cumulative"):
        pooled = getattr(report, name)
        if pooled is not None:
            columns = pooled.natural()._asdict() | {"se": pooled.se, "p": pooled.p}
            answer[name] = _rows(report.trial, columns)
    if report.regression is not None:
        answer["regression"] = _regression(report.regression, report.covariate)
    if report.test is not None:
        answer["subgroups"] = [
            {"group": name, **pool_as_json(pooled)}
            for name, pooled in report.groups.items()
        ]
        answer["subgroup_test"] = {
            "q": _number(report.test.q),
            "df": _whole(report.test.df),
            "p": _number(report.test.p),
        }
    if report.within is not None:
        q, df, p = report.within
        answer["within_subgroups"] = {
            "q": _number(q),
            "df": _whole(df),
            "p": _number(p),
        }
    return answer


def pool_as_json(pooled: Pooled) -> Json:
    """Return one pool as JSON would hold it."""
    ends = ("estimate", "ci_low", "ci_high")
    answer: Json = {
        "measure": pooled.measure,
        "level": pooled.level,
        "k": _whole(pooled.k),
        "k_all": _whole(pooled.k_all),
        **{name: _number(x) for name, x in pooled.natural()._asdict().items()},
        **{f"scale_{name}": _number(getattr(pooled, name)) for name in ends},
        "se": _number(pooled.se),
        "z": _number(pooled.z),
        "p": _number(pooled.p),
        "test_df": None if pooled.df is None else _number(pooled.df),
    }
    spread = pooled.heterogeneity
    answer["q"] = _number(spread.q) if spread else None
    answer["df"] = _whole(spread.df) if spread else None
    answer["q_p"] = _number(spread.p) if spread else None
    for name in _SPREAD:
        answer[name] = _number(getattr(spread, name)) if spread else None
    answer["tau2_estimator"] = spread.estimator or None if spread else None
    answer["heterogeneity_reason"] = _why_no_spread(pooled)
    for name in ("prediction_low", "prediction_high"):
        limit = getattr(pooled, name)
        answer[name] = None
        if limit is not None:
            answer[name] = _number(
                meta.to_natural(limit, pooled.measure, pooled.sample_size)
            )
    answer["prediction_reason"] = pooled.prediction_reason or (
        "" if pooled.prediction_low is not None else "the method predicts nothing"
    )
    answer["details"] = list(pooled.details)
    answer["certificate"] = None
    if pooled.certificate is not None:
        answer["certificate"] = {
            name: _number(getattr(pooled.certificate, name))
            for name in meta.Certificate.__dataclass_fields__
        }
        answer["certificate"]["holds"] = pooled.certificate.holds()
    return answer | {"reason": pooled.reason}


def _why_no_spread(pooled: Pooled) -> str:
    if pooled.heterogeneity is None:
        return "the method defines no heterogeneity"
    return pooled.heterogeneity.reason or (
        "" if pooled.heterogeneity.estimator else "the method estimates no tau²"
    )


def _regression(found: meta.Regression, covariate: str) -> Json:
    names = ("coefficient", "se", "ci_low", "ci_high", "z", "p")
    return {
        "covariate": covariate,
        "k": found.k,
        **{
            place: {name: _number(getattr(found, name)[i]) for name in names}
            for i, place in enumerate(("intercept", "slope"))
        },
        "tau2": _number(found.tau2),
        "q": _number(found.q),
        "df": _number(found.df),
        "q_p": _number(found.q_p),
        "reason": found.reason,
    }


def _rows(trial: tuple[str, ...], columns: Mapping[str, Array]) -> list[Json]:
    return [
        {"trial": name, **{key: _number(x[i]) for key, x in columns.items()}}
        for i, name in enumerate(trial)
    ]


def _number(x: ArrayLike) -> float | str | None:
    number = float(np.asarray(x))
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    return None if math.isnan(number) else number


def _whole(x: ArrayLike) -> int | None:
    number = _number(x)
    return int(number) if isinstance(number, float) else None
