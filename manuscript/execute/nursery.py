"""Where kernels come from that share their start: one process, copied for each.

Starting a kernel, importing what documents import and computing the values takes
longer than most cells; where the values have to be computed anyway, one process does
it once (:mod:`manuscript.execute.copied`).
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

from manuscript.values import temporary_folder

_PROGRAM = Path(__file__).with_name("copied.py")
SETUP = "matplotlibrc"  # in the folder of a kernel
_POLL = 0.1  # seconds
_KILLED = -9


class Process(Protocol):
    """What a kernel has to know of its process."""

    def poll(self) -> int | None:
        """Return the status with which it ended, None while it runs."""

    def kill(self) -> None:
        """End it at once."""

    def wait(self) -> int:
        """Wait until it has ended."""


class Copy:
    """A kernel's process that is a copy; as :class:`Process`."""

    def __init__(self, keeper: socket.socket) -> None:
        self._keeper = keeper
        self._status: int | None = None

    def poll(self) -> int | None:
        """Return the status with which it ended, None while it runs."""
        if self._status is None:
            self._keeper.setblocking(False)
            try:
                self._take()
            except BlockingIOError:
                return None
        return self._status

    def kill(self) -> None:
        """End it at once: its keeper does when nobody asks any more."""
        if self._status is None:
            self._keeper.shutdown(socket.SHUT_WR)

    def wait(self) -> int:
        """Wait until it has ended."""
        if self._status is None:
            self._keeper.setblocking(True)
            self._take()
        self._keeper.close()
        assert self._status is not None
        return self._status

    def _take(self) -> None:
        try:
            self._status = int(self._keeper.recv(16) or _KILLED)
        except ConnectionError:
            self._status = _KILLED


class Nursery:
    """A process that is copied for each kernel.

    Parameters
    ----------
    folder : Path
        Working directory, from which cells import modules.
    environment : mapping of str to str
        Of all its kernels, as far as it is the same.
    setup : str
        Content of the file of settings that matplotlib reads.
    modules : sequence of str
        What documents import.
    values : str
        The state of which it computes the values
        (:func:`manuscript.execute.known.packed`); none if empty.
    """

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str],
        setup: str,
        modules: Sequence[str],
        *,
        values: str,
    ) -> None:
        self.setup = setup
        self._held = ExitStack()
        scratch = self._held.enter_context(temporary_folder())
        (scratch / SETUP).write_text(setup, "utf-8")
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._told, telling = os.pipe()
        with theirs, (scratch / "said").open("wb") as said:
            command = [sys.executable, str(_PROGRAM), str(theirs.fileno())]
            self._process = subprocess.Popen(
                [*command, str(telling)],
                cwd=folder,
                env={**environment, **own(scratch)},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                pass_fds=(theirs.fileno(), telling),
                process_group=0,  # an interrupt is the render's to answer
            )
        os.close(telling)
        self._ordering, self._reading = threading.Lock(), threading.Lock()
        self._values = b""
        self._order({"values": values, "modules": [*modules]})

    def values(self) -> bytes:
        """Return what it has computed; nothing where it could not."""
        with self._reading:
            if self._told >= 0:
                with os.fdopen(self._told, "rb") as told:
                    self._told = -1
                    self._values = told.read()
            return self._values

    def copy(
        self,
        arguments: Sequence[str],
        scratch: Path,
        errors: Path,
        stop: threading.Event,
    ) -> Copy | None:
        """Make a kernel; None where it has to be started by itself.

        Parameters
        ----------
        arguments : sequence of str
            Of the kernel.
        scratch : Path
            Its folder.
        errors : Path
            Where it writes what goes to standard error.
        stop : threading.Event
            Ends the waiting when it is set.
        """
        self.values()  # before it takes orders, it waits until somebody reads them
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        order = {
            "arguments": [*arguments],
            "environment": own(scratch),
            "errors": str(errors),
        }
        with theirs:
            if not self._order(order, theirs):
                ours.close()
                return None
        ours.settimeout(_POLL)
        while not stop.is_set():
            try:
                if ours.recv(16):
                    return Copy(ours)
                break
            except TimeoutError:
                continue
            except ConnectionError:
                break
        ours.close()
        return None

    def _order(self, order: object, handle: socket.socket | None = None) -> bool:
        handles = [] if handle is None else [handle.fileno()]
        message = json.dumps(order).encode()
        try:
            with self._ordering:
                socket.send_fds(self._channel, [message], handles)
        except OSError:
            return False
        return True

    def close(self) -> None:
        """End it; kernels that still run end with who asked for them."""
        if self._told >= 0:
            os.close(self._told)
            self._told = -1
        self._channel.close()
        os.killpg(self._process.pid, signal.SIGKILL)  # with what it has begun
        self._process.wait()
        self._held.close()


def own(scratch: Path) -> dict[str, str]:
    """Return the variables that differ from kernel to kernel."""
    return {"IPYTHONDIR": str(scratch), "MATPLOTLIBRC": str(scratch / SETUP)}


def possible() -> bool:
    """Whether processes can be copied here, and asked whether they are one thread."""
    return sys.platform == "linux" and Path("/proc/self/task").is_dir()
