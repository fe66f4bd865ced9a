"""Work in a copy of this process: with a core free, two things take the time of one.

The copy (``fork``) has all that this process knows, tells bytes and ends. It is made
before this process has threads that hold anything, and where that cannot be, or the
work fails, nothing is told: who asked then does the work, and meets the fault.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable
from typing import NoReturn

# The one that works, and the one that waits for interrupts.
_THREADS = 2


def possible() -> bool:
    """Whether a copy can be made, and would have a core of its own."""
    alone = threading.active_count() <= _THREADS
    return sys.platform == "linux" and alone and len(os.sched_getaffinity(0)) > 1


def begin(work: Callable[[], bytes]) -> Callable[[], bytes]:
    """Begin work in a copy of this process.

    Parameters
    ----------
    work : callable
        Returns what the copy tells.

    Returns
    -------
    callable
        Waits for what was told, once; returns nothing where the work failed.

    Examples
    --------
    >>> told = begin(lambda: b"done")
    >>> told()
    b'done'
    """
    reading, telling = os.pipe()
    with warnings.catch_warnings():
        # Python 3.12 warns of any thread; the other one holds no lock, as it waits.
        warnings.simplefilter("ignore", DeprecationWarning)
        copy = os.fork()
    if not copy:
        os.close(reading)
        _tell(telling, work)
    os.close(telling)

    def told() -> bytes:
        with os.fdopen(reading, "rb") as pipe:
            found = pipe.read()
        _, status = os.waitpid(copy, 0)
        return b"" if status else found

    return told


def _tell(telling: int, work: Callable[[], bytes]) -> NoReturn:
    status = 1
    try:
        # An interrupt is this copy's end, and none of the render's.
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        with os.fdopen(telling, "wb") as pipe:
            pipe.write(work())
        status = 0
    finally:
        os._exit(status)
