"""Folders for what lasts as long as the process, also where that is killed."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX = "manuscript-held-"
# Seconds after which a folder that nobody holds is nobody's; one just made may be
# about to be held.
_ABANDONED = 60.0


@contextmanager
def temporary_folder(within: str | None = None) -> Iterator[Path]:
    """Make a folder, and remove it with the block.

    It is held by a lock of the system's, which ends with the process. What a
    process that was killed left behind is removed by the next that asks.

    Parameters
    ----------
    within : str, optional
        Folder to make it in; by default the system's for temporary files.

    Yields
    ------
    Path

    Examples
    --------
    >>> with temporary_folder() as folder:
    ...     folder.is_dir()
    True
    >>> folder.exists()
    False
    """
    home = Path(within or tempfile.gettempdir())
    _sweep(home)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=within) as name:
        held = os.open(name, os.O_RDONLY)
        try:
            with suppress(OSError):  # a file system without locks
                fcntl.flock(held, fcntl.LOCK_EX)
            yield Path(name)
        finally:
            os.close(held)


def _sweep(home: Path) -> None:
    """Remove what is ours, old and held by nobody."""
    for folder in home.glob(f"{_PREFIX}*"):
        with suppress(OSError):
            status = folder.lstat()
            old = time.time() - status.st_mtime > _ABANDONED
            if old and status.st_uid == os.getuid() and not folder.is_symlink():
                handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(folder, ignore_errors=True)
                finally:
                    os.close(handle)
