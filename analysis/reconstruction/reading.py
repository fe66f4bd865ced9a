"""Reading constraints from YAML, with every fault in one error."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.reading import read_yaml
from analysis.reconstruction.constraints import (
    ALL,
    ARMS,
    COUNTS,
    Interval,
    Limits,
    Problem,
    Statement,
    Trial,
)
from analysis.reconstruction.pools import POOLS, STATISTICS
from analysis.schema import DataError, Fault

QUANTITIES = (*COUNTS, *(f"{pool}.{s}" for pool in POOLS for s in STATISTICS))
_MOST_TRIALS = 200


def read_problem(path: Path) -> Problem:
    """Read a file of constraints; ``data/reconstruction/README.md`` describes it.

    Raises
    ------
    DataError
        With every fault of the file.
    """
    content = read_yaml(path)
    if isinstance(content, Mapping) and "base" in content:
        content = _on_base(path, content)
    return _Reader(path.name).problem(content)


def _on_base(path: Path, content: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a file's content on top of the one that it names as its base."""
    name = str(content["base"])
    below = read_yaml(path.parent / name) if Path(name).name == name else None
    if not isinstance(below, Mapping) or "base" in below:
        expected = "a file beside this one that has no base itself"
        raise DataError([Fault(path.name, None, "base", name, expected)])
    merged = {**below, **content}
    del merged["base"]
    for part in ("statements", "limits"):
        parts = [c.get(part, {}) for c in (below, content)]
        if all(isinstance(one, Mapping) for one in parts):
            merged[part] = {**parts[0], **parts[1]}
    return merged


