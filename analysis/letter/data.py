"""Reads the tables that are analyzed: files in, frozen columns out.

``data/README.md`` has the dictionary and the provenance of every table.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analysis.basis import Basis, stated_basis
from analysis.reading import read_table
from analysis.schema import (
    Column,
    RowCheck,
    Schema,
    at_most,
    count,
    label,
    one_of,
    pattern,
    quantity,
)
from analysis.trials import Described, read_described, read_trials
from manuscript.values import Origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from pandas import DataFrame

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"


_CASES = Schema(
    columns=(
        Column("case", label),
        Column("age_years", quantity()),
        Column("exposure_years", quantity()),
        Column("latency_years", quantity()),
        Column("outcome", one_of("alive", "dead")),
        Column("time_to_death_months", quantity(optional=True)),
    ),
    unique=("case",),
    checks=(
        at_most("exposure_years", "latency_years", "no longer exposure than latency"),
        RowCheck(
            "time_to_death_months",
            "a time where the outcome is dead, and nothing where it is alive",
            lambda row: (
                (row["outcome"] == "dead")
                == (row["time_to_death_months"] == row["time_to_death_months"])
            ),
        ),
    ),
)

_REPORTED = Schema(
    columns=(
        Column("key", label),
        Column("section", label),
        Column("quantity", label),
        Column("value", pattern(r"<?[0-9]+(\.[0-9]+)?", "a number, or < and a number")),
        Column("unit", label),
        Column("decimals", count()),
        Column("printed_as", label),
    ),
    unique=("key",),
)

Counts = NDArray[np.int64]
Quantities = NDArray[np.float64]
Flags = NDArray[np.bool_]


class _Table:
    """What a table says of itself."""

    file: str
    basis: Basis

    def origin(self, function: Callable[..., object], rows: str = "all rows") -> Origin:
        """Say what made a value of this table, and on what basis."""
        return Origin.of(function, self.file, rows, self.basis)

    @property
    def is_invented(self) -> bool:
        """Whether single rows are a matter of chance."""
        return self.basis in ("reconstruction", "synthetic")


@dataclass(frozen=True)
class Trials(_Table):
    """Randomised trials of two arms, one entry a trial.

    Attributes
    ----------
    file : str
        Where they were read, relative to the project.
    described : analysis.trials.Described
        What ``data/trials.yml`` says of columns, arms, outcome and classes.
    basis : {"published", "collected", "reconstruction", "synthetic"}
    line : (k,) array
        Line of each trial in the file.
    trial, control_class, source_type : tuple of k str
        Classes by their keys; the source of the counts is empty where it is not known.
    n_treated, n_control : (k,) array
        Patients by arm, at least 1.
    events_treated, events_control : (k,) array
        Patients with the outcome by arm.
    median_followup_months : (k,) array
        NaN where it was not reported.
    """

    file: str
    described: Described
    basis: Basis
    line: Counts
    trial: tuple[str, ...]
    control_class: tuple[str, ...]
    n_treated: Counts
    n_control: Counts
    events_treated: Counts
    events_control: Counts
    median_followup_months: Quantities
    source_type: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.trial)

    @property
    def counts(self) -> tuple[Counts, Counts, Counts, Counts]:
        """Events and patients, treated then control, as ``analysis.meta`` takes."""
        return (
            self.events_treated,
            self.n_treated,
            self.events_control,
            self.n_control,
        )

    @property
    def arms(self) -> tuple[str, str]:
        """Keys of the arms, treated then control."""
        treated, control = self.described.arms
        return treated.key, control.key

    @property
    def classes(self) -> tuple[str, ...]:
        """Classes that occur, in the order of the schema file."""
        return tuple(key for key in self.described.keys if key in self.control_class)

    def rows(self, control_class: str) -> str:
        """Say which rows a class is, or all where it is none of the schema file."""
        for one in self.described.classes:
            if one.key == control_class:
                return f"{self.described.column} = {one.cell}"
        return "all rows"

    def frame(self) -> DataFrame:
        """Return the table as a pandas data frame, for notebooks."""
        said = self.described
        (events,) = (outcome.events for outcome in said.outcomes[:1])
        names = {
            "trial": said.trial,
            "control_class": said.column,
            **dict(
                zip(
                    ("n_treated", "n_control", "events_treated", "events_control"),
                    (*(arm.patients for arm in said.arms), *events),
                    strict=True,
                )
            ),
        }
        return _frame(self).rename(columns=names)

    def of_class(self, *control_classes: str) -> Trials:
        """Return the trials of some classes."""
        return self.where(np.isin(self.control_class, control_classes))

    def where(self, keep: Flags) -> Trials:
        """Return the trials at which ``keep`` (k booleans) is true."""

        def some(names: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(name for name, kept in zip(names, keep, strict=True) if kept)

        return Trials(
            self.file,
            self.described,
            self.basis,
            self.line[keep],
            some(self.trial),
            some(self.control_class),
            self.n_treated[keep],
            self.n_control[keep],
            self.events_treated[keep],
            self.events_control[keep],
            self.median_followup_months[keep],
            some(self.source_type),
        )


@dataclass(frozen=True)
class Cases(_Table):
    """Individual cases of leukemia with details, one entry a case.

    Attributes
    ----------
    file : str
    line : (n,) array
    case, outcome : tuple of n str
        ``outcome`` is ``alive`` or ``dead``.
    age_years, exposure_years, latency_years : (n,) array
        Age at onset, time on lenalidomide, time from first dose to onset.
    time_to_death_months : (n,) array
        From onset; NaN for the living.
    basis : {"published", "collected", "reconstruction", "synthetic"}
    """

    file: str
    basis: Basis
    line: Counts
    case: tuple[str, ...]
    age_years: Quantities
    exposure_years: Quantities
    latency_years: Quantities
    outcome: tuple[str, ...]
    time_to_death_months: Quantities

    def __len__(self) -> int:
        return len(self.case)

    def frame(self) -> DataFrame:
        """Return the table as a pandas data frame, for notebooks."""
        return _frame(self)


@lru_cache(maxsize=1)
def described() -> Described:
    """Read what ``data/trials.yml`` says of the table of trials.

    Raises
    ------
    DataError
        With every fault of the file.
    """
    return read_described(DATA / "trials.yml")


def trials(path: Path = DATA / "trials.csv") -> Trials:
    """Read the trials; ``.yml`` and ``basis.csv`` beside them say what they are.

    Raises
    ------
    DataError
        With every fault of the table or of what is said of it.
    """
    read = read_trials(path)
    nothing = ("",) * len(read)
    months = read.others.get("median_followup_months", (np.nan,) * len(read))
    events_treated, n_treated, events_control, n_control = read.counts()
    return Trials(
        _relative(path),
        read.described,
        read.basis,
        read.line,
        read.names,
        read.classes,
        n_treated,
        n_control,
        events_treated,
        events_control,
        np.array(months, dtype=np.float64),
        tuple(map(str, read.others.get("source_type", nothing))),
    )


def cases(path: Path = DATA / "cases.csv") -> Cases:
    """Read the individual cases.

    Raises
    ------
    DataError
        With every fault of the table.
    """
    rows = read_table(path, _CASES)
    return Cases(
        file=_relative(path),
        basis=stated_basis(path),
        line=_counts(rows, "line"),
        case=_names(rows, "case"),
        age_years=_quantities(rows, "age_years"),
        exposure_years=_quantities(rows, "exposure_years"),
        latency_years=_quantities(rows, "latency_years"),
        outcome=_names(rows, "outcome"),
        time_to_death_months=_quantities(rows, "time_to_death_months"),
    )


@dataclass(frozen=True)
class ReportedValue:
    """A number that the published letter prints.

    Attributes
    ----------
    key, section, quantity, unit : str
    number : float
        The printed number; NaN where only a bound is printed (``< 0.01``).
    decimals : int
        Decimals printed, which set its rounding interval.
    printed_as : str
    """

    key: str
    section: str
    quantity: str
    number: float
    unit: str
    decimals: int
    printed_as: str


@lru_cache(maxsize=1)
def reported_values(
    path: Path = DATA / "reported-values.csv",
) -> dict[str, ReportedValue]:
    """Read the numbers of the published letter, by key.

    Raises
    ------
    DataError
        With every fault of the table.
    """
    return {
        str(row["key"]): ReportedValue(
            key=str(row["key"]),
            section=str(row["section"]),
            quantity=str(row["quantity"]),
            number=_bounded(str(row["value"])),
            unit=str(row["unit"]),
            decimals=int(row["decimals"]),
            printed_as=str(row["printed_as"]),
        )
        for row in read_table(path, _REPORTED)
    }


def _bounded(printed: str) -> float:
    return float("nan") if printed.startswith("<") else float(printed)


def _frame(table: Trials | Cases) -> DataFrame:
    # Imported here: half a second that no render needs to spend.
    from pandas import DataFrame

    columns = {
        name: v
        for name, v in vars(table).items()
        if name not in ("file", "described", "basis")
    }
    return DataFrame(columns).set_index("line")


_Rows = list[dict[str, str | int | float]]


def _names(rows: _Rows, column: str) -> tuple[str, ...]:
    return tuple(str(row[column]) for row in rows)


def _counts(rows: _Rows, column: str) -> Counts:
    return np.array([row[column] for row in rows], dtype=np.int64)


def _quantities(rows: _Rows, column: str) -> Quantities:
    return np.array([row[column] for row in rows], dtype=np.float64)


def _relative(path: Path) -> str:
    resolved = path.resolve()
    return (
        str(resolved.relative_to(ROOT)) if resolved.is_relative_to(ROOT) else path.name
    )
