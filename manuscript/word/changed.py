"""A document as a Word file in which all that changed since a revision is tracked."""

from __future__ import annotations

import re
from pathlib import Path

from manuscript.compose import output
from manuscript.record import resolve
from manuscript.source import Project
from manuscript.values import temporary_folder
from manuscript.word import base
from manuscript.word.compare import locate, read_texts
from manuscript.word.origin import named
from manuscript.word.package import read_document
from manuscript.word.track import Author, Authors, track


def write_changes(
    root: Path, document: str, revision: str, target: Path | None = None
) -> tuple[Path, int]:
    """Write a document with all that changed since a revision tracked.

    Parameters
    ----------
    root : Path
        Of the project.
    document : str
        Such as ``index.qmd``.
    revision : str
    target : Path, optional
        The file to write; among the outputs if none.

    Returns
    -------
    tuple of Path and int
        The file, and how many stretches are tracked in it.

    Raises
    ------
    ManuscriptError or ExceptionGroup
        For what is no revision, or cannot be printed.
    """
    commit = resolve(root, revision)
    project = Project.load(root)
    reading = named(base.readings(root), document)
    if target is None:
        name = re.sub(r"[^\w.-]", "-", revision)
        target = project.output / f"{reading.document.stem}-since-{name}.docx"
    output.refuse_others([target])
    with temporary_folder() as scratch:
        folders = [scratch / name for name in ("old", "new")]
        for folder in folders:
            folder.mkdir()
        with base.unpacked(root, commit) as tree:
            old = base.build(tree, document, folders[0])
        new = base.build(root, document, folders[1])
        texts = read_texts(root, reading.document.files)
        printed = locate(read_document(new).paragraphs, reading.passages, texts)
        authors = Authors(root, commit)

        def author(index: int) -> Author:
            layout = printed[index].layout if index < len(printed) else None
            return authors.of(layout.passage.file if layout else "")

        made = scratch / "tracked.docx"
        changes = track(old, new, made, author)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(made.read_bytes())
    return target, changes
