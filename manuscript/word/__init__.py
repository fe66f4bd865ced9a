"""Co-authors in Word: tracked changes out, edited copies in."""

from manuscript.word.changed import write_changes
from manuscript.word.merging import merge_file
from manuscript.word.submission import write_submission

__all__ = ["merge_file", "write_changes", "write_submission"]
