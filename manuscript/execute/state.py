"""What outputs rest on, declared: the state of the project, of which a render is one.

Values and cells rest on the **base** and the **code**; cells that name the press, on
all **sources** as well; pages on the base and the **looks**. Nothing is traced: code
that reads prose does so through the press, and reads nothing outside the project
but what is installed.

- base: the Python that runs, all that is installed, the press, and the variables of
  the environment, but for those of shells and terminals, which kernels do not see
- code: every file, in ``analysis/`` and ``data/`` first of all, that is not written
  for the press alone, which its suffix says
- looks: every file but documents, analyses and data
- sources: every file

Tests, hidden files and outputs belong to none of them.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from manuscript.execute.files import (
    MANY,
    UNTOLD,
    Told,
    below,
    digest,
    file_digest,
    told_of,
)

# Where everything counts as data, whatever its suffix.
_DATA = ("analysis", "data", "restricted")
_PROSE = ".qmd"
_OF_THE_PRESS = (_PROSE, ".md", ".css", ".lua", ".html", ".typ", ".csl", ".bib")
_MADE = (".html", ".pdf", ".docx")
# Of these, one that was written while a render ran may have been another meanwhile;
# others may be what cells write.
_READ = (_PROSE, ".py", ".yml")
# What tells a folder of sources from one of pages.
_SOURCES = (_PROSE, ".py", ".lua", ".typ", ".csl", ".bib")
_OF_SHELLS = frozenset(
    (
        *("_", "OLDPWD", "PWD", "SHLVL", "PS1", "COLUMNS", "LINES", "COLORTERM"),
        *("DISPLAY", "LS_COLORS", "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "STY"),
        *("WINDOWID", "SOURCE_DATE_EPOCH"),
    )
)
_OF_TERMINALS = (
    "TERM",
    "SSH_",
    "TMUX",
    "VSCODE_",
    "XDG_SESSION",
    "MAKE_TERM",
    "PYTEST_",
)
# What is not looked through may be another the next time.
_UNSEEN = f"unseen {os.getpid()} {time.time_ns()}"
# Clocks of files lag behind those of processes by less than this.
_LAG = 50_000_000  # nanoseconds


class ChangedError(Exception):
    """What outputs rest on has changed while they were made; says what."""


def variables() -> dict[str, str]:
    """Return the variables that code may see, the date of outputs apart."""
    return {
        name: value
        for name, value in os.environ.items()
        if name not in _OF_SHELLS and not name.startswith(_OF_TERMINALS)
    }


@dataclass(frozen=True)
class State:
    """One state of a project.

    Parameters
    ----------
    root : Path
    revision : str, optional
        The commit that outputs name.
    files : mapping of str to str
        Digests by path relative to the root.
    told : mapping of str to tuple of int
        What the system tells of each: when it was last changed, in nanoseconds since
        1970, size, time of its content, inode.
    read : int
        When reading began, in nanoseconds since 1970.
    """

    root: Path
    revision: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, Told] = field(default_factory=dict)
    read: int = 0

    @classmethod
    def of(cls, root: Path, revision: str = "", before: State | None = None) -> State:
        """Read the present state.

        Parameters
        ----------
        root : Path
        revision : str, optional
        before : State, optional
            What was read before: a file of which the system tells the same is not
            read again, unless it was younger then than clocks of files can tell.
        """
        began = time.time_ns()
        files, told = {}, {}
        documents = [path.stem for path in root.glob(f"*{_PROSE}")]
        made = {f"{stem}{suffix}" for stem in documents for suffix in _MADE}
        made.add("ledger.json")
        for path in below(root):
            name = path.removeprefix(f"{root}/")
            # Outputs may lie in any folder.
            if _is_data(name) or name.rpartition("/")[2] not in made:
                told[name] = told_of(path)
                if before and before._is_still(name, told[name]):
                    files[name] = before.files[name]
                elif told[name] == UNTOLD and Path(path).is_dir():
                    files[name] = _UNSEEN
                else:
                    files[name] = file_digest(path)
        return cls(root, revision, files, told, began)

    def _is_still(self, name: str, told: Told) -> bool:
        return told == self.told.get(name) and 0 < told[0] < self.read - _LAG

    @cached_property
    def base(self) -> str:
        """Digest what outputs of any project rest on."""
        press = Path(__file__).parents[1]
        modules = (f"{p} {self._digest(p)}" for p in sorted(press.rglob("*.py")))
        seen = (f"{name}={value}" for name, value in sorted(variables().items()))
        python = (sys.version, sys.platform, sys.implementation.cache_tag or "")
        return digest(str(self.root), *python, *sorted(_installed()), *modules, *seen)

    @cached_property
    def code(self) -> str:
        """Digest what values and cells rest on."""
        return self._of(name for name in self.files if _is_data(name) or _is_code(name))

    @cached_property
    def looks(self) -> str:
        """Digest what pages rest on beside their content."""
        return self._of(
            name
            for name in self.files
            if not _is_data(name) and not name.endswith(_PROSE)
        )

    @cached_property
    def sources(self) -> str:
        """Digest what outcomes of checks rest on."""
        return self._of(self.files)

    def sources_in(self, folder: Path) -> list[str]:
        """Name what of a folder below the root are documents, code or data.

        Examples
        --------
        >>> State(Path("/paper"), files={"sections/_one.qmd": ""}).sources_in(
        ...     Path("/paper/sections")
        ... )
        ['sections/_one.qmd']
        """
        if folder == self.root or not folder.is_relative_to(self.root):
            return []
        name = folder.relative_to(self.root).as_posix()
        told = [
            each
            for each in self.files
            if each.startswith(f"{name}/") and each.endswith(_SOURCES)
        ]
        return told or [name] * _is_data(name)

    def remarks(self) -> Iterator[str]:
        """Say what keeps renders from reusing anything, or takes them long."""
        for name, digested in self.files.items():
            if digested == _UNSEEN:
                yield (
                    f"{name} leads to a folder that holds this project, or more than "
                    f"{MANY} files, which are not looked at: no render reuses anything;"
                    " link what is read of it alone"
                )
        folders = Counter("/".join(name.split("/")[:2]) for name in self.files)
        for folder, count in folders.items():
            if count > MANY:
                yield f"{folder} holds {count} files, and each render looks at all"

    def _digest(self, path: Path) -> str:
        """Digest a file that may be of the project, and is then read already."""
        known = self.files.get(str(path).removeprefix(f"{self.root}/"))
        return known or file_digest(path)

    def _of(self, names: Iterable[str]) -> str:
        parts = (part for name in names for part in (name, self.files[name]))
        return digest(self.base, *parts)

    def refuse_change(self, started: int, revision: str, *, last: bool) -> None:
        """Raise unless the state has been the same since a process started.

        Parameters
        ----------
        started : int
            By the clock of files; code that this process has loaded must be older.
        revision : str
            The commit that outputs would name now.
        last : bool
            Whether to bear that files were written anew with what they held.

        Raises
        ------
        ChangedError
        """
        now = State.of(self.root, revision, self)
        changed = [
            name
            for name in {**self.files, **now.files}
            if self.files.get(name) != now.files.get(name)
        ]
        if revision != self.revision:
            changed.append("the commit")
        if not last:
            changed += [
                name
                for name, (changed_at, *_) in now.told.items()
                if changed_at > self.told.get(name, UNTOLD)[0]
                and (_is_data(name) or name.endswith(_READ))
            ]
        loaded = {str(getattr(m, "__file__", "")) for m in [*sys.modules.values()]}
        changed += [
            name
            for name, (changed_at, *_) in now.told.items()
            if changed_at >= started and f"{self.root}/{name}" in loaded
        ]
        if changed:
            raise ChangedError(changed[0])


def _is_data(name: str) -> bool:
    return name.split("/", 1)[0] in _DATA


def _is_code(name: str) -> bool:
    return not name.endswith(_OF_THE_PRESS)


def _installed() -> Iterator[str]:
    """Names and versions of installed distributions, from their folders' names."""
    for folder in sys.path:
        if "-packages" in folder and Path(folder).is_dir():
            names = (entry.name for entry in os.scandir(folder))
            told = (".dist-info", ".egg-info", ".pth")
            yield from (name for name in names if name.endswith(told))
