"""Printed numbers, and every number that could have printed so.

Rules compare intervals, never points: what prints ``2.50`` lies from 2.495 to 2.505,
whichever way halves are rounded, and two results disagree only where no numbers
behind the printed ones agree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
    *("seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORD = (
    rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_ONES[1:10])}))?"
    rf"|{'|'.join(sorted(_ONES, key=len, reverse=True))})"
)

# Digits of a number without sign. Thousands are parted by a comma or a space.
DIGITS = r"(?:\d{1,3}(?:[,\u202f\u2009]\d{3})+(?!\d)|\d+)"
UNSIGNED = rf"(?:{DIGITS}(?:\.\d+)?|\.\d+)"
SIGNED = rf"(?:[-+\u2013])?{UNSIGNED}"
# A number begins after no letter, digit or point, and ends before no digit.
# The 20 of a name such as VYC-20 is none.
BEGIN = r"(?<![A-Za-z]-)(?<![\w.,])"
END = r"(?![\d]|[.,]\d)"
# A whole number that counts something, in digits or words.
COUNT = rf"(?:{BEGIN}{DIGITS}(?!\.\d|[\d,]\d)|\b{_WORD}\b)"

_SAME_LENGTH = {
    "\N{MINUS SIGN}": "-",
    "\N{NO-BREAK SPACE}": " ",
    "\N{NON-BREAKING HYPHEN}": "-",
    "\N{HYPHEN}": "-",
    "\N{FIGURE DASH}": "\u2013",
    "\N{EM DASH}": "\u2013",
    "\N{SMALL EM DASH}": "\u2013",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{FULLWIDTH PERCENT SIGN}": "%",
    "\N{FULLWIDTH EQUALS SIGN}": "=",
    "\N{LESS-THAN OR SLANTED EQUAL TO}": "≤",
    "\N{GREATER-THAN OR SLANTED EQUAL TO}": "≥",
    "\N{GREEK SMALL LETTER CHI}": "χ",
    "\N{MATHEMATICAL ITALIC SMALL CHI}": "χ",
    "\n": " ",
    "\t": " ",
}
_MAP = str.maketrans(_SAME_LENGTH)
_RAISED_POINT = re.compile(r"(?<=\d)[·∙⋅•](?=\d)|(?<=[\s=<>(\[])[·∙⋅•](?=\d)")

_SPACED = re.compile(r"(?<![\d.,])\d{1,3}(?: \d{3})+(?![\d]|[.,]\d)")
_THIN = "\N{NARROW NO-BREAK SPACE}"


def normalized(text: str) -> str:
    """Write a text with one sign for each kind; every character keeps its place.

    Examples
    --------
    >>> normalized("HR 0·78; −1.2")
    'HR 0.78; -1.2'
    """
    text = _RAISED_POINT.sub(".", text.translate(_MAP))
    return _SPACED.sub(lambda match: match[0].replace(" ", _THIN), text)


@dataclass(frozen=True)
class Printed:
    """A printed number and what may lie behind it.

    Attributes
    ----------
    text : str
        As it stands.
    number : float
    decimals : int
        Digits after the point.

    Examples
    --------
    >>> half = printed("52.3")
    >>> half.may_be(52.25), half.may_be(52.35), half.may_be(52.2)
    (True, True, False)
    """

    text: str
    number: float
    decimals: int

    @property
    def half(self) -> float:
        """Half a unit of its last digit, and a hair more."""
        return 0.5 * 10.0**-self.decimals * (1 + 1e-9) + 1e-12 * abs(self.number)

    @property
    def low(self) -> float:
        """Least number that prints so."""
        return self.number - self.half

    @property
    def high(self) -> float:
        """Greatest number that prints so."""
        return self.number + self.half

    @property
    def whole(self) -> bool:
        """Whether it is written as a whole number."""
        return self.decimals == 0

    def may_be(self, number: float) -> bool:
        """Whether a number prints so, halves up or to even."""
        return self.low <= number <= self.high


@lru_cache(maxsize=4096)
def printed(text: str) -> Printed:
    """Read a number in digits or words.

    Parameters
    ----------
    text : str
        What :data:`SIGNED` or :data:`COUNT` matches.

    Examples
    --------
    >>> printed("1,234").number, printed("–.30").number, printed("twenty-two").number
    (1234.0, -0.3, 22.0)
    """
    word = text.lower().replace(" ", "-")
    if word[:1].isalpha():
        tens, _, ones = word.partition("-")
        if tens in _TENS:
            number = 20.0 + 10 * _TENS.index(tens)
            return Printed(text, number + (_ONES.index(ones) if ones else 0), 0)
        return Printed(text, float(_ONES.index(word)), 0)
    plain = re.sub(r"[,\s\u202f\u2009+]", "", text).replace("\u2013", "-")
    return Printed(text, float(plain), len(plain.partition(".")[2]))
