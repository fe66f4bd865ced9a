"""A Word file as its reader reads it: paragraphs of runs, changes, comments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

# Prints nothing, and comes and goes with the program that saved the file.
INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
LINE: Final = "\n"  # a new line within a paragraph
PAGE: Final = "\f"
PICTURE: Final = "\N{OBJECT REPLACEMENT CHARACTER}"
# A symbol of a font whose signs are not known.
UNKNOWN: Final = "\N{REPLACEMENT CHARACTER}"

Where = Literal["body", "table", "note", "box"]
Script = Literal["", "super", "sub"]


@dataclass(frozen=True)
class Run:
    """Characters of one look.

    Attributes
    ----------
    text : str
    bold, italic : bool
        As set on the run itself or by its style of characters.
    script : {"", "super", "sub"}
    computed : bool
        Whether it stands in a content control, or in the style, of values.
    key : str
        Of the value, where the content control still says so.
    claim : bool
    anchor : str
        The place within the document that it links to.
    link : str
        The address that it links to.
    field : str
        Instructions of the field that shows it, such as a reference manager's.
    note : str
        Kind and number of the footnote or endnote that it calls.
    picture : str
        Digest of the picture that it shows.
    other : frozenset of str
        What else can be seen of it, such as ``underlined``.
    author : str
        Whose tracked insertion or deletion it is.
    change : {"", "inserted", "deleted"}
    """

    text: str
    bold: bool = False
    italic: bool = False
    script: Script = ""
    computed: bool = False
    key: str = ""
    claim: bool = False
    anchor: str = ""
    link: str = ""
    field: str = ""
    note: str = ""
    picture: str = ""
    other: frozenset[str] = frozenset()
    author: str = ""
    change: Literal["", "inserted", "deleted"] = ""

    @property
    def raised(self) -> bool:
        """Whether it is superscript."""
        return self.script == "super"


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, with the changes that are tracked in it.

    Attributes
    ----------
    runs : tuple of Run
    style : str
        Name of its style in lower case without spaces, such as ``heading2``.
    where : {"body", "table", "note", "box"}
    kept : bool
        Whether its end still stands: a deleted end joins it to the next.
    authors : tuple of str
        Who changed something in it, as the tracked changes say.
    heading : int
        Level of the heading that it is; 0 if it is none.
    bullet : str
        ``bullet`` or ``number`` for an item of a list.
    level : int
        Of that item, from 0.
    cell : tuple of int
        Number of its table, row and column, from 0; empty outside tables.
    name : str
        By which references of the bibliography are linked to, such as ``ref-smith``.
    """

    runs: tuple[Run, ...]
    style: str = ""
    where: Where = "body"
    kept: bool = True
    authors: tuple[str, ...] = ()
    heading: int = 0
    bullet: str = ""
    level: int = 0
    cell: tuple[int, ...] = ()
    name: str = ""

    @property
    def text(self) -> str:
        """Its characters, all changes accepted."""
        return "".join(run.text for run in self.runs if run.change != "deleted")


@dataclass(frozen=True)
class Picture:
    """A picture: what stands for it where it cannot be seen, and its file."""

    alternative: str
    content: bytes


@dataclass(frozen=True)
class Comment:
    """What somebody wrote beside the text.

    Attributes
    ----------
    author, date, text : str
    paragraph : int
        Index of the paragraph it stands at; -1 where that is gone.
    offset : int
        Where in the text of that paragraph the commented words begin.
    words : str
        The words it is about, the first of them.
    thread : int
        Index of the comment that it answers; -1 where it answers none.
    resolved : bool
    """

    author: str
    date: str
    text: str
    paragraph: int = -1
    offset: int = 0
    words: str = ""
    thread: int = -1
    resolved: bool = False


@dataclass(frozen=True)
class EditedDocument:
    """A Word file, all tracked changes accepted, with its comments.

    Attributes
    ----------
    name : str
    paragraphs : tuple of Paragraph
    comments : tuple of Comment
    tracked : int
        How many stretches were tracked as inserted or deleted.
    properties : dict of str to str
        Custom properties of the file.
    pictures : dict of str to Picture
        By digest.
    margins : frozenset of str
        Texts of headers and footers, without numbers.
    sources : dict of str to dict
        Word's own bibliographic sources as CSL items, by tag.
    """

    name: str
    paragraphs: tuple[Paragraph, ...]
    comments: tuple[Comment, ...]
    tracked: int
    properties: dict[str, str]
    pictures: dict[str, Picture]
    margins: frozenset[str]
    sources: dict[str, dict[str, object]]
