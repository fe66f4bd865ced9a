"""A report of ``pool`` as tables and sentences."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from tabulate import tabulate

from analysis.commands.pool_report import (
    NOT_COMPUTED,
    SCALES,
    Report,
    Scale,
    number,
    p_value,
)
from analysis.meta.methods import Method
from analysis.meta.results import Heterogeneity, Pooled
from manuscript.values import text


def as_text(report: Report) -> str:
    """Return the report as tables and sentences."""
    scale = SCALES[report.pooled.measure]
    effect = f"{scale.name} [{100 * report.pooled.level:g}% CI]"
    parts = [
        report.method.label,
        _trial_table(report, scale, effect),
        "\n".join(_sentences(report, scale)),
    ]
    if report.test is not None:
        parts += _subgroups(report, scale, effect)
    for head, pooled in (
        ("without", report.leave_one_out),
        ("up to", report.cumulative),
    ):
        if pooled is None:
            continue
        natural = pooled.natural()
        rows = [
            [trial, scale.shown(*(x[i] for x in natural)), _p(pooled.p[i])]
            for i, trial in enumerate(report.trial)
        ]
        parts.append(_table([head, effect, "P"], rows))
    if report.regression is not None:
        parts.append(_regression(report))
    if report.advice:
        parts.append(
            "Remarks\n"
            + "\n".join(f"- {one.text} ({one.source})." for one in report.advice)
        )
    if report.notes:
        parts.append("Reading\n" + "\n".join(f"- {note}." for note in report.notes))
    return "\n\n".join(parts)


def all_as_text(
    pools: Sequence[tuple[Method, Pooled | str]], remarks: Sequence[str]
) -> str:
    """Return the table of every method's answer."""
    rows = []
    for method, pooled in pools:
        if isinstance(pooled, str):
            rows.append([method.name, method.label, "", pooled, "", "", ""])
            continue
        scale = SCALES[pooled.measure]
        spread = pooled.heterogeneity
        tau2 = spread.tau2 if spread is not None else np.nan
        rows.append(
            [
                method.name,
                method.label,
                scale.name,
                scale.shown(*pooled.natural()),
                _p(pooled.p),
                f"{pooled.k:.0f}",
                NOT_COMPUTED if math.isnan(tau2) else number(float(tau2), 4),
            ]
        )
    level = next((100 * p.level for _, p in pools if not isinstance(p, str)), 95)
    heads = ["method", "", "measure", f"estimate [{level:g}% CI]", "P", "k", "tau²"]
    table = tabulate(
        rows,
        heads,
        tablefmt="simple",
        colalign=["left", "left", "left", "right", "right", "right", "right"],
        disable_numparse=True,
    )
    return "\n\n".join([table, *remarks])


def _p(p: ArrayLike) -> str:
    p = float(np.asarray(p))
    return NOT_COMPUTED if math.isnan(p) else p_value(p).removeprefix("= ")


def _trial_table(report: Report, scale: Scale, effect: str) -> str:
    own = report.trials()
    arms = [report.counts[i : i + 2] for i in range(0, len(report.counts), 2)]
    heads = ["treated", "control"] if len(arms) == 2 else ["events"]
    computed = report.pooled.trials is not None or len(arms) == 1
    total = float(np.nansum(own["weight"]))
    rows = []
    for i, trial in enumerate(report.trial):
        shown = NOT_COMPUTED
        if computed:
            ends = (own["estimate"][i], own["ci_low"][i], own["ci_high"][i])
            shown = scale.shown(*ends)
        share = NOT_COMPUTED
        if report.pooled.trials is not None and total > 0:
            share = f"{100 * own['weight'][i] / total:.1f}"
        rows.append(
            [
                trial,
                *(f"{events[i]:.0f}/{n[i]:.0f}" for events, n in arms),
                shown,
                share,
            ]
        )
    totals = [f"{events.sum():.0f}/{n.sum():.0f}" for events, n in arms]
    natural = report.pooled.natural()
    rows.append(["all", *totals, scale.shown(*natural), ""])
    return _table(["trial", *heads, effect, "weight, %"], rows)


def _sentences(report: Report, scale: Scale) -> list[str]:
    pooled = report.pooled
    lines = [f"{pooled.k:.0f} of {pooled.k_all:.0f} trials are informative."]
    if pooled.reason:
        lines.append(pooled.reason[0].upper() + pooled.reason[1:] + ".")
    if math.isfinite(pooled.p):
        lines.append(f"Test of no effect: {_test(pooled)}P {p_value(pooled.p)}")
    if pooled.measure in ("OR", "RR", "PLOGIT") and math.isfinite(pooled.se):
        name = "logit" if pooled.measure == "PLOGIT" else f"log {scale.name}"
        lines.append(
            f"On the {name}: {number(float(pooled.estimate), 4)}, "
            f"standard error {number(float(pooled.se), 4)}"
        )
    lines += _spread(pooled)
    lines += _prediction(report, scale)
    if pooled.details:
        lines.append(f"Method: {'; '.join(pooled.details)}.")
    proof = pooled.certificate
    if proof is not None and np.isfinite(proof.log_likelihood):
        ends = ""
        if np.isfinite(proof.at_zero):
            ends = f", at no variance {number(float(proof.at_zero), 4)}"
        state = "holds" if proof.holds() else "does NOT hold"
        lines.append(
            f"Maximum: log-likelihood {number(float(proof.log_likelihood), 4)}{ends}; "
            f"its certificate {state}."
        )
    if pooled.trials is None and len(report.counts) == 4:
        lines.append(f"{NOT_COMPUTED}: the method has no effects of single trials.")
    return lines


