"""VigiBase at scale: time and memory of each step, against DuckDB, polars, pandas.

Run ``python -m benchmarks.vigibase [REPORTS ...]``; 1000000 and 5000000 reports
unless said. Every step runs in a process of its own, whose peak memory is that
of the step; conversions run ``RUNS`` times, and medians are printed. Beside ours,
which checks every line and writes the account, stand plain DuckDB and polars (where
it is installed), which read the same columns into a DuckDB file and Parquet and
check nothing. The extract is synthetic, lies in a temporary folder and is removed.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, cast

from analysis.letter.extract import SHIPPED
from analysis.letter.synthetic import generate
from analysis.vigibase import Extract, convert, describe, read_codes
from analysis.vigibase.layout import Form
from benchmarks import _vigibase_pandas as in_pandas
from benchmarks._vigibase_plain import in_duckdb, in_polars

RUNS = 3
SIZES = (1_000_000, 5_000_000)
WHOLE = 40_000_000
SEED = 1
FORMS: tuple[Form, ...] = ("txt", "csv")
CONVERSIONS = tuple(
    f"{work} {form}" for form in FORMS for work in ("convert", "DuckDB", "polars")
)
STEPS = (
    *(f"generate {form}" for form in FORMS),
    *CONVERSIONS,
    *("describe", "load in pandas", "describe in pandas"),
)

Measured = dict[str, dict[str, float]]


def main(sizes: list[int]) -> int:
    """Run every step at each size and print what it took."""
    took: dict[int, Measured] = {}
    for size in sizes:
        print(f"\n{size:,} reports", flush=True)
        took[size] = {}
        with TemporaryDirectory(prefix="vigibase-") as folder:
            for step in STEPS[:-1]:
                runs = RUNS if step in CONVERSIONS else 1
                found = _median([_in_process(step, folder, size) for _ in range(runs)])
                took[size] |= found
                for name, measured in found.items():
                    print(_line(name, measured), flush=True)
    if len(sizes) > 1:
        _print_growth(took[min(sizes)], took[max(sizes)], min(sizes), max(sizes))
    return 0


def _median(runs: list[Measured]) -> Measured:
    return {
        name: {unit: median(run[name][unit] for run in runs) for unit in measured}
        for name, measured in runs[0].items()
    }


def _line(step: str, measured: dict[str, float]) -> str:
    seconds = measured["seconds"]
    peak = measured["memory"] / 2**20
    line = f"  {step:20}{seconds:8.2f} s{measured['cpu']:8.2f} s CPU{peak:7.0f} MiB"
    if rows := measured.get("rows"):
        line += f"   {rows:,.0f} rows, {rows / seconds:,.0f} rows/s"
    return line


def _print_growth(few: Measured, many: Measured, small: int, large: int) -> None:
    factor = large / small
    print(f"\n{factor:.0f} times the reports took; {WHOLE:,} would take, if linear")
    for step in STEPS:
        if step not in few or step not in many:
            continue
        seconds, cpu = (
            many[step][unit] / few[step][unit] for unit in ("seconds", "cpu")
        )
        whole = WHOLE / large
        print(
            f"  {step:20}{seconds:6.1f} times as long, {cpu:.1f} times the CPU"
            f"{whole * many[step]['seconds']:10,.0f} s"
            f"{whole * many[step]['cpu']:10,.0f} s CPU"
        )


def _in_process(step: str, folder: str, size: int) -> Measured:
    command = [sys.executable, "-m", "benchmarks.vigibase", "--step", step, folder]
    run = subprocess.run([*command, str(size)], stdout=subprocess.PIPE, check=True)
    found: Measured = json.loads(run.stdout)
    return found


def _run_step(step: str, folder: Path, size: int) -> Measured:
    converted = folder / "converted-csv.duckdb"
    codes = read_codes(SHIPPED / "codes.yml")

    def description() -> Any:
        return describe(Extract.open(converted), codes)

    work, _, form = step.partition(" ")
    if work == "generate":
        to = folder / form
        return {step: _timed(lambda: generate(to, size, SEED, cast(Form, form)))[1]}
    if step in CONVERSIONS:
        return _conversion(work, form, folder)
    if step == "describe":
        return {step: _timed(description)[1]}
    tables, load = _timed(lambda: in_pandas.load(converted))
    found, measured = _timed(lambda: in_pandas.describe(tables, codes))
    ours = description()
    assert found["cases"] == ours.flow[codes.drug.key]
    assert found["withdrawn"] == ours.breakdown("action")["withdrawn"]
    assert found["latency"][0.5] == ours.time("latency").median
    return {step: load, "describe in pandas": measured}


def _conversion(work: str, form: str, folder: Path) -> Measured:
    name = f"{work} {form}"
    if work == "convert":
        to = folder / f"converted-{form}.duckdb"
        to.unlink(missing_ok=True)
        summary, measured = _timed(lambda: convert(folder / form, to))
        measured["rows"] = sum(summary.rows.values())
        return {name: measured}
    try:
        peer = in_duckdb if work == "DuckDB" else in_polars
        return {name: _timed(lambda: peer(folder / form, folder, form))[1]}
    except ImportError:
        return {}


def _timed(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    started, cpu = time.perf_counter(), time.process_time()
    found = work()
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return found, {"seconds": seconds, "cpu": cpu, "memory": peak}


if __name__ == "__main__":
    if sys.argv[1:2] == ["--step"]:
        name, place, reports = sys.argv[2:]
        print(json.dumps(_run_step(name, Path(place), int(reports))))
        sys.exit(0)
    sys.exit(main([int(size) for size in sys.argv[1:]] or list(SIZES)))
