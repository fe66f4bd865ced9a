"""Make a bundle of a commit, and make it again from a bundle's own sources."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from manuscript.bundle import archive, sandbox
from manuscript.bundle.contents import SOURCES
from manuscript.compose import EARLIEST, Say
from manuscript.errors import ManuscriptError, refuse
from manuscript.source import Study, foreign
from manuscript.values import temporary_folder

# What lies in a folder of this name never leaves the machine.
RESTRICTED = "restricted"


@dataclass(frozen=True)
class Commit:
    """A commit of the project.

    Attributes
    ----------
    id : str
    date : int
        Seconds since 1970.
    """

    id: str
    date: int


@dataclass(frozen=True)
class Cost:
    """What it took to make the contents of a bundle.

    Attributes
    ----------
    wall_seconds, cpu_seconds : float
    peak_memory_mib : int
        Of the largest process; 0 where the system does not say.
    """

    wall_seconds: float
    cpu_seconds: float
    peak_memory_mib: int

    def as_json(self, commit: Commit) -> str:
        """Print it with the machine that it was measured on."""
        content = {
            "command": "python -m manuscript bundle",
            "machine": platform.machine(),
            "system": platform.system(),
            "python": platform.python_version(),
            "commit": commit.id,
            "processors": os.cpu_count() or 1,
            "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else 0,
            "wall_seconds": round(self.wall_seconds, 1),
            "cpu_seconds": round(self.cpu_seconds, 1),
            "peak_memory_mib": self.peak_memory_mib,
        }
        return json.dumps(content, indent=1) + "\n"


def build(
    root: Path, target: Path, engine: str, *, committed: bool, say: Say
) -> tuple[Commit, Cost]:
    """Write the bundle of the last commit.

    Parameters
    ----------
    root : Path
        The project, in a git repository.
    target : Path
        The zip file; it appears when it is whole.
    engine : {"builtin", "quarto"}
        Renders the documents.
    committed : bool
        Leave uncommitted changes out, and do not refuse them.
    say : callable
        Takes a line on each step that is done.

    Returns
    -------
    tuple
        The commit, and what it took.

    Raises
    ------
    ManuscriptError or ExceptionGroup
        Outside a repository; for uncommitted changes; for restricted data among
        the sources or in what was made of them, each file by its name; and for
        all that keeps the manuscript from rendering.
    """
    commit = _last_commit(root)
    if not committed:
        refuse(_uncommitted(root))
    if (root / RESTRICTED).exists():
        say(f"{RESTRICTED}/ stays out: the bundle shows what the shipped data give")
    with temporary_folder() as scratch:
        folder = scratch / "bundle"
        _export(root, commit, folder / SOURCES)
        check = Study.load(root).share_check()
        refuse([*_restricted(folder, check), *_colliding(folder / SOURCES)])
        start = time.perf_counter()
        before = _used()
        fill(Path(sys.executable), folder, commit, engine)
        after = _used()
        seconds = time.perf_counter() - start
        refuse(_restricted(folder, check))
        _write(archive.gather(folder), target, commit.date)
    return commit, Cost(seconds, after[0] - before[0], after[1])


def fill(
    python: Path, folder: Path, commit: Commit, engine: str, *, walled: bool = False
) -> tuple[str, ...]:
    """Make all that a bundle holds besides its sources, from them.

    They are copied, so that those bundled stay untouched, and run by themselves.

    Parameters
    ----------
    python : Path
        Interpreter of the environment.
    folder : Path
        Holds the sources in ``source/``.
    commit : Commit
    engine : {"builtin", "quarto"}
    walled : bool
        The sources are of others: keep them from network and home where the machine
        can, and limit their time.

    Returns
    -------
    tuple of str
        What they were kept from.

    Raises
    ------
    ManuscriptError
        When they cannot be made; what went wrong has been printed.
    """
    with temporary_folder() as scratch:
        tree = scratch / "project"
        shutil.copytree(folder / SOURCES, tree)
        command = [
            *(str(python), "-m", "manuscript", "bundle", "--into", str(folder)),
            *("--commit", commit.id, "--engine", engine),
        ]
        if walled:
            environment = _environment(sandbox.clean({}), scratch, commit.date)
            reads = (folder, scratch, *_prefixes(python))
            done = sandbox.run(command, tree, environment, reads=reads)
        else:
            environment = _environment(os.environ, scratch, commit.date)
            run = subprocess.run(command, cwd=tree, env=environment, check=False)
            done = sandbox.Done(run.returncode, ())
    if done.status:
        raise ManuscriptError(
            "bundle",
            0,
            f"the sources of {commit.id[:12]} cannot be made into a bundle",
            "see the messages above",
        )
    return done.walls


def _prefixes(python: Path) -> list[Path]:
    """Folders that an interpreter reads."""
    ask = "import sys; print(sys.prefix, sys.base_prefix, sep=chr(10))"
    try:
        told = subprocess.run(
            [str(python), "-I", "-c", ask],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise ManuscriptError(
            "bundle",
            0,
            f"`{python}` is no interpreter of Python that runs",
            "name one of an environment that has the bundle's packages: --python",
        ) from error
    return [Path(line) for line in told.stdout.splitlines()]


def _environment(given: Mapping[str, str], home: Path, date: int) -> dict[str, str]:
    """Keep what finds programs; leave out what changes what Python or R do."""
    kept = {
        name: value
        for name, value in given.items()
        if not name.startswith(("PYTHON", "MPL", "JUPYTER", "IPYTHON", "XDG_", "LC_"))
    }
    return kept | {
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "MPLBACKEND": "agg",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONNOUSERSITE": "1",
        "PYTHONUTF8": "1",
        "SOURCE_DATE_EPOCH": str(date),
        "TZ": "UTC",
    }


def _used() -> tuple[float, int]:
    """CPU seconds of processes that have ended, and the most memory of one in MiB."""
    try:
        import resource
    except ImportError:  # Windows has none
        return 0.0, 0
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    kib = used.ru_maxrss // (1024 if sys.platform == "darwin" else 1)
    return used.ru_utime + used.ru_stime, kib // 1024


def _git(root: Path, *arguments: str) -> bytes:
    try:
        return subprocess.run(
            ["git", *arguments], cwd=root, capture_output=True, check=True
        ).stdout
    except FileNotFoundError as error:
        what = "git is not installed, and a bundle is made of a commit"
        raise ManuscriptError("bundle", 0, what, "install git") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip()
        raise ManuscriptError(
            "bundle",
            0,
            f"git cannot tell the last commit: {said.partition(chr(10))[0] or error}",
            "make the bundle in a clone of the repository, or make this folder one: "
            "git init && git add --all && git commit",
        ) from error


def _last_commit(root: Path) -> Commit:
    name, date = _git(root, "log", "-1", "--format=%H %ct").decode().split()
    return Commit(name, max(EARLIEST, int(date)))


def _uncommitted(root: Path) -> list[ManuscriptError]:
    listed = _git(root, "status", "--porcelain", "-z", "--", ".").decode().split("\0")
    return [
        ManuscriptError(
            line[3:],
            0,
            "is not as in the last commit, which is what is bundled",
            "commit it, or bundle the commit without it: --committed",
        )
        for line in listed
        if line[2:3] == " "
    ]


def _export(root: Path, commit: Commit, folder: Path) -> None:
    with tarfile.open(fileobj=BytesIO(_git(root, "archive", commit.id))) as tar:
        refuse(
            [
                ManuscriptError(
                    member.name,
                    0,
                    "is a link, which a bundle cannot hold",
                    "commit the file itself",
                )
                for member in tar.getmembers()
                if member.issym() or member.islnk()
            ]
        )
        tar.extractall(folder, filter="data")


def _restricted(
    folder: Path, check: Callable[[Path], object] | None
) -> list[ManuscriptError]:
    """Find what must not be shared, by its path in the bundle.

    ``check`` raises for such a file; one that it cannot judge stays back as well.
    """
    faults = []
    for name, path in archive.files_in(folder).items():
        try:
            if RESTRICTED in name.split("/"):
                raise ValueError(f"what lies in `{RESTRICTED}` must not be shared")
            if check is not None:
                check(path)
        except Exception as error:
            what = str(error).removeprefix(f"{path}: ")
            mend = "take it out of the repository, and out of its history"
            faults.append(ManuscriptError(name, 0, what, mend))
    return faults


def _colliding(folder: Path) -> Iterator[ManuscriptError]:
    """Name sources that are one where case or form is none: no bundle may hold both."""
    for name, one in foreign.colliding(archive.files_in(folder)):
        what = f"is one with {one!a} on Windows and macOS"
        yield ManuscriptError(name, 0, what, "give one of them another name")


def _write(files: Mapping[str, bytes], target: Path, date: int) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f".{target.name}.building")
    try:
        with aside.open("wb") as file:
            archive.write(files, file, date)
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)


def recorded(date: str) -> int:
    """Seconds since 1970 of a date as ``bundle.json`` has it."""
    return int(datetime.fromisoformat(date).astimezone(UTC).timestamp())
