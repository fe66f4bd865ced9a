"""Tracked changes from one Word file to another, as Word itself writes them.

Works on the new file's own paragraphs, so that accepting all changes gives that
file's text in that file's form; rejecting all gives the text of the old one.
"""

from __future__ import annotations

import hashlib
import posixpath
import zipfile
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import count
from pathlib import Path
from typing import Final

from lxml import etree

from manuscript.exchange.package import DOCUMENT, Package, open_package, tag
from manuscript.exchange.runs import (
    TOKEN,
    W,
    as_deleted,
    content_of,
    explode,
    join_marks,
    join_runs,
    remove,
    unlock,
)
from manuscript.exchange.words import align

RELATIONS: Final = "word/_rels/document.xml.rels"

_PICTURE: Final = "\N{FRAME WITH PICTURE}"
_COPIED: Final = (tag("w:t"), tag("w:tab"), tag("w:br"), tag("w:drawing"))


@dataclass(frozen=True)
class Author:
    """Who made a change.

    Attributes
    ----------
    name : str
    date : str
        As in ``2026-11-22T09:30:00Z``.
    """

    name: str
    date: str


def track(old: Path, new: Path, target: Path, author: Callable[[int], Author]) -> int:
    """Write a Word file with the changes from one file to another tracked.

    Parameters
    ----------
    old, new : Path
        Word files that the sources made.
    target : Path
    author : callable
        Who changed the paragraph of the new file with this index; what is gone
        is counted to the paragraph before it.

    Returns
    -------
    int
        How many stretches are tracked.
    """
    return _Tracker(open_package(old), open_package(new), author).write(target)


@dataclass(frozen=True)
class _Token:
    """A word, space, sign or picture, alone in its run."""

    key: str
    run: etree._Element


