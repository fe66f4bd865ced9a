"""A program that the reader trusts, in place of the one in a bundle."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from manuscript.record import unpack
from manuscript.values import temporary_folder

_FOLDERS = ("analysis", "manuscript", "partials")
_SUFFIXES = (".py", ".pth", ".so", ".lua")


@dataclass(frozen=True)
class Trusted:
    """A commit of a clone of the reader's own.

    Attributes
    ----------
    root : Path
        Of the clone.
    commit : str
    """

    root: Path
    commit: str

    def replace_program(self, sources: Path) -> None:
        """Put its program in place of the one among sources; prose and data stay."""
        with temporary_folder() as scratch:
            own = scratch
            unpack(self.root, self.commit, own)
            for path in _program(sources):
                path.unlink()
            for path in _program(own):
                target = sources / path.relative_to(own)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(path.read_bytes())


def _program(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if _is_program(path, root)]


def _is_program(path: Path, root: Path) -> bool:
    name = path.relative_to(root)
    return path.is_file() and (
        name.parts[0] in _FOLDERS
        or name.suffix in _SUFFIXES
        or (name.name.startswith("requirements") and name.suffix == ".txt")
    )
