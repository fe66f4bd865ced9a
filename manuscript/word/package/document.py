"""A Word file read: its text as its reader reads it, tracked changes made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from manuscript.word.package.comments import comments
from manuscript.word.package.model import EditedDocument, Paragraph, Run
from manuscript.word.package.notes import in_place
from manuscript.word.package.parts import (
    DOCUMENT,
    Package,
    W,
    open_package,
    refusal,
    tag,
)
from manuscript.word.package.reader import Gathered, Reader
from manuscript.word.package.relations import margins, sources

_NOTES: Final = {"word/footnotes.xml": "w:footnote", "word/endnotes.xml": "w:endnote"}


def read_document(path: Path) -> EditedDocument:
    """Read a Word file.

    Raises
    ------
    ManuscriptError
        For what is no Word file, or is built to harm whoever opens it.
    """
    package = open_package(path)
    reader = Reader(package)
    root = package.xml(DOCUMENT)
    body = None if root is None else root.find("w:body", W)
    if body is None:
        raise refusal(package.name, "it holds no text")
    reader.blocks(body, "body", 0)
    told: dict[str, tuple[int, int]] = {}
    for part, note in _NOTES.items():
        root = package.xml(part)
        reader.within(part)
        for each in () if root is None else root.iterchildren(tag(note)):
            if each.get(tag("w:type")) in (None, "normal"):
                number = each.get(tag("w:id"), "")
                first = len(reader.paragraphs)
                reader.blocks(each, "note", 0)
                called = f"{note.removeprefix('w:')} {number}"
                told[called] = (first, len(reader.paragraphs))
    read = tuple(_with_notes(list(_joined(reader.paragraphs)), told))
    return EditedDocument(
        package.name,
        read,
        tuple(comments(package, reader.noted, len(reader.paragraphs))),
        reader.tracked,
        _properties(package),
        reader.pictures,
        frozenset(margins(package)),
        dict(sources(package)),
    )


def _with_notes(
    read: list[Paragraph], told: dict[str, tuple[int, int]]
) -> Iterator[Paragraph]:
    """Yield the paragraphs with notes where they are called, empty where they stood."""
    notes = {}
    for name, (first, last) in told.items():
        notes[name] = read[first:last]
        read[first:last] = [replace(each, runs=()) for each in read[first:last]]
    yield from in_place(read, notes)


def _properties(package: Package) -> dict[str, str]:
    root = package.xml("docProps/custom.xml")
    if root is None:
        return {}
    return {
        each.get("name", ""): "".join(map(str, each.itertext()))
        for each in root
        if isinstance(each.tag, str)
    }


def _joined(paragraphs: list[Gathered]) -> Iterator[Paragraph]:
    """Paragraphs with the deleted ends gone; keeps the number of paragraphs."""
    carried: list[Run] = []
    authors: dict[str, None] = {}
    for each in paragraphs:
        authors.update(dict.fromkeys(each.authors))
        carried += each.runs()
        if each.end_deleted:
            # An empty paragraph stands in its place, so that comments keep theirs.
            yield replace(each.shape, runs=(), kept=False)
            continue
        yield replace(each.shape, runs=tuple(carried), authors=tuple(authors))
        carried, authors = [], {}
    if carried:
        yield Paragraph(tuple(carried), "", "body", True, tuple(authors))