class _Tracker:
    def __init__(
        self, old: Package, new: Package, author: Callable[[int], Author]
    ) -> None:
        self._old, self._new = old, new
        self._old_root, self._root = _root(old), _root(new)
        self._author_of = author
        self._index = {
            id(element): i for i, element in enumerate(self._root.iter(tag("w:p")))
        }
        self._elements = list(self._root.iter(tag("w:p")))  # keeps their ids alive
        self._author = author(0)
        ids = (each.get(tag("w:id"), "") for each in self._root.iter())
        self._first_id = max((int(i) for i in ids if i.isdecimal()), default=0) + 1
        self._ids = count(self._first_id)
        self._media: dict[str, bytes] = {}
        self._relations: list[tuple[str, str]] = []
        self._digests = _digests(old), _digests(new)

    def write(self, target: Path) -> int:
        body, old_body = self._root[0], self._old_root[0]
        self._blocks(_blocks(old_body), _blocks(body), body)
        parts = dict(self._new.parts) | self._media
        parts[DOCUMENT] = _serialized(self._root)
        parts[RELATIONS] = self._related(parts[RELATIONS])
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
            for name, content in parts.items():
                entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                package.writestr(entry, content)
        return next(self._ids) - self._first_id

    # Blocks

    def _blocks(
        self,
        old: Sequence[etree._Element],
        new: Sequence[etree._Element],
        parent: etree._Element,
    ) -> None:
        """Track the changes of paragraphs and tables one after the other."""
        was, now = (
            [self._keys(each, 0) for each in old],
            [self._keys(e, 1) for e in new],
        )
        last: etree._Element | None = None
        for pair in align(was, now):
            gone = [old[i] for i in pair.old]
            here = [new[j] for j in pair.new]
            if here:
                self._set_author(here[0])
            if gone and here and gone[0].tag == here[0].tag:
                self._block(gone.pop(0), here[0])
                last = here.pop(0)
            for element in gone:
                last = self._deleted(element, last, parent, new)
            for element in here:
                self._set_author(element)
                self._inserted(element)
                last = element

    def _set_author(self, element: etree._Element) -> None:
        first = next(element.iter(tag("w:p")), element)
        if (index := self._index.get(id(first))) is not None:
            self._author = self._author_of(index)

    def _keys(self, element: etree._Element, side: int) -> list[str]:
        kind = [] if element.tag == tag("w:p") else ["\N{WHITE SQUARE}"]
        # A picture that changed is still the picture of its place.
        return kind + [
            _PICTURE if key.startswith(_PICTURE) else key
            for key in self._token_keys(element, side)
            if not key.isspace()
        ]

    def _block(self, old: etree._Element, new: etree._Element) -> None:
        if new.tag == tag("w:p"):
            self._paragraph(old, new)
        elif self._token_keys(old, 0) != self._token_keys(new, 1):
            self._table(old, new)

    def _deleted(
        self,
        element: etree._Element,
        last: etree._Element | None,
        parent: etree._Element,
        new: Sequence[etree._Element],
    ) -> etree._Element:
        """Set a copy of what is gone after what stands before it."""
        copy = deepcopy(element)
        # Lists are numbered by definitions of the old file.
        names = ("w:bookmarkStart", "w:bookmarkEnd", "w:numPr")
        for part in [*copy.iter(*map(tag, names))]:
            remove(part)
        self._all(copy, "w:del")
        if last is not None:
            last.addnext(copy)
        elif new:
            new[0].addprevious(copy)
        else:
            parent.insert(0, copy)
        return copy

    def _inserted(self, element: etree._Element) -> None:
        self._all(element, "w:ins")

    def _all(self, element: etree._Element, change: str) -> None:
        """Mark a paragraph or table as a whole."""
        for row in element.iter(tag("w:tr")):
            properties = row.find("w:trPr", W)
            if properties is None:
                properties = etree.Element(tag("w:trPr"))
                row.insert(0, properties)
            properties.append(self._mark(change))
        for paragraph in [*element.iter(tag("w:p"))]:
            unlock(paragraph, lambda run: True)
            self._end(paragraph, change)
            for run in [*paragraph.iter(tag("w:r"))]:
                self._wrap([run], change)
            join_marks(paragraph)

    def _end(self, paragraph: etree._Element, change: str) -> None:
        """Mark the end of a paragraph."""
        properties = paragraph.find("w:pPr", W)
        if properties is None:
            properties = etree.Element(tag("w:pPr"))
            paragraph.insert(0, properties)
        if properties.find("w:sectPr", W) is not None:
            return
        look = properties.find("w:rPr", W)
        if look is None:
            look = etree.SubElement(properties, tag("w:rPr"))
        look.insert(0, self._mark(change))

    def _mark(self, change: str) -> etree._Element:
        mark = etree.Element(tag(change))
        mark.set(tag("w:id"), str(next(self._ids)))
        mark.set(tag("w:author"), self._author.name)
        mark.set(tag("w:date"), self._author.date)
        return mark

    # Tables

    def _table(self, old: etree._Element, new: etree._Element) -> None:
        rows = old.findall("w:tr", W), new.findall("w:tr", W)
        before = [self._keys(row, 0) for row in rows[0]]
        after = [self._keys(row, 1) for row in rows[1]]
        last: etree._Element | None = None
        for pair in align(before, after):
            gone = [rows[0][i] for i in pair.old]
            here = [rows[1][j] for j in pair.new]
            if gone and here and _fits(gone[0], here[0]):
                for one, other in zip(
                    gone.pop(0).iter(tag("w:p")), here[0].iter(tag("w:p")), strict=True
                ):
                    self._paragraph(one, other)
                last = here.pop(0)
            for row in gone:
                last = self._deleted(row, last, new, rows[1])
            for row in here:
                self._inserted(row)
                last = row

    # Paragraphs

    def _paragraph(self, old: etree._Element, new: etree._Element) -> None:
        keys = self._token_keys(old, 0), self._token_keys(new, 1)
        if keys[0] == keys[1]:
            return
        source = deepcopy(old)
        explode(source)
        explode(new)
        was = list(self._tokens(source, 0))
        now = list(self._tokens(new, 1))
        matcher = SequenceMatcher(
            None, [t.key for t in was], [t.key for t in now], autojunk=False
        )
        codes = [code for code in matcher.get_opcodes() if code[0] != "equal"]
        touched = {id(now[j].run) for _, _, _, j1, j2 in codes for j in range(j1, j2)}
        unlock(new, lambda run: id(run) in touched)
        for _, i1, i2, j1, j2 in codes:
            if i1 < i2:
                place = now[j1].run if j1 < len(now) else None
                self._delete([token.run for token in was[i1:i2]], place, new)
            if j1 < j2:
                for token in now[j1:j2]:
                    self._wrap([token.run], "w:ins")
        join_marks(new)
        join_runs(new)

    def _delete(
        self,
        runs: Sequence[etree._Element],
        place: etree._Element | None,
        paragraph: etree._Element,
    ) -> None:
        mark = self._mark("w:del")
        for run in runs:
            copy = self._copy(run)
            if copy is not None:
                mark.append(copy)
        if not len(mark):
            return
        as_deleted(mark)
        if place is None:
            paragraph.append(mark)
            return
        # Not inside a content control, and not inside a link that begins here.
        while (parent := place.getparent()) is not None and parent is not paragraph:
            if parent.tag == tag("w:sdtContent"):
                control = parent.getparent()
                assert control is not None
                place = control
            elif content_of(parent)[0] is place:
                place = parent
            else:
                break
        place.addprevious(mark)

    def _copy(self, run: etree._Element) -> etree._Element | None:
        """Copy a run of the old file, with its picture."""
        copy = deepcopy(run)
        for child in list(copy):
            if child.tag != tag("w:rPr") and child.tag not in _COPIED:
                copy.remove(child)
        for blip in copy.iter(tag("a:blip")):
            part = _target(self._old, blip.get(tag("r:embed"), ""))
            if part not in self._old.parts:
                return None
            content = self._old.parts[part]
            digest = hashlib.sha256(content).hexdigest()[:12]
            name = f"media/old-{digest}{posixpath.splitext(part)[1]}"
            self._media[f"word/{name}"] = content
            identifier = f"rIdOld{digest}"
            if (identifier, name) not in self._relations:
                self._relations.append((identifier, name))
            blip.set(tag("r:embed"), identifier)
        return copy if len(content_of(copy)) else None

    def _wrap(self, runs: Sequence[etree._Element], change: str) -> None:
        mark = self._mark(change)
        runs[0].addprevious(mark)
        for run in runs:
            mark.append(run)
        if change == "w:del":
            as_deleted(mark)

    def _tokens(self, element: etree._Element, side: int) -> Iterator[_Token]:
        for run in element.iter(tag("w:r")):
            for child in content_of(run):
                yield _Token(self._key(child, side), run)

    def _token_keys(self, element: etree._Element, side: int) -> list[str]:
        keys: list[str] = []
        for run in element.iter(tag("w:r")):
            for child in content_of(run):
                if child.tag == tag("w:t"):
                    keys += TOKEN.findall(child.text or "")
                else:
                    keys.append(self._key(child, side))
        return keys

    def _key(self, child: etree._Element, side: int) -> str:
        if child.tag == tag("w:t"):
            return child.text or ""
        for blip in child.iter(tag("a:blip")):
            return self._digests[side].get(blip.get(tag("r:embed"), ""), _PICTURE)
        return etree.QName(child).localname

    def _related(self, content: bytes) -> bytes:
        root = etree.fromstring(content)
        namespace = etree.QName(root).namespace
        for identifier, name in self._relations:
            relation = etree.SubElement(root, f"{{{namespace}}}Relationship")
            relation.set("Id", identifier)
            relation.set("Type", f"{_OFFICE}/image")
            relation.set("Target", name)
        return _serialized(root)


