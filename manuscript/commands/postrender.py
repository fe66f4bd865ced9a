"""What Quarto runs after it renders: pages and Word files completed, the ledger."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path


def main(argv: Sequence[str] = ()) -> int:
    """Complete Quarto's pages and Word files, and write the ledger beside them."""
    from manuscript.compose import ooxml, page_links
    from manuscript.record import ledger
    from manuscript.source import Project, find_root

    project = Project.load(find_root(Path.cwd()))
    for name in os.environ.get("QUARTO_PROJECT_OUTPUT_FILES", "").splitlines():
        if name.endswith(".docx"):
            ooxml.finish(project.root / name)
    output = project.root / os.environ.get("QUARTO_PROJECT_OUTPUT_DIR", "_output")
    for document in project.documents:
        page = output / f"{document.stem}.html"
        if page.is_file():
            text = page.read_text("utf-8")
            finished = page_links.finish(text, project, document.path)
            page.write_text(finished, "utf-8")
    ledger.write(project, output, ledger.run_cells(project))
    return 0


if __name__ == "__main__":
    # As in prerender.py: the project's root in place of this file's folder.
    sys.path[0] = str(Path(__file__).resolve().parents[2])
    from manuscript.entry import program

    program(main)
