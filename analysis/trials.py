"""Trials of two arms, as the schema file beside their table describes them.

``data/trials.yml`` says which columns of ``data/trials.csv`` hold what, and what arms,
outcomes and classes of trials are called; ``data/basis.csv`` says what the table rests
on. So another meta-analysis changes these two files and no program.

.. code-block:: yaml

    trial: trial                # the column with a name for each trial
    arms:                       # two, the treated first; their keys name values
      treated: {patients: n_treated, label: Treated}
      control: {patients: n_control, label: Control}
    outcomes:
      event: {label: Event, events: {treated: events_treated, control: events_control}}
    classes:                    # optional: groups of trials, the primary one first
      column: comparator
      names: {masked: Masked, open: {cell: open label, label: Open-label}}
    others:                     # optional: columns that are read besides
      year: number
      source: {kind: [publication, registry], empty: true}

A count is at most 10⁹ (:data:`analysis.schema.MAX_COUNT`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.basis import Basis, stated_basis
from analysis.reading import read_table, read_yaml
from analysis.schema import (
    Cell,
    Column,
    DataError,
    Fault,
    Parser,
    Schema,
    at_most,
    count,
    free_text,
    one_of,
    or_nothing,
    quantity,
)
from analysis.schema import label as name_of_trial

Counts = NDArray[np.int64]
FourCounts = tuple[Counts, Counts, Counts, Counts]
ARMS = 2
_KINDS: Mapping[str, Parser] = {
    "text": free_text,
    "number": quantity(),
    "count": count(),
}
_KEY = "a name of letters, digits, _ and - that begins with a letter"


def _within(label: str) -> str:
    """Return a label as in a sentence: names and abbreviations stay as they are."""
    first, rest = label[:1], label[1:]
    return first.lower() + rest if rest.partition(" ")[0].islower() else label


@dataclass(frozen=True)
class Arm:
    """An arm: its key, the column of its patients, and how it is printed."""

    key: str
    patients: str
    label: str

    @property
    def within(self) -> str:
        """The label within a sentence."""
        return _within(self.label)


@dataclass(frozen=True)
class Outcome:
    """An outcome: its key, its columns (treated, control), and how it is printed."""

    key: str
    events: tuple[str, str]
    label: str


@dataclass(frozen=True)
class Class:
    """A class of trials: its key, its cell in the table, and how it is printed.

    ``label`` is short, for figures; ``title`` heads the trials in a table.
    """

    key: str
    cell: str
    label: str
    title: str

    @property
    def within(self) -> str:
        """The label within a sentence."""
        return _within(self.label)


@dataclass(frozen=True)
class Described:
    """What a schema file says of a table of trials."""

    trial: str
    arms: tuple[Arm, Arm]
    outcomes: tuple[Outcome, ...]
    column: str
    classes: tuple[Class, ...]
    others: Mapping[str, Parser]

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the classes, the primary one first."""
        return tuple(one.key for one in self.classes)

    def label(self, key: str) -> str:
        """Return how a class is printed; of one that is not described, its key."""
        return next((c.label for c in self.classes if c.key == key), key.capitalize())

    def title(self, key: str) -> str:
        """Return what heads the trials of a class in a table."""
        return next((c.title for c in self.classes if c.key == key), key.capitalize())

    @cached_property
    def schema(self) -> Schema:
        """The schema of the table."""
        groups = [Column(self.column, one_of(*(c.cell for c in self.classes)))]
        pairs = [
            (events, arm.patients)
            for outcome in self.outcomes
            for events, arm in zip(outcome.events, self.arms, strict=True)
        ]
        return Schema(
            (
                Column(self.trial, name_of_trial),
                *(groups if self.classes else ()),
                *(Column(arm.patients, count(1)) for arm in self.arms),
                *(Column(events, count()) for events, _ in pairs),
                *(Column(name, parse) for name, parse in self.others.items()),
            ),
            unique=(self.trial,),
            checks=tuple(
                at_most(events, patients, "no more events than patients")
                for events, patients in pairs
            ),
        )


