"""Renders that are killed, and renders whose sources change: of which state they are.

A project has two states, which differ in one file. What a render leaves, however it
ends, is one of the two, whole; and the next render is right.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.interrupts.trials import digest

PATIENCE = 600.0  # seconds after which a render hangs
_RENDER = (sys.executable, "-m", "manuscript", "render", "--engine", "builtin")


@dataclass(frozen=True)
class Outcome:
    """How one trial ended.

    Attributes
    ----------
    after : float
        Seconds after which the render was killed, or its source changed.
    said : str
        What the render printed.
    restarted : bool
        Whether it began again as something had changed.
    fault : str
        What is wrong with the outputs; nothing where all is right.
    """

    after: float
    said: str
    restarted: bool
    fault: str


class States:
    """A project with two states of one file, and the digests of their outputs."""

    def __init__(self, root: Path, file: str, old: str, new: str) -> None:
        self._root, self._file = root, root / file
        text = self._file.read_text("utf-8")
        if old not in text:
            raise SystemExit(f"{file} lacks {old!r}")
        self._texts = text, text.replace(old, new, 1)
        self._at = 0
        self._environment = os.environ | {"SOURCE_DATE_EPOCH": "1700000000"}
        self.seconds = 0.0
        found = []
        for state in (1, 0):
            self._set(state)
            began = time.monotonic()
            self._whole("--fresh")
            self.seconds = time.monotonic() - began
            found.append(digest(root / "_output"))
        self._digests = found[1], found[0]
        if found[0] == found[1]:
            raise SystemExit(f"{old!r} and {new!r} make the same outputs")

    def kill(self, after: float) -> Outcome:
        """Change the file, and kill the render of it."""
        before = self._at
        self._set(1 - before)
        process = self._start()
        try:
            said, _ = process.communicate(timeout=after)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            said, _ = process.communicate()
        return self._outcome(after, said, (before, self._at))

    def edit(self, after: float) -> Outcome:
        """Change the file while a render runs, which then has an end of its own."""
        before = self._at
        process = self._start("--fresh")
        try:
            said, _ = process.communicate(timeout=after)
        except subprocess.TimeoutExpired:
            self._set(1 - before)
            said, _ = process.communicate(timeout=PATIENCE)
        self._set(1 - before)
        found = self._outcome(after, said, (before, self._at))
        if process.returncode and not found.fault:
            return Outcome(after, said, found.restarted, f"status {process.returncode}")
        return found

    def _outcome(self, after: float, said: str, states: tuple[int, int]) -> Outcome:
        restarted, fault = "starting again" in said, ""
        if digest(self._root / "_output") not in {self._digests[s] for s in states}:
            fault = "outputs of neither state"
        try:
            self._whole()
        except RuntimeError as error:
            fault = fault or f"the next render fails: {error}"
        if digest(self._root / "_output") != self._digests[self._at]:
            fault = fault or "the next render is wrong"
        return Outcome(after, said, restarted, fault)

    def _set(self, state: int) -> None:
        if self._file.read_text("utf-8") != self._texts[state]:
            # As editors do: a new file in place of the old one.
            beside = self._file.with_name(f".{self._file.name}.new")
            beside.write_text(self._texts[state], "utf-8")
            beside.replace(self._file)
        self._at = state

    def _start(self, *options: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*_RENDER, *options],
            cwd=self._root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=self._environment,
            start_new_session=True,
        )

    def _whole(self, *options: str) -> None:
        process = self._start(*options)
        said, _ = process.communicate(timeout=PATIENCE)
        if process.returncode:
            raise RuntimeError(said.strip()[-500:])
