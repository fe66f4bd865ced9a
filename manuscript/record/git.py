"""What git knows of the project."""

from __future__ import annotations

import subprocess
import tarfile
from io import BytesIO
from pathlib import Path

from manuscript.errors import ManuscriptError


def git(root: Path, *arguments: str) -> bytes:
    """Output of a git command; empty where it fails, or where there is no git."""
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=root, capture_output=True, check=False
        )
    except FileNotFoundError:
        return b""
    return done.stdout if done.returncode == 0 else b""


def resolve(root: Path, revision: str) -> str:
    """Hash of the commit that a revision names.

    Raises
    ------
    ManuscriptError
        For what is no revision.
    """
    arguments = ("rev-parse", "--verify", "--quiet", "--end-of-options")
    found = git(root, *arguments, f"{revision}^{{commit}}").decode().strip()
    if not found:
        raise ManuscriptError(
            "git", 0, f"`{revision}` is no revision", "name a commit, branch or tag"
        )
    return found


def unpack(root: Path, commit: str, tree: Path) -> None:
    """Write the project as a commit has it into a folder, without links out of it."""

    def inside(member: tarfile.TarInfo, path: str) -> tarfile.TarInfo | None:
        try:
            return tarfile.data_filter(member, path)
        except (tarfile.AbsoluteLinkError, tarfile.LinkOutsideDestinationError):
            return None

    with tarfile.open(fileobj=BytesIO(git(root, "archive", commit))) as tar:
        tar.extractall(tree, filter=inside)
