"""Tracked changes from one Word file to another.

Works on the new file's own paragraphs, so that accepting all changes gives that
file's text in that file's form; rejecting all gives the text of the old one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final

from lxml import etree

from manuscript.word.compare import align
from manuscript.word.package import (
    DOCUMENT,
    Package,
    W,
    open_package,
    serialized,
    tag,
    written,
)
from manuscript.word.track.marks import DELETED, INSERTED, Author, Marks
from manuscript.word.track.pictures import RELATIONS, Pictures
from manuscript.word.track.runs import (
    as_deleted,
    content_of,
    explode,
    join_marks,
    join_runs,
    remove,
    unlock,
)
from manuscript.word.track.tokens import Tokens

_COPIED: Final = tuple(map(tag, ("w:rPr", "w:t", "w:tab", "w:br", "w:drawing")))
# Lists are numbered by definitions of the old file.
_NOT_COPIED: Final = tuple(map(tag, ("w:bookmarkStart", "w:bookmarkEnd", "w:numPr")))


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
    packages = open_package(old), open_package(new)
    roots = _root(packages[0]), _root(packages[1])
    pictures = Pictures(packages[0])
    marks = Marks(roots[1], author(0))
    tokens = Tokens(packages[0]), Tokens(packages[1])
    tracker = _Tracker(roots[1], tokens, pictures, marks, author)
    tracker.track(_blocks(roots[0][0]), _blocks(roots[1][0]), roots[1][0])
    parts = dict(packages[1].parts) | pictures.media
    parts[DOCUMENT] = serialized(roots[1])
    parts[RELATIONS] = pictures.related(parts[RELATIONS])
    target.write_bytes(written(parts))
    return marks.made()


class _Tracker:
    def __init__(
        self,
        root: etree._Element,
        tokens: tuple[Tokens, Tokens],
        pictures: Pictures,
        marks: Marks,
        author: Callable[[int], Author],
    ) -> None:
        self._old, self._new = tokens
        self._pictures = pictures
        self._marks = marks
        self._author_of = author
        self._index = {p: i for i, p in enumerate(root.iter(tag("w:p")))}

    def track(
        self,
        old: Sequence[etree._Element],
        new: Sequence[etree._Element],
        parent: etree._Element,
    ) -> None:
        """Track the changes of paragraphs, tables or rows one after the other."""
        was = [self._old.outline(each) for each in old]
        now = [self._new.outline(each) for each in new]
        last: etree._Element | None = None
        for pair in align(was, now):
            gone = [old[i] for i in pair.old]
            here = [new[j] for j in pair.new]
            if here:
                self._set_author(here[0])
            if gone and here and _fits(gone[0], here[0]):
                last = here.pop(0)
                self._block(gone.pop(0), last)
            for element in gone:
                last = self._deleted(element, last, parent, new)
            for element in here:
                self._set_author(element)
                self._marks.wrap_all(element, INSERTED)
                last = element

    def _set_author(self, element: etree._Element) -> None:
        first = next(element.iter(tag("w:p")), element)
        if (index := self._index.get(first)) is not None:
            self._marks.author = self._author_of(index)

    def _block(self, old: etree._Element, new: etree._Element) -> None:
        if self._old.keys(old) == self._new.keys(new):
            return
        if new.tag == tag("w:p"):
            self._paragraph(old, new)
        elif new.tag == tag("w:tbl"):
            self.track(old.findall("w:tr", W), new.findall("w:tr", W), new)
        else:
            paragraphs = old.iter(tag("w:p")), new.iter(tag("w:p"))
            for one, other in zip(*paragraphs, strict=True):
                self._block(one, other)

    def _deleted(
        self,
        element: etree._Element,
        last: etree._Element | None,
        parent: etree._Element,
        new: Sequence[etree._Element],
    ) -> etree._Element:
        """Set a copy of what is gone after what stands before it."""
        copy = deepcopy(element)
        for part in [*copy.iter(*_NOT_COPIED)]:
            remove(part)
        self._marks.wrap_all(copy, DELETED)
        if last is not None:
            last.addnext(copy)
        elif new:
            new[0].addprevious(copy)
        else:
            parent.insert(0, copy)
        return copy

    def _paragraph(self, old: etree._Element, new: etree._Element) -> None:
        source = deepcopy(old)
        explode(source)
        explode(new)
        was, now = list(self._old.of(source)), list(self._new.of(new))
        matcher = SequenceMatcher(
            None, [t.key for t in was], [t.key for t in now], autojunk=False
        )
        codes = [code for code in matcher.get_opcodes() if code[0] != "equal"]
        touched = {now[j].run for _, _, _, j1, j2 in codes for j in range(j1, j2)}
        unlock(new, touched.__contains__)
        for _, i1, i2, j1, j2 in codes:
            if i1 < i2:
                place = now[j1].run if j1 < len(now) else None
                self._delete([token.run for token in was[i1:i2]], place, new)
            for token in now[j1:j2]:
                self._marks.wrap([token.run], INSERTED)
        join_marks(new)
        join_runs(new)

    def _delete(
        self,
        runs: Sequence[etree._Element],
        place: etree._Element | None,
        paragraph: etree._Element,
    ) -> None:
        """Set copies of runs of the old file, as deleted, before a run of the new."""
        mark = self._marks.mark(DELETED)
        for run in runs:
            copy = deepcopy(run)
            for child in list(copy):
                if child.tag not in _COPIED:
                    copy.remove(child)
            if self._pictures.take(copy) and content_of(copy):
                mark.append(copy)
        if not len(mark):
            return
        as_deleted(mark)
        if place is None:
            paragraph.append(mark)
        else:
            _outermost(place, paragraph).addprevious(mark)


def _outermost(place: etree._Element, paragraph: etree._Element) -> etree._Element:
    """Leave the content control around a run, and a link that begins with it."""
    while (parent := place.getparent()) is not None and parent is not paragraph:
        if parent.tag == tag("w:sdtContent"):
            control = parent.getparent()
            assert control is not None
            place = control
        elif content_of(parent)[0] is place:
            place = parent
        else:
            break
    return place


def _root(package: Package) -> etree._Element:
    root = package.xml(DOCUMENT)
    assert root is not None
    return root


def _blocks(body: etree._Element) -> list[etree._Element]:
    return [each for each in body if each.tag in (tag("w:p"), tag("w:tbl"))]


def _fits(old: etree._Element, new: etree._Element) -> bool:
    """Whether two are of a kind; rows have their paragraphs in the same cells."""
    shapes = [
        [len(cell.findall("w:p", W)) for cell in each.findall("w:tc", W)]
        for each in (old, new)
    ]
    return old.tag == new.tag and shapes[0] == shapes[1]
