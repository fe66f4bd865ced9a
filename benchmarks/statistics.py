"""How fast the statistics are: ``python -m benchmarks.statistics``.

Medians on the letter's 18 trials. R is asked where ``Rscript`` finds metafor, and
statsmodels where it can be imported; both take one data set at a time. The
sensitivity set in R leaves out the treatment-arm corrections and the
beta-binomial, which metafor does not have.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from statistics import median

import numpy as np

from analysis import meta
from analysis.letter import data
from analysis.meta.results import Array

REPLICATES, CHUNK = 100_000, 2_000

TRIALS = data.trials()
COUNTS = tuple(np.asarray(count, dtype=float) for count in TRIALS.counts)
BY_CLASS = [TRIALS.of_class(name).counts for name in TRIALS.classes]


def bootstrap() -> Array:
    """Pool 100,000 samples of trials, drawn with replacement."""
    draw = np.random.default_rng(1)
    k = len(TRIALS)
    estimates = []
    for _ in range(REPLICATES // CHUNK):
        sample = draw.integers(0, k, (CHUNK, k))
        estimates.append(meta.peto(*(count[sample] for count in COUNTS)).estimate)
    return np.concatenate(estimates)


def leave_one_out() -> None:
    """Pool without each trial."""
    meta.leave_one_out(meta.peto, *COUNTS)


def sensitivity() -> None:
    """Pool by every method: odds ratios, differences and incidences."""
    meta.sensitivity_set(*COUNTS)
    meta.sensitivity_set(*COUNTS[:2])


def letter() -> None:
    """Compute all pools of the letter, their tests and the supplement's."""
    meta.peto(*COUNTS)
    meta.subgroup_test([meta.peto(*counts) for counts in BY_CLASS])
    meta.logit_inverse_variance(*COUNTS[:2])
    meta.subgroup_test(
        [meta.logit_inverse_variance(*counts[:2]) for counts in BY_CLASS]
    )
    meta.clopper_pearson(COUNTS[0], COUNTS[1])
    meta.harbord(*COUNTS)
    leave_one_out()
    sensitivity()


def mantel_haenszel(*counts: Array) -> None:
    """Pool by Mantel and Haenszel's method."""
    meta.mantel_haenszel(*counts)


def random_effects(*counts: Array) -> None:
    """Pool by DerSimonian and Laird's method."""
    meta.inverse_variance(*counts, model="DL")


def peto(*counts: Array) -> None:
    """Pool by Peto's method."""
    meta.peto(*counts)


def reml(*counts: Array) -> None:
    """Pool by restricted maximum likelihood."""
    meta.inverse_variance(*counts, model="REML")


def exact(*counts: Array) -> None:
    """Estimate conditional on the events of each trial."""
    meta.exact_conditional(*counts)


def glmm(*counts: Array) -> None:
    """Estimate by logistic regression with fixed trial effects."""
    meta.glmm(*counts)


def glmm_proportion(*counts: Array) -> None:
    """Pool proportions by logistic regression with random trial effects."""
    meta.glmm_proportion(*counts[:2])


def grown(trials: int) -> tuple[Array, ...]:
    """Return the letter's trials again and again."""
    return tuple(np.resize(count, trials) for count in COUNTS)


def seconds(task: Callable[[], object], rounds: int) -> float:
    """Return the median time of a task, after one run to warm up."""
    task()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        task()
        times.append(time.perf_counter() - start)
    return median(times)


