"""What is read back from a finished file, in whatever format it is.

The words of a file are one text in reading order. What formats rightly write in
ways of their own is evened out: white space, hyphens at the ends of lines, the
shapes of quotation marks, bullets and numbers of lists, formulas and pictures.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

IMAGE = "\ue010"
FORMULA = "\ue011"
# A hyphen at the end of a PDF's line: of the word, or of its division.
LINE_END = "\x02"

_QUOTES = dict.fromkeys(map(ord, "‘’‚‛′`´"), "'") | dict.fromkeys(
    map(ord, "“”„‟″«»"), '"'
)
_GONE = dict.fromkeys(
    # Soft hyphens, zero-width characters, boxes of tasks.
    map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\ufe0e\ufe0f☐☒☑"),
)
_DIRECTIONS = dict.fromkeys(
    [*range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)
_TABLE = {
    **_QUOTES,
    **_GONE,
    **_DIRECTIONS,
    ord("−"): "-",
    ord("\u2010"): "-",
    ord("\u2011"): "-",
}
# Icons, which fonts keep in the private area, except the two marks above.
_ICONS = re.compile("[\ue000-\ue00f\ue012-\uf8ff]")
_SPACE = re.compile(r"\s+")
# "Figure 1 (b)" is "Figure 1b" in PDF.
_LETTER = re.compile(r"\(([a-z])\)")


@dataclass(frozen=True)
class Reading:
    """The words of a file.

    Attributes
    ----------
    format : str
        Its name for readers: ``HTML``, ``PDF`` or ``Word``.
    text : str
        All but notes, in reading order; a picture is `IMAGE`, a formula
        `FORMULA`.
    notes : tuple of str
        Footnotes in the order of their marks.
    exact : bool
        Whether `text` begins with the body; else the title block precedes it.
    heaped : tuple of str
        What is printed over other words, and so cannot be read.
    """

    format: str
    text: str
    notes: tuple[str, ...]
    exact: bool
    heaped: tuple[str, ...] = ()

    @cached_property
    def squeezed(self) -> str:
        """The text as it is compared."""
        return squeeze(self.text)


def squeeze(text: str) -> str:
    r"""Return text without what formats write in ways of their own.

    Examples
    --------
    >>> squeeze("Figure 1 (b): “5 − 3” won't break.")
    'Figure1b:"5-3"won\'tbreak.'
    """
    text = unicodedata.normalize("NFKC", text).translate(_TABLE)
    return _LETTER.sub(r"\1", _SPACE.sub("", _ICONS.sub("", text)))
