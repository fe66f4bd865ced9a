"""Text that names values between braces, as in ``in {trials.all} trials``."""

from __future__ import annotations

import re
from collections.abc import Callable

from manuscript.values.value import Value

Lookup = Callable[[str], Value]

_KEY = re.compile(r"\{([a-z0-9_.]+)\}")


def fill(
    template: str,
    v: Lookup,
    show: Callable[[Value], str] = str,
    plain: Callable[[str], str] = str,
) -> str:
    """Put values in the place of the keys that a text names between braces.

    Parameters
    ----------
    template : str
    v : callable
        Gives the value of a key.
    show : callable, optional
        How a value is written; its printed text by default.
    plain : callable, optional
        How the text between values is written; as it is by default.

    Examples
    --------
    >>> from manuscript.values.value import Origin
    >>> eight = Origin("m.f", "data/trials.csv", "", "published")
    >>> fill("in {trials.all} trials", lambda key: eight.count(key, 8))
    'in 8 trials'
    """
    pieces = _KEY.split(template)
    return "".join(
        show(v(piece)) if at % 2 else plain(piece) for at, piece in enumerate(pieces)
    )
