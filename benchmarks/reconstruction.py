"""Reconstruction: tables a second, growth with trials, and what follows from them.

Run ``python -m benchmarks.reconstruction``. Times are CPU seconds of one process,
medians of three runs but for the first line and the analyses. The letter's tables
are made with the seed of those that ship, and compared with them.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np

from analysis import meta
from analysis.letter.evidence import representative
from analysis.reconstruction import findings
from analysis.reconstruction.conflict import smallest_conflict
from analysis.reconstruction.consequences import consequences
from analysis.reconstruction.constraints import Limits, Problem, Statement, Trial
from analysis.reconstruction.reading import read_problem
from analysis.reconstruction.sampler import sample
from analysis.reconstruction.space import explore

FOLDER = Path(__file__).resolve().parents[1] / "data" / "reconstruction"
REPEATS = 3
TABLES = 200
TRIALS = (6, 12, 24, 48)

Found = TypeVar("Found")


def main() -> int:
    """Print every time; 1 if seed or rule no longer make the tables that ship."""
    letter = read_problem(FOLDER / "letter.yml")
    print(f"letter: {len(letter.trials)} trials, {len(letter.statements)} statements")
    _, seconds = timed(partial(explore, letter))
    print(f"  patterns enumerated and proved    {seconds:6.2f} s")
    seed = findings.read(FOLDER / "letter.yml").seed
    ensemble, seconds = median(partial(sample, letter, 1000, seed))
    print(
        f"  {len(ensemble)} distinct tables, seed {seed}      {seconds:6.2f} s, "
        f"{len(ensemble) / seconds:.0f} tables/s"
    )
    print(
        f"  patterns of events reached        {ensemble.reached.sum()} of the "
        f"{len(ensemble.reached)} not proved impossible, "
        f"{ensemble.starts.sum():,} starts"
    )
    shipped = findings.read_tables(FOLDER / "letter.yml")
    same = np.array_equal(shipped, ensemble.tables)
    print(f"  equal to those that ship          {'yes' if same else 'NO'}")
    found, seconds = timed(partial(consequences, ensemble.tables, letter))
    print(f"  {len(found)} analyses of every table      {seconds:6.2f} s")
    chosen, seconds = timed(representative.as_csv)
    by_rule = chosen == (FOLDER.parent / "trials.csv").read_text(encoding="utf-8")
    print(
        f"  the table analyzed, by its rule   {seconds:6.2f} s, the one that ships: "
        f"{'yes' if by_rule else 'NO'}"
    )
    _, seconds = median(partial(smallest_conflict, contradictory(letter)))
    print(f"  smallest conflict, one of 36 off  {seconds:6.2f} s")

    print(f"\ngrowth: {TABLES} tables of trials of unknown size, medians of {REPEATS}")
    for k in TRIALS:
        ensemble, seconds = median(partial(sample, invented(k), TABLES, 1))
        print(
            f"  {k:3} trials {len(ensemble):6} tables {seconds:8.2f} s "
            f"{len(ensemble) / seconds:8.0f} tables/s"
        )
    return 0 if same and by_rule else 1


def timed(work: Callable[[], Found]) -> tuple[Found, float]:
    """Return what a piece of work gives, and its CPU time."""
    started = time.process_time()
    found = work()
    return found, time.process_time() - started


def median(work: Callable[[], Found]) -> tuple[Found, float]:
    """Return what a piece of work gives, and the median of its CPU times."""
    runs = [timed(work) for _ in range(REPEATS)]
    return runs[0][0], statistics.median(seconds for _, seconds in runs)


def contradictory(problem: Problem) -> Problem:
    """Change one statement, so that it contradicts others."""
    return replace(
        problem,
        statements=tuple(
            replace(s, printed="4.0") if s.key == "risk.all.or" else s
            for s in problem.statements
        ),
    )


def invented(k: int) -> Problem:
    """State what k invented trials say of themselves."""
    rng = np.random.default_rng(k)
    n = rng.integers(60, 400, (k, 2))
    n[:, 1] = n[:, 0] * rng.uniform(0.8, 1.2, k)
    events = np.zeros((k, 2), dtype=np.int64)
    events[:4] = [[3, 1], [2, 0], [1, 1], [1, 0]]
    pooled = meta.peto(events[:, 0], n[:, 0], events[:, 1], n[:, 1]).natural()
    said = {
        "patients.treated": ("patients", "treated", str(n[:, 0].sum())),
        "patients.control": ("patients", "control", str(n[:, 1].sum())),
        "events.treated": ("events", "treated", str(events[:, 0].sum())),
        "events.control": ("events", "control", str(events[:, 1].sum())),
        "or": ("peto.estimate", "both", f"{float(pooled[0]):.2f}"),
        "ci_low": ("peto.ci_low", "both", f"{float(pooled[1]):.2f}"),
        "ci_high": ("peto.ci_high", "both", f"{float(pooled[2]):.2f}"),
    }
    statements = tuple(
        Statement(key, quantity, "all", arm, printed, "")  # type: ignore[arg-type]
        for key, (quantity, arm, printed) in said.items()
    )
    return Problem("invented", (Trial("any"),) * k, statements, Limits())


if __name__ == "__main__":
    sys.exit(main())
