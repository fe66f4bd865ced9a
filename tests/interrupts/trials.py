"""Interrupts of a render at moments drawn by chance, and what they leave."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

LIMIT = 2.0  # seconds that an interrupted program may take to end
# More than that, and it hangs: on a machine with other work all takes longer.
HANGS = 10.0


@dataclass(frozen=True)
class Ended:
    """How a render ended that was interrupted ``after`` seconds."""

    after: float
    took: float
    status: int
    said: str
    hung: bool


def interrupt(root: Path, after: float, *options: str) -> Ended:
    """Interrupt a render once; the whole group of processes, as a terminal does."""
    process = subprocess.Popen(
        [sys.executable, "-m", "manuscript", "render", "--engine", "builtin", *options],
        cwd=root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # What runs in the background ignores interrupts from the start.
        preexec_fn=_heed,
    )
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGINT)
    start = time.monotonic()
    try:
        _, said = process.communicate(timeout=HANGS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        _, said = process.communicate()
        return Ended(after, HANGS, -1, said, True)
    return Ended(after, time.monotonic() - start, process.returncode, said, False)


def _heed() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def digest(folder: Path) -> str:
    """Digest all files of a folder."""
    found = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        found.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return found.hexdigest()


def moments(count: int, latest: float, seed: int = 22) -> list[float]:
    """Draw moments, half of them in the first second."""
    chance = Random(seed)
    return [chance.uniform(0.15, 1.0 if i % 2 else latest) for i in range(count)]


def moments_of(count: int, whole: float, seed: int = 16) -> list[float]:
    """Draw moments of a render, half of them near its end, where outputs change."""
    chance = Random(seed)
    return [whole * chance.uniform(0.7 if i % 2 else 0.02, 1.05) for i in range(count)]
