"""Outputs appear together, when all are whole, or not at all.

They replace nothing but what was generated. No record of that is kept, which a clone
would lack: each output tells by itself that a render wrote it, and that no other
program has saved it since.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import json
import os
import re
import shutil
import signal
import threading
import zipfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from manuscript.errors import ManuscriptError, refuse

_HERE = -100  # AT_FDCWD: names are paths
# Of this engine, of Quarto or pandoc, and a draft's that shows sources as written.
_PAGE = re.compile(
    rb'<!--/body-->|<meta name="generator" content="(?:quarto|pandoc)'
    rb"|p\{white-space:pre-wrap;font:1em/1\.5 monospace\}"
)
_TIMES = re.compile(rb"<dcterms:(?:created|modified)[^>]*>([^<]*)<")
_SAVED = re.compile(rb"<cp:(?:lastModifiedBy|revision)\b")
_UNDATED = (1980, 1, 1, 0, 0, 0)
_STEP = timedelta(seconds=2)  # of the stamps in zip files
# Of a bundle, of the ledger, and of what a bundle took.
_SUMS = "SHA256SUMS"
_RECORDS = ({"claims", "floats"}, {"commit", "cpu_seconds"})


def refuse_others(paths: Iterable[Path]) -> None:
    """Refuse to replace what is not generated, before any work is done.

    Parameters
    ----------
    paths : iterable of Path
        What is going to be written.

    Raises
    ------
    ManuscriptError or ExceptionGroup
        For each that lies there and is not as a render writes it.
    """
    here = Path.cwd()
    refuse(
        [
            ManuscriptError(
                str(path.relative_to(here) if path.is_relative_to(here) else path),
                0,
                "is not as a render writes it, and would be replaced",
                "move it, or have the outputs elsewhere; a Word file that was edited "
                "can be merged",
            )
            for path in paths
            if os.path.lexists(path) and not _is_generated(path)
        ]
    )


def _is_generated(path: Path) -> bool:
    """Tell whether a render wrote a file, and nobody has saved it since."""
    try:
        match path.suffix:
            case ".html":
                return bool(_PAGE.search(path.read_bytes()))
            case ".pdf":
                content = path.read_bytes()
                # Notes of a reader come after the first end.
                once = content.count(b"startxref") == 1
                return once and b"<xmp:CreatorTool>Typst " in content
            case ".docx":
                with zipfile.ZipFile(path) as package:
                    core = package.read("docProps/core.xml")
                    stamp = package.getinfo("word/document.xml").date_time
                (told,) = {*_TIMES.findall(core)}
                made = datetime.fromisoformat(told.decode()).replace(tzinfo=None)
                # Whatever packs a file anew stamps its parts anew.
                once = stamp == _UNDATED or abs(made - datetime(*stamp)) <= _STEP
                return once and not _SAVED.search(core)
            case ".zip":
                with zipfile.ZipFile(path) as bundle:
                    return _SUMS in bundle.namelist()
            case ".json":
                found = json.loads(path.read_bytes())
                return any(keys <= found.keys() for keys in _RECORDS)
    except (OSError, ValueError, AttributeError, KeyError, zipfile.BadZipFile):
        pass
    return False


@contextmanager
def staged(directory: Path) -> Iterator[Path]:
    """Yield an empty folder whose files are in the directory at the end.

    The files are built in a hidden sibling of the directory. When the block has
    succeeded, what else the directory holds joins them, and the two folders change
    places in one step; when it fails, the directory is as it was. A process killed
    at any moment leaves the outputs of one state, and perhaps the sibling, which the
    next one removes.

    Raises
    ------
    ManuscriptError
        While another render has the directory, or where it is a file system of its
        own.
    """
    directory = directory.resolve()
    building = directory.with_name(f".{directory.name}.building")
    with _locked(directory):
        _refuse_mount(directory)
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir()
        try:
            yield building
            if any(building.iterdir()):
                with _uninterrupted():
                    _enter(building, directory)
        finally:
            shutil.rmtree(building, ignore_errors=True)


def _refuse_mount(directory: Path) -> None:
    if directory.stat().st_dev != directory.parent.stat().st_dev:
        raise ManuscriptError(
            directory.name,
            0,
            "is a file system of its own, where outputs cannot appear in one step",
            f"choose a folder in it, as in --output {directory.name}/manuscript",
        )


def _enter(building: Path, directory: Path) -> None:
    """Put what has been built into the directory."""
    if Path.cwd().is_relative_to(directory):
        # The folder that a process stands in must stay; file by file, then.
        _move(building, directory)
        return
    if not os.access(directory, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(directory))
    _join(directory, building)
    shutil.copymode(directory, building)
    # Whoever comes between the step and the end of this render finds it held.
    new = os.open(building, os.O_RDONLY)
    try:
        fcntl.flock(new, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _exchange(building, directory)
        shutil.rmtree(building, ignore_errors=True)
    finally:
        os.close(new)


def _join(old: Path, new: Path) -> None:
    """Link into a folder what it lacks of another one."""
    for entry in os.scandir(old):
        target = new / entry.name
        if entry.is_dir(follow_symlinks=False):
            if not target.exists():
                target.mkdir()
                shutil.copymode(entry.path, target)
            if target.is_dir():
                _join(Path(entry.path), target)
        elif not target.exists():
            try:
                os.link(entry.path, target, follow_symlinks=False)
            except OSError:  # where the file system has no links
                shutil.copy2(entry.path, target, follow_symlinks=False)


def _exchange(one: Path, other: Path) -> None:
    """Let two folders change places: in one step where the system has it.

    Elsewhere in two, between which there is no folder rather than half of one.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    names = os.fsencode(one), os.fsencode(other)
    done = -1
    if hasattr(libc, "renameat2"):  # Linux; 2 is RENAME_EXCHANGE
        done = libc.renameat2(_HERE, names[0], _HERE, names[1], 2)
    elif hasattr(libc, "renamex_np"):  # macOS; 2 is RENAME_SWAP
        done = libc.renamex_np(*names, 2)
    if done:
        aside = other.with_name(f".{other.name}.old")
        shutil.rmtree(aside, ignore_errors=True)
        other.rename(aside)
        one.rename(other)
        aside.rename(one)