def _test(pooled: Pooled) -> str:
    if not math.isfinite(pooled.z):
        return ""
    shown = number(float(pooled.z), 2)
    if pooled.df is None:
        return f"z = {shown}, "
    return f"t = {shown} on {pooled.df:.0f} df, "


def _spread(pooled: Pooled) -> list[str]:
    spread = pooled.heterogeneity
    if spread is None:
        return []
    if not spread.df > 0:
        why = spread.reason or "no trial is informative"
        return [f"Heterogeneity: not computed ({why})."]
    lines = [f"Heterogeneity: {_q(spread)}"]
    if math.isfinite(spread.h):
        lines[-1] += f"; H = {_three((spread.h, spread.h_low, spread.h_high), 1, 2)}"
    if spread.reason:
        lines.append(f"{spread.reason[0].upper()}{spread.reason[1:]}.")
    if math.isfinite(spread.tau2):
        ends = (spread.tau2, spread.tau2_low, spread.tau2_high)
        roots = [math.sqrt(x) if x >= 0 else math.nan for x in ends]
        line = (
            f"Between trials ({spread.estimator}): tau² = {_three(ends, 1, 4)}; "
            f"tau = {_three(roots, 1, 4)}"
        )
        if math.isfinite(spread.i2_tau2):
            ends = (spread.i2_tau2, spread.i2_tau2_low, spread.i2_tau2_high)
            line += f"; I² by tau² = {_three(ends, 100, 0)}"
        lines.append(line)
    return lines


def _q(spread: Heterogeneity) -> str:
    return (
        (
            f"Q = {text.decimal(float(spread.q), 2)}, df = {spread.df:.0f}, "
            f"P {p_value(spread.p)}; I² = "
            f"{_three((spread.i2, spread.i2_low, spread.i2_high), 100, 0)}"
        )
        .replace("]%", "]")
        .replace("% [", "% [")
    )


def _three(ends: Sequence[ArrayLike], factor: int, decimals: int) -> str:
    """Print a number with its interval, if there is one."""
    numbers = [factor * float(np.asarray(x)) for x in ends]
    if decimals == 0:
        first, *limits = (text.decimal(x, 0) for x in numbers)
        first += "%"
    else:
        first, *limits = (number(x, decimals) for x in numbers)
    if math.isnan(numbers[1]) and math.isnan(numbers[2]):
        return first
    return f"{first} [{text.interval(*limits)}]"


def _prediction(report: Report, scale: Scale) -> list[str]:
    limits = report.prediction()
    if limits is None:
        return []
    if report.pooled.prediction_reason:
        return [f"Prediction for another trial: {report.pooled.prediction_reason}."]
    estimate = report.pooled.natural().estimate
    return [f"Prediction for another trial: {scale.shown(estimate, *limits)}"]


def _subgroups(report: Report, scale: Scale, effect: str) -> list[str]:
    rows = []
    for name, own in report.groups.items():
        spread = own.heterogeneity
        rows.append(
            [
                name,
                f"{own.k:.0f} of {own.k_all:.0f}",
                scale.shown(*own.natural()),
                _p(own.p),
                *_own_spread(spread),
            ]
        )
    heads = ["group", "informative trials", effect, "P", "Q", "I²", "tau²"]
    parts = [_table(heads, rows)]
    assert report.test is not None
    q, p = float(report.test.q), float(report.test.p)
    line = (
        f"Between groups: Q = {text.decimal(q, 2)}, df = {report.test.df:.0f}, "
        f"P {text.p_value(p, 3)}"
    )
    if report.within is not None:
        q, df, p = report.within
        line += (
            f"\nWithin groups: Q = {text.decimal(q, 2)}, df = {df:.0f}, "
            f"P {text.p_value(p, 3)}"
        )
    return [*parts, line]


def _own_spread(spread: Heterogeneity | None) -> list[str]:
    if spread is None or not math.isfinite(spread.q):
        return [NOT_COMPUTED] * 3
    i2, tau2 = float(spread.i2), float(spread.tau2)
    return [
        text.decimal(float(spread.q), 2),
        NOT_COMPUTED if math.isnan(i2) else f"{100 * i2:.0f}%",
        NOT_COMPUTED if math.isnan(tau2) else number(tau2, 4),
    ]


def _regression(report: Report) -> str:
    found = report.regression
    assert found is not None
    head = f"Regression on {report.covariate}"
    if found.reason:
        return f"{head}: {found.reason}."
    rows = [
        [
            name,
            number(float(found.coefficient[i]), 4),
            number(float(found.se[i]), 4),
            text.interval(
                number(float(found.ci_low[i]), 4), number(float(found.ci_high[i]), 4)
            ),
            _p(found.p[i]),
        ]
        for i, name in enumerate(("intercept", report.covariate))
    ]
    table = _table(["coefficient", "estimate", "SE", "CI", "P"], rows)
    tau2 = "" if math.isnan(found.tau2) else f"tau² = {number(found.tau2, 4)}; "
    q = text.decimal(found.q, 2)
    rest = f"residual Q = {q}, df = {found.df:.0f}, P {p_value(found.q_p)}"
    return f"{head} (REML, {found.k} trials)\n{table}\n{tau2}{rest}"


def _table(heads: list[str], rows: list[list[str]]) -> str:
    align = ["left", *["right"] * (len(heads) - 1)]
    return tabulate(
        rows, heads, tablefmt="simple", colalign=align, disable_numparse=True
    )
