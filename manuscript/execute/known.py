"""The letter's values as an earlier run computed them, while nothing changed.

The checks, the ledger and inline code ask for values of every section; computing
them takes a second, and a change of prose changes none. They rest on the code and
data of the project (:mod:`manuscript.execute.state`).
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from manuscript.execute import aside
from manuscript.execute.files import forget_compiled
from manuscript.execute.kept import Kept, shaped
from manuscript.execute.kept import packed as as_json
from manuscript.execute.state import State
from manuscript.source import answers as present_answers
from manuscript.values import Answers, Origin, Value

_NAME = "values"


@dataclass(frozen=True)
class KnownOrigin(Origin):
    """An origin that knows where its function stands without importing it."""

    file: str
    line: int

    @property
    def source(self) -> tuple[str, int]:
        """File, relative to the project, and line that define the function."""
        return self.file, self.line


@dataclass(frozen=True)
class KeptValue:
    """A value as it is kept, and where the function of its origin stands."""

    value: Value
    file: str
    line: int

    @classmethod
    def of(cls, value: Value) -> KeptValue:
        """Keep a value."""
        origin = value.origin
        plain = Origin(origin.function, origin.data, origin.rows, origin.basis)
        return cls(replace(value, origin=plain), *origin.source)

    @property
    def known(self) -> Value:
        """The value, whose origin knows its place."""
        origin = KnownOrigin(**vars(self.value.origin), file=self.file, line=self.line)
        return replace(self.value, origin=origin)


@dataclass(frozen=True)
class KeptValues:
    """All values by section, and the state of which they are."""

    state: str
    sections: dict[str, tuple[KeptValue, ...]]


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


def kept_letter(state: State, kept: Kept) -> Answers | None:
    """Return the letter of a project as it is kept; None where it is not."""
    return _letter(kept.read_as(KeptValues, _NAME), state)


def told_letter(state: State, kept: Kept, told: bytes) -> Answers | None:
    """Return and keep the letter that another process told, see :func:`packed`."""
    if not told:
        return None
    kept.write(_NAME, told)
    return _letter(shaped(json.loads(told), KeptValues), state)


def answers(root: Path) -> Answers:
    """Return what answers the keys of a project, by its code as it is now.

    Raises
    ------
    ManuscriptError or ExceptionGroup
        For a fault of ``manuscript.yml``.
    """
    forget_compiled(root)
    return present_answers(root)


def computed_letter(state: State, kept: Kept) -> Answers:
    """Return and keep the letter of a project, computed.

    Parameters
    ----------
    state : State
        Of the project, whose ``analysis`` this process runs.
    kept : Kept
    """
    v = answers(state.root)
    with suppress(Exception):  # who asks for the value is told the fault
        kept.write(_NAME, _values(v, state.code))
    return v


def begin(v: Answers) -> bool:
    """Begin what is apart of a letter in a copy of this process, if there is any.

    With values comes what the study has found for them and keeps, as its attributes.

    Returns
    -------
    bool
        Whether another process is at work now.
    """
    if not (v.apart and aside.possible()):
        return False
    kept = getattr(v.study, "__dict__", {})
    before = {*kept}

    def work() -> bytes:
        sections = {name: [*v.section(name).values()] for name in v.apart}
        # Nobody has to import what computed them.
        known = {n: [KeptValue.of(x).known for x in vs] for n, vs in sections.items()}
        return pickle.dumps((known, {n: kept[n] for n in kept if n not in before}))

    told = aside.begin(work)

    def take() -> Mapping[str, Mapping[str, Value]]:
        if not (packed := told()):
            return {}
        known, found = pickle.loads(packed)
        kept.update(found)
        return {name: {x.key: x for x in values} for name, values in known.items()}

    v.take_later(take)
    return True


def packed(v: Answers, state: str) -> bytes:
    """Compute all values, as they are kept.

    Parameters
    ----------
    v : Answers
    state : str
        Digest of what they rest on.
    """
    return as_json(_values(v, state))


def _values(v: Answers, state: str) -> KeptValues:
    for name in v.names:
        if name not in v.apart:
            v.section(name)
    sections = ((name, v.section(name).values()) for name in v.names)
    return KeptValues(state, {n: (*map(KeptValue.of, vs),) for n, vs in sections})


def _letter(found: KeptValues | None, state: State) -> Answers | None:
    if found is None or found.state != state.code:
        return None
    return KnownLetter(
        {
            name: {each.value.key: each.known for each in section}
            for name, section in found.sections.items()
        }
    )
