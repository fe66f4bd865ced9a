"""A paper as paragraphs of plain text, with the place of every character."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

# Typesetters' ligatures, which PDF keeps.
_LIGATURES = str.maketrans(
    {"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl", "\N{SOFT HYPHEN}": ""}
)
# A raised number that is an exponent or part of a name, not a citation.
_EXPONENT = re.compile(
    r"(?:\b[IRrχXQη]|\bchi|\b[kcmµμnd]?m|\bTau|τ|\btau|\bcm|[²]|\bs)$"
)
_RAISED_DIGIT = {"1": "¹", "2": "²", "3": "³"}
_POWER = re.compile(r"10$")


@dataclass(frozen=True)
class Paragraph:
    """A stretch of text, such as a paragraph, a row of a table or a page.

    Attributes
    ----------
    text : str
    starts : tuple of int
        Offsets at which a new place begins.
    places : tuple of int
        Number of each place: a line, a paragraph or a page.
    """

    text: str
    starts: tuple[int, ...]
    places: tuple[int, ...]

    def place(self, offset: int) -> int:
        """Return the place of a character."""
        return self.places[max(0, bisect_right(self.starts, offset) - 1)]

    @classmethod
    def at(cls, place: int, text: str) -> Paragraph:
        """Make one whose characters all stand at one place."""
        return cls(tidy(text), (0,), (place,))


@dataclass(frozen=True)
class Paper:
    """What a file says.

    Attributes
    ----------
    file : str
        As it was given.
    unit : str
        What places count: ``line``, ``paragraph`` or ``page``.
    paragraphs : tuple of Paragraph
    """

    file: str
    unit: str
    paragraphs: tuple[Paragraph, ...]


def tidy(text: str) -> str:
    """Write a text on one line, without ligatures and soft hyphens."""
    return re.sub(r"[ \t\r\n\f\v]+", " ", text.translate(_LIGATURES)).strip()


def raised(before: str, text: str) -> str:
    """Write a superscript into running text.

    Exponents stay, as signs where there are any; citations, which would join the
    number before them, are left out.

    Examples
    --------
    >>> raised("I", "2"), raised("in 20", "1,3"), raised("3 × 10", "-5")
    ('²', '', '^-5')
    """
    number = text.strip().replace("\N{MINUS SIGN}", "-")
    if not re.fullmatch(r"[-\d,;\u2013 *†‡§]+", number):
        return text
    if _POWER.search(before) and re.fullmatch(r"-?\d+", number):
        return f"^{number}"
    if _EXPONENT.search(before.rstrip()) and number.lstrip("-") in _RAISED_DIGIT:
        return _RAISED_DIGIT[number.lstrip("-")]
    return ""


def lowered(text: str) -> str:
    """Write a subscript into running text: ``P_interaction``, ``H2O``."""
    return text if text.strip().isdigit() else f"_{text.strip()}"
