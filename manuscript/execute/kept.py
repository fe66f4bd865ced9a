"""What renders keep for the next one, in a hidden folder of the project.

Files appear whole or not at all, bear a digest of their content, and are no loss:
one that is missing, damaged or of another version is as if nothing had been kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

FOLDER = ".manuscript/kept"
LIMIT = 300 * 2**20  # bytes, of all files together
_SUFFIX = ".kept"


class Kept:
    """The folder of what is kept.

    Parameters
    ----------
    root : Path
        The project.
    fresh : bool, optional
        Whether to find nothing of what earlier renders kept.
    """

    def __init__(self, root: Path, *, fresh: bool = False) -> None:
        self._folder = root / FOLDER
        self._fresh = fresh

    def read(self, name: str) -> bytes | None:
        """Return what is kept under a name, None where that is nothing."""
        if self._fresh:
            return None
        path = self._path(name)
        try:
            content = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        digest, _, body = content.partition(b"\n")
        return body if digest == _digest(body) else None

    def write(self, name: str, body: bytes) -> None:
        """Keep something under a name, if there is room for it."""
        if len(body) > LIMIT // 3:
            return
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, aside = tempfile.mkstemp(dir=self._folder)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(_digest(body) + b"\n" + body)
                Path(aside).replace(self._path(name))
            except BaseException:
                Path(aside).unlink(missing_ok=True)
                raise

    def read_json(self, name: str) -> dict[str, Any]:
        """Return a mapping that is kept, empty where there is none."""
        body = self.read(name)
        try:
            found = json.loads(body) if body else {}
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def write_json(self, name: str, content: dict[str, Any]) -> None:
        """Keep a mapping of plain types."""
        self.write(name, json.dumps(content, separators=(",", ":")).encode())

    def tidy(self) -> None:
        """Remove what was not used for longest until the rest keeps to the limit."""
        with suppress(OSError):
            files = [(p.stat(), p) for p in self._folder.iterdir() if p.is_file()]
            files.sort(key=lambda each: each[0].st_mtime_ns)
            total = sum(status.st_size for status, _ in files)
            for status, path in files:
                if total <= LIMIT:
                    break
                path.unlink(missing_ok=True)
                total -= status.st_size

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}{_SUFFIX}"


def _digest(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()
