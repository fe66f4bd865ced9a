"""Parity with R by method: ``python -m benchmarks._statistics_parity [TABLES [SLOW]]``.

Random tables, rich in zeros and in heterogeneity, are pooled here and by metafor
and ``mantelhaen.test``; of each method the largest differences print, relative to
the number or, where it is below 1, absolute. ``SLOW`` of the tables are given to
what takes R a second each. Not a part of the quick tests, which hold some of the
same answers.
"""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from analysis import meta
from analysis.meta.results import Array, Pooled

SEED = 20240

METHODS = {
    **{method.name: (method.pool, 4) for method in meta.TWO_ARMS},
    **{method.name: (method.pool, 4) for method in meta.MORE_TWO_ARMS},
    **{
        method.name: (method.pool, 2)
        for method in (*meta.ONE_ARM, *meta.MORE_ONE_ARM)
        if method.name != "glmm"
    },
    "glmm-1": (meta.glmm_proportion, 2),
}


class Answer(NamedTuple):
    """What one method says of one table."""

    estimate: float
    se: float
    tau2: float
    q: float
    log_likelihood: float


def tables(number: int) -> Iterator[Array]:
    """Yield ``(5, k)`` tables: counts of both arms, and a covariate."""
    draw = np.random.default_rng(SEED)
    for _ in range(number):
        k = int(draw.integers(2, 13))
        n1 = np.round(np.exp(draw.uniform(np.log(10), np.log(3000), k)))
        n2 = np.maximum(np.round(n1 * draw.choice([0.5, 1, 1, 1, 2], k)), 2)
        base = draw.normal(draw.uniform(-5.5, -0.5), draw.choice([0.1, 0.7, 1.5]), k)
        effect = draw.normal(draw.normal(0, 0.7), draw.choice([0, 0.3, 1.2]), k)
        control, treated = (1 / (1 + np.exp(-x)) for x in (base, base + effect))
        a, c = (
            draw.binomial(n1.astype(int), treated),
            draw.binomial(n2.astype(int), control),
        )
        yield np.array([a, n1, c, n2, np.round(draw.normal(0, 1, k), 3)])


def ours(name: str, table: Array) -> Answer:
    """Answer as this package does."""
    if name == "q-profile":
        spread = meta.inverse_variance(*table[:4], model="DL").heterogeneity
        assert spread is not None
        low, high = float(spread.tau2_low), float(spread.tau2_high)
        return Answer(low, high, np.nan, np.nan, np.nan)
    if name == "regression":
        own = meta.inverse_variance(*table[:4]).trials
        assert own is not None
        found = meta.meta_regression(own.estimate, own.se**2, table[4])
        slope, se = float(found.coefficient[1]), float(found.se[1])
        return Answer(slope, se, found.tau2, found.q, np.nan)
    pool, arrays = METHODS[name]
    pooled: Pooled = pool(*table[:arrays])
    spread = pooled.heterogeneity
    proof = pooled.certificate
    q = float(spread.q) if spread else float(pooled.p)
    return Answer(
        float(pooled.estimate),
        float(pooled.se),
        float(spread.tau2) if spread else np.nan,
        q,
        float(proof.log_likelihood) if proof else np.nan,
    )


def theirs(number: int, slow: int, folder: Path) -> dict[str, dict[int, Answer]]:
    """Ask R."""
    given, answered = folder / "tables.csv", folder / "answers.csv"
    with given.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["table", "a", "n1", "c", "n2", "x"])
        for i, table in enumerate(tables(number)):
            writer.writerows([i, *row] for row in table.T.tolist())
    rscript = shutil.which("Rscript")
    if rscript is None:
        sys.exit("Rscript is not installed here: nothing to compare with")
    script = Path(__file__).with_suffix(".R")
    command = [rscript, str(script), str(given), str(answered), str(slow)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return read(answered)


def read(answered: Path) -> dict[str, dict[int, Answer]]:
    """Read what R answered, by method and table."""
    found: dict[str, dict[int, Answer]] = defaultdict(dict)
    with answered.open(newline="") as file:
        for row in csv.DictReader(file):
            numbers = [
                np.nan if row[key] in ("NA", "NaN") else float(row[key])
                for key in ("estimate", "se", "tau2", "q", "loglik")
            ]
            found[row["method"]][int(row["table"])] = Answer(*numbers)
    return found


def difference(one: float, other: float) -> float:
    """Relative to the number or, where it is below 1, absolute."""
    return abs(one - other) / max(1.0, abs(other))


def main(arguments: list[str]) -> None:
    """Print the table of parity."""
    number, slow = (int(x) for x in (*arguments, *("500", "200")[len(arguments) :]))
    with tempfile.TemporaryDirectory() as folder:
        other = theirs(number, slow, Path(folder))
    report(list(tables(number)), other)


def report(given: list[Array], other: dict[str, dict[int, Answer]]) -> None:
    """Print the differences of each method."""
    print(
        f"{'method':16}{'tables':>7}{'only we':>8}{'only R':>8}{'estimate':>10}"
        f"{'se':>10}{'tau2':>10}{'Q or P':>10}{'>1e-6':>7}{'R lower':>8}{'we lower':>9}"
    )
    for name, answers in other.items():
        only_we = only_r = apart = lower = higher = both = 0
        worst = dict.fromkeys(("estimate", "se", "tau2", "q"), 0.0)
        for i, theirs_is in answers.items():
            ours_is = ours(name, given[i])
            far = abs(theirs_is.estimate) > 15 or theirs_is.se > 1e3
            here = np.isfinite(ours_is.estimate)
            there = np.isfinite(theirs_is.estimate) and not far
            only_we += here and not there
            only_r += there and not here
            if not (here and there):
                continue
            both += 1
            gaps = {
                field: difference(getattr(ours_is, field), getattr(theirs_is, field))
                for field in worst
                if np.isfinite(getattr(ours_is, field))
                and np.isfinite(getattr(theirs_is, field))
            }
            if name in ("mh", "rr"):
                del gaps["q"]  # about the inverse-variance mean, as in R's meta
            if name == "exact":
                del gaps["estimate"]  # R's search stops at 1e-4 of the odds ratio
            gain = ours_is.log_likelihood - theirs_is.log_likelihood
            comparable = name in ("ml", "reml", "rr-reml", "plogit-reml")
            if comparable and gain > 1e-6:
                lower += 1  # R stopped at a lower maximum: no parity is wanted
                continue
            higher += bool(comparable and gain < -1e-6)
            apart += any(gap > 1e-6 for gap in gaps.values())
            for field, gap in gaps.items():
                worst[field] = max(worst[field], gap)
        figures = "".join(f"{gap:10.1e}" for gap in worst.values())
        print(
            f"{name:16}{both:7}{only_we:8}{only_r:8}{figures}{apart:7}{lower:8}"
            f"{higher:9}",
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1:])
