"""The one way in which the press refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from traceback import extract_tb

_COLUMN = re.compile(r"\(column (\d+)\)")
_TOLD = re.compile(r"(?:([^\s:]+):(?:(\d+):)?\s*)?(.*?)(?:; (.*))?", re.DOTALL)


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


def column_of(text: str) -> int:
    """Return the column that a message names; 0 where it names none.

    Examples
    --------
    >>> column_of("a.qmd:7: `v(1)` (column 13) raised ValueError: no")
    13
    """
    found = _COLUMN.search(text)
    return int(found[1]) if found else 0


def faults_of(error: BaseException, root: Path | None = None) -> list[ManuscriptError]:
    """Return the faults of the manuscript that were raised together.

    Parameters
    ----------
    error : BaseException
    root : Path, optional
        A project, errors of whose own code are faults as well.

    Raises
    ------
    BaseException
        The error itself, where it is or holds another.
    """
    faults: list[ManuscriptError] = []
    for each in single(error):
        if isinstance(each, ManuscriptError):
            faults.append(each)
        elif root and (told := getattr(each, "faults", None)):
            faults += [_as_told(str(one)) for one in told]
        elif root and (placed := of_code(each, root)):
            faults.append(placed)
        else:
            raise error
    return faults


def _as_told(text: str) -> ManuscriptError:
    """Take apart what a study says of its data: ``file:line: what; mend``."""
    found = _TOLD.fullmatch(text)
    assert found
    file, line, what, mend = found.groups("")
    return ManuscriptError(
        file or "values", int(line or 0), what, mend or "correct the data"
    )


def of_code(error: BaseException, root: Path) -> ManuscriptError | None:
    """Place an error that code of a project raised; None where other code did.

    Parameters
    ----------
    error : BaseException
    root : Path
        The project; what it holds of the press is other code.

    Examples
    --------
    >>> error = SyntaxError("invalid syntax", ("/paper/study.py", 7, 1, "a b"))
    >>> print(of_code(error, Path("/paper")))
    study.py:7: raised SyntaxError: invalid syntax; correct the code, or what it reads
    """
    places = [(f.filename, f.lineno or 0) for f in extract_tb(error.__traceback__)]
    what = str(error)
    if isinstance(error, SyntaxError) and error.filename:
        places.append((error.filename, error.lineno or 0))
        what = error.msg
    for name, line in reversed(places):
        path = Path(name)
        if not path.is_relative_to(root):
            continue
        inner = path.relative_to(root)
        if inner.parts[0] != __name__.partition(".")[0] and inner.parts[0][0] != ".":
            said = " ".join(f"raised {type(error).__name__}: {what}".split())[:300]
            mend = "correct the code, or what it reads"
            return ManuscriptError(inner.as_posix(), line, said, mend)
    return None


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
