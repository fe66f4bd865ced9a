"""How long an author waits: renders of this manuscript, and how they grow.

Run ``python -m benchmarks.rendering [--quick]``. Everything happens in a copy of
the project in a temporary folder, each render in a process of its own, as from the
command line; medians, with processor time beside them, since others may be at
work (that of kernels copied from one process is not in it, nor can be: its keeper does
not outlive the render). ``--quick`` does each thing once and leaves out the growth.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIMIT = 200.0  # seconds after which no measurement is repeated or begun
ALL = "html,pdf,docx"
COLD, WARM = 2, 3  # repetitions
TRIALS = (18, 180, 1800)
SECTIONS = (1, 4, 16)

_PARAGRAPH = (
    'The pooled odds ratio is `{{python}} v("risk.placebo.or")`, with an interval of '
    '`{{python}} v.ci("risk.placebo")`, in paragraph {number}.\n\n'
)
_GROWING = """---
title: "Growth"
date: 2026-01-01
---

```{python}
#| label: setup
#| include: false
from analysis.letter import tables
from analysis.letter.study import study
from manuscript.prose import v
```

"""
_TABLE = """::: {#tbl-counts}

```{python}
#| label: counts
tables.counts(study().trials, v)
```

**Counts of all trials.** As analyzed.
:::

"""


@dataclass(frozen=True)
class Took:
    """What one process took.

    Attributes
    ----------
    seconds, cpu : float
    memory : float
        Peak of the largest process, in MiB.
    """

    seconds: float
    cpu: float
    memory: float


class Bench:
    """Renders a copy of the project and times it."""

    def __init__(self, project: Path, quick: bool) -> None:
        self.project = project
        self._quick = quick
        self._began = time.monotonic()
        self.peak = 0.0

    @property
    def late(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() - self._began > LIMIT

    def render(self, to: str, *more: str, engine: str = "builtin") -> Took:
        """Render once."""
        command = [sys.executable, "-m", "manuscript", "render", "--engine", engine]
        began = time.perf_counter()
        process = subprocess.Popen(
            [*command, "--to", to, *more],
            cwd=self.project,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=os.environ | {"SOURCE_DATE_EPOCH": "1700000000"},
        )
        assert process.stdout
        said = process.stdout.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{' '.join(command)} failed:\n{said}")
        memory = usage.ru_maxrss / 1024
        self.peak = max(self.peak, memory)
        return Took(seconds, usage.ru_utime + usage.ru_stime, memory)

    def median(
        self, name: str, times: int, render: Callable[[], Took]
    ) -> tuple[float, float]:
        """Time something a few times and print the medians."""
        took = [render()]
        while len(took) < times and not self._quick and not self.late:
            took.append(render())
        seconds = statistics.median(each.seconds for each in took)
        cpu = statistics.median(each.cpu for each in took)
        print(
            f"  {name:44}{seconds:7.2f} s{cpu:8.2f} s CPU   (of {len(took)})",
            flush=True,
        )
        return seconds, cpu


def copy(to: Path) -> Path:
    """Copy the project without what renders and tools leave in it."""
    ignored = shutil.ignore_patterns(".*", "_output*", "__pycache__", "tests")
    shutil.copytree(ROOT, to, ignore=ignored)
    return to


def edit(file: Path, old: str, new: str) -> None:
    """Replace the first occurrence of a text that must be there."""
    text = file.read_text("utf-8")
    if old not in text:
        raise SystemExit(f"{file.name} lacks {old!r}")
    file.write_text(text.replace(old, new, 1), "utf-8")


def writing(bench: Bench) -> None:
    """Time what an author does."""
    project = bench.project
    prose = project / "sections" / "_conclusion.qmd"
    appendix = project / "sections" / "supplement" / "_scope.qmd"
    trials = project / "data" / "trials.csv"
    count = 0

    def cold(to: str) -> Took:
        shutil.rmtree(project / ".manuscript", ignore_errors=True)
        shutil.rmtree(project / "_output", ignore_errors=True)
        return bench.render(to)

    def after(file: Path, to: str) -> Took:
        nonlocal count
        count += 1
        text = file.read_text("utf-8").rstrip("\n")
        text = re.sub(r"\n\nEdited [a-z]+ once more\.$", "", text)
        letters = "".join(chr(97 + int(digit)) for digit in str(count))
        file.write_text(f"{text}\n\nEdited {letters} once more.\n", "utf-8")
        return bench.render(to)

    def data(to: str) -> Took:
        # Follow-up of one trial, which no claim of the letter rests on.
        lines = trials.read_text("utf-8").split("\n")
        row = lines[1].split(",")
        field = lines[0].split(",").index("median_followup_months")
        row[field] = f"{float(row[field]) + 0.1:.1f}"
        lines[1] = ",".join(row)
        trials.write_text("\n".join(lines), "utf-8")
        return bench.render(to)

    print("\nwriting (letter and supplement)")
    bench.median("cold, HTML", 1, lambda: cold("html"))
    bench.median("cold, all formats", COLD, lambda: cold(ALL))
    bench.median("warm, HTML: nothing changed", WARM, lambda: bench.render("html"))
    bench.median("warm, all formats: nothing changed", WARM, lambda: bench.render(ALL))
    for name, file in (("letter", prose), ("supplement", appendix)):
        for to, what in (("html", "HTML"), (ALL, "all formats")):
            bench.median(
                f"prose edit in the {name}, {what}",
                WARM,
                lambda file=file, to=to: after(file, to),  # type: ignore[misc]
            )
    bench.median("data edit, HTML", 1, lambda: data("html"))
    bench.median("data edit, all formats", COLD, lambda: data(ALL))
    print(f"  peak memory of the largest process: {bench.peak:.0f} MiB")


def growth(project: Path, bench: Bench) -> None:
    """Time a document of its own as trials and sections grow."""
    settings = (project / "_quarto.yml").read_text("utf-8")
    settings = re.sub(r"render: \[.*?\]", "render: [growth.qmd]", settings)
    settings = re.sub(r"  (pre|post)-render: .*\n", "", settings)
    (project / "_quarto.yml").write_text(settings, "utf-8")
    document = project / "growth.qmd"
    trials = project / "data" / "trials.csv"
    original = trials.read_text("utf-8")

    def timed(name: str, text: str) -> float:
        document.write_text(_GROWING + text, "utf-8")
        cold = bench.median(name, 1, lambda: bench.render(ALL, "--fresh"))
        return cold[1]

    print("\ngrowth (one document, all formats, nothing reused)")
    took = []
    for number in TRIALS:
        trials.write_text(_multiplied(original, number), "utf-8")
        took.append(timed(f"{number:,} trials", _TABLE))
    trials.write_text(original, "utf-8")
    _print_growth("trials", TRIALS, took)
    took = []
    for number in SECTIONS:
        paragraphs = "".join(
            f"## Section {section}\n\n"
            + "".join(_PARAGRAPH.format(number=n) for n in range(20)).replace(
                "{{python}}", "{python}"
            )
            for section in range(number)
        )
        took.append(timed(f"{number} sections of 20 paragraphs", paragraphs))
    _print_growth("sections", SECTIONS, took)


def _print_growth(what: str, sizes: tuple[int, ...], took: list[float]) -> None:
    times = sizes[-1] / sizes[0]
    first, last = (
        (took[n + 1] - took[n]) / (sizes[n + 1] - sizes[n]) for n in (0, len(took) - 2)
    )
    print(
        f"  {times:.0f} times the {what}: {took[-1] / took[0]:.1f} times the CPU time; "
        f"each more costs {1000 * first:.1f} ms at first, {1000 * last:.1f} ms at last"
    )


def _multiplied(table: str, number: int) -> str:
    """Repeat the trials under other names until there are enough."""
    rows = list(csv.reader(table.splitlines()))
    head, trials = rows[0], rows[1:]
    lines = [",".join(head)]
    for n in range(number):
        turn, place = divmod(n, len(trials))
        name = trials[place][0] if not turn else f"{trials[place][0]}x{turn}"
        lines.append(",".join([name, *trials[place][1:]]))
    return "\n".join(lines) + "\n"


def against_quarto(bench: Bench) -> None:
    """Time the same sources with Quarto, where it is installed."""
    if shutil.which("quarto") is None and not os.environ.get("QUARTO_PATH"):
        print("\nquarto is not on the PATH: nothing to compare with")
        return
    print("\nthe same with Quarto")
    ours, _ = bench.median(
        "builtin, all formats", 1, lambda: bench.render(ALL, "--fresh")
    )
    theirs, _ = bench.median(
        "quarto, all formats", COLD, lambda: bench.render(ALL, engine="quarto")
    )
    print(f"  the built-in engine takes {ours / theirs:.2f} of Quarto's time")


def main(arguments: list[str]) -> int:
    """Run all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="once, and no growth")
    quick = parser.parse_args(arguments).quick
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} processors, load {load:.1f} before the first render")
    with tempfile.TemporaryDirectory(prefix="rendering-") as folder:
        bench = Bench(copy(Path(folder, "manuscript")), quick)
        writing(bench)
        against_quarto(bench)
        if bench.late:
            print(f"\ngrowth is left out: over {LIMIT:.0f} s have passed")
        elif not quick:
            growing = copy(Path(folder, "growth"))
            grower = Bench(growing, quick)
            growth(growing, grower)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
