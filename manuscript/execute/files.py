"""Files of a project on disk: which there are, what they hold, when they changed.

There are hundreds, and objects for their paths take longer than the system does.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import cache_from_source
from itertools import islice
from pathlib import Path

_PASSED_OVER = frozenset(("_output", "__pycache__", "index_files", "supplement_files"))
_TESTS = ("tests", "benchmarks")
# Above this a file is told by size, times and inode, which copying changes too.
_LARGE = 64 * 2**20
# A folder to which a link leads is looked through if it holds no more files.
MANY = 20_000
_SECOND = 1_000_000_000  # in nanoseconds

# When it was last changed, size, time of its content, inode.
Told = tuple[int, int, int, int]
UNTOLD: Told = (0, 0, 0, 0)


def below(
    folder: Path | str, above: frozenset[str] = frozenset(), first: bool = True
) -> Iterator[str]:
    """Paths of all files below a folder, through symbolic links too, in order.

    A link to a folder stands for itself where that holds the project, or too much.
    """
    real = os.path.realpath(folder)
    if real in above:
        return  # it is read already
    if any(f"{each}/".startswith(f"{real.rstrip('/')}/") for each in above):
        yield str(folder)
        return
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        name = entry.name
        if name.startswith(".") or name in _PASSED_OVER or (first and name in _TESTS):
            continue
        if not _is_folder(entry):
            yield entry.path
            continue
        inner = below(entry.path, above | {real}, first=False)
        if entry.is_symlink():
            known = [*islice(inner, MANY + 1)]
            inner = iter(known if len(known) <= MANY else [entry.path])
        yield from inner


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link in a circle, or to where nobody may look
        return False


def forget_compiled(folder: Path) -> None:
    """Remove compiled code of a project that may be of an earlier source.

    Python tells by size and whole seconds of the time of the content whether it is
    (PEP 552, "Rationale"), which programs that copy and unpack put back: an edit that
    keeps both would go unseen for good. The time of the last change nobody can.
    """
    for path in below(folder):
        if path.endswith(".py"):
            compiled = Path(cache_from_source(path))
            with suppress(OSError):
                changed = Path(path).stat().st_ctime_ns
                if compiled.stat().st_mtime_ns < changed + _SECOND:
                    compiled.unlink()


def digest(*parts: str) -> str:
    """Digest texts together."""
    told = "".join(f"{len(part)}:{part}" for part in parts)
    return _short(told.encode("utf-8", "surrogateescape"))


def file_digest(path: Path | str) -> str:
    """Digest a file; what is not there has a digest too."""
    try:
        status = os.stat(path)  # noqa: PTH116
        if not stat.S_ISREG(status.st_mode):
            return "special"
        if status.st_size > _LARGE:
            return json.dumps(_numbers(status))
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123
            return _short(file.read())
    except OSError as error:
        return f"unreadable {error.errno}"


def tree_digest(folder: Path) -> str:
    """Digest a folder with all below it."""
    files = ((path, file_digest(path)) for path in below(folder))
    return digest(*(part for each in files for part in each))


def told_of(path: str) -> Told:
    """Ask the system about a file; it tells nothing of what is none."""
    try:
        status = os.stat(path)  # noqa: PTH116
    except OSError:
        return UNTOLD
    return _numbers(status) if stat.S_ISREG(status.st_mode) else UNTOLD


def _numbers(status: os.stat_result) -> Told:
    times = (status.st_ctime_ns, status.st_size, status.st_mtime_ns)
    return (*times, status.st_ino)


def _short(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]
