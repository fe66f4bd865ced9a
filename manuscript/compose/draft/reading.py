"""A project read for a draft, as far as it can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from manuscript.compose.draft.stopgaps import readable
from manuscript.errors import ManuscriptError
from manuscript.source import Project


@dataclass(frozen=True)
class Read:
    """A project, and what of it is not in it.

    Attributes
    ----------
    project : Project
    faults : tuple of ManuscriptError
        What is shown as written, as it cannot be read otherwise.
    unread : dict of str to ManuscriptError
        Documents that cannot be read at all.
    """

    project: Project
    faults: tuple[ManuscriptError, ...] = ()
    unread: dict[str, ManuscriptError] = field(default_factory=dict)


def load(root: Path, paths: Sequence[str]) -> Read:
    """Read a project, and set aside in it what is refused."""
    texts: dict[str, str] = {}
    faults: dict[str, ManuscriptError] = {}
    while True:
        refused: dict[str, ManuscriptError] = {}
        project = Project.load(root, paths, refused, texts)
        before = dict(texts)
        for fault in refused.values():
            file = root / fault.file
            if fault.file.endswith(".qmd") and file.is_file():
                text = texts.get(fault.file) or file.read_text("utf-8", "replace")
                new = readable(text, fault)
                if new != text:
                    texts[fault.file] = new
                    faults[str(fault)] = fault
        if texts == before:
            return Read(project, tuple(faults.values()), refused)
