"""The letter's values as an earlier run computed them, while nothing changed.

The checks, the ledger and inline code ask for values of every section; computing
them takes a second, and a change of prose changes none. They are taken to rest on
every file of the project but prose and tests, on all that is installed and on all
variables of the environment. Values for which code read anything else, such as a
file elsewhere, are not kept.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from manuscript import STARTED
from manuscript.execute.digests import Digests, environment, is_source
from manuscript.execute.kept import Kept
from manuscript.execute.tracer import Tracer, wrap
from manuscript.source.study import answers
from manuscript.values.answers import Answers
from manuscript.values.value import Origin, Value

_NAME = "values"
# What values are taken to rest on.
_THINGS = ("sources:.", "variable:*")


@dataclass(frozen=True)
class KnownOrigin(Origin):
    """An origin that knows where its function stands without importing it."""

    file: str
    line: int

    @property
    def source(self) -> tuple[str, int]:
        """File, relative to the project, and line that define the function."""
        return self.file, self.line


class KnownLetter(Answers):
    """A letter whose sections are known.

    Parameters
    ----------
    sections : mapping of str to mapping
        Values by key, by section.
    """

    def __init__(self, sections: Mapping[str, Mapping[str, Value]]) -> None:
        super().__init__(None, dict.fromkeys(sections, ()))
        self._sections = {name: dict(values) for name, values in sections.items()}


def known_letter(root: Path, kept: Kept) -> Answers:
    """Return the letter of a project, computed if it has to be.

    Parameters
    ----------
    root : Path
        The project, whose study this process runs.
    kept : Kept
    """
    state = _state(root, Digests(root))
    found = kept.read_json(_NAME)
    if found.get("state") == state:
        return KnownLetter(
            {
                name: {key: _value(key, *held) for key, held in section.items()}
                for name, section in found["sections"].items()
            }
        )
    tracer = Tracer(str(root), str(root / "manuscript"), threading.get_ident())
    sys.addaudithook(tracer.audit)
    unwrap = wrap(tracer.probe)
    try:
        v = answers(root)
        sections = _held_by_section(v)
    finally:
        unwrap()
        seen, untraceable = tracer.rest()
    after = Digests(root)
    if (
        sections
        and not untraceable
        and all(is_source(root, path) for path in seen)
        and _state(root, after) == state
        and not after.changed_since(STARTED)
    ):
        kept.write_json(_NAME, {"state": state, "sections": sections})
    return v


def _state(root: Path, digests: Digests) -> str:
    return f"{environment(root)} {root} {digests.together(_THINGS)}"


def _held_by_section(v: Answers) -> dict[str, dict[str, list[Any]]]:
    try:
        return {
            name: {key: _held(value) for key, value in v.section(name).items()}
            for name in v.names
        }
    except Exception:
        return {}  # the letter names the fault to who asks for the value


def _held(value: Value) -> list[Any]:
    origin = value.origin
    return [
        *(value.number, value.unit, value.decimals, value.printed),
        *(origin.function, origin.data, origin.rows, origin.basis, *origin.source),
    ]


def _value(key: str, *held: Any) -> Value:
    number, unit, decimals, printed, *origin = held
    return Value(key, number, unit, decimals, KnownOrigin(*origin), printed)
