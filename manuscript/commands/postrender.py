"""What Quarto runs after it has rendered: Word files completed, and the ledger."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path


def main(argv: Sequence[str] = ()) -> int:
    """Complete Quarto's Word files, and write the ledger beside its outputs."""
    from manuscript.compose import ooxml
    from manuscript.record import ledger
    from manuscript.source import Project, find_root

    project = Project.load(find_root(Path.cwd()))
    for name in os.environ.get("QUARTO_PROJECT_OUTPUT_FILES", "").splitlines():
        if name.endswith(".docx"):
            ooxml.finish(project.root / name)
    output = os.environ.get("QUARTO_PROJECT_OUTPUT_DIR", "_output")
    ledger.write(project, project.root / output, ledger.run_cells(project))
    return 0


if __name__ == "__main__":
    # As in prerender.py: the project's root in place of this file's folder.
    sys.path[0] = str(Path(__file__).resolve().parents[2])
    from manuscript.entry import program

    program(main)
