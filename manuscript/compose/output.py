"""Outputs appear together, when all are whole, or not at all."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from manuscript.errors import ManuscriptError


@contextmanager
def staged(directory: Path) -> Iterator[Path]:
    """Yield an empty folder whose files move into the directory at the end.

    The files are built in a hidden sibling of the directory and move when the
    block has succeeded; when it fails, the directory is as it was. A process
    killed while it builds leaves a folder that the next one removes; one killed
    while files move leaves a folder from which the next one goes on.

    Raises
    ------
    ManuscriptError
        While another render has the directory.
    """
    building = directory.with_name(f".{directory.name}.building")
    built = directory.with_name(f".{directory.name}.built")
    with _locked(directory):
        _move(built, directory)
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir()
        try:
            yield building
            building.rename(built)
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            raise
        with _uninterrupted():
            _move(built, directory)


@contextmanager
def kept(directory: Path) -> Iterator[None]:
    """Undo what a block does to a directory when it fails.

    For a writer that writes in place. A process killed within the block leaves
    a copy from which the next one restores the directory.

    Raises
    ------
    ManuscriptError
        While another render has the directory.
    """
    copying = directory.with_name(f".{directory.name}.copying")
    copy = directory.with_name(f".{directory.name}.kept")
    with _locked(directory):
        _restore(copy, directory)
        shutil.rmtree(copying, ignore_errors=True)
        shutil.copytree(directory, copying)
        copying.rename(copy)
        try:
            yield
        except BaseException:
            _restore(copy, directory)
            raise
        shutil.rmtree(copy)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Pass over interrupts: files in part moved would be outputs of two renders."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _move(source: Path, directory: Path) -> None:
    if not source.is_dir():
        return
    for file in sorted(path for path in source.rglob("*") if path.is_file()):
        target = directory / file.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        file.replace(target)
    shutil.rmtree(source)


def _restore(copy: Path, directory: Path) -> None:
    if not copy.is_dir():
        return
    for entry in directory.iterdir():
        if not (copy / entry.name).exists():
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    _move(copy, directory)


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """Hold a directory; the system lets go of it when the process ends."""
    directory.mkdir(parents=True, exist_ok=True)
    folder = os.open(directory, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ManuscriptError(
                directory.name,
                0,
                "another render is writing here",
                "wait until it has ended, or choose another place with --output",
            ) from None
        try:
            yield
        finally:
            with suppress(OSError):
                directory.rmdir()  # which fails unless nothing was ever written
    finally:
        os.close(folder)
