"""Where a number becomes a string, and nowhere else.

Conventions: a decimal point, no separator in numbers of four digits and a
thin space from five on, U+2212 as minus, an en dash in intervals, and P values
with a fixed number of decimals (``< 0.01`` below the last one that prints). What is
not zero never prints as zero: where the decimals would show no digit of it, there
are as many as its first digit needs.
"""

from __future__ import annotations

import math

MINUS = "\N{MINUS SIGN}"
THIN_SPACE = "\N{NARROW NO-BREAK SPACE}"
EN_DASH = "\N{EN DASH}"
NOT_ESTIMABLE = "not estimable"

_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_SMALLEST = -6  # power of ten of what is written out
_NOISE = 1e-12  # up to which a difference of floats may be off zero
_WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)


def decimal(number: float, decimals: int) -> str:
    """Print a number with a fixed number of decimals; one too small with its own.

    Parameters
    ----------
    number : float
    decimals : int
        At least 0.

    Returns
    -------
    str
        ``"not estimable"`` for NaN and infinities.

    Examples
    --------
    >>> decimal(3.8194, 2)
    '3.82'
    >>> decimal(0.0, 2), decimal(0.000432, 2), decimal(-1e-9, 2)
    ('0.00', '0.0004', '−1 × 10⁻⁹')
    """
    if not math.isfinite(number):
        return NOT_ESTIMABLE
    digits = f"{abs(number):.{decimals}f}"
    if abs(number) > _NOISE and float(digits) == 0:
        mantissa, _, power = f"{abs(number):.0e}".partition("e")
        if int(power) < _SMALLEST:
            return _scientific(number, mantissa, int(power))
        digits = f"{abs(number):.{-int(power)}f}"
    whole, _, fraction = digits.partition(".")
    if len(whole) > 4:
        whole = f"{int(whole):,}".replace(",", THIN_SPACE)
    sign = MINUS if number < 0 and float(digits) != 0 else ""
    return sign + whole + ("." + fraction if fraction else "")


def large(number: float, decimals: int) -> str:
    """Print a ratio: from 1000 on with three significant digits.

    Examples
    --------
    >>> large(3.8194, 2), large(38073.59, 2), large(12327133.39, 2)
    ('3.82', '38\u202f100', '1.23 × 10⁷')
    """
    if not math.isfinite(number) or abs(number) < 999.5:
        return decimal(number, decimals)
    mantissa, _, power = f"{number:.2e}".partition("e")
    if int(power) < 6:
        return decimal(round(number, 2 - int(power)), 0)
    return _scientific(number, mantissa.removeprefix("-"), int(power))


def _scientific(number: float, mantissa: str, power: int) -> str:
    sign = MINUS if number < 0 else ""
    return f"{sign}{mantissa} × 10{str(power).translate(_RAISED)}"


def p_value(p: float, decimals: int = 2) -> str:
    """Print a P value with its relation, as ``= 0.02`` or ``< 0.01``.

    Examples
    --------
    >>> p_value(0.0209824), p_value(0.00090753)
    ('= 0.02', '< 0.01')
    """
    if not math.isfinite(p):
        return NOT_ESTIMABLE
    smallest = 10.0**-decimals
    if p < smallest:
        return f"< {smallest:.{decimals}f}"
    return f"= {decimal(p, decimals)}"


def in_words(count: float) -> str:
    """Spell out a whole number from zero to twelve; print others in digits.

    Examples
    --------
    >>> in_words(8), in_words(18), in_words(float("nan"))
    ('eight', '18', 'not estimable')
    """
    if math.isfinite(count) and count == int(count) and 0 <= count < len(_WORDS):
        return _WORDS[int(count)]
    return decimal(count, 0)


def interval(low: str, high: str) -> str:
    """Join two printed limits; a negative limit takes ``to`` for the dash."""
    if low == high == NOT_ESTIMABLE:
        return NOT_ESTIMABLE
    wordy = MINUS in low + high or NOT_ESTIMABLE in low + high
    dash = " to " if wordy else EN_DASH
    return low + dash + high