@contextmanager
def kept(directory: Path, names: Collection[str] = ()) -> Iterator[None]:
    """Undo what a block does to a directory when it fails.

    For a writer that writes in place. A process killed within the block leaves
    a copy from which the next one restores the directory.

    Parameters
    ----------
    directory : Path
    names : collection of str, optional
        All that the block may write, where the directory holds more than outputs.

    Raises
    ------
    ManuscriptError
        While another render has the directory.
    """
    copying = directory.with_name(f".{directory.name}.copying")
    copy = directory.with_name(f".{directory.name}.kept")
    with _locked(directory):
        _restore(copy, directory, names)
        shutil.rmtree(copying, ignore_errors=True)
        others = (lambda _, found: {*found} - {*names}) if names else None
        shutil.copytree(directory, copying, ignore=others)
        copying.rename(copy)
        try:
            yield
        except BaseException:
            _restore(copy, directory, names)
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


def _restore(copy: Path, directory: Path, names: Collection[str]) -> None:
    if not copy.is_dir():
        return
    for entry in directory.iterdir():
        written = not names or entry.name in names
        if written and not (copy / entry.name).exists():
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    _move(copy, directory)


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """Hold a directory; the system lets go of it when the process ends."""
    aside = directory.with_name(f".{directory.name}.old")
    if aside.is_dir() and not directory.exists():
        aside.rename(directory)  # a process was killed between two renames
    folder = _held(directory)
    try:
        shutil.rmtree(aside, ignore_errors=True)
        yield
    finally:
        os.close(folder)
        with suppress(OSError):
            directory.rmdir()  # which fails unless nothing was ever written


def _held(directory: Path) -> int:
    """Open and lock a directory that still bears its name once it is locked."""
    while True:
        directory.mkdir(parents=True, exist_ok=True)
        folder = os.open(directory, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(folder), directory.stat()):
                return folder
        except FileNotFoundError:
            pass  # it went between the two; make it anew
        except BlockingIOError:
            os.close(folder)
            raise ManuscriptError(
                directory.name,
                0,
                "another render is writing here",
                "wait until it has ended, or choose another place with --output",
            ) from None
        os.close(folder)
