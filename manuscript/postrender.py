"""What Quarto runs after it has rendered: the ledger, beside the documents."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path


def main(argv: Sequence[str] = ()) -> int:
    """Write the ledger where Quarto has put its outputs."""
    from manuscript.record import ledger
    from manuscript.source.documents import Project, find_root

    project = Project.load(find_root(Path.cwd()))
    output = os.environ.get("QUARTO_PROJECT_OUTPUT_DIR", "_output")
    ledger.write(project, project.root / output, ledger.run_cells(project))
    return 0


if __name__ == "__main__":
    # As in prerender.py: the project's root in place of this file's folder.
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    from manuscript.entry import program

    program(main)
