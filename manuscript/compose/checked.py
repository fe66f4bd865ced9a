"""What the checks find in a project, for a render and for its panel of checks."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from manuscript.compose.pages import of_files
from manuscript.execute import Kept, State, digest, file_digest
from manuscript.source import Project, Reading, read

if TYPE_CHECKING:
    from manuscript.check import Outcome
    from manuscript.values import Answers

PANEL = "manuscript.check.panel:panel"


class Checked:
    """Outcomes of all checks of a project, found once.

    Parameters
    ----------
    project : Project
        All of it is checked, as one document lacks what others cite.
    state : State, optional
    kept : Kept, optional
        Where outcomes are looked for and kept, which rest on all that a state holds.
    """

    def __init__(
        self, project: Project, state: State | None = None, kept: Kept | None = None
    ) -> None:
        self._given = project
        self._state = state
        self._kept = kept
        self._checking = threading.RLock()
        self._outcomes: Mapping[str, Outcome] = {}
        self._readings: tuple[Reading, ...] = ()

    @cached_property
    def _project(self) -> Project:
        return self._given if self._given.whole else Project.load(self._given.root)

    def outcomes(self, v: Answers) -> Mapping[str, Outcome]:
        """Outcomes by name of the check, with the values of a letter."""
        with self._checking:
            if not self._outcomes:
                self._outcomes = self._known() or self._found(v)
            return self._outcomes

    def readings(self, v: Answers) -> tuple[Reading, ...]:
        """Read all documents, once, with the values of a letter."""
        with self._checking:
            self._readings = self._readings or read(self._project, v)
            return self._readings

    def panel(self, v: Answers) -> str:
        """Markdown of the panel of checks."""
        from manuscript.check import panel

        return panel.of(self.outcomes(v))._repr_markdown_()

    def _found(self, v: Answers) -> Mapping[str, Outcome]:
        from manuscript import check as checks

        found = checks.outcomes(self._project, v=v, readings=self.readings(v))
        if self._kept and self._name:
            self._kept.write(self._name, checks.Outcomes(found))
        return found

    def _known(self) -> Mapping[str, Outcome]:
        from manuscript.check import Outcomes

        if not (self._kept and self._name):
            return {}
        known = self._kept.read_as(Outcomes, self._name)
        return known.found if known else {}

    @cached_property
    def _name(self) -> str:
        """Name outcomes by all that checks read, hidden files and tests among it."""
        if self._state is None:
            return ""
        root = self._project.root
        settings = (self._project.metadata(d, "html") for d in self._project.documents)
        written = {file for d in self._project.documents for file in d.files}
        parts = digest(
            self._state.sources,
            *(part for each in settings for part in of_files(root, each)),
            *(file_digest(root / file) for file in sorted(written)),
        )
        return f"checks-{parts}"
