"""Run as a program: a process that loads what kernels need and is copied for each.

It has the environment of kernels (:mod:`manuscript.execute.kernel`) and stands by
itself, as a project need not hold the press. Asked to, it computes all values first
and tells them, and loads the modules that documents import, while a copy of its own
computes what takes long; then for each order it makes a copy of itself (``fork``),
which becomes a kernel. Copies share nothing that one of them changes. Where loading
said something or failed, or left threads, which no copy has, it makes none: the asker
starts kernels anew, in which all happens again.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

# A kernel loads its debugger as it starts, whether it is asked to debug or not.
_ALWAYS = ("ipykernel.kernelapp", "ipykernel.debugger")
# Drawing loads these, and with the first figure only.
_DRAWING = ("matplotlib.figure", "matplotlib.backends.backend_agg")
_VECTORS = "matplotlib.backends.backend_svg"
# Hooks itself into a shell when it is loaded, and here is none.
_TOO_EARLY = "matplotlib_inline.backend_inline"
_MOST = 1 << 16  # bytes of an order


def main(channel: socket.socket, values: int) -> None:
    """Do as the asker says, as long as there is one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()  # what is loaded here stays, and looking through it takes long
    # As in a kernel, where the working directory comes first.
    sys.path[0] = ""
    first = json.loads(channel.recv(_MOST))
    load = cache(lambda: _load(first["modules"]))
    with os.fdopen(values, "wb") as told:
        if first["values"]:
            told.write(_values(first["values"], load))
    able: bool | None = None
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        message, handles, *_ = socket.recv_fds(channel, _MOST, 1)
        if not message:
            os._exit(0)
        with socket.socket(fileno=handles[0]) as asker:
            if able is None:
                able = load() and _is_alone()
            if able and os.fork() == 0:
                channel.close()
                _keep(asker, json.loads(message))


def _values(state: str, meanwhile: Callable[[], object]) -> bytes:
    """Compute and pack all values; nothing where that fails: others name the fault."""
    try:
        known = import_module("manuscript.execute.known")
        # What cells import as `v`, so that they find it computed.
        v = import_module("manuscript.prose").v
        if known.begin(v):
            meanwhile()
        packed: bytes = known.packed(v, state)
    except BaseException:
        return b""
    return packed


def _load(modules: Sequence[str]) -> bool:
    """Load modules; tell whether all could be."""
    try:
        for name in (*_ALWAYS, *modules):
            import_module(name)
        if "matplotlib" in sys.modules or "manuscript.values.picture" in sys.modules:
            for name in (*_DRAWING, _VECTORS):
                import_module(name)
    except BaseException:
        return False
    return True


def _is_alone() -> bool:
    """Tell whether a copy is what a kernel would be."""
    if _threads() > 1:
        gc.collect()  # ends those of databases that nobody holds any more
    gc.freeze()  # so that copies share what is loaded
    sys.stdout.flush()
    sys.stderr.flush()
    said = os.fstat(1).st_size or os.fstat(2).st_size
    return _threads() == 1 and not said and _TOO_EARLY not in sys.modules


def _threads() -> int:
    return len(os.listdir("/proc/self/task"))  # noqa: PTH208


def _keep(asker: socket.socket, order: dict[str, Any]) -> None:
    """Make a kernel; end it when the asker is gone; tell the asker when it ends."""
    woken, wakes = os.pipe()
    os.set_blocking(wakes, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
    os.setpgid(0, 0)
    child = os.fork()
    if child == 0:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        asker.close()
        os.close(woken)
        os.close(wakes)
        _become(order)
    try:
        asker.send(str(child).encode())
        waiting: list[Any] = [asker, woken]
        gone = asker in select.select(waiting, [], [])[0]
    except OSError:
        gone = True
    if gone:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    try:
        asker.send(str(os.waitstatus_to_exitcode(status)).encode())
    finally:
        os._exit(0)


def _become(order: dict[str, Any]) -> None:
    """Become a kernel."""
    try:
        gc.enable()
        os.setpgid(0, 0)
        errors = os.open(order["errors"], os.O_WRONLY | os.O_APPEND)
        nothing = os.open(os.devnull, os.O_RDWR)
        for handle, standard in ((nothing, 0), (nothing, 1), (errors, 2)):
            os.dup2(handle, standard)
        os.environ.update(order["environment"])
        sys.path.remove("")
        launcher = Path(sys.modules["ipykernel"].__path__[0]).parent
        arguments = [
            *order["arguments"],
            f"--IPKernelApp.parent_handle={os.getppid()}",
        ]
        sys.argv = [str(launcher / "ipykernel_launcher.py"), *arguments]
        sys.modules["ipykernel.kernelapp"].launch_new_instance(argv=arguments)
    finally:
        os._exit(1)


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]))
