"""What a paper carries of the press, and the small project that it begins with.

A paper holds its own copy of the press, so that it can be rendered when nothing else
is left. ``press.json`` records which files these are and what they were when they
were brought in: all others are the author's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from manuscript.errors import ManuscriptError

RECORD = "press.json"
# The press that runs.
HERE = Path(__file__).resolve().parents[2]

_TEMPLATES = Path(__file__).resolve().parent / "templates"
_PRESS = ("manuscript", "partials", "setup_venv.py", "requirements.txt", "LICENSE")
_TABLES = (
    "analysis/__init__.py",
    "analysis/foreign.py",
    "analysis/schema.py",
    "analysis/reading.py",
    "analysis/basis.py",
)
_POOLS = ("analysis/trials.py", "analysis/meta", "analysis/plots", "analysis/review")
KITS: Mapping[str, tuple[str, ...]] = {
    "cohort": (*_PRESS, *_TABLES),
    "meta-analysis": (*_PRESS, *_TABLES, *_POOLS),
}


@dataclass(frozen=True)
class Record:
    """What ``press.json`` says.

    Attributes
    ----------
    kit : str
        One of `KITS`.
    files : dict of str to str
        SHA-256 of each file of the press as it was brought in, by path.
    """

    kit: str
    files: Mapping[str, str]

    def dumps(self) -> str:
        """Print it as JSON."""
        content = {"kit": self.kit, "files": dict(sorted(self.files.items()))}
        return json.dumps(content, indent=1) + "\n"

    @classmethod
    def load(cls, root: Path) -> Record:
        """Read the record of a paper.

        Raises
        ------
        ManuscriptError
            Where there is none, or it is not one.
        """
        try:
            given: Any = json.loads((root / RECORD).read_text("utf-8"))
            kit, files = given["kit"], given["files"]
            known = kit in KITS and all(isinstance(v, str) for v in files.values())
        except OSError as error:
            raise ManuscriptError(
                RECORD,
                0,
                f"not found in {root}",
                "update papers that were made with python -m manuscript new",
            ) from error
        except (ValueError, TypeError, KeyError, AttributeError):
            known = False
        if not known:
            raise ManuscriptError(
                RECORD,
                0,
                "is not the record of a press",
                "take it from the last commit, where it was one",
            )
        return cls(kit, files)


def press(kit: str) -> dict[str, bytes]:
    """Read the files of the press that runs, as a paper carries them.

    Parameters
    ----------
    kit : str
        One of `KITS`.

    Returns
    -------
    dict of str to bytes
        Contents by path.

    Raises
    ------
    ManuscriptError
        Where the press lacks what the kit needs.
    """
    found: dict[str, bytes] = {}
    for name in KITS[kit]:
        if not (HERE / name).exists():
            raise ManuscriptError(
                name,
                0,
                f"this copy of the press has it not, and a {kit} needs it",
                "run the command in a copy that has it",
            )
        for path in _files(HERE / name):
            found[path.relative_to(HERE).as_posix()] = path.read_bytes()
    return found


def template(kit: str) -> dict[str, bytes]:
    """Read the author's files with which a paper begins.

    Templates of programs end in ``.in``, and names that begin with a dot are written
    ``dot-``: so nothing takes them for a part of the press.
    """
    found: dict[str, bytes] = {}
    for folder in (_TEMPLATES / "common", _TEMPLATES / kit):
        for path in _files(folder):
            name = path.relative_to(folder).as_posix().removesuffix(".in")
            parts = [
                f".{part[4:]}" if part.startswith("dot-") else part
                for part in name.split("/")
            ]
            found["/".join(parts)] = path.read_bytes()
    return found


def record(kit: str, files: Mapping[str, bytes]) -> Record:
    """Record files as they are brought in."""
    return Record(kit, {name: digest(data) for name, data in files.items()})


def digest(data: bytes) -> str:
    """Return the SHA-256 of a file's content."""
    return hashlib.sha256(data).hexdigest()


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    for child in sorted(path.rglob("*")):
        if child.is_file() and "__pycache__" not in child.parts:
            yield child
