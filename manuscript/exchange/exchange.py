"""Word files in and out of a project."""

from __future__ import annotations

import tempfile
from pathlib import Path

from analysis.letter import letter
from manuscript.errors import ManuscriptError
from manuscript.exchange import base
from manuscript.exchange.document import EditedDocument, read_document
from manuscript.exchange.merge import merge
from manuscript.exchange.report import Merged
from manuscript.exchange.site import read_texts
from manuscript.exchange.words import likeness, words_of
from manuscript.passages import Reading
from manuscript.reading import read
from manuscript.sources import Project


def merge_file(
    root: Path, path: Path, document: str = "", revision: str = ""
) -> Merged:
    """Read an edited Word file and bring its edits back to the sources.

    Parameters
    ----------
    root : Path
        Of the project.
    path : Path
    document : str, optional
        Such as ``index.qmd``; the one whose words the file has, if none.
    revision : str, optional
        That the copy was made from.

    Raises
    ------
    ManuscriptError or ExceptionGroup
        For a file that cannot be read, or sources that cannot be printed.
    """
    edited = read_document(path)
    project = Project.load(root)
    readings = read(project, letter())
    reading = _reading(readings, edited, document)
    with tempfile.TemporaryDirectory(prefix="manuscript-") as scratch:
        made = base.build(root, reading.document.path, Path(scratch))
        printed = read_document(made)
    texts = read_texts(root, reading.document.files)
    return merge(printed, edited, reading.passages, texts)


def _reading(
    readings: tuple[Reading, ...], edited: EditedDocument, document: str
) -> Reading:
    """Choose the reading of the document that was edited."""
    if document:
        for reading in readings:
            if reading.document.path == document:
                return reading
        known = ", ".join(reading.document.path for reading in readings)
        raise ManuscriptError(document, 0, "is no document", f"name one of {known}")
    words = [word.key for each in edited.paragraphs for word in words_of(each)]
    return max(
        readings,
        key=lambda reading: likeness(
            words, [key for each in reading.passages for key in each.text.split()]
        ),
    )
