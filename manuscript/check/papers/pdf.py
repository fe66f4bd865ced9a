"""The text of a PDF, page after page, with its broken lines joined."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing

from manuscript.check.papers.paper import Paragraph, tidy
from manuscript.errors import ManuscriptError

MOST_PAGES = 500
# A word broken at the end of a line; a range of numbers is not.
_BROKEN = re.compile(r"(?<=[a-z])[-\u2010]\n(?=[a-z])")
# What pdfium gives for a hyphen at the end of a line, and for the line's end.
_HYPHEN = "\ufffe"


def paragraphs(content: bytes, file: str) -> Iterator[Paragraph]:
    """Read a PDF as one stretch of text; places are its pages.

    Raises
    ------
    ManuscriptError
        When it cannot be read, is encrypted, has too many pages, or has no text,
        as scans have none.
    """
    import pypdfium2

    text, starts, places = "", [], []
    try:
        with closing(pypdfium2.PdfDocument(content)) as document:
            if len(document) > MOST_PAGES:
                raise _refusal(file, f"it has {len(document)} pages")
            for number, page in enumerate(document, start=1):
                starts.append(len(text))
                places.append(number)
                text += f"{_joined(page.get_textpage().get_text_bounded())} "
    except pypdfium2.PdfiumError as error:
        encrypted = "password" in str(error).casefold()
        what = "it is encrypted" if encrypted else "it cannot be read"
        raise _refusal(file, what) from error
    if not text.strip():
        raise _refusal(file, "it has no text, only pictures")
    yield Paragraph(text, tuple(starts), tuple(places))


def _joined(text: str) -> str:
    """Join the lines of a page; a hyphen at the end of one is a mark of its own."""
    lines = text.replace(_HYPHEN, "-\n").replace("\r\n", "\n")
    return tidy(_BROKEN.sub("", lines))


def _refusal(file: str, what: str) -> ManuscriptError:
    return ManuscriptError(file, 0, what, "give the text as .docx, .html, .md or .txt")
