"""A project read for a draft, as far as it can be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from manuscript.compose import features
from manuscript.compose.draft.stopgaps import readable
from manuscript.compose.keys import PATHS
from manuscript.errors import ManuscriptError, faults_of
from manuscript.source import Project, foreign, is_file

_KEY = re.compile(r"^([\w-]+):", re.MULTILINE)


@dataclass(frozen=True)
class Read:
    """A project, and what of it is not in it.

    Attributes
    ----------
    project : Project
    faults : tuple of ManuscriptError
        Of what is shown as written, as it cannot be read otherwise, and of entries
        of settings, which are left out.
    unread : dict of str to ManuscriptError
        Documents that cannot be read at all.
    missed : frozenset of str
        Names of entries that are left out and on which other findings rest.
    """

    project: Project
    faults: tuple[ManuscriptError, ...] = ()
    unread: dict[str, ManuscriptError] = field(default_factory=dict)
    missed: frozenset[str] = frozenset()

    def follows(self, text: str) -> bool:
        """Whether a message follows from what is missed."""
        return any(re.search(rf"\b{name}\b", text) for name in self.missed)


def load(root: Path, paths: Sequence[str]) -> Read:
    """Read a project, and set aside in it what is refused.

    Raises
    ------
    ManuscriptError or ExceptionGroup
        What keeps the project from being read, and cannot be set aside.
    """
    texts: dict[str, str] = {}
    faults: dict[str, ManuscriptError] = {}
    names: set[str] = set()
    first: Exception | None = None
    while True:
        refused: dict[str, ManuscriptError] = {}
        project: Project | None = None
        try:
            project = Project.load(root, paths, refused, texts)
            found = [*refused.values()] or features.wrong_entries(project)
        except (ManuscriptError, ExceptionGroup) as error:
            found = faults_of(error)
            first = first or error
        aside = {
            str(each): each for each in found if _set_aside(root, each, texts, names)
        }
        faults |= aside
        if not aside and first and not project:
            raise first
        if not aside and project:
            return Read(project, tuple(faults.values()), refused, frozenset(names))


def _set_aside(
    root: Path, fault: ManuscriptError, texts: dict[str, str], missed: set[str]
) -> bool:
    """Set a fault's place aside in the text of its file; tell whether it could be."""
    path = root / fault.file
    if not is_file(root, fault.file):
        return False
    try:
        before: str | None = texts.get(fault.file) or foreign.read_text(path)
    except foreign.UnreadableError:
        before = None
    text = texts.get(fault.file) or foreign.legible(path)
    new = readable(text, fault)
    missed |= {*PATHS, "title"} & {*_KEY.findall(text)} - {*_KEY.findall(new)}
    texts |= {fault.file: new} if new != before else {}
    return new != before
