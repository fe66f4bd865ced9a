"""How long the checks take on the manuscript: as a command, and each by itself."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter

from analysis.letter import letter
from manuscript import check as checks
from manuscript.check.proof import Proof
from manuscript.source.documents import Project

ROOT = Path(__file__).resolve().parents[1]
REPEATS = 5


def best(action: Callable[[], object], repeats: int = REPEATS) -> float:
    """Return the least of several durations, in seconds."""
    durations = []
    for _ in range(repeats):
        start = perf_counter()
        action()
        durations.append(perf_counter() - start)
    return min(durations)


def command(*more: str) -> None:
    """Run the checks as an author does, in a new process."""
    arguments = [sys.executable, "-m", "manuscript", "check", *more]
    subprocess.run(arguments, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)


def main() -> None:
    """Print the durations, the least of five."""
    print(f"check --fresh, values computed  {best(partial(command, '--fresh')):.2f} s")
    print(f"check, values known             {best(command):.2f} s")
    v = letter()
    project = Project.load(ROOT)
    proof = Proof.of(project, v)
    print(f"sources read                    {best(lambda: Project.load(ROOT)):.3f} s")
    print(f"prose read, values known        {best(lambda: Proof.of(project, v)):.3f} s")
    total = best(lambda: checks.outcomes(project, (), v))
    print(f"all checks, values known        {total:.3f} s")
    for name, module in checks.CHECKS.items():
        print(f"  {name:<28}  {best(partial(module.check, proof)):.3f} s")


if __name__ == "__main__":
    main()