def in_r() -> dict[str, float]:
    """Return seconds a call of each task in metafor; empty without it."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        return {}
    script = Path(__file__).with_suffix(".R")
    command = [rscript, str(script), str(data.DATA / "trials.csv")]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode != 0:
        return {}
    lines = (line.split() for line in run.stdout.splitlines())
    return {name: float(time) for name, time in lines}


def in_statsmodels() -> dict[str, float]:
    """Return seconds a call of the tasks that statsmodels has; empty without it."""
    if find_spec("statsmodels") is None:
        return {}
    from statsmodels.stats.contingency_tables import (  # type: ignore[import-not-found]
        StratifiedTable,
    )
    from statsmodels.stats.meta_analysis import (  # type: ignore[import-not-found]
        combine_effects,
        effectsize_2proportions,
    )

    a, n1, c, n2 = COUNTS
    tables = [
        np.array([[x, m - x], [y, n - y]])
        for x, m, y, n in zip(a, n1, c, n2, strict=True)
    ]
    kept = meta.inverse_variance(*COUNTS).trials.weight > 0  # type: ignore[union-attr]

    def mantel_haenszel() -> None:
        table = StratifiedTable(tables)
        table.logodds_pooled_confint()
        table.test_null_odds(correction=False)

    def random_effects() -> None:
        effect, variance = effectsize_2proportions(
            a[kept],
            n1[kept],
            c[kept],
            n2[kept],
            statistic="odds-ratio",
            zero_correction=0.5,
        )
        combine_effects(effect, variance, method_re="dl").summary_frame()

    return {
        "mantel_haenszel": seconds(mantel_haenszel, 20),
        "random_effects": seconds(random_effects, 20),
    }


def main() -> None:
    """Print every figure."""
    many = tuple(np.broadcast_to(count, (CHUNK, count.size)) for count in COUNTS)
    rows = [
        (
            "bootstrap",
            f"Peto, one of {REPLICATES:,}",
            seconds(bootstrap, 5) / REPLICATES,
        ),
        ("leave_one_out", "Peto, leave one out", seconds(leave_one_out, 100)),
        ("sensitivity", "sensitivity sets, 21 pools", seconds(sensitivity, 20)),
    ]
    for task, label, pool in (
        ("mantel_haenszel", "Mantel-Haenszel", mantel_haenszel),
        ("random_effects", "DerSimonian-Laird", random_effects),
    ):
        rows += [
            (task, f"{label}, alone", seconds(partial(pool, *COUNTS), 100)),
            (
                task,
                f"{label}, one of {CHUNK:,}",
                seconds(partial(pool, *many), 10) / CHUNK,
            ),
        ]
    alone = (
        ("peto", "Peto, alone", peto),
        ("reml", "REML, alone", reml),
        ("exact", "exact conditional, alone", exact),
        ("glmm", "logistic, fixed trials, alone", glmm),
        ("glmm_proportion", "logistic, proportions, alone", glmm_proportion),
    )
    rows += [
        (task, label, seconds(partial(pool, *COUNTS), 15))
        for task, label, pool in alone
    ]
    rows += [
        ("", f"{label}, {trials:,} trials", seconds(partial(pool, *grown(trials)), 3))
        for label, pool in (("Peto", peto), ("REML", reml), ("exact", exact))
        for trials in (1_800, 18_000)
    ]
    batch = tuple(np.broadcast_to(count, (10_000, count.size)) for count in COUNTS)
    rows += [
        ("peto", "Peto, one of 10,000", seconds(partial(peto, *batch), 3) / 10_000),
        ("reml", "REML, one of 10,000", seconds(partial(reml, *batch), 1) / 10_000),
    ]
    others = {"metafor": in_r(), "statsmodels": in_statsmodels()}
    for name, times in others.items():
        if not times:
            print(f"{name} is not installed here: not compared")
    print(f"{'':34}{'here':>12}{'other':>12}{'ratio':>9}")
    for task, label, here in rows:
        line = f"{label:34}{1e3 * here:9.4f} ms"
        for name, times in others.items():
            if task in times:
                other = times[task]
                line += f"{1e3 * other:9.3f} ms{other / here:9,.1f}  {name}"
        print(line)
    print(f"{'all statistics of the letter':34}{1e3 * seconds(letter, 20):9.1f} ms")


if __name__ == "__main__":
    main()
