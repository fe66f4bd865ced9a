"""What prose calls: ``v`` for numbers, ``claim`` for findings, ``item`` for floats.

Each document's first cell imports these three; inline code calls nothing else,
so that every number and claim can be read from the sources without a kernel.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from manuscript.errors import ManuscriptError
from manuscript.source import Claim, Names, Project, answers, find_root, read
from manuscript.values import Condition

if TYPE_CHECKING:
    from manuscript.values import Answers

    v: Answers


def __getattr__(name: str) -> Answers:
    if name != "v":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _answers()


class ClaimError(AssertionError):
    """A sentence says what the data do not bear."""


def claim(words: str, condition: Condition) -> Claim:
    """State a finding as long as the data bear it.

    Parameters
    ----------
    words : str
        The phrase as it prints, such as ``significantly increased``.
    condition : Condition
        A comparison of values: ``v("risk.p") < 0.05``, joined by
        ``&``, ``|`` and ``~``.

    Raises
    ------
    ClaimError
        When the condition fails; says where the claim stands and what it read.
    TypeError
        When the condition is a plain boolean, which cannot say what it read.
    """
    if not isinstance(condition, Condition):
        raise TypeError(
            f"claim({words!r}, ...): the condition must compare values, as in "
            f"v('risk.p') < 0.05; got {condition!r}"
        )
    if not condition:
        raise ClaimError(_no_longer_holds(words, condition))
    return Claim(words, condition)


def item(label: str) -> str:
    """Name a figure or table of the supplement, such as ``Table S4``.

    Raises
    ------
    LookupError
        When no document has such a label; names the nearest ones.
    """
    return _names().item(label)


@lru_cache(maxsize=1)
def _names() -> Names:
    return Names.of(_project())


def _answers() -> Answers:
    return answers(find_root(Path.cwd()))


def _project() -> Project:
    # Cells run in the folder of their document, under Quarto as under our engine.
    return Project.load(find_root(Path.cwd()))


def _no_longer_holds(words: str, condition: Condition) -> str:
    what = f'the data do not bear "{words}": {condition.reading}'
    mend = "change the words, or find out what changed the numbers"
    try:
        readings = read(_project(), _answers())
    except (ManuscriptError, LookupError):
        return f"{what}; {mend}"
    for reading in readings:
        for passage in reading.passages:
            for mark in passage.marked("claim"):
                if mark.result == Claim(words, condition):
                    place = f"{passage.file}:{mark.line}:{mark.column}"
                    sentence = passage.sentence(mark.start)
                    return f"{place}: {what}; in the sentence “{sentence}”; {mend}"
    return f"{what}; {mend}"
