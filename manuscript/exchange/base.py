"""The Word file that the sources make, to compare an edited copy with."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from manuscript.compose import render
from manuscript.compose.formats import docx
from manuscript.compose.formats.article import compose
from manuscript.execute.cells import execute
from manuscript.record.git import resolve, unpack
from manuscript.source.documents import Project

SECONDS_PER_CELL = 600.0


def build(root: Path, path: str, directory: Path) -> Path:
    """Write a document of a project as a Word file, with the built-in engine.

    Checks are left out: a manuscript that is being edited may fail them.

    Parameters
    ----------
    root : Path
        Its cells and expressions run here, with the code and data of this folder.
    path : str
        Such as ``index.qmd``.
    directory : Path

    Raises
    ------
    ManuscriptError or ExceptionGroup
        Whatever keeps it from being printed.
    """
    project = Project.load(root, [path])
    [document] = project.documents
    options = render.cell_options(
        project, document, SECONDS_PER_CELL, render.source_date(root)
    )
    execution = execute(document, project.root, options, threading.Event())
    article = compose(project, document, execution, options)
    with tempfile.TemporaryDirectory(prefix="manuscript-") as scratch:
        return docx.build(article, directory, Path(scratch))


@contextmanager
def unpacked(root: Path, revision: str) -> Iterator[Path]:
    """Unpack a revision of the project into a folder that lasts for the block.

    Raises
    ------
    ManuscriptError
        For what is no revision.
    """
    commit = resolve(root, revision)
    with tempfile.TemporaryDirectory(prefix="manuscript-") as scratch:
        tree = Path(scratch) / "tree"
        unpack(root, commit, tree)
        yield tree
