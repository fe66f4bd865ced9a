"""Bundles as zip files that have only one form.

Files stand in the order of their names, are stored without compression and bear
one date, so that the bytes of a bundle follow from its files. A reader can then
write the bundle anew and compare: a byte that differs anywhere, in a file or in
the zip's own records, cannot hide. Nothing can expand either, as nothing is
compressed; figures, documents and office files are compressed in themselves.
"""

from __future__ import annotations

import hashlib
import re
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path, PurePosixPath
from typing import IO

from manuscript.source import foreign

SUMS = "SHA256SUMS"
FACTS = "bundle.json"

MOST_BYTES = 1 << 30
MOST_FILES = 10_000

_BLOCK = 1 << 20
_END = struct.Struct("<4s4H2IH")
_LOCATOR = 20  # bytes of what precedes the end in zip files of over 4 GB
_SUM = re.compile(r"([0-9a-f]{64})  (.+)")
# Printable and legal in the file systems of all who may unpack a bundle.
_NAME = re.compile(r'[^\x00-\x1f\x7f\\:*?"<>|]+')
# All that the standard library's reader has for a damaged zip file.
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError),
    *(NotImplementedError, RuntimeError, ValueError, LookupError, OverflowError),
)


@dataclass(frozen=True)
class Damage:
    """One thing that is wrong with a bundle.

    Attributes
    ----------
    file : str
        The file inside the bundle, or the bundle's own name.
    what : str
    """

    file: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}: {self.what}"


class DamagedError(Exception):
    """A bundle that is not what it was; lists all that is wrong."""

    def __init__(self, damages: list[Damage]) -> None:
        super().__init__("\n".join(map(str, damages)))
        self.damages = tuple(damages)


def sums(files: Mapping[str, bytes]) -> bytes:
    """Write the list of sums, in the form that ``sha256sum --check`` reads."""
    lines = (
        f"{hashlib.sha256(data).hexdigest()}  {name}\n"
        for name, data in sorted(files.items())
        if name != SUMS
    )
    return "".join(lines).encode()


def files_in(folder: Path) -> dict[str, Path]:
    """List all files of a folder, by their path within it."""
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def gather(folder: Path) -> dict[str, bytes]:
    """Read all files of a folder, by their path within it."""
    return {name: path.read_bytes() for name, path in files_in(folder).items()}


def write(files: Mapping[str, bytes], target: IO[bytes], date: int) -> None:
    """Write a zip file.

    Parameters
    ----------
    files : mapping
        Contents by name.
    target : binary file
        Open for writing.
    date : int
        Seconds since 1970 that all entries bear, in UTC; at least 1980.
    """
    moment = datetime.fromtimestamp(date, UTC)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as package:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, moment.timetuple()[:6])
            entry.create_system = 3  # Unix, whose permissions follow
            mode = 0o755 if data.startswith(b"#!") else 0o644
            entry.external_attr = (stat.S_IFREG | mode) << 16
            package.writestr(entry, data)


def read(path: Path) -> dict[str, bytes]:
    """Read a zip file, trusting nothing that it says.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict
        Contents by name, in the order of the zip file.

    Raises
    ------
    DamagedError
        For a file that is no zip file or is cut off, and for entries that no
        bundle has: names that lead out of the folder, repeat or differ in case
        alone, links, folders, encryption, compression, impossible sizes, wrong
        check sums.
    """
    size = path.stat().st_size
    try:
        foreign.refuse_special(path)
        if size > MOST_BYTES:
            what = f"has {size} bytes, more than the {MOST_BYTES} of any bundle"
            raise DamagedError([Damage(path.name, what)])
        if damages := [*_end(path, size)]:
            raise DamagedError(damages)
        with zipfile.ZipFile(path) as package:
            entries = package.infolist()
            if damages := [*_impossible(path.name, entries, size)]:
                raise DamagedError(damages)
            files, damages = {}, []
            for entry in entries:
                try:
                    files[entry.filename] = package.read(entry)
                except _DAMAGE as error:
                    damages.append(Damage(entry.filename, f"is damaged: {error}"))
    except _DAMAGE as error:
        what = f"cannot be read as a zip file, it is damaged or cut off: {error}"
        raise DamagedError([Damage(path.name, what)]) from error
    if damages:
        raise DamagedError(damages)
    return files