_OFFICE: Final = tag("r:id")[1:].partition("}")[0]


def _root(package: Package) -> etree._Element:
    root = package.xml(DOCUMENT)
    assert root is not None
    return root


def _serialized(root: etree._Element) -> bytes:
    content: bytes = etree.tostring(
        root, encoding="UTF-8", xml_declaration=True, standalone=True
    )
    return content


def _blocks(body: etree._Element) -> list[etree._Element]:
    return [each for each in body if each.tag in (tag("w:p"), tag("w:tbl"))]


def _target(package: Package, identifier: str) -> str:
    root = package.xml(RELATIONS)
    for relation in () if root is None else root:
        if relation.get("Id") == identifier:
            return posixpath.normpath(f"word/{relation.get('Target', '')}")
    return ""


def _digests(package: Package) -> dict[str, str]:
    """Digest of each picture, by its name in the text."""
    root = package.xml(RELATIONS)
    found = {}
    for relation in () if root is None else root:
        part = posixpath.normpath(f"word/{relation.get('Target', '')}")
        if part in package.parts:
            digest = hashlib.sha256(package.parts[part]).hexdigest()
            found[relation.get("Id", "")] = f"{_PICTURE} {digest}"
    return found


def _fits(old: etree._Element, new: etree._Element) -> bool:
    """Whether two rows have their paragraphs in the same cells."""
    shapes = [
        [len(cell.findall("w:p", W)) for cell in row.findall("w:tc", W)]
        for row in (old, new)
    ]
    return shapes[0] == shapes[1]
