"""What a render finds out by reading all documents: outcomes of checks, the ledger."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from manuscript.compose.pages import of_files
from manuscript.execute import (
    Kept,
    State,
    aside,
    digest,
    file_digest,
    packed,
    shaped,
)
from manuscript.source import Project, Reading, read

if TYPE_CHECKING:
    from manuscript.check import Outcome, Outcomes
    from manuscript.values import Answers

PANEL = "manuscript.check.panel:panel"


class Checked:
    """Outcomes of all checks of a project, and its ledger, found once.

    Parameters
    ----------
    project : Project
        All of it is checked, as one document lacks what others cite.
    state : State, optional
    kept : Kept, optional
        Where these are looked for and kept, which rest on all that a state holds.
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
        self._aside: Callable[[], bytes] = bytes

    @property
    def root(self) -> Path:
        """The project's folder."""
        return self._given.root

    @cached_property
    def _project(self) -> Project:
        return self._given if self._given.whole else Project.load(self._given.root)

    def begin(self, v: Answers | None) -> None:
        """Begin to look for outcomes that are not known, beside what is done next."""
        if v is not None and aside.possible() and not self._known():
            self._aside = aside.begin(lambda: packed(self._made(v)))

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

    def ledger(self, v: Answers, shown: Mapping[tuple[str, int], str]) -> bytes:
        """Ledger of the project, with what its cells show."""
        cells = (part for at, text in sorted(shown.items()) for part in (*at, text))
        name = self._name and f"ledger-{digest(self._name, *map(str, cells))}"
        known = self._kept.read(name) if self._kept and name else None
        if known is None:
            from manuscript.record import ledger

            made = ledger.build(self._project, v, shown, self.readings(v))
            known = ledger.dumps(made).encode()
            if self._kept and name:
                self._kept.write(name, known)
        return known

    def panel(self, v: Answers) -> str:
        """Markdown of the panel of checks."""
        from manuscript.check import panel

        return panel.of(self.outcomes(v))._repr_markdown_()

    def _found(self, v: Answers) -> Mapping[str, Outcome]:
        from manuscript.check import Outcomes

        told = self._aside()
        made = shaped(json.loads(told), Outcomes) if told else self._made(v)
        if self._kept and self._name:
            self._kept.write(f"checks-{self._name}", made)
        return made.found

    def _made(self, v: Answers) -> Outcomes:
        from manuscript import check as checks

        found = checks.outcomes(self._project, v=v, readings=self.readings(v))
        return checks.Outcomes(found)

    def _known(self) -> Mapping[str, Outcome]:
        from manuscript.check import Outcomes

        if not (self._kept and self._name):
            return {}
        known = self._kept.read_as(Outcomes, f"checks-{self._name}")
        return known.found if known else {}

    @cached_property
    def _name(self) -> str:
        """Tell all that is read, hidden files and tests among it; empty if unknown."""
        if self._state is None:
            return ""
        root = self._project.root
        settings = (self._project.metadata(d, "html") for d in self._project.documents)
        written = {file for d in self._project.documents for file in d.files}
        return digest(
            self._state.sources,
            *(part for each in settings for part in of_files(root, each)),
            *(file_digest(root / file) for file in sorted(written)),
        )
