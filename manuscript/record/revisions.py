"""Ledgers of other revisions, each made by its own code from its own data."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from manuscript.errors import ManuscriptError
from manuscript.record import valid
from manuscript.record.diff import Ledger
from manuscript.record.git import resolve, unpack
from manuscript.source import foreign
from manuscript.values import temporary_folder

WORKING_TREE = "."
MOST_BYTES = 64 * 2**20
_TELLING = ("values", "--json", "--draw")


def ledgers(root: Path, sources: Sequence[str]) -> list[Ledger]:
    """Get the ledgers of files, revisions, or the working tree (``.``).

    A revision is unpacked into a temporary folder and reads itself there, with
    its own code and data, in this interpreter; several do so at the same time.

    Raises
    ------
    ManuscriptError
        For what is neither a ledger nor a revision, or cannot make its ledger.
    """
    with temporary_folder() as scratch:
        running: list[Ledger | subprocess.Popen[str]] = []
        for index, source in enumerate(sources):
            if (path := Path(source)).is_file():
                running.append(_from_file(path))
            elif source == WORKING_TREE:
                running.append(started(root, *_TELLING))
            else:
                tree = scratch / str(index)
                unpack(root, _commit(root, source), tree)
                running.append(started(tree, *_TELLING))
        return [
            _finish(each, source) if isinstance(each, subprocess.Popen) else each
            for each, source in zip(running, sources, strict=True)
        ]


def _from_file(path: Path) -> Ledger:
    try:
        ledger: Ledger = json.loads(foreign.read_text(path, MOST_BYTES))
        found = valid.fault(ledger)
    except (ValueError, RecursionError) as error:
        found = " ".join(str(error).split())
    if not found:
        return ledger
    raise ManuscriptError(
        str(path),
        0,
        f"is no ledger: {found}",
        "name a ledger.json that a render has written",
    )


def _commit(root: Path, revision: str) -> str:
    try:
        return resolve(root, revision)
    except ManuscriptError as error:
        raise ManuscriptError(
            "diff",
            0,
            f"`{revision}` is neither a file nor a git revision",
            "name a ledger.json, a commit, a branch or a tag",
        ) from error


def started(tree: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start a command of the press that a folder holds, with its code and data."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    return subprocess.Popen(
        [sys.executable, "-m", "manuscript", *arguments],
        cwd=tree,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def ended(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Return what a command printed, and the last line of its messages."""
    output, errors = process.communicate()
    return output, (errors.strip().splitlines() or ["no message"])[-1]


def _finish(process: subprocess.Popen[str], source: str) -> Ledger:
    output, last = ended(process)
    if process.returncode:
        where = "the working tree" if source == WORKING_TREE else f"`{source}`"
        raise ManuscriptError(
            "diff",
            0,
            f"{where} cannot make its ledger: {last}",
            "compare revisions that have `python -m manuscript values --draw`",
        )
    ledger: Ledger = json.loads(output)
    return ledger
