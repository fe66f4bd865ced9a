"""An edited Word file brought back to the sources of its project."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from manuscript.compose import AS_WRITTEN, DRAFT
from manuscript.errors import ManuscriptError
from manuscript.record import revisions
from manuscript.source import Project
from manuscript.word import base
from manuscript.word.carry import existing, update
from manuscript.word.compare import Merged, Note, read_texts
from manuscript.word.origin import base_of, reading_of
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
        For a file that cannot be read or is no copy of a document, and for sources
        that cannot be printed.
    """
    edited = _told_from_draft(read_document(path))
    readings = base.readings(root)
    reading = reading_of(readings, edited, document)
    commit, how = base_of(root, edited, reading.document.files, revision)
    if commit:
        merged = _merge_since(root, path, edited, reading.document.path, commit)
    else:
        merged = proved(base.prepare(root, reading), edited)
    if how:
        mend = "name another with --base, if that is wrong"
        note = Note("look", "", how, mend)
        merged = replace(merged, notes=(note, *merged.notes))
    return merged


def _told_from_draft(edited: EditedDocument) -> EditedDocument:
    """Take a draft's copy for that of a render, which it is but for its stopgaps.

    Raises
    ------
    ManuscriptError
        When it has some: nobody can tell them from what was written there.
    """
    told = {text for text in edited.margins if text.startswith(DRAFT)}
    shown = (p.text for p in edited.paragraphs if told and AS_WRITTEN.search(p.text))
    if (stopgap := next(shown, None)) is not None:
        raise ManuscriptError(
            edited.name,
            0,
            f"is the copy of a draft, in which “{stopgap[:60]}” stands for what was "
            "refused",
            "mend and render that, and make the changes in a copy of the result",
        )
    return replace(edited, margins=edited.margins - told)


def _merge_since(
    root: Path, path: Path, edited: EditedDocument, document: str, commit: str
) -> Merged:
    """Merge a copy of an older revision, and bring the result up to date.

    The revision reads the copy itself, with its own code and data, so that what
    changed since does not pass for an edit.
    """
    with base.unpacked(root, commit) as tree:
        known = {each.path for each in Project.load(tree).documents}
        chosen = [f"--document={document}"] if document in known else []
        command = ("merge", "--json", *chosen, str(path.absolute()))
        output, last = revisions.ended(revisions.started(tree, *command))
        try:
            merged = Merged.from_json(json.loads(output))
        except (ValueError, KeyError, TypeError):
            raise ManuscriptError(
                edited.name,
                0,
                f"revision {commit[:12]}, which it was made from, cannot read it: "
                f"{last}",
                "name another with --base; HEAD for the text as it is now",
            ) from None
    return update(merged, read_texts(root, existing(root, merged.new)))
