"""A merge into older sources, brought up to what the sources are now."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from manuscript.exchange.report import Merged, Note


def existing(root: Path, files: Iterable[str]) -> list[str]:
    """List the files that are still there."""
    return [file for file in files if (root / file).is_file()]


def update(merged: Merged, texts: Mapping[str, str]) -> Merged:
    """Carry edits of older texts over to newer ones, as git merges.

    Parameters
    ----------
    merged : Merged
        Of the older texts.
    texts : mapping of str to str
        The newer ones; a file that is gone is missing.
    """
    old: dict[str, str] = {}
    new: dict[str, str] = {}
    notes = list(merged.notes)
    for file, edited in merged.new.items():
        before = merged.old[file]
        now = texts.get(file)
        together = None if now is None else _together(before, edited, now)
        if now is None or together is None:
            lines = Merged({file: before}, {file: edited}, ()).patch()
            what = f"{file}: its edits touch what has changed since\n{lines}"
            notes.append(Note("refused", "", what, "make these edits by hand"))
        else:
            old[file], new[file] = now, together
    return Merged(old, new, tuple(notes))


def _together(before: str, edited: str, now: str) -> str | None:
    """Merge two changes of a text; None where they touch each other."""
    if now == before:
        return edited
    with tempfile.TemporaryDirectory(prefix="manuscript-") as scratch:
        for name, text in (("now", now), ("before", before), ("edited", edited)):
            (Path(scratch) / name).write_bytes(text.encode())
        done = subprocess.run(
            ["git", "merge-file", "-p", "-q", "now", "before", "edited"],
            cwd=scratch,
            capture_output=True,
            check=False,
        )
    return done.stdout.decode() if done.returncode == 0 else None
