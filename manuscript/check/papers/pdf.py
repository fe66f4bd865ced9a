"""The text of a PDF, page after page, with its broken lines joined."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator

from manuscript.check.papers.paper import Paragraph, tidy
from manuscript.errors import ManuscriptError

MOST_PAGES = 500
# A word broken at the end of a line; a range of numbers is not.
_BROKEN = re.compile(r"(?<=[a-z])[-\u2010]\n(?=[a-z])")


def paragraphs(content: bytes, file: str) -> Iterator[Paragraph]:
    """Read a PDF as one stretch of text; places are its pages.

    Raises
    ------
    ManuscriptError
        When it cannot be read, is encrypted, has too many pages, or has no text,
        as scans have none.
    """
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    text, starts, places = "", [], []
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise _refusal(file, "it is encrypted")
        if len(reader.pages) > MOST_PAGES:
            raise _refusal(file, f"it has {len(reader.pages)} pages")
        for number, page in enumerate(reader.pages, start=1):
            starts.append(len(text))
            places.append(number)
            text += f"{tidy(_BROKEN.sub('', page.extract_text()))} "
    except ManuscriptError:
        raise
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        RecursionError,
        OSError,
        AssertionError,
        ArithmeticError,
    ) as error:
        # A hostile or broken file meets the reader anywhere.
        raise _refusal(
            file, f"it cannot be read: {error or type(error).__name__}"
        ) from error
    if not text.strip():
        raise _refusal(file, "it has no text, only pictures")
    yield Paragraph(text, tuple(starts), tuple(places))


def _refusal(file: str, what: str) -> ManuscriptError:
    return ManuscriptError(file, 0, what, "give the text as .docx, .html, .md or .txt")
