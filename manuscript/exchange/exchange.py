"""Word files in and out of a project."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from manuscript.compose.formats.docx import REVISION
from manuscript.errors import ManuscriptError
from manuscript.exchange import base
from manuscript.exchange.authors import Authors
from manuscript.exchange.document import read_document
from manuscript.exchange.marks import Author
from manuscript.exchange.merge import merge
from manuscript.exchange.model import EditedDocument
from manuscript.exchange.report import Merged
from manuscript.exchange.site import locate, read_texts
from manuscript.exchange.tracked import track
from manuscript.exchange.update import existing, update
from manuscript.exchange.words import likeness, words_of
from manuscript.record.git import git, resolve
from manuscript.source.documents import Project
from manuscript.source.reading.passages import Reading
from manuscript.source.reading.printed import read
from manuscript.source.study import answers


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
    readings = read(project, answers(project.root))
    reading = _reading(readings, edited, document)
    with tempfile.TemporaryDirectory(prefix="manuscript-") as scratch:
        made = base.build(root, reading.document.path, Path(scratch))
        printed = read_document(made)
    texts = read_texts(root, reading.document.files)
    return merge(printed, edited, reading.passages, texts)


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
    reading = _named(read(project, answers(project.root)), document)
    if target is None:
        name = re.sub(r"[^\w.-]", "-", revision)
        target = project.output / f"{reading.document.stem}-since-{name}.docx"
    with tempfile.TemporaryDirectory(prefix="manuscript-") as scratch:
        folders = [Path(scratch) / name for name in ("old", "new")]
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

        made = Path(scratch) / "tracked.docx"
        changes = track(old, new, made, author)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(made.read_bytes())
    return target, changes


def _reading(
    readings: tuple[Reading, ...], edited: EditedDocument, document: str
) -> Reading:
    """Choose the reading of the document that was edited."""
    if document:
        return _named(readings, document)
    words = [word.key for each in edited.paragraphs for word in words_of(each)]
    return max(
        readings,
        key=lambda reading: likeness(
            words, [key for each in reading.passages for key in each.text.split()]
        ),
    )


def _named(readings: tuple[Reading, ...], document: str) -> Reading:
    for reading in readings:
        if reading.document.path == document:
            return reading
    known = ", ".join(reading.document.path for reading in readings)
    raise ManuscriptError(document, 0, "is no document", f"name one of {known}")
