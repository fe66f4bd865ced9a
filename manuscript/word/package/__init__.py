"""A .docx read without trusting it: its parts, and its text as a reader sees it."""

from manuscript.word.package.document import read_document
from manuscript.word.package.model import (
    INVISIBLE,
    PICTURE,
    Comment,
    EditedDocument,
    Paragraph,
    Run,
)
from manuscript.word.package.parts import (
    DOCUMENT,
    NAMESPACES,
    Package,
    W,
    open_package,
    serialized,
    tag,
)

__all__ = [
    "DOCUMENT",
    "INVISIBLE",
    "NAMESPACES",
    "PICTURE",
    "Comment",
    "EditedDocument",
    "Package",
    "Paragraph",
    "Run",
    "W",
    "open_package",
    "read_document",
    "serialized",
    "tag",
]
