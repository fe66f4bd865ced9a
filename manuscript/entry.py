"""What every entry point does with a fault: a line each, and never a traceback.

An error that the project defines is a fault of what it was given, and says where
and how to mend it. Any other is a fault of the program: its details go to a file.
"""

from __future__ import annotations

import _thread
import gc
import os
import signal
import sys
import tempfile
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from manuscript.errors import of_code, single
from manuscript.values import safely

Main = Callable[[Sequence[str]], int]

# Of the sources, which are looked for upwards from where the command was given.
PROJECT = "_quarto.yml"
DETAILS = Path(".manuscript") / "fault.txt"
STOPPED = "stopped; the outputs are as they were"
INTERRUPTED = 130  # as shells say of SIGINT
CLOSED = 141  # and of SIGPIPE
# Seconds for tidying up after an interrupt; whatever still waits is then left.
GRACE = 1.5

_HOME = Path(__file__).resolve().parents[1]
_COLLECTED = (100_000, 50, 100)  # objects, and collections of each age


def program(main: Main) -> None:
    """Run a program with the arguments of its process, and end the process.

    An interrupt ends it within two seconds, whatever its threads wait for. Locks
    are the system's and go with the process.

    Parameters
    ----------
    main : callable
        Takes the arguments and returns the exit status.
    """
    status = answered(lambda: _watched(main))
    with suppress(OSError, ValueError):
        sys.stderr.flush()
    if status == INTERRUPTED:
        os._exit(status)  # a thread that still waits would be waited for
    sys.exit(status)


def _watched(main: Main) -> int:
    _watch_for_interrupts()
    # Trees of documents are large and live long: looking through them for what nobody
    # holds takes half of the time of reading them.
    gc.set_threshold(*_COLLECTED)
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    if not sys.warnoptions:
        # What has no estimate is NaN, of which numpy warns and the text tells.
        warnings.simplefilter("ignore", RuntimeWarning)
    return main(sys.argv[1:])


def answered(run: Callable[[], int]) -> int:
    """Run a command; answer a fault with lines on standard error.

    Parameters
    ----------
    run : callable
        Returns the exit status.

    Returns
    -------
    int
        Its status, or 1 after a fault.
    """
    with safely():
        try:
            status = run()
            sys.stdout.flush()
        except SystemExit:
            raise
        except BaseException as error:
            return _told(list(single(error)))
        return status


def lines(error: BaseException) -> list[str]:
    """Say what a fault is, a line each.

    Examples
    --------
    >>> lines(FileNotFoundError(2, "No such file", "a.csv"))
    ['a.csv: no such file; check the place, its permissions and the space left']
    """
    if isinstance(error, ModuleNotFoundError) and not _is_ours(error.name or ""):
        mend = "run the command with .venv/bin/python, which `make render` sets up"
        if (root := _project()) and Path(sys.prefix) == root / ".venv":
            mend = "add it to requirements.txt, and run `make render`"
        return [
            f"the package {error.name} is not installed for {sys.executable}; {mend}"
        ]
    if _is_ours(type(error).__module__):
        several = getattr(error, "faults", None)
        found = [str(each) for each in several] if several else [str(error)]
        return [" ".join(each.split()) for each in found]
    if isinstance(error, OSError):
        what = error.strerror or str(error) or type(error).__name__
        place = f"{error.filename}: " if error.filename else ""
        return [f"{place}{what}; check the place, its permissions and the space left"]
    if isinstance(error, MemoryError):
        return ["memory ran out; close other programs, or take smaller data"]
    return []


def _told(errors: list[BaseException]) -> int:
    if any(isinstance(error, BrokenPipeError) for error in errors):
        # Whoever read has read enough; what is still to be flushed goes nowhere.
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLOSED
    if any(map(_is_interrupt, errors)):
        _print(STOPPED)
        return INTERRUPTED
    root = _project()
    placed = [
        (None if lines(error) or not root else of_code(error, root)) or error
        for error in errors
    ]
    unknown = [error for error in placed if not lines(error)]
    for line in dict.fromkeys(line for error in placed for line in lines(error)):
        _print(line)
    if unknown:
        place = _save(unknown)
        what = " ".join(str(unknown[0]).split())[:200]
        _print(
            f"{type(unknown[0]).__name__}: {what}; this is a fault of the program, not "
            f"of your files, and its details are in {place}; "
            "no output was changed"
        )
    return 1


def _is_interrupt(error: BaseException | None) -> bool:
    """Tell whether it is one, or Python has put it into an error of its own."""
    while error and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__
    return error is not None


def _is_ours(module: str) -> bool:
    """Tell whether a module is of this project, and not of what it rests on."""
    name = module.partition(".")[0]
    return bool(name) and (_HOME / name / "__init__.py").is_file()


def _save(errors: Sequence[BaseException]) -> str:
    told = [f"{time.strftime('%Y-%m-%d %H:%M:%S')}  {' '.join(sys.argv)}"]
    told += [f"Python {sys.version}"]
    told += ["".join(traceback.format_exception(error)) for error in errors]
    here, root = Path.cwd(), _project()
    for folder in (root, Path(tempfile.gettempdir())):
        with suppress(OSError):
            if folder:
                path = folder / DETAILS
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("\n\n".join(told), encoding="utf-8")
                return str(DETAILS if root == here == folder else path)
    return "no file, since none could be written"


def _project() -> Path | None:
    here = Path.cwd()
    return next((p for p in (here, *here.parents) if (p / PROJECT).is_file()), None)


def _print(line: str) -> None:
    with suppress(OSError, ValueError):
        print(line, file=sys.stderr, flush=True)


def _watch_for_interrupts() -> None:
    """End the process soon after an interrupt, even where no code can run on.

    The interrupt itself is raised in the main thread, as ever. Beside it, a thread
    waits for the byte that the system's handler writes: it needs none of the locks
    on which an interrupted import may hang.
    """
    read, write = os.pipe()
    os.set_blocking(write, False)
    signal.signal(signal.SIGINT, _raise)
    signal.signal(signal.SIGTERM, _raise)
    signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    sys.unraisablehook = _again
    threading.Thread(target=_end_after, args=(read,), daemon=True).start()


def _raise(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _again(lost: sys.UnraisableHookArgs) -> None:
    """Raise an interrupt again that came where Python drops errors."""
    if lost.exc_type is KeyboardInterrupt:
        _thread.interrupt_main()
    else:
        sys.__unraisablehook__(lost)


def _end_after(read: int) -> None:
    while os.read(read, 1)[0] not in (signal.SIGINT, signal.SIGTERM):
        pass
    time.sleep(GRACE)
    with suppress(OSError):
        os.write(2, f"{STOPPED}\n".encode())
    os._exit(INTERRUPTED)
