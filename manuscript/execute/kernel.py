"""A Jupyter kernel that gives the same answers on every machine.

The kernel is the running interpreter's own, whatever kernels the user has
installed; it reads none of the user's IPython or matplotlib settings and knows
one time zone, one locale and one thread.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from manuscript.execute.files import forget_compiled
from manuscript.execute.nursery import SETUP, Nursery, Process, own
from manuscript.execute.state import variables
from manuscript.values import temporary_folder

if TYPE_CHECKING:
    import zmq
    from jupyter_client.session import Session

START_LIMIT = 60.0  # seconds
OUTPUT_LIMIT = 50_000_000  # characters that a cell may print
_POLL = 250  # milliseconds
# Bitmaps are drawn from them (:mod:`manuscript.values.raster`).
_VECTORS = "--InlineBackend.figure_formats={'svg'}"
_SOON = 10  # milliseconds, after which the first question is asked again

# Of sockets in a folder, which tells kernels apart.
_PORTS = {
    f"{name}_port": number
    for number, name in enumerate(("shell", "iopub", "stdin", "control", "hb"), 1)
}

Message = dict[str, Any]

_MATPLOTLIBRC = """\
figure.figsize: {width}, {height}
figure.dpi: {dpi}
savefig.dpi: figure
svg.hashsalt: manuscript
"""


class KernelEndedError(Exception):
    """The kernel's process ended by itself."""


class KernelLostError(KernelEndedError):
    """The kernel ended, or gave no answer, when it was asked before."""


class StoppedError(Exception):
    """The render that asked needs no answer any more."""


class KernelTimeoutError(Exception):
    """The kernel did not answer within the limit."""


class Kernel:
    """A running kernel; use :func:`start`."""

    def __init__(
        self,
        process: Process,
        session: Session,
        shell: zmq.Socket[bytes],
        published: zmq.Socket[bytes],
        stop: threading.Event,
        errors: Path,
    ) -> None:
        self._process = process
        self._session = session
        self._shell = shell
        self._published = published
        self._stop = stop
        self._errors = errors
        self._lost = False

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
        KernelTimeoutError, KernelEndedError, KernelLostError, StoppedError
        """
        if self._lost:
            raise KernelLostError
        try:
            return self._executed(code, limit, expressions)
        except (KernelTimeoutError, KernelEndedError):
            self._lost = True
            raise

    def _executed(
        self, code: str, limit: float, expressions: Mapping[str, str] | None
    ) -> tuple[list[Message], Message]:
        deadline = time.monotonic() + limit
        request = {
            "code": code,
            "silent": False,
            "store_history": False,
            "allow_stdin": False,
            "stop_on_error": True,
            "user_expressions": dict(expressions or {}),
        }
        sent = self._send("execute_request", request)
        messages: list[Message] = []
        printed = 0
        while True:
            message = self._receive(self._published, sent, deadline)
            content = message["content"]
            if message["msg_type"] != "status":
                messages.append(message)
                printed += len(content.get("text", ""))
                if printed > OUTPUT_LIMIT:
                    raise KernelEndedError(f"it printed over {OUTPUT_LIMIT} characters")
            elif content["execution_state"] == "idle":
                break
        reply = self._receive(self._shell, sent, deadline)
        return messages, reply["content"]

    def wait_until_ready(self) -> None:
        """Wait for the first answer.

        Raises
        ------
        KernelEndedError, KernelTimeoutError, StoppedError
        """
        deadline = time.monotonic() + START_LIMIT
        while True:
            # What is published before the subscription has arrived is lost, so
            # ask until an answer comes by that way too.
            sent = self._send("kernel_info_request", {})
            self._receive(self._shell, sent, deadline)
            if self._published.poll(_SOON):
                return

    def _send(self, kind: str, content: Message) -> str:
        """Send a request; return the name by which answers refer to it."""
        message = self._session.send(self._shell, kind, content)
        assert message is not None
        return str(message["header"]["msg_id"])

    def _receive(
        self, socket: zmq.Socket[bytes], sent: str, deadline: float
    ) -> Message:
        """Wait for the next answer to what was sent."""
        while True:
            if self._stop.is_set():
                raise StoppedError
            if time.monotonic() > deadline:
                raise KernelTimeoutError
            if socket.poll(_POLL):
                _, message = self._session.recv(socket)
                if message and message["parent_header"].get("msg_id") == sent:
                    return message
            elif (status := self._process.poll()) is not None:
                raise KernelEndedError(f"it ended with status {status}{self._last()}")

    def _last(self) -> str:
        """Last line that the process itself wrote, such as a missing module's."""
        lines = self._errors.read_text("utf-8", "replace").split("\n")
        written = [line.strip() for line in lines if line.strip()]
        return f" ({written[-1]})" if written else ""


