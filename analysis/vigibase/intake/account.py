"""The account of an extract: what was read, what it covers, what is implausible."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from analysis.vigibase.errors import ExtractError
from analysis.vigibase.intake.duplicates import Groups


@dataclass(frozen=True)
class Finding:
    """Something found in the extract, and how often.

    Attributes
    ----------
    file : str
    what : str
    rows : int
    kept : bool
        Whether the rows stay in; a field that could not be read is then empty.
    lines : tuple of int
        The first lines where it was found, where they are known.
    """

    file: str
    what: str
    rows: int
    kept: bool
    lines: tuple[int, ...] = ()


@dataclass(frozen=True)
class TableRead:
    """What was read of a table.

    Attributes
    ----------
    name : str
    file : str
        Empty for a table that is missing, as the user said.
    form : str
        The form of its file in words.
    rows : int
        Rows read, those set aside included.
    set_aside : int
    unused : tuple of str
        Columns of the file that the table does not have.
    """

    name: str
    file: str
    form: str
    rows: int
    set_aside: int
    unused: tuple[str, ...] = ()


@dataclass(frozen=True)
class Coverage:
    """How much of what a table should speak of it does.

    Attributes
    ----------
    table : str
    what : str
        What is counted, such as ``reports with a row``.
    covered, of : int
    """

    table: str
    what: str
    covered: int
    of: int

    @property
    def share(self) -> float:
        """Share covered; 1 of nothing."""
        return self.covered / self.of if self.of else 1.0


@dataclass(frozen=True)
class Problem:
    """Why a table is not plausible as a whole."""

    table: str
    what: str


@dataclass(frozen=True)
class Account:
    """What an extract held, and whether it may be described.

    Attributes
    ----------
    tables : tuple of TableRead
    findings : tuple of Finding
    coverage : tuple of Coverage
    problems : tuple of Problem
    accepted : tuple of str
        Tables whose gaps the user knows of.
    groups : Groups
        Suspected duplicates and replaced versions.
    """

    tables: tuple[TableRead, ...] = ()
    findings: tuple[Finding, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    problems: tuple[Problem, ...] = ()
    accepted: tuple[str, ...] = ()
    groups: Groups = field(default_factory=Groups)

    @property
    def rows(self) -> dict[str, int]:
        """Rows read, by table; those set aside included."""
        return {table.name: table.rows for table in self.tables}

    @property
    def set_aside(self) -> int:
        """Rows that could not be used."""
        return sum(found.rows for found in self.findings if not found.kept)

    @property
    def open_problems(self) -> tuple[Problem, ...]:
        """Problems that nobody has accepted."""
        return tuple(p for p in self.problems if p.table not in self.accepted)

    def check(self, place: object, again: str = "convert") -> None:
        """Refuse an extract that is not plausible as a whole.

        Raises
        ------
        ExtractError
            Naming each table, what was found and how to go on.
        """
        if not self.open_problems:
            return
        said = "; ".join(p.what for p in self.open_problems)
        names = sorted({p.table.upper() for p in self.open_problems})
        raise ExtractError(
            f"{place}: the extract is not whole: {said}. Get it again; or, where it "
            f"is meant to be so, {again} with --accept {','.join(names)}"
        )


def known_tables(names: Collection[str], known: Collection[str]) -> tuple[str, ...]:
    """Return the names of tables in lower case.

    Raises
    ------
    ExtractError
        For a name that is no table's.
    """
    lower = tuple(name.strip().lower() for name in names if name.strip())
    for name in lower:
        if name not in known:
            raise ExtractError(
                f"accept: got {name!r}, expected one of "
                f"{', '.join(table.upper() for table in known)}"
            )
    return lower
