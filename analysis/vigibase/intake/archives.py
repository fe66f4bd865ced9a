"""Archives of an extract: what looks like a table is unpacked, within limits.

An archive within an archive (``main.zip`` in that of the delivery) is unpacked
too, but nothing within that.
"""

from __future__ import annotations

import gzip
import os
import shutil
import tarfile
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from analysis.vigibase.errors import ExtractError

# Text of reports packs to a tenth; nothing honest packs to less than this.
_BEST_RATIO = 1 / 200
_FREE_OF_LIMIT = 1 << 24
_Source = IO[bytes] | gzip.GzipFile
_TABULAR = (".csv", ".txt", ".tsv", ".dat", ".asc", ".parquet")
_ENDINGS = (".zip", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".gz")


def is_archive(path: Path) -> bool:
    """Tell whether a file is an archive that can be unpacked, by its name."""
    return path.name.lower().endswith(_ENDINGS) and not path.name.startswith(".")


def _is_tabular(inside: PurePosixPath) -> bool:
    return inside.suffix.lower() in _TABULAR


def unpack(path: Path, to: Path, *, within: bool = True) -> None:
    """Unpack the tables of an archive, each into its folder within ``to``.

    Parameters
    ----------
    path, to : Path
    within : bool, optional
        Whether archives in it are unpacked as well.

    Raises
    ------
    ExtractError
        If it is damaged, locked with a password, or holds more than fits.
    """
    try:
        for name, size, modified, file in _members(path):
            inside = PurePosixPath(name.replace("\\", "/"))
            packed = within and is_archive(Path(inside.name))
            if ".." in inside.parts or not (packed or _is_tabular(inside)):
                continue
            _check_size(path, name, size, to)
            target = to.joinpath(*inside.parts[-2:])
            target.parent.mkdir(parents=True, exist_ok=True)
            with file as source, target.open("wb") as out:
                _copy(source, out, size, path, name)
            # The same member has the same stamp, so that a conversion can go on.
            os.utime(target, (modified, modified))
            if packed:
                unpack(target, to / inside.name.partition(".")[0], within=False)
                target.unlink()
    except (
        *(zipfile.BadZipFile, tarfile.TarError, gzip.BadGzipFile, zlib.error),
        *(EOFError, RuntimeError, NotImplementedError),
    ) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise ExtractError(
            f"{path}: cannot be unpacked: {reason}; unpack it yourself and give the "
            "folder"
        ) from error


def _members(path: Path) -> Iterator[tuple[str, int, float, _Source]]:
    lower = path.name.lower()
    packed = path.stat().st_size
    if lower.endswith(".zip"):
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if not info.is_dir():
                    _check_ratio(
                        path, info.filename, info.compress_size, info.file_size
                    )
                    modified = time.mktime((*info.date_time, 0, 0, -1))
                    inside = PurePosixPath(info.filename)
                    if _is_tabular(inside) or is_archive(Path(inside.name)):
                        file = archive.open(info)
                        yield info.filename, info.file_size, modified, file
    elif ".tar" in lower or lower.endswith(".tgz"):
        with tarfile.open(path) as archive:
            for member in archive:
                if member.isfile() and (content := archive.extractfile(member)):
                    _check_ratio(path, member.name, packed, member.size)
                    yield member.name, member.size, float(member.mtime), content
    else:
        limit = max(int(packed / _BEST_RATIO), _FREE_OF_LIMIT)
        modified = path.stat().st_mtime
        yield path.name[: -len(".gz")], limit, modified, gzip.GzipFile(path)


def _check_ratio(path: Path, name: str, packed: int, size: int) -> None:
    if size > _FREE_OF_LIMIT and packed < size * _BEST_RATIO:
        raise ExtractError(
            f"{path}: {name} would unpack to {size / 2**20:,.0f} MiB from "
            f"{packed / 2**20:,.1f}; no extract does"
        )


def _check_size(path: Path, name: str, size: int, to: Path) -> None:
    to.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(to).free
    if size > free and path.suffix.lower() != ".gz":
        raise ExtractError(
            f"{path}: {name} needs {size / 2**20:,.0f} MiB, and {free / 2**20:,.0f} "
            "are free on the disk"
        )


def _copy(source: _Source, out: IO[bytes], size: int, path: Path, name: str) -> None:
    left = size
    while chunk := source.read(1 << 20):
        left -= len(chunk)
        if left < 0:
            raise ExtractError(f"{path}: {name} holds more than it says")
        out.write(chunk)
