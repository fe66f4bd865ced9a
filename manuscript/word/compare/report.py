"""What merging an edited copy comes to."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from difflib import unified_diff
from pathlib import Path
from typing import Any, Final, Literal

from manuscript.errors import ManuscriptError

Kind = Literal["edit", "look", "refused", "comment"]

TITLES: Final[Mapping[Kind, str]] = {
    "edit": "Edits in the patch",
    "look": "Edits in the patch that need a look",
    "refused": "Not in the patch",
    "comment": "Comments",
}


@dataclass(frozen=True)
class Note:
    """One thing that a co-author did.

    Attributes
    ----------
    kind : {"edit", "look", "refused", "comment"}
    place : str
        ``file:line``; empty where it belongs to none.
    what : str
    mend : str
        What to do about it.
    author : str
        Who did it, as far as tracked changes say.
    gone, came : str
        Words of an edit: those that stood there, and those of the copy.
    """

    kind: Kind
    place: str
    what: str
    mend: str = ""
    author: str = ""
    gone: str = ""
    came: str = ""

    @property
    def line(self) -> str:
        """The note in words, with its place and author."""
        by = f" ({self.author})" if self.author else ""
        return f"{self.place}: {self.what}{by}" if self.place else f"{self.what}{by}"


@dataclass(frozen=True)
class Merged:
    """An edited copy against the sources.

    Attributes
    ----------
    old, new : dict of str to str
        Texts of the files that change, by name.
    notes : tuple of Note
    """

    old: Mapping[str, str]
    new: Mapping[str, str]
    notes: tuple[Note, ...]

    @property
    def refused(self) -> bool:
        """Whether something is left to be done by hand."""
        return any(note.kind == "refused" for note in self.notes)

    def as_json(self) -> str:
        """Write all of it as JSON."""
        return json.dumps(
            {
                "old": dict(self.old),
                "new": dict(self.new),
                "notes": [asdict(note) for note in self.notes],
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Merged:
        """Take what :meth:`as_json` wrote, read as JSON."""
        known = {each.name for each in fields(Note)}
        notes = tuple(
            Note(**{name: said for name, said in note.items() if name in known})
            for note in found["notes"]
        )
        return cls(found["old"], found["new"], notes)

    def patch(self) -> str:
        """Write the patch, as ``git apply`` takes it; empty without an edit."""
        text: list[str] = []
        for file in sorted(self.new):
            old, new = self.old[file], self.new[file]
            if old == new:
                continue
            text.append(f"diff --git a/{file} b/{file}\n")
            for line in unified_diff(
                _lines(old), _lines(new), f"a/{file}", f"b/{file}"
            ):
                text.append(line if line.endswith("\n") else f"{line}\n")
                if not line.endswith("\n"):
                    text.append("\\ No newline at end of file\n")
        return "".join(text)

    def report(self) -> str:
        """Write all notes, as lines that ``git apply`` passes over."""
        text: list[str] = []
        for kind, title in TITLES.items():
            notes = [note for note in self.notes if note.kind == kind]
            if notes:
                text.append(f"# {title} ({len(notes)})")
            for note, after in zip(notes, [*notes[1:], None], strict=False):
                text += [f"#   {line}" for line in note.line.split("\n")]
                if note.mend and not (after and after.mend == note.mend):
                    text.append(f"#     → {note.mend}")
        return "".join(f"{line}\n" for line in text)

    def apply(self, root: Path) -> list[str]:
        """Write all changed files or none; return their names.

        Raises
        ------
        ManuscriptError
            When a file was changed since it was read.
        OSError
        """
        changed = [
            file for file in sorted(self.new) if self.old[file] != self.new[file]
        ]
        originals: dict[str, bytes] = {}
        for file in changed:
            originals[file] = (root / file).read_bytes()
            if originals[file].decode("utf-8-sig") != self.old[file]:
                raise ManuscriptError(
                    file, 0, "was changed during the merge", "run the merge again"
                )
        written: list[str] = []
        try:
            for file in changed:
                mark = "\ufeff" if originals[file].startswith(b"\xef\xbb\xbf") else ""
                _replace(root / file, (mark + self.new[file]).encode())
                written.append(file)
        except BaseException:
            for file in written:
                _replace(root / file, originals[file])
            raise
        return changed


def _lines(text: str) -> list[str]:
    # Not splitlines: it also breaks at form feeds and U+2028, git does not.
    lines = text.split("\n")
    ended = [f"{line}\n" for line in lines[:-1]]
    return [*ended, lines[-1]] if lines[-1] else ended


def _replace(path: Path, content: bytes) -> None:
    """Write a file in one step."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(name).chmod(path.stat().st_mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
