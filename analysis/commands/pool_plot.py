"""``pool --plot``: a report as a forest plot, finished as the letter's figures are."""

from __future__ import annotations

import math
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.commands import pool_report
from analysis.commands.pool_report import SCALES, Report
from analysis.commands.pool_table import Table
from analysis.meta.results import Heterogeneity, Pooled
from analysis.meta.scales import RATIOS
from analysis.plots import (
    Cell,
    Forest,
    Group,
    Interval,
    Intervals,
    Page,
    PlotColumn,
    Scale,
    TextColumn,
    Texts,
    count_scale,
    difference_scale,
    forest,
    ratio_scale,
)
from manuscript.values import Picture, text

ENDINGS = (".pdf", ".svg", ".png", ".tif")
JUDGEMENTS = {
    "low": "+ Low",
    "some": "\N{MINUS SIGN} Some concerns",
    "some concerns": "\N{MINUS SIGN} Some concerns",
    "high": "\N{MULTIPLICATION SIGN} High",
    "unclear": "? Unclear",
}
_NAMES = 110.0  # points that names may take


def check_target(path: Path) -> None:
    """Refuse a file that no plot can be written to, before anything is computed.

    Raises
    ------
    ValueError
        For another ending, or a folder that is not there.
    """
    if path.suffix.lower() not in ENDINGS:
        raise ValueError(
            f"--plot: got {path.name!r}, expected a name that ends in "
            f"{', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"
        )
    if path.is_dir():
        raise ValueError(f"--plot: {path} is a folder, expected the name of a file")
    if not path.parent.is_dir():
        raise ValueError(
            f"--plot: there is no folder {path.parent}, expected one that exists"
        )


def save(report: Report, table: Table, path: Path, page: Page) -> list[Path]:
    """Write the forest plot of a report; nothing where that fails.

    Parameters
    ----------
    report : Report
    table : Table
        From which it was made.
    path : Path
        Its ending says the format; further pages stand beside it.
    page : Page

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    ValueError
        For a method without effects of single trials, or a folder that cannot be
        written to.
    """
    if report.pooled.trials is None and len(report.counts) == 4:
        raise ValueError(
            f"--plot: {report.method.name} has no effects of single trials to plot; "
            "choose a method that has, such as peto, mh or reml"
        )
    drawn = Picture.of(forest(plot(report, table), page), _alt(report))
    path = path.with_suffix(path.suffix.lower())
    with TemporaryDirectory() as folder:
        drawn.save(Path(folder) / path.name)
        written = []
        for file in sorted(Path(folder).iterdir()):
            try:
                shutil.copyfile(file, path.parent / file.name)
            except OSError as error:
                raise ValueError(
                    f"--plot: {path.parent / file.name} cannot be written: "
                    f"{error.strerror}"
                ) from error
            written.append(path.parent / file.name)
    return written


def plot(report: Report, table: Table) -> Forest:
    """Set out trials, groups and pools of a report.

    A random-effects pool is followed by its prediction interval, and its
    heterogeneity by τ².
    """
    pooled = report.pooled
    scale = SCALES[pooled.measure]
    pools = [*report.groups.values(), pooled]
    own = report.trials()
    trials = np.column_stack([own[name] for name in ("estimate", "ci_low", "ci_high")])
    weight = np.nan_to_num(own["weight"])
    share = weight / weight.sum() if weight.sum() > 0 else weight
    level = f"{100 * pooled.level:g}%"
    natural = np.array([[float(x) for x in pool.natural()] for pool in pools])
    reach = np.array([*natural.ravel(), *(report.prediction() or ())], dtype=float)
    axis = _axis(pooled.measure, scale.factor * trials, scale.factor * reach)
    null = 1.0 if pooled.measure in RATIOS else 0.0
    compares = len(report.counts) == 4
    guide = scale.factor * float(natural[-1, 0])
    columns: dict[str, Texts | Intervals] = {
        "trial": Texts(
            TextColumn("Trial", widest=_NAMES),
            [Cell(name) for name in report.trial],
            [
                *(Cell("Subtotal", bold=True) for _ in report.groups),
                Cell("All trials", bold=True),
            ],
        )
    }
    columns |= _counts(report, table)
    columns["effect"] = Intervals(
        PlotColumn(
            axis,
            scale.name[0].upper() + scale.name[1:] + (" (log scale)" * axis.log),
            null=null if compares else None,
            guide=guide if math.isfinite(guide) else None,
        ),
        scale.factor * trials,
        share / max(float(share.max(initial=0.0)), 1e-12),
        scale.factor * natural,
    )
    columns["estimate"] = Texts(
        TextColumn(f"{scale.name.capitalize()}\n({level} CI)", "center"),
        [_estimate(scale, row) for row in trials],
        [_estimate(scale, row, bold=True) for row in natural],
    )
    if weight.sum() > 0:
        columns["weight"] = Texts(
            TextColumn("Weight\n(%)", "right"),
            [_weight(float(w)) for w in share],
            [
                *(_weight(float(share[at].sum()), True) for at in _places(table)),
                _weight(1.0, True),
            ],
        )
    if table.bias:
        columns["bias"] = Texts(
            TextColumn("Risk of bias", space=4),
            [Cell(JUDGEMENTS.get(word.lower(), word)) for word in table.bias],
        )
    return Forest(
        columns,
        _groups(report, table),
        notes=[{"trial": line} for line in _notes(report)],
        below=_below(report, scale),
    )


