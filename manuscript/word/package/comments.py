"""Comments of a Word file: where each stands, what it answers, whether it is done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from manuscript.word.package.model import Comment
from manuscript.word.package.parts import Package, tag

QUOTED: Final = 200  # characters of the commented words


@dataclass
class Noted:
    """Where a comment stands: a stretch of the text as a whole.

    Attributes
    ----------
    paragraph : int
    offset : int
        In the text of the paragraph.
    words : str
    """

    paragraph: int = -1
    offset: int = 0
    words: str = ""


def comments(
    package: Package, noted: dict[str, Noted], paragraphs: int
) -> Iterator[Comment]:
    """Yield the comments of a file.

    Parameters
    ----------
    package : Package
    noted : dict of str to Noted
        Where they stand, by number.
    paragraphs : int
        How many there are.
    """
    root = package.xml("word/comments.xml")
    if root is None:
        return
    elements = list(root.iterchildren(tag("w:comment")))
    threads, done = _threads(package)
    names = [_identity(each) for each in elements]
    index = {name: k for k, name in enumerate(names) if name}
    for k, element in enumerate(elements):
        where = noted.get(element.get(tag("w:id"), ""), Noted())
        parent = index.get(threads.get(names[k], ""), -1)
        yield Comment(
            element.get(tag("w:author"), ""),
            element.get(tag("w:date"), ""),
            "\n".join(filter(None, map(_text, element.iter(tag("w:p"))))),
            where.paragraph if where.paragraph < paragraphs else -1,
            where.offset,
            " ".join(where.words.split()),
            parent if parent != k else -1,
            names[k] in done or (parent >= 0 and names[parent] in done),
        )


def _text(paragraph: etree._Element) -> str:
    pieces = []
    for each in paragraph.iter(tag("w:t"), tag("w:br"), tag("w:tab")):
        signs = {tag("w:br"): "\n", tag("w:tab"): " "}
        pieces.append(signs.get(str(each.tag), each.text or ""))
    return "".join(pieces)


def _identity(comment: etree._Element) -> str:
    """Return the identity of a comment: that of its last paragraph."""
    last = ""
    for paragraph in comment.iter(tag("w:p")):
        last = paragraph.get(tag("w14:paraId"), last)
    return last


def _threads(package: Package) -> tuple[dict[str, str], set[str]]:
    """Return what each comment answers, and which are resolved."""
    root = package.xml("word/commentsExtended.xml")
    answers: dict[str, str] = {}
    done: set[str] = set()
    for each in () if root is None else root.iter(tag("w15:commentEx")):
        name = each.get(tag("w15:paraId"), "")
        if parent := each.get(tag("w15:paraIdParent")):
            answers[name] = parent
        if each.get(tag("w15:done")) in ("1", "true"):
            done.add(name)
    return answers, done
