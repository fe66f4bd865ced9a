"""Begin a paper: a small project that renders, checks and bundles as it is."""

from __future__ import annotations

import tempfile
from pathlib import Path

from manuscript.errors import ManuscriptError
from manuscript.new import kits


def begin(folder: Path, kit: str) -> int:
    """Write a new paper.

    Parameters
    ----------
    folder : Path
        Must not be there, or be empty; appears when it is whole.
    kit : {"cohort", "meta-analysis"}

    Returns
    -------
    int
        How many files are the author's.

    Raises
    ------
    ManuscriptError
        For a folder that holds anything, or cannot be one.
    """
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise ManuscriptError(
            str(folder), 0, "is there and is no folder", "name another"
        )
    if folder.is_dir() and any(folder.iterdir()):
        raise ManuscriptError(
            str(folder),
            0,
            "holds files already",
            "name a folder that is empty or not there",
        )
    press, own = kits.press(kit), kits.template(kit)
    record = kits.record(kit, press).dumps().encode()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        prefix=".manuscript-new-", dir=folder.parent
    ) as scratch:
        made = Path(scratch, "paper")
        for name, data in {**press, **own, kits.RECORD: record}.items():
            target = made / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        if folder.is_dir():
            folder.rmdir()
        made.replace(folder)
    return len(own)
