"""What the checks find in a project, for a render and for its panel of checks."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from manuscript.source import Project

if TYPE_CHECKING:
    from manuscript.check import Outcome
    from manuscript.values import Answers

PANEL = "manuscript.check.panel:panel"


class Checked:
    """Outcomes of all checks of a project, found once.

    Parameters
    ----------
    root : Path
        The project; all of it, as one document lacks what others cite.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._checking = threading.Lock()
        self._outcomes: Mapping[str, Outcome] = {}

    def outcomes(self, v: Answers) -> Mapping[str, Outcome]:
        """Outcomes by name of the check, with the values of a letter."""
        from manuscript import check as checks

        with self._checking:
            if not self._outcomes:
                project = Project.load(self._root)
                self._outcomes = checks.outcomes(project, v=v)
            return self._outcomes

    def panel(self, v: Answers) -> str:
        """Markdown of the panel of checks."""
        from manuscript.check import panel

        return panel.of(self.outcomes(v))._repr_markdown_()
