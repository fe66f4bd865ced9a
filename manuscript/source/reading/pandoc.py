"""Running the pandoc of the environment."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

_WARNING = re.compile(r"^\[WARNING\] (.*(?:\n(?!\[).*)*)", re.MULTILINE)


class PandocError(Exception):
    """Pandoc failed or warned; carries what it said."""


@lru_cache(maxsize=1)
def executable() -> str:
    """Path of the pandoc that came with the environment, whatever others there are.

    Raises
    ------
    PandocError
        When the package that brings it is not installed.
    """
    package = find_spec("pypandoc")
    folder = Path(package.origin).parent if package and package.origin else Path()
    if found := shutil.which("pandoc", path=folder / "files"):
        return found
    raise PandocError("pandoc is missing: install pypandoc_binary (make render does)")


def run(arguments: Sequence[str], source: str, folder: Path, epoch: int = 0) -> str:
    """Run pandoc on a text.

    Parameters
    ----------
    arguments : sequence of str
    source : str
    folder : Path
        Working directory, in which pandoc finds what the text names.
    epoch : int
        Date of the files it writes, in seconds since 1970.

    Returns
    -------
    str
        What it wrote to standard output.

    Raises
    ------
    PandocError
        When it fails, and when it warns: pandoc warns where a page would lack
        something that its source has.
    """
    process = subprocess.run(
        [executable(), *arguments],
        input=source.encode(),
        capture_output=True,
        cwd=folder,
        env=os.environ
        | {
            "LC_ALL": "C.UTF-8",
            "SOURCE_DATE_EPOCH": str(epoch),
            "TZ": "UTC",
        },
        check=False,
    )
    said = process.stderr.decode(errors="replace").strip()
    if process.returncode:
        raise PandocError(said or f"pandoc ended with status {process.returncode}")
    if warning := _WARNING.search(said):
        raise PandocError(" ".join(warning[1].split()))
    return process.stdout.decode()