@contextmanager
def start(
    folder: Path,
    size: tuple[float, float],
    dpi: int,
    epoch: int,
    stop: threading.Event,
    nursery: Nursery | None = None,
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
    nursery : Nursery, optional
        Makes the kernel, if it can and the settings are its own.
    """
    with temporary_folder(_short()) as scratch:
        setup = _setup(size, dpi)
        (scratch / SETUP).write_text(setup, "utf-8")
        # Sockets in a private folder: nobody else can reach them, and two
        # kernels starting at once cannot draw the same port.
        key = os.urandom(32).hex()
        connection = {"transport": "ipc", "ip": f"{scratch}/kernel", **_PORTS}
        signed = {"key": key, "signature_scheme": "hmac-sha256"}
        file = scratch / "kernel.json"
        file.touch(mode=0o600)
        file.write_text(json.dumps(connection | signed), "utf-8")
        errors = scratch / "stderr"
        errors.touch()
        arguments = ["-f", str(file), _VECTORS]
        process: Process | None = None
        if nursery and nursery.setup == setup:
            import_module("jupyter_client.session")  # while the values are computed
            process = nursery.copy(arguments, scratch, errors, stop)
        if process is None:
            forget_compiled(folder)
            environment = _environment(epoch) | own(scratch)
            process = _started(arguments, folder, environment, errors)
        try:
            # Slow to import, and many a render needs no kernel: while this one starts.
            import zmq
            from jupyter_client.session import Session

            session = Session(key=key.encode())
            address = f"ipc://{scratch}/kernel-{{}}"
            with (
                zmq.Context() as context,
                context.socket(zmq.DEALER) as shell,
                context.socket(zmq.SUB) as published,
            ):
                shell.linger = 0
                # Where the kernel is not there yet, zmq tries again in 0.1 seconds.
                shell.reconnect_ivl = published.reconnect_ivl = _SOON
                shell.connect(address.format(_PORTS["shell_port"]))
                published.subscribe(b"")
                published.connect(address.format(_PORTS["iopub_port"]))
                kernel = Kernel(process, session, shell, published, stop, errors)
                kernel.wait_until_ready()
                yield kernel
        finally:
            process.kill()
            process.wait()


def nursery(
    folder: Path,
    size: tuple[float, float],
    dpi: int,
    epoch: int,
    modules: Sequence[str],
    *,
    values: str,
) -> Nursery:
    """Start what makes kernels of these settings (:func:`start`)."""
    forget_compiled(folder)
    environment = _environment(epoch)
    return Nursery(folder, environment, _setup(size, dpi), modules, values=values)


def _setup(size: tuple[float, float], dpi: int) -> str:
    return _MATPLOTLIBRC.format(width=size[0], height=size[1], dpi=dpi)


def _started(
    arguments: Sequence[str], folder: Path, environment: dict[str, str], errors: Path
) -> subprocess.Popen[bytes]:
    with errors.open("wb") as stderr:
        return subprocess.Popen(
            [sys.executable, "-m", "ipykernel_launcher", *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            process_group=0,  # an interrupt is the render's to answer
        )


def _short() -> str | None:
    """Folder for sockets, whose paths the system cuts off at some 100 characters."""
    return "/tmp" if len(tempfile.gettempdir()) > 60 else None


def _environment(epoch: int) -> dict[str, str]:
    return variables() | {
        "JPY_PARENT_PID": str(os.getpid()),
        "LC_ALL": "C.UTF-8",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "SOURCE_DATE_EPOCH": str(epoch),
        "TZ": "UTC",
    }
