"""What Quarto runs after it has rendered: the ledger, beside the documents."""

from __future__ import annotations

import os
import sys
from pathlib import Path

# Quarto runs this file by its path: Python then looks for modules beside it, where
# those of the package would pass for others, and not in the project's root.
sys.path[0] = str(Path(__file__).resolve().parents[1])

from manuscript import ledger
from manuscript.sources import Project, find_root


def main() -> None:
    """Write the ledger where Quarto has put its outputs."""
    project = Project.load(find_root(Path.cwd()))
    output = os.environ.get("QUARTO_PROJECT_OUTPUT_DIR", "_output")
    ledger.write(project, project.root / output, ledger.run_cells(project))


if __name__ == "__main__":
    main()
