"""A Jupyter kernel that gives the same answers on every machine.

The kernel is the running interpreter's own, whatever kernels the user has
installed; it reads none of the user's IPython or matplotlib settings and knows
one time zone, one locale and one thread.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.connect import write_connection_file

START_LIMIT = 60.0  # seconds
_POLL = 0.25  # seconds

Message = dict[str, Any]

_MATPLOTLIBRC = """\
figure.figsize: {width}, {height}
figure.dpi: {dpi}
savefig.dpi: figure
svg.hashsalt: manuscript
"""


class KernelEndedError(Exception):
    """The kernel's process ended by itself."""


class StoppedError(Exception):
    """The render that asked needs no answer any more."""


class KernelTimeoutError(Exception):
    """The kernel did not answer within the limit."""


class Kernel:
    """A running kernel; use :func:`start`."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        client: BlockingKernelClient,
        stop: threading.Event,
    ) -> None:
        self._process = process
        self._client = client
        self._stop = stop

    def execute(
        self, code: str, limit: float, expressions: Mapping[str, str] | None = None
    ) -> tuple[list[Message], Message]:
        """Run code and wait for all it prints.

        Parameters
        ----------
        code : str
        limit : float
            Seconds.
        expressions : mapping, optional
            Expressions to evaluate after the code, by any name.

        Returns
        -------
        messages : list of dict
            What the code published, in order.
        reply : dict
            Content of the ``execute_reply``.

        Raises
        ------
        KernelTimeoutError, KernelEndedError
        """
        deadline = time.monotonic() + limit
        sent = self._client.execute(
            code,
            store_history=False,
            allow_stdin=False,
            user_expressions=dict(expressions or {}),
        )
        messages: list[Message] = []
        while True:
            message = self._next(self._client.get_iopub_msg, sent, deadline)
            content = message["content"]
            if message["msg_type"] == "status":
                if content["execution_state"] == "idle":
                    break
            else:
                messages.append(message)
        reply = self._next(self._client.get_shell_msg, sent, deadline)
        return messages, reply["content"]

    def _next(
        self, receive: Callable[..., Message], sent: str, deadline: float
    ) -> Message:
        while True:
            try:
                message = receive(timeout=_POLL)
            except queue.Empty:
                self._check_alive()
                if time.monotonic() > deadline:
                    raise KernelTimeoutError from None
                continue
            if message["parent_header"].get("msg_id") == sent:
                return message

    def _check_alive(self) -> None:
        if self._stop.is_set():
            raise StoppedError
        if (status := self._process.poll()) is not None:
            raise KernelEndedError(f"it ended with status {status}")

    def wait_until_ready(self) -> None:
        """Wait for the first answer.

        Raises
        ------
        KernelEndedError
            When the process ends, or does not answer in time.
        """
        deadline = time.monotonic() + START_LIMIT
        while True:
            try:
                self._client.wait_for_ready(timeout=_POLL)
                return
            except RuntimeError:
                self._check_alive()
                if time.monotonic() > deadline:
                    raise KernelEndedError("it gave no answer") from None


@contextmanager
def start(
    folder: Path,
    size: tuple[float, float],
    dpi: int,
    epoch: int,
    stop: threading.Event,
) -> Iterator[Kernel]:
    """Start a kernel, and end it with the block.

    Parameters
    ----------
    folder : Path
        Working directory, from which cells import modules.
    size : tuple of float
        Default width and height of figures in inches.
    dpi : int
        Of bitmap figures.
    epoch : int
        Seconds since 1970 that files made by cells are dated with.
    stop : threading.Event
        Ends what runs when it is set.
    """
    with tempfile.TemporaryDirectory(prefix="manuscript-") as scratch:
        rc = Path(scratch, "matplotlibrc")
        rc.write_text(
            _MATPLOTLIBRC.format(width=size[0], height=size[1], dpi=dpi), "utf-8"
        )
        connection = str(Path(scratch, "kernel.json"))
        # Sockets in a private folder: nobody else can reach them, and two
        # kernels starting at once cannot draw the same port.
        write_connection_file(
            connection, transport="ipc", ip=str(Path(scratch, "kernel"))
        )
        process = subprocess.Popen(
            [
                sys.executable,
                *("-m", "ipykernel_launcher", "-f", connection),
                "--InlineBackend.figure_formats={'svg', 'png'}",
            ],
            cwd=folder,
            env=_environment(scratch, rc, epoch),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        client = BlockingKernelClient(connection_file=connection)
        try:
            client.load_connection_file()
            client.start_channels(stdin=False, hb=False)
            kernel = Kernel(process, client, stop)
            kernel.wait_until_ready()
            yield kernel
        finally:
            client.stop_channels()
            process.kill()
            process.wait()


def _environment(scratch: str, rc: Path, epoch: int) -> dict[str, str]:
    return os.environ | {
        "IPYTHONDIR": scratch,
        "JPY_PARENT_PID": str(os.getpid()),
        "LC_ALL": "C.UTF-8",
        "MATPLOTLIBRC": str(rc),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "SOURCE_DATE_EPOCH": str(epoch),
        "TZ": "UTC",
    }