@dataclass(frozen=True)
class Trials:
    """Trials of two arms, one entry a trial, in the order of their table.

    Attributes
    ----------
    file : str
        Where they were read.
    described : Described
    basis : {"published", "collected", "reconstruction", "synthetic"}
    line : (k,) array
        Line of each trial in the file.
    names, classes : tuple of k str
        ``classes`` are keys, and empty where there are none.
    patients : mapping of str to (k,) array
        By the key of the arm; at least 1.
    events : mapping of (str, str) to (k,) array
        By the keys of outcome and arm.
    others : mapping of str to tuple of k cells
    """

    file: str
    described: Described
    basis: Basis
    line: Counts
    names: tuple[str, ...]
    classes: tuple[str, ...]
    patients: Mapping[str, Counts]
    events: Mapping[tuple[str, str], Counts]
    others: Mapping[str, tuple[Cell, ...]]

    def __len__(self) -> int:
        return len(self.names)

    @property
    def present(self) -> tuple[str, ...]:
        """Classes that occur, in the order of the schema file."""
        return tuple(key for key in self.described.keys if key in self.classes)

    def of_class(self, key: str) -> NDArray[np.bool_]:
        """Tell the trials of a class."""
        return np.asarray(np.array(self.classes) == key)

    def counts(self, outcome: str = "") -> FourCounts:
        """Return events and patients, treated then control, as ``analysis.meta`` takes.

        Parameters
        ----------
        outcome : str, optional
            Its key; the first one if not given.
        """
        key = outcome or self.described.outcomes[0].key
        treated, control = (arm.key for arm in self.described.arms)
        return (
            self.events[key, treated],
            self.patients[treated],
            self.events[key, control],
            self.patients[control],
        )


def read_trials(table: Path, name: str = "") -> Trials:
    """Read a table of trials by the schema file beside it.

    Parameters
    ----------
    table : Path
        The schema file has its name and ends in ``.yml``.
    name : str, optional
        How faults call the table; its last two path parts by default.

    Raises
    ------
    DataError
        With every fault of the schema file, or of the table, or where ``basis.csv``
        beside it does not say what the table rests on.
    """
    described = read_described(table.with_suffix(".yml"))
    basis = stated_basis(table)
    rows = read_table(table, described.schema, name)
    by_cell = {one.cell: one.key for one in described.classes}

    def numbers(column: str) -> Counts:
        return np.array([row[column] for row in rows], dtype=np.int64)

    return Trials(
        name or "/".join(table.parts[-2:]),
        described,
        basis,
        numbers("line"),
        tuple(str(row[described.trial]) for row in rows),
        tuple(by_cell[str(row[described.column])] if by_cell else "" for row in rows),
        {arm.key: numbers(arm.patients) for arm in described.arms},
        {
            (outcome.key, arm.key): numbers(events)
            for outcome in described.outcomes
            for arm, events in zip(described.arms, outcome.events, strict=True)
        },
        {column: tuple(row[column] for row in rows) for column in described.others},
    )


def read_described(path: Path) -> Described:
    """Read a schema file.

    Raises
    ------
    DataError
        With every fault of the file.
    """
    given = read_yaml(path)
    reader = _Reader("/".join(path.parts[-2:]), [])
    described = reader.described(given)
    if reader.faults:
        raise DataError(reader.faults)
    return described