class _Reader:
    """Collects faults while it reads, so that all are reported at once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []

    def problem(self, content: Any) -> Problem:
        top = self.mapping(content, "the file", {"source", "classes", "statements"})
        self.known_names(
            top, "the file", {"source", "classes", "statements", "trials", "limits"}
        )
        trials = self.trials(top)
        classes = {trial.group for trial in trials}
        statements = tuple(
            statement
            for key, raw in self.mapping(
                top.get("statements", {}), "statements"
            ).items()
            if (statement := self.statement(str(key), raw, classes)) is not None
        )
        limits = self.limits(top.get("limits", {}))
        self.known_within(trials, limits)
        self.repeats(statements)
        if self.faults:
            raise DataError(self.faults)
        return Problem(str(top["source"]), tuple(trials), statements, limits)

    def trials(self, top: Mapping[str, Any]) -> list[Trial]:
        known: dict[str, list[Trial]] = {}
        raw_trials = top.get("trials", [])
        if not isinstance(raw_trials, list):
            self.fault("trials", raw_trials, "a list, one entry a known trial")
            raw_trials = []
        for number, raw in enumerate(raw_trials, 1):
            where = f"trials, entry {number}"
            entry = self.mapping(raw, where, {"class"})
            self.known_names(entry, where, {"class", "name", "patients", "events"})
            group = str(entry.get("class"))
            patients, events = (
                self.pair(entry, name, where, least)
                for name, least in (("patients", 2), ("events", 0))
            )
            known.setdefault(group, []).append(Trial(group, patients, events))
        trials: list[Trial] = []
        classes = self.mapping(top.get("classes", {}), "classes")
        for group, raw in classes.items():
            where = f"classes, {group}"
            entry = self.mapping(raw, where, {"trials"})
            self.known_names(entry, where, {"trials", "place"})
            count = self.count(entry.get("trials"), where, 1, _MOST_TRIALS) or 1
            named = known.get(str(group), [])
            if str(group) == ALL:
                self.fault(where, "the name all", "another name: all means every class")
            if len(named) > count:
                self.fault(
                    where, f"{count} trials", f"at least the {len(named)} listed"
                )
            unknown = [Trial(str(group))] * (count - len(named))
            trials += [*named, *unknown]
        for group in known.keys() - {str(name) for name in classes}:
            self.fault(
                "trials", f"the class {group}", "one of " + ", ".join(map(str, classes))
            )
        if not trials:
            self.fault("classes", "none", "at least one class with its trials")
        return trials

    def statement(self, key: str, raw: Any, classes: set[str]) -> Statement | None:
        where = f"statements, {key}"
        entry = self.mapping(raw, where, {"quantity", "printed"})
        names = {"quantity", "scope", "arm", "printed", "place"}
        self.known_names(entry, where, names)
        quantity = entry.get("quantity")
        scope = str(entry.get("scope", ALL))
        arm = entry.get("arm", "both")
        printed = entry.get("printed")
        before = len(self.faults)
        if quantity not in QUANTITIES:
            self.fault(
                f"{where}, quantity", quantity, "one of " + ", ".join(QUANTITIES)
            )
        if scope not in {ALL, *classes}:
            expected = "all or a class: " + ", ".join(sorted(classes))
            self.fault(f"{where}, scope", scope, expected)
        if not isinstance(arm, str) or arm not in ARMS:
            self.fault(f"{where}, arm", arm, "one of " + ", ".join(ARMS))
        if "arm" in entry and quantity not in COUNTS:
            self.fault(f"{where}, arm", arm, "no arm for a pooled statistic")
        self.printed(printed, where, whole=quantity in COUNTS)
        if len(self.faults) > before:
            return None
        return Statement(
            key, str(quantity), scope, arm, str(printed), str(entry.get("place", ""))
        )

    def printed(self, printed: Any, where: str, *, whole: bool) -> None:
        expected = "the number as printed, in quotation marks"
        if not isinstance(printed, str):
            self.fault(f"{where}, printed", printed, expected)
        elif whole:
            if not re.fullmatch("[0-9]{1,7}", printed):
                self.fault(f"{where}, printed", printed, "a whole number")
        else:
            try:
                Interval.of(printed)
            except ValueError:
                self.fault(f"{where}, printed", printed, f"{expected}: 3.82 or < 0.01")

    def limits(self, raw: Any) -> Limits:
        entry = self.mapping(raw, "limits")
        default = Limits()
        self.known_names(entry, "limits", set(Limits.__dataclass_fields__))

        def whole(name: str, least: int, most: int) -> int:
            value = entry.get(name, getattr(default, name))
            read = self.count(value, f"limits, {name}", least, most)
            return read if read is not None else least

        smallest = whole("smallest_arm", 2, 10**6)
        largest = whole("largest_arm", smallest, 10**6)
        total = whole("largest_total", 1, 200)
        return Limits(
            smallest,
            largest,
            self.number(entry, "allocation", 1.0, 100.0),
            self.number(entry, "largest_risk", 0.001, 0.5),
            total,
        )

    def number(
        self, entry: Mapping[str, Any], name: str, least: float, most: float
    ) -> float:
        value = entry.get(name, getattr(Limits(), name))
        numeric = isinstance(value, int | float) and not isinstance(value, bool)
        if numeric and least <= value <= most:
            return float(value)
        self.fault(f"limits, {name}", value, f"a number from {least:g} to {most:g}")
        return most

    def known_within(self, trials: list[Trial], limits: Limits) -> None:
        """Refuse known trials outside the limits, on which the proofs rely."""
        for trial in trials:
            first, second = trial.patients
            if (
                first
                and second
                and max(first, second) > limits.allocation * min(first, second)
            ):
                expected = f"at most {limits.allocation:g} to 1 (limits, allocation)"
                self.fault("trials", f"patients {first} and {second}", expected)
            for n, m in zip(trial.patients, trial.events, strict=True):
                if n and m and m > limits.largest_risk * n:
                    expected = (
                        f"a risk up to {limits.largest_risk:g} (limits, largest_risk)"
                    )
                    self.fault("trials", f"{m} events of {n} patients", expected)

    def repeats(self, statements: tuple[Statement, ...]) -> None:
        seen: dict[tuple[str, str, str], str] = {}
        for s in statements:
            about = (s.quantity, s.scope, s.arm)
            if about in seen:
                expected = f"one statement of {s.quantity}; {seen[about]} is another"
                self.fault(f"statements, {s.key}", "a repetition", expected)
            seen.setdefault(about, s.key)

    def pair(
        self, entry: Mapping[str, Any], name: str, where: str, least: int
    ) -> tuple[int | None, int | None]:
        raw = entry.get(name)
        if raw is None:
            return None, None
        if not isinstance(raw, list) or len(raw) != 2:
            self.fault(f"{where}, {name}", raw, "a pair: [treated, control]")
            return None, None
        first, second = (
            None if x is None else self.count(x, f"{where}, {name}", least, 10**6)
            for x in raw
        )
        return first, second

    def count(self, raw: Any, where: str, least: int, most: int) -> int | None:
        if isinstance(raw, int) and not isinstance(raw, bool) and least <= raw <= most:
            return raw
        self.fault(where, raw, f"a whole number from {least} to {most}")
        return None

    def mapping(
        self, raw: Any, where: str, needs: set[str] | None = None
    ) -> Mapping[str, Any]:
        if not isinstance(raw, Mapping):
            self.fault(where, raw, "a mapping of names to values")
            return {}
        for name in sorted((needs or set()) - set(raw)):
            self.fault(where, f"no {name}", f"the entry {name}")
        return raw

    def known_names(
        self, entry: Mapping[str, Any], where: str, names: set[str]
    ) -> None:
        for name in entry:
            if name not in names:
                self.fault(
                    where, f"the entry {name}", "one of " + ", ".join(sorted(names))
                )

    def fault(self, where: str, got: Any, expected: str) -> None:
        shown = "nothing" if got is None else str(got)
        self.faults.append(Fault(self.file, None, where, shown[:80], expected))
