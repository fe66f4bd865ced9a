"""A merge into older sources, brought up to what the sources are now."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from manuscript.word.compare import Merged, Note


def existing(root: Path, files: Iterable[str]) -> list[str]:
    """List the files that are still there."""
    return [file for file in files if (root / file).is_file()]


def update(merged: Merged, texts: Mapping[str, str]) -> Merged:
    """Carry edits of older texts over to newer ones, as git merges.

    Lines first; where both changed a line, its words. What even then touches
    is refused.

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
        before, now = merged.old[file], texts.get(file)
        together = now and _by_lines(before, edited, now)
        if now and together is None:
            together = _by_words(before, edited, now)
            if together is not None:
                what = f"{file}: the same paragraphs have changed since"
                notes.append(Note("look", "", what, "read them through"))
        if now and together is not None:
            old[file], new[file] = now, together
            continue
        notes = [
            _refused(note) if note.place.startswith(f"{file}:") else note
            for note in notes
        ]
        lines = Merged({file: before}, {file: edited}, ()).patch()
        what = f"{file}: these edits touch what has changed since\n{lines}"
        notes.append(Note("refused", "", what, "make them by hand"))
    return Merged(old, new, tuple(notes))


def _refused(note: Note) -> Note:
    return replace(note, kind="refused") if note.kind == "edit" else note


def _by_lines(before: str, edited: str, now: str) -> str | None:
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


def _by_words(before: str, edited: str, now: str) -> str | None:
    together = _by_lines(*map(_a_word_a_line, (before, edited, now)))
    if together is None:
        return None
    return "".join(json.loads(line) for line in together.splitlines())


def _a_word_a_line(text: str) -> str:
    words = re.findall(r"\s|`[^`\n]*`|[^\s`]+|`", text)
    return "".join(f"{json.dumps(word)}\n" for word in words)
