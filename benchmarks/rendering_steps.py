"""What each step of a render costs, one after the other.

Run ``python -m benchmarks.rendering_steps``. A render does many of these side by
side, and after an edit only some; here each runs by itself, once, with nothing kept.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from manuscript.check import outcomes
from manuscript.compose import render
from manuscript.compose.formats import article, docx, html, pdf
from manuscript.execute import cells as execute
from manuscript.execute.cells import Execution, Options
from manuscript.execute.kept import Kept
from manuscript.execute.kernel import Kernel
from manuscript.execute.known import computed_letter
from manuscript.execute.outputs import Output
from manuscript.execute.state import State
from manuscript.record import ledger
from manuscript.source.documents import Project
from manuscript.source.fragments import Cell, Document

ROOT = Path(__file__).resolve().parents[1]

_IMPORTS = "import manuscript.compose.render, manuscript.execute.incremental"
_CLOCK = "__import__('time').process_time()"


class Steps:
    """Seconds and processor seconds of steps, by name."""

    def __init__(self) -> None:
        self._took: dict[str, tuple[float, float]] = {}

    def add(self, name: str, seconds: float, cpu: float) -> None:
        """Add to what a step took."""
        before = self._took.get(name, (0.0, 0.0))
        self._took[name] = before[0] + seconds, before[1] + cpu

    @contextmanager
    def step(
        self, name: str, clock: Callable[[], float] | None = None
    ) -> Iterator[None]:
        """Time a block; ``clock`` tells the processor time if another process works."""
        clock = clock or _processor
        began, cpu = time.perf_counter(), clock()
        yield
        self.add(name, time.perf_counter() - began, clock() - cpu)

    def print(self) -> None:
        """Print the table."""
        for name, (seconds, cpu) in self._took.items():
            print(f"  {name:52}{seconds:7.2f} s{cpu:8.2f} s CPU")
        print(
            f"  {'one after the other':52}"
            f"{sum(s for s, _ in self._took.values()):7.2f} s"
            f"{sum(c for _, c in self._took.values()):8.2f} s CPU"
        )


def _processor() -> float:
    """Processor time of this process and of those it has waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _clock_of(kernel: Kernel) -> float:
    _, reply = kernel.execute("", 60, {"clock": _CLOCK})
    return float(reply["user_expressions"]["clock"]["data"]["text/plain"])


def executed(document: Document, options: Options, steps: Steps) -> Execution:
    """Execute a document as a cold render does."""
    name = document.stem
    outputs: list[tuple[Output, ...]] = []
    inlines: dict[tuple[int, str], str] = {}
    with ExitStack() as stack:
        with steps.step(f"{name}: kernel starts", lambda: 0.0):
            kernel = stack.enter_context(
                execute.started(document, ROOT, options, threading.Event())
            )
        steps.add(f"{name}: kernel starts", 0, _clock_of(kernel))

        def clock() -> float:
            return _clock_of(kernel)

        for fragment in document.fragments:
            began, cpu = time.perf_counter(), clock()
            if isinstance(fragment, Cell):
                found = execute.run_cell(fragment, ROOT, kernel, options, [])
                figure = any(output.kind == "figure" for output in found)
                what = "figures" if figure else "other cells" if outputs else "imports"
                outputs.append(found)
            elif fragment.inlines:
                what = "inline expressions, with the values they compute"
                inlines |= execute.evaluate(
                    fragment.inlines, len(outputs), kernel, options, []
                )
            else:
                continue
            steps.add(f"{name}: {what}", time.perf_counter() - began, clock() - cpu)
    return Execution(tuple(outputs), inlines)


def main() -> None:
    """Print what each step takes."""
    os.environ.setdefault("SOURCE_DATE_EPOCH", "1700000000")
    steps = Steps()
    with steps.step("Python starts and imports the press"):
        subprocess.run([sys.executable, "-c", _IMPORTS], cwd=ROOT, check=True)
    with steps.step("settings and sources are read"):
        project = Project.load(ROOT)
    with tempfile.TemporaryDirectory(prefix="steps-") as folder:
        kept = Kept(Path(folder))
        with steps.step("all values, with what they import"):
            v = computed_letter(State.of(ROOT), kept)
        with steps.step("checks, values known"):
            outcomes(project, (), v)
        for document in project.documents:
            options = render.cell_options(project, document, 600, render.EARLIEST)
            execution = executed(document, options, steps)
            with steps.step(f"{document.stem}: pandoc reads, cross-references"):
                made = article.compose(project, document, execution, options)
            for to, module in (("HTML", html), ("PDF", pdf), ("Word", docx)):
                with (
                    steps.step(f"{document.stem}: {to}"),
                    tempfile.TemporaryDirectory(dir=folder) as scratch,
                ):
                    module.build(made, Path(folder), Path(scratch))
        with steps.step("ledger, values known"):
            ledger.write(project, Path(folder), None, v)
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    steps.print()


if __name__ == "__main__":
    main()
