"""Co-authors in Word: tracked changes out, edited copies in."""

from manuscript.word.changed import write_changes
from manuscript.word.merging import merge_file

__all__ = ["merge_file", "write_changes"]
