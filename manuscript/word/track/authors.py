"""Who changed a file between a revision and now, as git knows."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from manuscript.record import git
from manuscript.word.track.marks import Author

UNKNOWN = "not committed"


class Authors:
    """Authors of changes since a commit.

    Parameters
    ----------
    root : Path
    commit : str
    """

    def __init__(self, root: Path, commit: str) -> None:
        self._root = root
        self._commit = commit
        self.of = cache(self._of)

    def _of(self, file: str) -> Author:
        """Find the author of the last change of a file.

        Parameters
        ----------
        file : str
            Where it has not changed, and for an empty name, the author of the
            project's last change: data and code change what a file prints.
        """
        if file:
            if self._git("status", "--porcelain", "--", file):
                return self._uncommitted(file)
            if logged := self._logged("--", file):
                return logged
        if self._git("status", "--porcelain", "--untracked-files=no"):
            return self._uncommitted("")
        return self._logged() or self._uncommitted("")

    def _logged(self, *paths: str) -> Author | None:
        span = f"{self._commit}..HEAD"
        said = self._git("log", "-1", "--format=%an%x00%at", span, *paths)
        if not said:
            return None
        name, _, seconds = said.partition("\0")
        return Author(name, _date(float(seconds)))

    def _uncommitted(self, file: str) -> Author:
        """Name whoever would commit the change."""
        name = self._git("config", "user.name") or UNKNOWN
        if file and (path := self._root / file).is_file():
            return Author(name, _date(path.stat().st_mtime))
        changed = self._git("diff", "--name-only", "--relative", "HEAD").split("\n")
        paths = [self._root / each for each in changed if each]
        times = [path.stat().st_mtime for path in paths if path.is_file()]
        return Author(name, _date(max(times, default=datetime.now(UTC).timestamp())))

    def _git(self, *arguments: str) -> str:
        return git(self._root, *arguments).decode(errors="replace").strip()


def _date(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
