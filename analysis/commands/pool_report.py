"""What ``pool`` prints: JSON for programs, tables for readers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from tabulate import tabulate

from analysis import meta
from analysis.meta.methods import Method
from analysis.meta.results import Array, Pooled
from analysis.meta.subgroups import SubgroupTest
from manuscript.values import text

Json = dict[str, Any]


@dataclass(frozen=True)
class Scale:
    """How numbers of a measure print."""

    name: str
    factor: int
    decimals: int

    def shown(self, estimate: ArrayLike, low: ArrayLike, high: ArrayLike) -> str:
        """Print an estimate with its limits, all on the natural scale."""
        numbers = [self.factor * float(np.asarray(x)) for x in (estimate, low, high)]
        if math.isnan(numbers[0]):
            return text.NOT_ESTIMABLE
        one, *limits = (text.decimal(x, self.decimals) for x in numbers)
        return f"{one} [{text.interval(*limits)}]"


SCALES = {
    "OR": Scale("odds ratio", 1, 2),
    "PLOGIT": Scale("proportion, %", 100, 2),
    "PRAW": Scale("proportion, %", 100, 2),
    "PFT": Scale("proportion, %", 100, 2),
    "RD": Scale("risk difference, %", 100, 2),
    "ASD": Scale("arcsine difference", 1, 3),
}


@dataclass(frozen=True)
class Report:
    """A pool of one table, with its parts.

    Attributes
    ----------
    method : Method
    counts : tuple of (k,) arrays
    trial : tuple of k str
    pooled : Pooled
        All trials.
    leave_one_out : Pooled or None
        All but each; None for a single trial.
    groups : mapping from str to Pooled
        Empty without a grouping column.
    test : SubgroupTest or None
        Between the groups.
    """

    method: Method
    counts: tuple[Array, ...]
    trial: tuple[str, ...]
    pooled: Pooled
    leave_one_out: Pooled | None
    groups: Mapping[str, Pooled]
    test: SubgroupTest | None

    def trials(self) -> dict[str, Array]:
        """Each trial's estimate, limits, standard error and weight.

        Proportions are those observed, with Clopper-Pearson limits; odds ratios
        and differences those of the method, NaN where it has none.
        """
        own = self.pooled.trials
        missing = np.full(len(self.trial), np.nan)
        se, weight = (own.se, own.weight) if own else (missing, missing)
        if len(self.counts) == 2:
            estimate = self.counts[0] / self.counts[1]
            low, high = meta.clopper_pearson(*self.counts, level=self.pooled.level)
        elif own:
            estimate, low, high = (
                meta.to_natural(x, self.pooled.measure)
                for x in (own.estimate, own.ci_low, own.ci_high)
            )
        else:
            estimate = low = high = missing
        return {
            "estimate": estimate,
            "ci_low": low,
            "ci_high": high,
            "se": se,
            "weight": weight,
        }


def as_json(report: Report) -> Json:
    """Return the whole report as JSON would hold it, missing numbers as None."""
    left_out = report.leave_one_out
    if left_out is None:
        missing = np.full(len(report.trial), np.nan)
        without = dict.fromkeys(("estimate", "ci_low", "ci_high", "se", "p"), missing)
    else:
        without = left_out.natural()._asdict() | {"se": left_out.se, "p": left_out.p}
    answer = {
        "method": report.method.name,
        **_pool_as_json(report.pooled),
        "trials": _rows(report.trial, report.trials()),
        "leave_one_out": _rows(report.trial, without),
    }
    if report.test is not None:
        answer["subgroups"] = [
            {"group": name, **_pool_as_json(pooled)}
            for name, pooled in report.groups.items()
        ]
        answer["subgroup_test"] = {
            "q": _number(report.test.q),
            "df": _whole(report.test.df),
            "p": _number(report.test.p),
        }
    return answer


def _pool_as_json(pooled: Pooled) -> Json:
    natural = pooled.natural()
    answer = {
        "measure": pooled.measure,
        "level": pooled.level,
        "k": _whole(pooled.k),
        "k_all": _whole(pooled.k_all),
        **{name: _number(x) for name, x in natural._asdict().items()},
        "se": _number(pooled.se),
        "p": _number(pooled.p),
    }
    spread = pooled.heterogeneity
    answer["q"] = _number(spread.q) if spread else None
    answer["df"] = _whole(spread.df) if spread else None
    answer["q_p"] = _number(spread.p) if spread else None
    for name in ("i2", "i2_low", "i2_high", "tau2"):
        answer[name] = _number(getattr(spread, name)) if spread else None
    for name in ("prediction_low", "prediction_high"):
        limit = getattr(pooled, name)
        answer[name] = None
        if limit is not None:
            answer[name] = _number(
                meta.to_natural(limit, pooled.measure, pooled.sample_size)
            )
    return answer | {"reason": pooled.reason}


def _rows(trial: tuple[str, ...], columns: Mapping[str, Array]) -> list[Json]:
    return [
        {"trial": name, **{key: _number(x[i]) for key, x in columns.items()}}
        for i, name in enumerate(trial)
    ]


def _number(x: ArrayLike) -> float | None:
    number = float(np.asarray(x))
    return number if math.isfinite(number) else None


def _whole(x: ArrayLike) -> int | None:
    number = _number(x)
    return None if number is None else int(number)


def as_text(report: Report) -> str:
    """Return the report as tables and sentences."""
    scale = SCALES[report.pooled.measure]
    effect = f"{scale.name} [{100 * report.pooled.level:g}% CI]"
    parts = [
        report.method.label,
        _trial_table(report, scale, effect),
        "\n".join(_sentences(report.pooled, scale)),
    ]
    if report.test is not None:
        rows = [
            [name, f"{own.k:.0f} of {own.k_all:.0f}", scale.shown(*own.natural())]
            for name, own in report.groups.items()
        ]
        q, p = float(report.test.q), float(report.test.p)
        parts += [
            _table(["group", "informative trials", effect], rows),
            f"Between groups: Q = {text.decimal(q, 2)}, df = {report.test.df:.0f}, "
            f"P {text.p_value(p, 3)}",
        ]
    if report.leave_one_out is not None:
        natural = report.leave_one_out.natural()
        rows = [
            [trial, scale.shown(*(x[i] for x in natural))]
            for i, trial in enumerate(report.trial)
        ]
        parts.append(_table(["without", effect], rows))
    return "\n\n".join(parts)


def _trial_table(report: Report, scale: Scale, effect: str) -> str:
    own = report.trials()
    arms = [report.counts[i : i + 2] for i in range(0, len(report.counts), 2)]
    heads = ["treated", "control"] if len(arms) == 2 else ["events"]
    rows = [
        [
            trial,
            *(f"{events[i]:.0f}/{n[i]:.0f}" for events, n in arms),
            scale.shown(own["estimate"][i], own["ci_low"][i], own["ci_high"][i]),
        ]
        for i, trial in enumerate(report.trial)
    ]
    totals = [f"{events.sum():.0f}/{n.sum():.0f}" for events, n in arms]
    rows.append(["all", *totals, scale.shown(*report.pooled.natural())])
    return _table(["trial", *heads, effect], rows)


def _sentences(pooled: Pooled, scale: Scale) -> list[str]:
    lines = [f"{pooled.k:.0f} of {pooled.k_all:.0f} trials are informative."]
    if pooled.reason:
        lines.append(pooled.reason[0].upper() + pooled.reason[1:] + ".")
    if math.isfinite(pooled.p):
        lines.append(f"Test of no effect: P {text.p_value(float(pooled.p), 3)}")
    spread = pooled.heterogeneity
    if spread is not None and spread.df > 0:
        shares = (100 * float(x) for x in (spread.i2, spread.i2_low, spread.i2_high))
        i2, *interval = (text.decimal(share, 0) for share in shares)
        lines.append(
            f"Heterogeneity: Q = {text.decimal(float(spread.q), 2)}, "
            f"df = {spread.df:.0f}, P {text.p_value(float(spread.p), 3)}; "
            f"I² = {i2}% [{text.interval(*interval)}]; "
            f"tau² = {text.decimal(float(spread.tau2), 4)}"
        )
    if pooled.prediction_low is not None and pooled.prediction_high is not None:
        limits = (pooled.estimate, pooled.prediction_low, pooled.prediction_high)
        natural = (
            meta.to_natural(x, pooled.measure, pooled.sample_size) for x in limits
        )
        lines.append(f"Prediction for another trial: {scale.shown(*natural)}")
    return lines


def _table(heads: list[str], rows: list[list[str]]) -> str:
    align = ["left", *["right"] * (len(heads) - 1)]
    return tabulate(
        rows, heads, tablefmt="simple", colalign=align, disable_numparse=True
    )
