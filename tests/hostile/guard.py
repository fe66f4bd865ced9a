"""What no input may bring about: a hang, a flood, a trace outside the folder given."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

LIMIT = 5  # seconds of processor time that any input may take
MEMORY = 1 << 30  # bytes that any input may take

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_PATHS = {
    **dict.fromkeys(("os.mkdir", "os.remove", "os.rmdir", "os.truncate"), (0,)),
    **dict.fromkeys(("os.rename", "os.link", "os.symlink"), (0, 1)),
    **dict.fromkeys(("os.chmod", "os.chown"), (0,)),
}
_NEVER = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork")
_NETWORK = ("socket.connect", "socket.bind", "socket.getaddrinfo")

# Peak of this process, which Linux tells and sets back on request.
_STATUS = Path("/proc/self/status")
_RESET = Path("/proc/self/clear_refs")
_TELLS = _STATUS.exists() and os.access(_RESET, os.W_OK)

_allowed: str | None = None
_seen: list[str] = []


@dataclass
class Cost:
    """What a block took: seconds of processor time, and bytes at its peak."""

    seconds: float = 0.0
    bytes: int = 0


class HangError(BaseException):
    """Past the limit; no ``except Exception`` may swallow it."""


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    if _allowed is None:
        return
    if event == "open":
        path, _, flags = arguments
        if isinstance(flags, int) and flags & _WRITING:
            _look(event, path)
    elif event in _PATHS:
        for place in _PATHS[event]:
            _look(event, arguments[place])
    elif event == "subprocess.Popen" and _asks_git(arguments):
        return
    elif event in _NEVER or event in _NETWORK:
        _seen.append(f"{event} {arguments!r}"[:300])


def _asks_git(arguments: tuple[object, ...]) -> bool:
    """Whether git is asked if it ignores a file, which changes nothing."""
    command = arguments[1]
    return isinstance(command, list) and command[:1] + command[3:4] == [
        "git",
        "check-ignore",
    ]


def _look(event: str, path: object) -> None:
    if not isinstance(path, str | bytes | os.PathLike):
        return  # a file that is open already
    name = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 (resolves no links)
    if name != os.devnull and not f"{name}{os.sep}".startswith(str(_allowed)):
        _seen.append(f"{event} {name}")


_installed = False


def _stop(number: int, frame: FrameType | None) -> None:
    raise HangError


@contextmanager
def guarded(folder: Path) -> Iterator[Cost]:
    """Fail where a block runs on, grows, or writes, starts or asks anything outside.

    Yields
    ------
    Cost
        Filled when the block has ended.

    Raises
    ------
    AssertionError
        Saying what happened.
    """
    global _allowed, _installed
    if not _installed:
        sys.addaudithook(_audit)
        _installed = True
    _seen.clear()
    scratch, cwd, bytecode = tempfile.tempdir, Path.cwd(), sys.dont_write_bytecode
    previous = signal.signal(signal.SIGPROF, _stop)
    tempfile.tempdir, sys.dont_write_bytecode = str(folder), True
    os.chdir(folder)
    cost, held, began = Cost(), _resident(), time.process_time()
    _allowed = str(folder) + os.sep
    signal.setitimer(signal.ITIMER_PROF, LIMIT)
    try:
        yield cost
    except HangError as error:
        raise AssertionError(f"no end within {LIMIT} s of processor time") from error
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        _allowed = None
        signal.signal(signal.SIGPROF, previous)
        tempfile.tempdir, sys.dont_write_bytecode = scratch, bytecode
        os.chdir(cwd)
    cost.seconds, cost.bytes = time.process_time() - began, _peak() - held
    assert cost.bytes <= MEMORY, f"{cost.bytes >> 20} MiB"
    assert not _seen, f"outside the folder: {'; '.join(_seen)}"


def _resident() -> int:
    """Set the peak back to what is held now, and tell it."""
    if _TELLS:
        _RESET.write_text("5")
    return _peak()


def _peak() -> int:
    """Bytes of memory at the highest since it was set back; 0 where none can tell."""
    if not _TELLS:
        return 0
    line = _STATUS.read_text().partition("VmHWM:")[2].partition("kB")[0]
    return int(line) * 1024