def _end(path: Path, size: int) -> Iterator[Damage]:
    """Check the record that ends a zip file, before its directory is read."""
    with path.open("rb") as file:
        file.seek(max(0, size - _LOCATOR - _END.size))
        tail = file.read()
    if len(tail) < _END.size or not tail[-_END.size :].startswith(b"PK\5\6"):
        yield Damage(path.name, "does not end as a zip file: cut off or added to")
        return
    entries = _END.unpack(tail[-_END.size :])[4]
    if tail.startswith(b"PK\6\7"):
        yield Damage(path.name, "has the directory of a zip file of over 4 GB")
    elif entries > MOST_FILES:
        what = f"claims {entries} files, more than the {MOST_FILES} of any bundle"
        yield Damage(path.name, what)


def _impossible(
    bundle: str, entries: list[zipfile.ZipInfo], size: int
) -> Iterator[Damage]:
    for entry in entries:
        if what := _fault(entry, size):
            yield Damage(_printable(entry.orig_filename), what)
    if sum(entry.file_size for entry in entries) > size:
        yield Damage(bundle, "its files claim more bytes than it has")
    names = Counter(entry.filename for entry in entries)
    folders = {str(parent) for name in names for parent in PurePosixPath(name).parents}
    taken = dict(foreign.colliding(names))
    for name, times in names.items():
        if times > 1:
            yield Damage(_printable(name), f"is there {times} times")
        elif name in taken:
            what = f"is one with {taken[name]!a} where case or form is none"
            yield Damage(ascii(name)[1:-1], what)
        elif name in folders:
            yield Damage(_printable(name), "is a file and a folder")


def _fault(entry: zipfile.ZipInfo, size: int) -> str:
    """Say what no entry of a bundle may be; nothing where it is sound."""
    mode = entry.external_attr >> 16
    faults = (
        (not _safe(entry.orig_filename), "is no name for a file inside the bundle"),
        (stat.S_ISLNK(mode), "is a symbolic link"),
        (not stat.S_ISREG(mode), "is not marked as an ordinary file"),
        (bool(entry.flag_bits & 0x1), "is encrypted"),
        (
            entry.compress_type != zipfile.ZIP_STORED
            or entry.file_size != entry.compress_size,
            "is compressed, and files of a bundle are not",
        ),
        (
            entry.file_size > size,
            f"claims {entry.file_size} bytes of a bundle's {size}",
        ),
    )
    return next((what for wrong, what in faults if wrong), "")


def _safe(name: str) -> bool:
    return bool(_NAME.fullmatch(name)) and all(
        part not in ("", ".", "..") and part == part.strip() for part in name.split("/")
    )


def _printable(name: str) -> str:
    return name if name.isprintable() else ascii(name)


def differences(files: Mapping[str, bytes]) -> list[Damage]:
    """Compare files with the list of their sums."""
    if SUMS not in files:
        return [Damage(SUMS, "is missing")]
    if files[SUMS] == sums(files):
        return []
    listed: dict[str, str] = {}
    damages = []
    for number, line in enumerate(files[SUMS].decode("utf-8", "replace").split("\n")):
        if match := _SUM.fullmatch(line):
            listed[match[2]] = match[1]
        elif line:
            damages.append(Damage(SUMS, f"line {number + 1} is no sum and name"))
    for name in sorted(listed.keys() | files.keys() - {SUMS}):
        if name not in files:
            damages.append(Damage(_printable(name), "is missing from the bundle"))
        elif name not in listed:
            damages.append(Damage(_printable(name), f"is not listed in {SUMS}"))
        elif listed[name] != hashlib.sha256(files[name]).hexdigest():
            damages.append(Damage(_printable(name), "is not the file that was bundled"))
    return damages or [Damage(SUMS, "lists its lines in another order or form")]


def foreign_byte(
    path: Path, rewritten: IO[bytes], files: Mapping[str, bytes]
) -> Damage | None:
    """Compare a bundle with itself as written anew; name the first difference.

    Parameters
    ----------
    path : Path
        The bundle.
    rewritten : binary file
        What :func:`write` makes of its files.
    files : mapping
        Its files.
    """
    offset = 0
    rewritten.seek(0)
    with path.open("rb") as given:
        while True:
            one, other = given.read(_BLOCK), rewritten.read(_BLOCK)
            if one == other and not one:
                return None
            if one != other:
                break
            offset += len(one)
    pairs = zip(one, other, strict=False)
    offset += sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    name = _owner(offset, files) or path.name
    what = (
        f"its record in the zip file differs at byte {offset} from the only right one"
    )
    return Damage(name, what)


def _owner(offset: int, files: Mapping[str, bytes]) -> str:
    """Name the file whose header, data or directory record holds an offset."""
    end = 0
    for fixed, with_data in ((30, True), (46, False)):
        for name in sorted(files):
            end += fixed + len(name.encode()) + with_data * len(files[name])
            if offset < end:
                return name
    return ""