@dataclass(frozen=True)
class _Reader:
    """Reads what is there and notes what is wrong, so that all faults are told."""

    file: str
    faults: list[Fault]

    def described(self, given: object) -> Described:
        top = self.mapping(given, "", "trial,arms,outcomes", "classes,others")
        trial = self.text(top.get("trial"), "trial", "the name of a column")
        arms = [
            Arm(
                key,
                self.text(entry.get("patients"), f"arms, {key}, patients", "a column"),
                self.text(entry.get("label"), f"arms, {key}, label", "a label"),
            )
            for key, entry in self.entries(top.get("arms"), "arms", "patients,label")
        ]
        if len(arms) != ARMS:
            self.fault("arms", f"{len(arms)}", "two arms, the treated first")
            arms = [*arms, Arm("", "", ""), Arm("", "", "")][:ARMS]
        outcomes = [
            Outcome(
                key,
                self.events(entry.get("events"), key, (arms[0].key, arms[1].key)),
                self.text(entry.get("label"), f"outcomes, {key}, label", "a label"),
            )
            for key, entry in self.entries(
                top.get("outcomes"), "outcomes", "label,events"
            )
        ]
        self.distinct("arms", "label", [arm.label for arm in arms])
        self.distinct("outcomes", "label", [each.label for each in outcomes])
        column, classes = self.classes(top["classes"]) if "classes" in top else ("", ())
        others = {
            str(name): self.kind(kind, f"others, {name}")
            for name, kind in self.mapping(top.get("others", {}), "others").items()
        }
        described = Described(
            trial, (arms[0], arms[1]), tuple(outcomes), column, classes, others
        )
        names = described.schema.names
        for name in dict.fromkeys(n for n in names if names.count(n) > 1):
            self.fault(None, f"the column {name} twice", "each column once")
        return described

    def events(self, given: object, key: str, arms: tuple[str, str]) -> tuple[str, str]:
        where = f"outcomes, {key}, events"
        by_arm = self.mapping(given, where, ",".join(arms))
        treated, control = (
            self.text(by_arm.get(arm), f"{where}, {arm}", "a column") for arm in arms
        )
        return treated, control

    def classes(self, given: object) -> tuple[str, tuple[Class, ...]]:
        entry = self.mapping(given, "classes", "column,names")
        column = self.text(entry.get("column"), "classes, column", "a column")
        found = []
        for key, said in self.mapping(entry.get("names"), "classes, names").items():
            where = f"classes, names, {key}"
            if isinstance(said, str):
                said = {"label": said}
            told = self.mapping(said, where, "label", "title,cell")
            self.key(key, where)
            label = self.text(told.get("label"), where, "a label")
            title = self.text(told.get("title", label), where, "a title")
            cell = self.text(told.get("cell", str(key)), where, "a cell of the table")
            found.append(Class(str(key), cell, label, title))
        if not found:
            self.fault("classes, names", "none", "at least one class, or no classes")
        for what in ("label", "title", "cell"):
            self.distinct("classes, names", what, [getattr(c, what) for c in found])
        return column, tuple(found)

    def distinct(self, where: str, what: str, said: list[str]) -> None:
        """Report words by which readers cannot tell what bears them."""
        for word in dict.fromkeys(one for one in said if one and said.count(one) > 1):
            got = f"the {what} {word!r} {said.count(word)} times"
            self.fault(where, got, "one of its own for each")

    def kind(self, given: object, where: str) -> Parser:
        may_be_empty = False
        if isinstance(given, dict):
            told = self.mapping(given, where, "kind", "empty")
            given, may_be_empty = told.get("kind"), told.get("empty", False) is True
        if isinstance(given, list) and given and all(isinstance(g, str) for g in given):
            parse = one_of(*given)
        elif isinstance(given, str) and given in _KINDS:
            parse = _KINDS[given]
        else:
            expected = f"{', '.join(_KINDS)} or a list of words"
            self.fault(where, repr(given), expected)
            return free_text
        if may_be_empty and given == "number":
            return quantity(optional=True)
        return or_nothing(parse) if may_be_empty else parse

    def entries(
        self, given: object, where: str, needed: str
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        found = self.mapping(given, where)
        if not found and given is not None:
            self.fault(where, "none", "at least one")
        for key, entry in found.items():
            self.key(key, f"{where}, {key}")
            yield str(key), self.mapping(entry, f"{where}, {key}", needed)

    def mapping(
        self, given: object, where: str, needed: str = "", may: str | None = ""
    ) -> dict[str, Any]:
        if not isinstance(given, dict):
            named = f"the entries {needed.replace(',', ', ')}" if needed else "entries"
            got = "nothing" if given is None else repr(given)
            self.fault(where or None, got, named)
            return {}
        if needed:
            known = [*needed.split(","), *(may or "").split(",")]
            for name in needed.split(","):
                if name not in given:
                    self.fault(where or None, f"no {name}", f"the entry {name}")
            for name in given:
                if name not in known:
                    listed = ", ".join(k for k in known if k)
                    self.fault(where or None, f"the entry {name}", f"one of {listed}")
        return given

    def text(self, given: object, where: str, expected: str) -> str:
        if given is None:  # told as a missing entry
            return ""
        if not isinstance(given, str) or not given.strip() or not given.isprintable():
            self.fault(
                where, repr(given), f"{expected}, in quotation marks if a number"
            )
            return ""
        return given.strip()

    def key(self, key: object, where: str) -> None:
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", str(key)):
            self.fault(where, repr(key), _KEY)

    def fault(self, where: str | None, got: str, expected: str) -> None:
        self.faults.append(Fault(self.file, None, where, got, expected))
