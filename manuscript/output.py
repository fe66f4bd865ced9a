"""Outputs appear together, when all are whole, or not at all."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from manuscript.errors import ManuscriptError


@contextmanager
def staged(directory: Path) -> Iterator[Path]:
    """Yield an empty folder whose files replace those of the directory at the end.

    The files are built in a hidden sibling of the directory and move when the
    block has succeeded; when it fails, the directory is as it was. A process
    killed while it builds leaves a folder that the next one removes; one killed
    while files move leaves a folder from which the next one goes on.

    Raises
    ------
    ManuscriptError
        While another render writes beside the same directory.
    """
    building = directory.with_name(f".{directory.name}.building")
    built = directory.with_name(f".{directory.name}.built")
    directory.parent.mkdir(parents=True, exist_ok=True)
    with locked(directory):
        _move(built, directory)
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir()
        try:
            yield building
            building.rename(built)
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            raise
        _move(built, directory)


def _move(built: Path, directory: Path) -> None:
    if not built.is_dir():
        return
    for file in sorted(path for path in built.rglob("*") if path.is_file()):
        target = directory / file.relative_to(built)
        target.parent.mkdir(parents=True, exist_ok=True)
        file.replace(target)
    shutil.rmtree(built)


@contextmanager
def kept(directory: Path) -> Iterator[None]:
    """Restore a directory when the block fails, for writers that write in place.

    Raises
    ------
    ManuscriptError
        While another render writes beside the same directory.
    """
    copy = directory.with_name(f".{directory.name}.kept")
    directory.parent.mkdir(parents=True, exist_ok=True)
    with locked(directory):
        _restore(copy, directory)
        if directory.is_dir():
            partial = copy.with_suffix(".copying")
            shutil.rmtree(partial, ignore_errors=True)
            shutil.copytree(directory, partial)
            partial.rename(copy)
        try:
            yield
        except BaseException:
            _restore(copy, directory)
            raise
        shutil.rmtree(copy, ignore_errors=True)


def _restore(copy: Path, directory: Path) -> None:
    if copy.is_dir():
        shutil.rmtree(directory, ignore_errors=True)
        copy.rename(directory)


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Hold the folder that contains a directory; the system lets go of it."""
    folder = os.open(directory.parent, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ManuscriptError(
                directory.name,
                0,
                "another render is writing its outputs here",
                "wait until it has ended, or choose another place with --output",
            ) from None
        yield
    finally:
        os.close(folder)
