"""Which files a page rests on, and whether they have changed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

SUFFIXES = (
    *(".qmd", ".yml", ".yaml", ".json", ".bib", ".csl", ".css", ".html", ".lua"),
    *(".typ", ".py", ".csv", ".txt", ".svg", ".png", ".docx", ".otf", ".ttf"),
)
# Outputs and caches, and the tests, on which no page rests.
PASSED_OVER = frozenset(("_output", "tests", "benchmarks", "restricted", "__pycache__"))

Stamps = Mapping[str, tuple[int, int]]


def stamps(root: Path) -> Stamps:
    """Time of change and size of every file on which the page may rest.

    Parameters
    ----------
    root : Path
        The project.

    Returns
    -------
    mapping
        From path to nanoseconds and bytes.
    """
    return {entry.path: _stamp(entry) for entry in _files(root)}


def _files(
    folder: Path | str, within: frozenset[str] = frozenset()
) -> Iterator[os.DirEntry[str]]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    within |= {os.path.realpath(folder)}
    for entry in entries:
        if entry.name.startswith(".") or entry.name in PASSED_OVER:
            continue
        if entry.is_dir():
            # A link may lead to where it stands.
            if os.path.realpath(entry.path) not in within:
                yield from _files(entry.path, within)
        elif entry.name.endswith(SUFFIXES):
            yield entry


def _stamp(entry: os.DirEntry[str]) -> tuple[int, int]:
    try:
        status = entry.stat()
    except OSError:
        return (0, -1)
    return (status.st_mtime_ns, status.st_size)
