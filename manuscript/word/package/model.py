"""A Word file as its reader reads it: paragraphs of runs, changes, comments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

# Prints nothing, and comes and goes with the program that saved the file.
INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
PICTURE: Final = "\N{OBJECT REPLACEMENT CHARACTER}"

Where = Literal["body", "table", "note", "box"]


@dataclass(frozen=True)
class Run:
    """Characters of one look.

    Attributes
    ----------
    text : str
    bold, italic, raised : bool
        As set on the run itself.
    computed : bool
        Whether it stands in a content control, or in the style, of values.
    key : str
        Of the value, where the content control still says so.
    claim : bool
    anchor : str
        The place within the document that it links to.
    change : {"", "inserted", "deleted"}
    """

    text: str
    bold: bool = False
    italic: bool = False
    raised: bool = False
    computed: bool = False
    key: str = ""
    claim: bool = False
    anchor: str = ""
    change: Literal["", "inserted", "deleted"] = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, with the changes that are tracked in it.

    Attributes
    ----------
    runs : tuple of Run
    style : str
        Its style in lower case without spaces, such as ``heading2``.
    where : {"body", "table", "note", "box"}
    kept : bool
        Whether its end still stands: a deleted end joins it to the next.
    authors : tuple of str
        Who changed something in it, as the tracked changes say.
    """

    runs: tuple[Run, ...]
    style: str = ""
    where: Where = "body"
    kept: bool = True
    authors: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Its characters, all changes accepted."""
        return "".join(run.text for run in self.runs if run.change != "deleted")


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
        The words it is about.
    """

    author: str
    date: str
    text: str
    paragraph: int = -1
    offset: int = 0
    words: str = ""


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
    """

    name: str
    paragraphs: tuple[Paragraph, ...]
    comments: tuple[Comment, ...]
    tracked: int
    properties: dict[str, str]
