"""Renders for the preview: one at a time, the latest state of the sources."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from manuscript.execute import State as Sources

INTERVAL = 0.25
# Seconds that a render goes on after a save, which it does not show, so that a cell
# without end is left. One that follows a render that was left has twice as long, up to
# the second of these: who saves more often than pages are made sees some all the same.
PATIENCE = 5.0
LONGEST = 40.0

# Renders one format into a folder; answers with the faults, empty when it is well.
Build = Callable[[Path, str], str]


@dataclass(frozen=True)
class State:
    """What the preview shows.

    Attributes
    ----------
    version : int
        Counts the successful renders.
    fault : str
        Message of the last render if it failed, else empty.
    working : bool
        Whether a render is under way.
    """

    version: int = 0
    fault: str = ""
    working: bool = False


class Renders:
    """Watches the project and keeps a folder of outputs up to date.

    Parameters
    ----------
    root : Path
        The project.
    folder : Path
        Where the outputs of the preview go, apart from those of a render.
    build : callable, optional
        Renders a format; a process of its own by default, so that a change of
        code takes effect and a crash leaves the preview standing.
    """

    def __init__(self, root: Path, folder: Path, build: Build | None = None) -> None:
        self.root = root
        self.folder = folder
        self.state = State()
        self._build = build or self._process
        self._changed = threading.Condition()
        self._stop = threading.Event()
        self._rendering = threading.Lock()
        self._pdf: Sources | None = None
        self._patience = PATIENCE

    def watch(self) -> None:
        """Render now and after every change, until :meth:`stop`."""
        seen: Sources | None = None
        while not self._stop.is_set():
            current = Sources.of(self.root, before=seen)
            if not seen or current.files != seen.files:
                self._render("html")
            seen = current
            self._stop.wait(INTERVAL)

    def stop(self) -> None:
        """End :meth:`watch` and release those who wait."""
        self._stop.set()
        self._set(self.state)

    def wait(self, seen: State, seconds: float) -> State:
        """Return the state as soon as it differs, or when the time is up."""
        with self._changed:
            self._changed.wait_for(
                lambda: self.state != seen or self._stop.is_set(), seconds
            )
            return self.state

    @property
    def stopped(self) -> bool:
        """Whether the preview has ended."""
        return self._stop.is_set()

    def pdf(self) -> str:
        """Bring the PDFs up to date; answers with the faults."""
        current = Sources.of(self.root, before=self._pdf)
        with self._rendering:
            if self._pdf and current.files == self._pdf.files:
                return ""
            fault = self._build(self.folder, "pdf")
            self._pdf = None if fault else current
            return fault

    def _render(self, to: str) -> None:
        self._set(replace(self.state, working=True))
        with self._rendering:
            fault = self._build(self.folder, to)
        version = self.state.version + (0 if fault else 1)
        self._set(State(version, fault))

    def _set(self, state: State) -> None:
        with self._changed:
            self.state = state
            self._changed.notify_all()

    def _process(self, folder: Path, to: str) -> str:
        command = [sys.executable, "-m", "manuscript", "render"]
        options = ["--draft", "--to", to, "--output", str(folder)]
        began = Sources.of(self.root)
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(
                [*command, *options],
                cwd=self.root,
                stdout=subprocess.DEVNULL,
                stderr=said,
            )
            outdated = 0.0
            while process.poll() is None and outdated < self._patience:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(INTERVAL)
                if outdated or began.files != Sources.of(self.root, before=began).files:
                    outdated += INTERVAL
            left = process.poll() is None
            if left:
                process.send_signal(signal.SIGINT)
            self._patience = min(2 * self._patience, LONGEST) if left else PATIENCE
            status = process.wait()
            said.seek(0)
            fault = said.read().decode("utf-8", "replace").strip()
        return fault or f"the render ended with status {status}" if status else ""
