"""Values of the control classes in which there is no trial.

Prose, tables and figures name every class of the schema. Of one that the data lack
they are answered with zero where trials, patients or events are counted, and with
no estimate elsewhere; each value says that it rests on no row, so that a sentence
that prints it is found.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from manuscript.values import NO_ROW, Value

if TYPE_CHECKING:
    from analysis.letter.data import Trials

# Sections that have values by class.
_COUNTED = ("trials", "patients", "pool")
_SECTIONS = (*_COUNTED, "risk", "incidence", "sensitivity")
# Sections with the first class alone, and how the keys of all trials begin.
_PRIMARY = {"sensitivity": "sensitivity."}
_COUNTS = (".k", ".k_all")


def with_absent(
    section: str, values: Mapping[str, Value], trials: Trials
) -> dict[str, Value]:
    """Add the values of the classes that are not present.

    Parameters
    ----------
    section : str
    values : mapping of str to Value
        By key, of the classes that are present and of all trials.
    trials : Trials
        Of at least one class, where the schema file has any.
    """
    added = dict(values)
    if section in _SECTIONS:
        keys, present = trials.described.keys, trials.classes
        for name in keys:
            if name not in present:
                absent = f"{NO_ROW} with {trials.rows(name)}"
                primary = name == keys[0]
                for key, value in _alike(section, values, name, present[0], primary):
                    added.setdefault(key, _absent(key, value, section, absent))
    return added


def _alike(
    section: str, values: Mapping[str, Value], name: str, other: str, first: bool
) -> Iterator[tuple[str, Value]]:
    """Yield the keys that a class would have, with a value of the same kind."""
    pattern = re.compile(rf"(?<=\.){other}(?=[._]|$)")
    primary = _PRIMARY.get(section, "")
    for key, value in values.items():
        if primary and first and key.startswith(primary):
            yield f"{section}.{name}.{key.removeprefix(primary)}", value
        elif not primary and pattern.search(key):
            yield pattern.sub(name, key, count=1), value


def _absent(key: str, like: Value, section: str, rows: str) -> Value:
    counted = like.unit == "count" and (section in _COUNTED or key.endswith(_COUNTS))
    return replace(
        like,
        key=key,
        number=0.0 if counted else math.nan,
        printed="",
        origin=replace(like.origin, rows=rows),
    )
