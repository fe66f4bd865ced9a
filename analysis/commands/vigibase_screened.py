"""Files that ``vigibase screen`` and ``vigibase onset`` write."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.vigibase.errors import ExtractError
from analysis.vigibase.measures.screening import Screening

_COLUMNS = (
    *("code", "name", "a", "b", "c", "d", "expected", "ror", "ror_low", "ror_high"),
    *("prr", "prr_low", "prr_high", "ic", "ic_low", "ic_high", "ebgm", "eb05", "eb95"),
)
_MOST = 40


def write_table(found: Screening, to: Path) -> None:
    """Write the reactions of a drug as CSV, unrounded, the strongest first."""
    _check(to)
    with to.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        for one in found.reactions:
            table, posterior = one.table, one.shrunk
            numbers = (
                *(table.a, table.b, table.c, table.d, table.expected),
                *(table.ror, table.ror_low, table.ror_high),
                *(table.prr, table.prr_low, table.prr_high),
                *(table.ic, table.ic_low, table.ic_high),
                *(
                    (posterior.ebgm, posterior.low, posterior.high)
                    if posterior
                    else (math.nan,) * 3
                ),
            )
            name = f"'{one.name}" if one.name[:1] in ("=", "+", "-", "@") else one.name
            writer.writerow([one.code, name, *map(_cell, numbers)])


def write_onset(
    days: NDArray[np.float64], limits: NDArray[np.float64], to: Path
) -> None:
    """Write times to onset in days, sorted, with the longest that each could be."""
    _check(to)
    with to.open("w", encoding="utf-8", newline="") as file:
        to.chmod(0o600)
        writer = csv.writer(file)
        writer.writerow(("days", "longest_possible"))
        for time, limit in zip(days, limits, strict=True):
            writer.writerow((_cell(float(time)), _cell(float(limit))))


def draw(found: Screening, drug: str, to: Path) -> None:
    """Draw the information components of the strongest reactions as SVG."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    rows = found.reactions[:_MOST][::-1]
    height = 1.2 + 0.17 * max(len(rows), 1)
    with mpl.rc_context({"svg.hashsalt": "vigibase", "svg.fonttype": "none"}):
        figure = Figure(figsize=(7, height))
        axes = figure.add_axes((0.42, 0.75 / height, 0.54, 1 - 1.1 / height))
        for place, one in enumerate(rows):
            axes.plot(
                [one.table.ic_low, one.table.ic_high], [place] * 2, color="#555555"
            )
            axes.plot([one.table.ic], [place], "o", color="#0072b2", markersize=4)
        axes.axvline(0, color="black", linewidth=0.6)
        axes.set_yticks(range(len(rows)))
        axes.set_yticklabels(
            [f"{one.name or one.code} ({one.table.a})" for one in rows],
            fontsize=7,
            parse_math=False,
        )
        axes.set_xlabel("Information component, 95% credibility interval", fontsize=8)
        axes.set_title(f"{drug}: reactions (reports)", fontsize=9, parse_math=False)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
        figure.savefig(to, metadata={"Date": None})


def _check(to: Path) -> None:
    if not to.parent.is_dir():
        raise ExtractError(f"{to.parent}: no such folder; create it first")


def _cell(number: float | None) -> str:
    if number is None or not math.isfinite(number):
        return ""
    return repr(number)
