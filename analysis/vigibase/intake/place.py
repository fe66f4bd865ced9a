"""Where a converted extract may lie: inside a folder that is never shared."""

from __future__ import annotations

import subprocess
from pathlib import Path

from analysis.vigibase.errors import PrivacyError

RESTRICTED = "restricted"


def is_restricted(path: Path) -> bool:
    """Whether a path leads through a folder called ``restricted``, in any case."""
    return any(part.casefold() == RESTRICTED for part in path.resolve().parts)


def check_place(to: Path) -> None:
    """Refuse a place for real reports outside a folder ``restricted``.

    Raises
    ------
    PrivacyError
        If the place is not in such a folder, or git would take what lies there.
    """
    if not is_restricted(to):
        raise PrivacyError(
            f"{to}: real reports are converted into a folder called {RESTRICTED} "
            f"only, which is never shared; expected such as "
            f"{to.parent / RESTRICTED / to.name}"
        )
    if _is_taken_by_git(to):
        raise PrivacyError(
            f"{to}: git does not ignore it, so that it could be committed; put the "
            f"line {RESTRICTED}/ into .gitignore first"
        )


def _is_taken_by_git(path: Path) -> bool:
    command = ["git", "-C", str(path.resolve().parent), "check-ignore", "-q", "--"]
    try:
        found = subprocess.run(
            [*command, str(path.resolve())], capture_output=True, check=False
        )
    except OSError:
        return False
    # 1: not ignored; 128: no repository.
    return found.returncode == 1
