"""Fields of a Word file: what they show, and the instructions that make it."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import Final

_ADDRESS: Final = re.compile(r'^\s*HYPERLINK\s+"((?:https?://|mailto:)[^"]*)"')
_PLACE: Final = re.compile(r'^\s*HYPERLINK\s+\\l\s+"([^"]*)"')
# Of these the instructions say which works are cited.
_CITING: Final = re.compile(
    r"^\s*(?:ADDIN\s+(?:ZOTERO_ITEM|CSL_CITATION|EN\.CITE(?!\.DATA)|Mendeley)|CITATION\b)"
)
_LISTING: Final = re.compile(
    r"^\s*(?:ADDIN\s+(?:ZOTERO_BIBL|EN\.REFLIST|Mendeley Bibliography|CSL_BIBLIOGRAPHY)"
    r"|BIBLIOGRAPHY\b)"
)
LONGEST: Final = 2**20  # characters of instructions


@dataclass
class Field:
    """A field that has begun.

    Attributes
    ----------
    instructions : list of str
    data : str
        What a reference manager keeps beside them.
    shows : bool
        Whether its result has begun.
    """

    instructions: list[str] = field(default_factory=list)
    data: str = ""
    shows: bool = False


def read_as(instructions: str) -> tuple[str, str, str]:
    """Tell what a field is: address, place within the document, or citation."""
    if match := _ADDRESS.match(instructions):
        return match[1], "", ""
    if match := _PLACE.match(instructions):
        return "", match[1], ""
    if _CITING.match(instructions) or _LISTING.match(instructions):
        return "", "", instructions.strip()
    return "", "", ""


def decoded(data: str) -> str:
    """Read what a reference manager keeps beside the instructions; empty if none."""
    try:
        found = base64.b64decode("".join(data.split()), validate=False)
    except (binascii.Error, ValueError):
        return ""
    return found.decode("utf-8", "replace").replace("\0", "")
