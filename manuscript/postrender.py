"""What Quarto runs after it has rendered: links between pages, and the ledger."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path


def main(argv: Sequence[str] = ()) -> int:
    """Finish the pages and write the ledger where Quarto has put its outputs."""
    from manuscript.compose.formats.page_links import finish
    from manuscript.record import ledger
    from manuscript.source.documents import Project, find_root

    project = Project.load(find_root(Path.cwd()))
    output = project.root / os.environ.get("QUARTO_PROJECT_OUTPUT_DIR", "_output")
    for document in project.documents:
        page = output / f"{document.stem}.html"
        if page.is_file():
            text = page.read_text("utf-8")
            page.write_text(finish(text, project, document.path), "utf-8")
    ledger.write(project, output, ledger.run_cells(project))
    return 0


if __name__ == "__main__":
    # As in prerender.py: the project's root in place of this file's folder.
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    from manuscript.entry import program

    program(main)
