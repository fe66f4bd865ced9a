"""Drafts: the page whatever is refused, with the findings marked at their places."""

from manuscript.compose.draft.collected import Collected, named, same
from manuscript.compose.draft.marking import DRAFT, FOLDER, Note, mark_pages
from manuscript.compose.draft.reading import Read, load
from manuscript.compose.draft.stopgaps import AS_WRITTEN, tolerant

__all__ = [
    "AS_WRITTEN",
    "DRAFT",
    "FOLDER",
    "Collected",
    "Note",
    "Read",
    "load",
    "mark_pages",
    "named",
    "same",
    "tolerant",
]
