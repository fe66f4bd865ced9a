"""What looks plain in a source, and comes out otherwise in some format of Quarto's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from manuscript.compose import pandoc
from manuscript.compose.pandoc import Node
from manuscript.errors import ManuscriptError, refuse
from manuscript.source import Document

_ANNOTATION = re.compile(r"(?:#|//|--|%|;)\s*<\d+>\s*$", re.MULTILINE)
_BRACKET = re.compile(r"[)\]]’\w")


def check(document: Document, blocks: list[Node]) -> None:
    """Refuse what would not be the same in all formats.

    Raises
    ------
    ManuscriptError or ExceptionGroup
        Annotations of code, apostrophes after brackets.
    """
    refuse([*_faults(document, blocks)])


def _faults(document: Document, blocks: list[Node]) -> Iterator[ManuscriptError]:
    for element in pandoc.elements(blocks):
        match element["t"]:
            case "CodeBlock" if found := _ANNOTATION.search(element["c"][1]):
                yield document.fault(
                    re.escape(found[0].strip()),
                    f"the annotation `{found[0].strip()}` of code is not supported",
                    "say below the code what its lines do",
                )
            case "Str" if found := _BRACKET.search(element["c"]):
                word = element["c"].replace("’", "'")
                yield document.fault(
                    re.escape(element["c"]).replace("’", "['’]"),
                    f"the apostrophe in `{word}` is an opening quotation mark in "
                    "Quarto's PDF",
                    "put the words in another order",
                )
