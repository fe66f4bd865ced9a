"""Digests of what rendered things rest on: files, folders, the environment.

A thing is a short text: ``file:PATH``, ``listing:FOLDER`` (names and contents of
the files in it), ``tree:FOLDER`` (of all below it), ``sources:.`` (of all in the
project but prose and tests), ``variable:NAME`` of the environment (``*`` for all).
Paths inside the project are relative to it.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

# Outputs, caches and the like, whose names say so.
PASSED_OVER = frozenset(("_output", "__pycache__", "index_files", "supplement_files"))
_TESTS = ("tests", "benchmarks")
_PROSE = ".qmd"
# Shells change these from command to command.
_OF_SHELLS = frozenset(("_", "OLDPWD", "SHLVL"))
# Above this a file is told by size, times and inode, which copying changes too.
_LARGE = 64 * 2**20
# Clocks of files lag behind those of processes by less than this.
_LAG = 50_000_000  # nanoseconds


class Digests:
    """Digests of the present state; each is taken once.

    Parameters
    ----------
    root : Path
        The project.
    variables : mapping, optional
        Variables whose values are others for who reads them than here.

    Attributes
    ----------
    newest : int
        Latest change of any file or folder that was looked at, in nanoseconds.
    """

    def __init__(self, root: Path, variables: Mapping[str, str] | None = None) -> None:
        self._root = root
        self._variables = variables or {}
        self._known: dict[str, str] = {}
        self.newest = 0

    def name(self, kind: str, path: str) -> str:
        """Name the thing at an absolute path."""
        root = f"{self._root}/"
        return f"{kind}:{path.removeprefix(root)}" if path != root[:-1] else f"{kind}:."

    def of(self, thing: str) -> str:
        """Digest a thing; what is not there has a digest too."""
        if thing not in self._known:
            kind, _, name = thing.partition(":")
            if kind == "variable":
                text = self._variable(name)
                self._known[thing] = _short(text.encode("utf-8", "surrogateescape"))
            else:
                path = self._root / name
                self._known[thing] = {
                    "file": self._file,
                    "listing": self._listing,
                    "tree": self._tree,
                    "sources": self._sources,
                }[kind](path)
        return self._known[thing]

    def together(self, things: Iterable[str]) -> str:
        """Digest several things as one."""
        lines = (f"{thing} {self.of(thing)}" for thing in sorted(set(things)))
        return _short("\n".join(lines).encode("utf-8", "surrogateescape"))

    def changed_since(self, time: int) -> bool:
        """Whether anything looked at has changed since a time in nanoseconds."""
        return self.newest >= time - _LAG

    def _variable(self, name: str) -> str:
        all_ = {**os.environ, **self._variables}
        if name == "*":
            return repr(sorted(kv for kv in all_.items() if kv[0] not in _OF_SHELLS))
        return f"={all_[name]}" if name in all_ else "unset"

    def _file(self, path: Path) -> str:
        try:
            status = path.stat()
        except OSError:
            return "absent"
        if stat.S_ISDIR(status.st_mode):
            return "folder"
        self.newest = max(self.newest, status.st_ctime_ns)
        if not stat.S_ISREG(status.st_mode):
            return "special"
        if status.st_size > _LARGE:
            seen = (status.st_size, status.st_mtime_ns, status.st_ctime_ns)
            return f"stamp {seen} {status.st_ino}"
        try:
            return _short(path.read_bytes())
        except OSError as error:
            return f"unreadable {error.errno}"

    def _listing(self, folder: Path) -> str:
        self._see(folder)
        return self._together(folder, (entry.path for entry in self._entries(folder)))

    def _tree(self, folder: Path) -> str:
        paths = [*self._below(folder)]
        for path in (folder, *map(Path, paths)):
            self._see(path)
        return self._together(folder, paths)

    def _sources(self, folder: Path) -> str:
        paths = (path for path in self._below(folder) if is_source(folder, path))
        return self._together(folder, paths)

    def _together(self, folder: Path, paths: Iterable[str]) -> str:
        lines = (
            f"{path.removeprefix(str(folder))} {self.of(self.name('file', path))}"
            for path in paths
        )
        return _short("\n".join(lines).encode("utf-8", "surrogateescape"))

    def _see(self, folder: Path) -> None:
        """Take in when a folder changed, as files that are gone cannot say."""
        # Renders themselves write into the root.
        if folder != self._root and folder.is_dir():
            self.newest = max(self.newest, folder.stat().st_ctime_ns)

    def _below(
        self, folder: Path, above: frozenset[str] = frozenset()
    ) -> Iterator[str]:
        """Paths of all files and folders below one, through symbolic links too."""
        real = os.path.realpath(folder)
        if real in above:
            return
        for entry in self._entries(folder):
            yield entry.path
            if entry.is_dir():
                yield from self._below(Path(entry.path), above | {real})

    def _entries(self, folder: Path) -> Iterator[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError:
            return
        for entry in entries:
            if not _is_passed_over(entry.name):
                yield entry


def is_source(root: Path, path: str) -> bool:
    """Whether ``sources:.`` covers a path of the project; prose it does not."""
    if not path.startswith(f"{root}/") or path.endswith(_PROSE):
        return False
    parts = Path(path).relative_to(root).parts
    return parts[0] not in _TESTS and not any(map(_is_passed_over, parts))


def _is_passed_over(name: str) -> bool:
    return name.startswith(".") or name in PASSED_OVER


def shadowing(root: Path, modules: Iterable[str]) -> list[str]:
    """Names of foreign modules for which a file of the project would be taken."""
    try:
        names = {entry.name for entry in os.scandir(root)}
    except OSError:
        names = set()
    return sorted(
        module
        for module in modules
        if f"{module}.py" in names
        or (module in names and (root / module / "__init__.py").exists())
    )


@lru_cache(maxsize=1)
def environment(root: Path) -> str:
    """Digest the press itself, the Python that runs it and all that is installed."""
    press = Path(__file__).parents[1]
    parts = [sys.version, sys.platform, sys.implementation.cache_tag or ""]
    parts += [f"{n}={v}" for n, v in sorted(os.environ.items()) if n[:6] == "PYTHON"]
    parts += sorted(_installed())
    for file in sorted(press.rglob("*.py")):
        parts.append(f"{file.relative_to(press)} {_short(file.read_bytes())}")
    for file in sorted(root.glob("requirements*.txt")):
        parts.append(f"{file.name} {_short(file.read_bytes())}")
    return _short("\n".join(parts).encode("utf-8", "surrogateescape"))


def _installed() -> Iterator[str]:
    """Names and versions of installed distributions, from their folders' names."""
    for folder in sys.path:
        if "-packages" in folder:
            try:
                names = [entry.name for entry in os.scandir(folder)]
            except OSError:
                continue
            yield from (n for n in names if n.endswith((".dist-info", ".egg-info")))
            yield from (n for n in names if n.endswith(".pth"))


def _short(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]
