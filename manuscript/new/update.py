"""Bring the press that runs into a paper, and touch nothing of the author's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from manuscript.errors import ManuscriptError, refuse
from manuscript.new import kits


@dataclass(frozen=True)
class Update:
    """What was done to the files of a press.

    Attributes
    ----------
    added, changed, removed : tuple of str
        Paths in the paper.
    kept : tuple of str
        Files that the author has changed, or put where the press has one: they are as
        they were.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]

    def __str__(self) -> str:
        lines = [
            f"{word:8} {name}"
            for word, names in (
                ("added", self.added),
                ("changed", self.changed),
                ("removed", self.removed),
            )
            for name in names
        ]
        lines += [
            f"{'kept':8} {name}: it is not as the press brought it; to take that of "
            "the press, delete yours and update again"
            for name in self.kept
        ]
        counted = (len(self.added), len(self.changed), len(self.removed))
        total = "{} added, {} changed, {} removed".format(*counted)
        return "\n".join([*lines, f"{total}, {len(self.kept)} of yours kept"])


def update(root: Path) -> Update:
    """Bring the press that runs into a paper.

    Parameters
    ----------
    root : Path
        The paper, with its ``press.json``.

    Raises
    ------
    ManuscriptError or ExceptionGroup
        Where ``press.json`` is missing or none, for the press itself, and for files
        that would be written through a link. Nothing is changed then.
    """
    if root.resolve() == kits.HERE:
        raise ManuscriptError(
            str(root), 0, "is the press that runs", "name a folder of a newer one"
        )
    before = kits.Record.load(root)
    new = kits.press(before.kit)
    refuse(_links(root, {*new, *before.files}))
    added: list[str] = []
    changed: list[str] = []
    kept: list[str] = []
    for name, data in new.items():
        there = _read(root / name)
        if there is None:
            added.append(name)
        elif there != data:
            as_brought = kits.digest(there) == before.files.get(name)
            (changed if as_brought else kept).append(name)
    gone = {name: _read(root / name) for name in before.files.keys() - new.keys()}
    removed = [
        name
        for name, there in sorted(gone.items())
        if there is not None and kits.digest(there) == before.files[name]
    ]
    kept += [n for n, there in gone.items() if there is not None and n not in removed]
    for name in [*added, *changed]:
        _write(root / name, new[name])
    for name in removed:
        (root / name).unlink()
    _write(root / kits.RECORD, kits.record(before.kit, new).dumps().encode())
    return Update(tuple(added), tuple(changed), tuple(removed), tuple(sorted(kept)))


def _links(root: Path, names: Iterable[str]) -> list[ManuscriptError]:
    inside = root.resolve()

    def is_plain(name: str) -> bool:
        path = inside / name
        return path.resolve() == path and (path.is_file() or not path.exists())

    return [
        ManuscriptError(
            name,
            0,
            "is a link or a folder, or lies outside the paper",
            "put a plain file there, or nothing",
        )
        for name in sorted(names)
        if not is_plain(name)
    ]


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.updating")
    aside.write_bytes(data)
    aside.replace(path)
