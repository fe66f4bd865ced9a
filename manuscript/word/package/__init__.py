"""A .docx read without trusting it: its parts, and its text as a reader sees it."""

from manuscript.word.package.document import read_document
from manuscript.word.package.model import (
    INVISIBLE,
    LINE,
    PAGE,
    PICTURE,
    UNKNOWN,
    Comment,
    EditedDocument,
    Paragraph,
    Picture,
    Run,
    Script,
)
from manuscript.word.package.parts import (
    DOCUMENT,
    NAMESPACES,
    Package,
    W,
    open_package,
    parsed,
    serialized,
    tag,
    written,
)
from manuscript.word.package.relations import Relations

__all__ = [
    "DOCUMENT",
    "INVISIBLE",
    "LINE",
    "NAMESPACES",
    "PAGE",
    "PICTURE",
    "UNKNOWN",
    "Comment",
    "EditedDocument",
    "Package",
    "Paragraph",
    "Picture",
    "Relations",
    "Run",
    "Script",
    "W",
    "open_package",
    "parsed",
    "read_document",
    "serialized",
    "tag",
    "written",
]
