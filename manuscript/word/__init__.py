"""Co-authors in Word: tracked changes out, edited copies in."""

from manuscript.word.changed import write_changes
from manuscript.word.merging import merge_file
from manuscript.word.package import DOCUMENT, open_package
from manuscript.word.submission import write_submission

__all__ = [
    "DOCUMENT",
    "merge_file",
    "open_package",
    "write_changes",
    "write_submission",
]
