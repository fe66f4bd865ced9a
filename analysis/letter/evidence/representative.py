"""The trials that are analyzed: one table of the ensemble, by a stated rule.

The rule: of the tables in ``data/reconstruction/letter.npz``, take those in which
no trial could be taken for a published one (``eligible-trials.csv``); of these,
the medoid over all analyses. Its rows stand in an order that means nothing, that
of a digest of their counts. The letter prints how many trials have a follow-up
time, and the shortest and longest; those between are spread evenly on a
logarithmic scale and given to rows by another digest, and none is the follow-up
of a published trial.

    python -m analysis.letter.evidence.representative > data/trials.csv
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
import sys

import numpy as np
from numpy.typing import NDArray

from analysis.letter import data
from analysis.letter.answers.ensemble import CONSTRAINTS, letter_problem
from analysis.letter.evidence.eligible import eligible_trials
from analysis.reconstruction import findings
from analysis.reconstruction.representative import medoid, resembles

Counts = NDArray[np.int64]

COLUMNS = (
    "trial",
    "control_class",
    "n_lenalidomide",
    "n_control",
    "all_lenalidomide",
    "all_control",
    "median_followup_months",
    "source_type",
)
_TENTH = 10  # follow-up is printed in tenths of a month
_MONTHS_PER_YEAR = 12


def representative() -> Counts:
    """Return the table that is analyzed, (k, 4), in the order of the ensemble.

    Raises
    ------
    ValueError
        If every table of the ensemble resembles published trials.
    """
    tables = findings.read_tables(CONSTRAINTS)
    arms, totals = public_sizes()
    problem = letter_problem()
    chosen = medoid(tables, problem, among=~resembles(tables, arms, totals))
    table: Counts = tables[chosen]
    return table


def candidates() -> int:
    """Count the tables of the ensemble among which the medoid is taken."""
    tables = findings.read_tables(CONSTRAINTS)
    return int((~resembles(tables, *public_sizes())).sum())


def public_sizes() -> tuple[list[tuple[int, int]], list[int]]:
    """Return arms and totals of the published trials, unsure ones included."""
    trials = eligible_trials()
    arms = [
        (trial.n_lenalidomide, trial.n_control)
        for trial in trials
        if trial.n_lenalidomide >= 0 and trial.n_control >= 0
    ]
    return arms, [trial.randomized for trial in trials if trial.randomized >= 0]


def rows() -> list[tuple[str | int, ...]]:
    """Return the rows of ``data/trials.csv``, below its header."""
    problem, table = letter_problem(), representative().tolist()
    named: list[tuple[str, str, list[int]]] = []
    for group in problem.classes:
        mine = [
            r for r, t in zip(table, problem.trials, strict=True) if t.group == group
        ]
        mine.sort(key=lambda counts: _digest("row", counts))
        named += [(f"{group[0].upper()}{i}", group, r) for i, r in enumerate(mine, 1)]
    months = followups()
    with_time = sorted(named, key=lambda one: _digest("follow-up", one[2]))
    time = {name: m for (name, *_), m in zip(with_time, months, strict=False)}
    return [
        (name, group, n1, n2, a, c, f"{time[name]:.1f}" if name in time else "", "")
        for name, group, (a, c, n1, n2) in named
    ]


def followups() -> list[float]:
    """Spread the follow-up times evenly on a logarithmic scale, in months."""
    reported = data.reported_values()
    n = int(reported["followup.trials_available"].number)
    shortest = reported["followup.min_months"].number
    longest = reported["followup.max_years"].number * _MONTHS_PER_YEAR
    taken = {
        trial.followup_months
        for trial in eligible_trials()
        if not math.isnan(trial.followup_months)
    }
    spread = []
    for months in np.geomspace(shortest, longest, n):
        tenths = round(float(months) * _TENTH)
        while tenths / _TENTH in taken:
            tenths -= 1
        spread.append(tenths / _TENTH)
    return spread


def as_csv() -> str:
    """Return ``data/trials.csv``."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows())
    return out.getvalue()


def _digest(purpose: str, counts: list[int]) -> str:
    return hashlib.sha256(f"{purpose}: {counts}".encode()).hexdigest()


if __name__ == "__main__":
    sys.stdout.write(as_csv())
