"""What the recomputation of a result says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning"]


@dataclass(frozen=True)
class Result:
    """A result that was recomputed, with what is wrong with it.

    Attributes
    ----------
    rule : str
        Which recomputation: ``interval``, ``p``, ``percent`` and so on.
    start, end : int
        Its stretch in the text.
    what : str
        What is wrong; empty where the numbers agree.
    level : str
        ``error`` where no reading of the numbers makes them agree, ``warning`` where
        an uncommon method could.
    """

    rule: str
    start: int
    end: int
    what: str = ""
    level: Level = "error"
