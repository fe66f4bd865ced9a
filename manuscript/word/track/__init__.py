"""A .docx written in which the changes from another one are tracked."""

from manuscript.word.track.authors import Authors
from manuscript.word.track.marks import Author
from manuscript.word.track.tracked import track

__all__ = [
    "Author",
    "Authors",
    "track",
]
