"""Reads the tables that are analyzed: files in, frozen columns out.

``data/README.md`` has the dictionary and the provenance of every table.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from analysis.reading import read_table
from analysis.schema import (
    Column,
    RowCheck,
    Schema,
    at_most,
    count,
    free_text,
    label,
    one_of,
    pattern,
    quantity,
)
from manuscript.values import Basis, Origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from pandas import DataFrame

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"


CONTROL_CLASSES = ("placebo", "chemotherapy", "observation")
SOURCE_TYPES = ("publication", "registry", "investigator")

_EVENTS = "no more events than patients"

_TRIALS = Schema(
    columns=(
        Column("trial", label),
        Column("control_class", one_of(*CONTROL_CLASSES)),
        Column("n_lenalidomide", count(1)),
        Column("n_control", count(1)),
        Column("all_lenalidomide", count()),
        Column("all_control", count()),
        Column("median_followup_months", quantity(optional=True)),
        Column(
            "source_type",
            pattern(
                f"({'|'.join(SOURCE_TYPES)})?", f"{', '.join(SOURCE_TYPES)} or nothing"
            ),
        ),
    ),
    unique=("trial",),
    checks=(
        at_most("all_lenalidomide", "n_lenalidomide", _EVENTS),
        at_most("all_control", "n_control", _EVENTS),
    ),
)

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

# What a table of trials or cases may rest on, as data/basis.csv states it.
BASES: tuple[Basis, ...] = ("reconstruction", "published", "collected")

_BASIS = Schema(
    columns=(
        Column("file", label),
        Column("basis", one_of(*BASES)),
        Column("what", free_text),
    ),
    unique=("file",),
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
        return self.basis == "reconstruction"


@dataclass(frozen=True)
class Trials(_Table):
    """Randomised trials of lenalidomide against control, one entry a trial.

    Attributes
    ----------
    file : str
        Where they were read, relative to the project.
    line : (k,) array
        Line of each trial in the file.
    trial, control_class, source_type : tuple of k str
        The source of the counts is empty where it is not known.
    n_lenalidomide, n_control : (k,) array
        Patients by arm, at least 1.
    all_lenalidomide, all_control : (k,) array
        Patients with acute lymphoblastic leukemia by arm.
    median_followup_months : (k,) array
        NaN where it was not reported.
    basis : {"reconstruction", "published", "collected"}
    """

    file: str
    line: Counts
    trial: tuple[str, ...]
    control_class: tuple[str, ...]
    n_lenalidomide: Counts
    n_control: Counts
    all_lenalidomide: Counts
    all_control: Counts
    median_followup_months: Quantities
    source_type: tuple[str, ...]
    basis: Basis = "reconstruction"

    def __len__(self) -> int:
        return len(self.trial)

    @property
    def counts(self) -> tuple[Counts, Counts, Counts, Counts]:
        """Events and patients, treated then control, as ``analysis.meta`` takes."""
        return (
            self.all_lenalidomide,
            self.n_lenalidomide,
            self.all_control,
            self.n_control,
        )

    @property
    def classes(self) -> tuple[str, ...]:
        """Control classes that occur, in the order of the schema."""
        return tuple(name for name in CONTROL_CLASSES if name in self.control_class)

    def frame(self) -> DataFrame:
        """Return the table as a pandas data frame, for notebooks."""
        return _frame(self)

    def of_class(self, *control_classes: str) -> Trials:
        """Return the trials of some control classes."""
        return self.where(np.isin(self.control_class, control_classes))

    def where(self, keep: Flags) -> Trials:
        """Return the trials at which ``keep`` (k booleans) is true."""

        def some(names: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(name for name, kept in zip(names, keep, strict=True) if kept)

        return Trials(
            self.file,
            self.line[keep],
            some(self.trial),
            some(self.control_class),
            self.n_lenalidomide[keep],
            self.n_control[keep],
            self.all_lenalidomide[keep],
            self.all_control[keep],
            self.median_followup_months[keep],
            some(self.source_type),
            self.basis,
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
    basis : {"reconstruction", "published", "collected"}
    """

    file: str
    line: Counts
    case: tuple[str, ...]
    age_years: Quantities
    exposure_years: Quantities
    latency_years: Quantities
    outcome: tuple[str, ...]
    time_to_death_months: Quantities
    basis: Basis = "reconstruction"

    def __len__(self) -> int:
        return len(self.case)

    def frame(self) -> DataFrame:
        """Return the table as a pandas data frame, for notebooks."""
        return _frame(self)


def basis(path: Path) -> Basis:
    """Return what a table rests on, as ``basis.csv`` beside it states.

    Returns
    -------
    {"reconstruction", "published", "collected"}
        ``reconstruction`` where nothing is stated.

    Raises
    ------
    DataError
        With every fault of ``basis.csv``.
    """
    stated = path.with_name("basis.csv")
    if not stated.exists():
        return "reconstruction"
    by_file = {row["file"]: row["basis"] for row in read_table(stated, _BASIS)}
    return cast(Basis, by_file.get(path.name, "reconstruction"))


def trials(path: Path = DATA / "trials.csv") -> Trials:
    """Read the trials.

    Raises
    ------
    DataError
        With every fault of the table.
    """
    rows = read_table(path, _TRIALS)
    return Trials(
        file=_relative(path),
        line=_counts(rows, "line"),
        trial=_names(rows, "trial"),
        control_class=_names(rows, "control_class"),
        n_lenalidomide=_counts(rows, "n_lenalidomide"),
        n_control=_counts(rows, "n_control"),
        all_lenalidomide=_counts(rows, "all_lenalidomide"),
        all_control=_counts(rows, "all_control"),
        median_followup_months=_quantities(rows, "median_followup_months"),
        source_type=_names(rows, "source_type"),
        basis=basis(path),
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
        line=_counts(rows, "line"),
        case=_names(rows, "case"),
        age_years=_quantities(rows, "age_years"),
        exposure_years=_quantities(rows, "exposure_years"),
        latency_years=_quantities(rows, "latency_years"),
        outcome=_names(rows, "outcome"),
        time_to_death_months=_quantities(rows, "time_to_death_months"),
        basis=basis(path),
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
        name: v for name, v in vars(table).items() if name not in ("file", "basis")
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
