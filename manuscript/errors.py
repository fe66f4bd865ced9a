"""The one way in which the press refuses."""

from __future__ import annotations

from collections.abc import Iterator


class ManuscriptError(Exception):
    """A fault in the manuscript, where it stands and how to mend it.

    Faults found together are raised together, as an ``ExceptionGroup``.

    Attributes
    ----------
    file : str
        Path relative to the project.
    line : int
        Counted from 1; 0 where the fault belongs to no line.
    what : str
        What was found.
    mend : str
        What to do about it.
    """

    def __init__(self, file: str, line: int, what: str, mend: str) -> None:
        super().__init__(file, line, what, mend)
        self.file = file
        self.line = line
        self.what = what
        self.mend = mend

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.what}; {self.mend}"


def refuse(faults: list[ManuscriptError]) -> None:
    """Raise the faults, if there are any: one bare, several as a group."""
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise ExceptionGroup("the manuscript has faults", faults)


def faults_of(error: BaseException) -> list[ManuscriptError]:
    """Return the faults of the manuscript that were raised together.

    Raises
    ------
    BaseException
        The error itself, where it is or holds another.
    """
    found = [*single(error)]
    faults = [each for each in found if isinstance(each, ManuscriptError)]
    if len(faults) < len(found):
        raise error
    return faults


def single(error: BaseException) -> Iterator[BaseException]:
    """Yield what was raised together one by one, groups within groups too.

    Examples
    --------
    >>> inner = ExceptionGroup("both", [KeyError("b"), KeyError("c")])
    >>> [*single(ExceptionGroup("all", [KeyError("a"), inner]))]
    [KeyError('a'), KeyError('b'), KeyError('c')]
    """
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from single(one)
    else:
        yield error
