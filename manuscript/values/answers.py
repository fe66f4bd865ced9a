"""Values by key, computed when one of their section is first asked for.

A key such as ``mortality.treated`` names a value; its first part names the
section that computes it. A study declares its sections and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from difflib import get_close_matches
from importlib import import_module
from types import MappingProxyType

from manuscript.values.value import Span, Value

Sections = Mapping[str, tuple[str, ...]]


class UnknownKeyError(LookupError):
    """A key that no section answers; names the nearest known ones.

    Parameters
    ----------
    what : str
    key : str, optional
    known : iterable of str, optional
        Among these the nearest are looked for when somebody reads what is said.
    """

    def __init__(self, what: str, key: str = "", known: Iterable[str] = ()) -> None:
        super().__init__(what)
        self._key = key
        self._known = known

    def __str__(self) -> str:
        near = get_close_matches(self._key, [*self._known], n=3, cutoff=0.4)
        hint = "; did you mean " + " or ".join(near) + "?" if near else ""
        return f"{self.args[0]}{hint}"


class StudyError(ValueError):
    """What a study declares cannot be: says what, and how to mend it.

    Attributes
    ----------
    faults : tuple of str
    """

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.faults = (what,)


class Answers:
    """Values by key.

    Parameters
    ----------
    study : object
        What the values are computed from.
    sections : mapping of str to tuple of str
        By the first part of their keys, functions that take the study and yield
        values, each as ``module:function``: named rather than imported, so that
        what a study does not use is never loaded.
    reflections : mapping of str to tuple of str, optional
        Sections about other values: their functions take the answers themselves.
    apart : collection of str, optional
        Sections that take long and rest on none of the others: where all values are
        computed, another process may compute these (:meth:`take_later`).

    Attributes
    ----------
    study : object
    apart : collection of str

    Raises
    ------
    StudyError
        When a section is asked for that yields a key twice, or names no function.
    """

    def __init__(
        self,
        study: object,
        sections: Sections,
        reflections: Sections = MappingProxyType({}),
        apart: Collection[str] = (),
    ) -> None:
        self.study = study
        self.apart = apart
        self._later: Callable[[], Mapping[str, Mapping[str, Value]]] = dict
        self._named = sections
        self._reflections = reflections
        self._sections: dict[str, dict[str, Value]] = {}

    def __call__(self, key: str) -> Value:
        """Return the value of a key.

        Raises
        ------
        UnknownKeyError
            With the nearest known keys.
        """
        section = self.section(key.partition(".")[0])
        if key not in section:
            raise _unknown(key, section)
        return section[key]

    def words(self, key: str, *, capital: bool = False) -> Value:
        """Return a count that prints in words up to twelve."""
        return self(key).in_words(capital=capital)

    def ci(self, prefix: str) -> Span:
        """Return the confidence interval of ``<prefix>.ci_low`` and ``.ci_high``."""
        return Span(self(f"{prefix}.ci_low"), self(f"{prefix}.ci_high"))

    def iqr(self, prefix: str) -> Span:
        """Return the quartiles of ``<prefix>.q1`` and ``.q3``."""
        return Span(self(f"{prefix}.q1"), self(f"{prefix}.q3"))

    def range(self, prefix: str) -> Span:
        """Return the extremes of ``<prefix>.min`` and ``.max``."""
        return Span(self(f"{prefix}.min"), self(f"{prefix}.max"))

    def all(self) -> dict[str, Value]:
        """Return every value of every section, by key."""
        return {
            key: value
            for name in self.names
            for key, value in self.section(name).items()
        }

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the sections."""
        return (*self._named, *self._reflections)

    def take_later(self, told: Callable[[], Mapping[str, Mapping[str, Value]]]) -> None:
        """Take sections from another process, as soon as one of them is asked for.

        Parameters
        ----------
        told : callable
            Waits for sections that are apart, by name; those that it lacks are
            computed as any other.
        """
        self._later = told

    def section(self, name: str) -> Mapping[str, Value]:
        """Return the values of a section, by key.

        Raises
        ------
        UnknownKeyError
            With the nearest known sections.
        """
        if name not in self._sections and name in self.apart:
            later, self._later = self._later, dict
            self._sections.update({n: {**told} for n, told in later().items()})
        if name not in self._sections:
            if name not in self.names:
                raise _unknown(name, self.names)
            reflects = name in self._reflections
            targets = (self._reflections if reflects else self._named)[name]
            about = self if reflects else self.study
            self._sections[name] = _by_key(
                value for target in targets for value in _function(target)(about)
            )
        return self._sections[name]


def _function(target: str) -> Callable[..., Iterable[Value]]:
    module, _, name = target.partition(":")
    holder = import_module(module)
    if not hasattr(holder, name):
        what = f"{module} has no function {name}, which a section of values names"
        raise StudyError(f"{what}; name one that is there")
    function: Callable[..., Iterable[Value]] = getattr(holder, name)
    return function


def _by_key(values: Iterable[Value]) -> dict[str, Value]:
    by_key: dict[str, Value] = {}
    for value in values:
        if value.key in by_key:
            what = f"two values have the key {value.key!r}"
            raise StudyError(f"{what}; give each a key of its own")
        by_key[value.key] = value
    return by_key


def _unknown(key: str, known: Iterable[str]) -> UnknownKeyError:
    return UnknownKeyError(f"no value has the key {key!r}", key, known)
