"""An edited Word file brought back to the sources of its project."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from analysis.letter import letter
from manuscript.compose.formats.docx import REVISION
from manuscript.errors import ManuscriptError
from manuscript.record.git import git, resolve
from manuscript.source.documents import Project
from manuscript.source.reading.passages import Reading
from manuscript.source.reading.printed import read
from manuscript.word import base
from manuscript.word.carry import existing, update
from manuscript.word.compare import Merged, likeness, read_texts, words_of
from manuscript.word.package import EditedDocument, read_document
from manuscript.word.proof import proved


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
        That the copy was made from; the one that it names itself, if none.

    Raises
    ------
    ManuscriptError or ExceptionGroup
        For a file that cannot be read, or sources that cannot be printed.
    """
    edited = read_document(path)
    revision = revision or edited.properties.get(REVISION, "")
    if revision and (commit := _older(root, revision)):
        return _merge_since(root, path, document, commit)
    project = Project.load(root)
    readings = read(project, letter())
    reading = _reading(readings, edited, document)
    return proved(base.prepare(root, reading), edited)


def _older(root: Path, revision: str) -> str:
    """Name the commit of a revision, unless the sources are still the same."""
    if not git(root, "rev-parse", "--git-dir"):
        return ""
    commit = resolve(root, revision)
    changed = git(root, "diff", "--name-only", commit, "--", ".")
    return commit if changed else ""


def _merge_since(root: Path, path: Path, document: str, commit: str) -> Merged:
    """Merge a copy of an older revision, and bring the result up to date.

    The revision reads the copy itself, with its own code and data, so that what
    changed since does not pass for an edit.
    """
    with base.unpacked(root, commit) as tree:
        command = [sys.executable, "-m", "manuscript", "merge", "--json"]
        command += [f"--document={document}"] if document else []
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
        done = subprocess.run(
            [*command, str(path.absolute())],
            cwd=tree,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        try:
            found = json.loads(done.stdout)
        except ValueError:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise ManuscriptError(
                path.name,
                0,
                f"revision {commit[:12]}, which it was made from, cannot read it: "
                f"{last}",
                "name another with --base; HEAD for the text as it is now",
            ) from None
    merged = Merged.from_json(found)
    return update(merged, read_texts(root, existing(root, merged.new)))


def _reading(
    readings: tuple[Reading, ...], edited: EditedDocument, document: str
) -> Reading:
    """Choose the reading of the document that was edited."""
    if document:
        return named(readings, document)
    words = [word.key for each in edited.paragraphs for word in words_of(each)]
    return max(
        readings,
        key=lambda reading: likeness(
            words, [key for each in reading.passages for key in each.text.split()]
        ),
    )


def named(readings: tuple[Reading, ...], document: str) -> Reading:
    """Take the reading of a document.

    Raises
    ------
    ManuscriptError
        For what is no document of the project.
    """
    for reading in readings:
        if reading.document.path == document:
            return reading
    known = ", ".join(reading.document.path for reading in readings)
    raise ManuscriptError(document, 0, "is no document", f"name one of {known}")