def _counts(report: Report, table: Table) -> dict[str, Texts]:
    arms = ("Treated", "Control") if len(report.counts) == 4 else ("",)
    columns = {}
    for at, arm in enumerate(arms):
        for name, numbers in (
            ("Events", report.counts[2 * at]),
            ("Total", report.counts[2 * at + 1]),
        ):
            sums = [numbers[at].sum() for at in _places(table)] + [numbers.sum()]
            columns[f"{name} {arm}"] = Texts(
                TextColumn(name, "right", arm),
                [Cell(text.decimal(float(n), 0)) for n in numbers],
                [Cell(text.decimal(float(n), 0), bold=True) for n in sums],
            )
    return columns


def _places(table: Table) -> list[NDArray[np.int64]]:
    """Return where the trials of each group stand."""
    of = np.array(table.group)
    return [np.flatnonzero(of == name) for name in dict.fromkeys(table.group)]


def _groups(report: Report, table: Table) -> list[Group]:
    if not report.groups:
        return [Group("", range(len(report.trial)))]
    return [
        Group(name, [int(i) for i in at], {"trial": _spread(pool.heterogeneity)})
        for (name, pool), at in zip(report.groups.items(), _places(table), strict=True)
    ]


def _below(
    report: Report, scale: pool_report.Scale
) -> list[Mapping[str, Cell | Interval]]:
    limits = report.prediction()
    if limits is None or not all(math.isfinite(float(x)) for x in limits):
        return []
    low, high = (scale.factor * float(x) for x in limits)
    estimate = scale.factor * float(report.pooled.natural().estimate)
    printed = text.interval(*(scale.number(x) for x in limits))
    return [
        {
            "trial": Cell("Prediction interval"),
            "effect": Interval(estimate, low, high, "none"),
            "estimate": Cell(f"({printed})"),
        }
    ]


def _axis(
    measure: str, trials: NDArray[np.float64], pools: NDArray[np.float64]
) -> Scale:
    """Return an axis on which every pool lies whole, and every trial's estimate."""
    values = [float(x) for x in (*pools, *trials[:, 0]) if math.isfinite(x)]
    if measure in RATIOS:
        return ratio_scale(values)
    if measure in ("RD", "ASD"):
        return difference_scale(values)
    return count_scale(values, most=100)


def _estimate(
    scale: pool_report.Scale, row: Sequence[ArrayLike], bold: bool = False
) -> Cell:
    if not math.isfinite(float(np.asarray(row[0]))):
        return Cell(text.NOT_ESTIMABLE, muted=True)
    one, *limits = (scale.number(x) for x in row)
    return Cell(one, f"\N{NO-BREAK SPACE}({text.interval(*limits)})", bold=bold)


def _weight(share: float, bold: bool = False) -> Cell:
    if share <= 0:
        return Cell(text.EN_DASH, muted=True)
    return Cell(text.decimal(100 * share, 1), bold=bold)


def _spread(spread: Heterogeneity | None) -> str:
    if spread is None or not spread.df >= 1:
        return "Heterogeneity: not applicable"
    line = (
        f"Heterogeneity: I² = {text.decimal(100 * float(spread.i2), 0)}%; "
        f"Q = {text.decimal(float(spread.q), 2)}, df = {spread.df:.0f}, "
        f"P {pool_report.p_value(spread.p)}"
    )
    if math.isfinite(spread.tau2):
        line += f"; τ² = {pool_report.number(float(spread.tau2), 4)}"
    return line


def _notes(report: Report) -> list[str]:
    pooled = report.pooled
    lines = [_spread(pooled.heterogeneity)]
    if math.isfinite(pooled.z):
        name = "z" if pooled.df is None else "t"
        lines.append(
            f"Overall effect: {name} = {text.decimal(float(pooled.z), 2)}, "
            f"P {pool_report.p_value(pooled.p)}"
        )
    if report.test is not None and report.test.df >= 1:
        lines.append(
            f"Between groups: Q = {text.decimal(float(report.test.q), 2)}, "
            f"df = {report.test.df:.0f}, P {pool_report.p_value(report.test.p)}"
        )
    return [*lines, f"Method: {report.method.label}"]


def _alt(report: Report) -> str:
    def said(pool: Pooled) -> str:
        return SCALES[pool.measure].shown(*pool.natural())

    groups = "".join(f"; {name} {said(pool)}" for name, pool in report.groups.items())
    return (
        f"Forest plot of {len(report.trial)} trials, {report.method.label}: "
        f"{SCALES[report.pooled.measure].name} of all trials "
        f"{said(report.pooled)}{groups}."
    )
