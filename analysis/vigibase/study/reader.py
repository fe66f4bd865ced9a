"""Reads the parts of a file of codes, and names the place where one is wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from analysis import foreign
from analysis.foreign import ForeignError
from analysis.vigibase.errors import CodesError
from analysis.vigibase.study.restriction import FIELDS, Chosen, Restriction

_ROLES = {"suspect": "s", "concomitant": "c", "interacting": "i"}
_FLAGS = dict.fromkeys(("yes", "true", "on"), True)
_FLAGS |= dict.fromkeys(("no", "false", "off"), False)
_RESTRICTION = (*FIELDS, "since", "until", "without")


def load(path: Path) -> Any:
    """Load a file of codes, every value as text.

    Raises
    ------
    CodesError
        If it cannot be read.
    """
    try:
        return foreign.read_yaml(path, as_text=True)
    except ForeignError as error:
        raise CodesError(f"{path}: cannot be read: {error}") from error


class Reader:
    """Reads parts of the file and names the place where one is wrong."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def fail(
        self, where: str, got: object, expected: str, within: object = None
    ) -> CodesError:
        """Make the error of a place, with the line of what was got, or lacks it."""
        line = getattr(got, "line", None) or getattr(within, "line", None)
        place = f"{self.path}:{line}" if line else str(self.path)
        return CodesError(f"{place}: {where}: got {got!r}, expected {expected}")

    def mapping(
        self,
        content: object,
        where: str,
        known: Sequence[str],
        required: Sequence[str] = (),
    ) -> dict[str, Any]:
        """Read entries with known names."""
        if not isinstance(content, dict):
            raise self.fail(where, content, "entries such as " + ", ".join(known))
        for name in content:
            if name not in known:
                near = get_close_matches(str(name), known, n=1)
                hint = f" (did you mean {near[0]}?)" if near else ""
                raise self.fail(where, name, "one of " + ", ".join(known) + hint)
        for name in required:
            if name not in content:
                raise self.fail(where, "no " + name, name, content)
        return content

    def entries(self, content: object, where: str) -> list[Any]:
        """Read a list."""
        if not isinstance(content, list):
            raise self.fail(where, content, "a list, as in [a, b]")
        return content

    def words(self, content: object, where: str) -> tuple[str, ...]:
        """Read a list of words with one at least."""
        found = tuple(self.word(item, where) for item in self.entries(content, where))
        if not found:
            raise self.fail(where, content, "one at least")
        return found

    def word(self, content: object, where: str) -> str:
        """Read a word or a phrase."""
        if not isinstance(content, str) or not content.strip():
            raise self.fail(where, content, "a word")
        return content.strip()

    def whole(self, content: object, where: str, *, least: int = 0) -> int:
        """Read a whole number."""
        if (
            not (isinstance(content, str) and content.isascii() and content.isdecimal())
            or len(content) > 18
            or int(content) < least
        ):
            expected = f"a whole number from {least}" if least else "a whole number"
            raise self.fail(where, content, expected)
        return int(content)

    def flag(self, content: object, where: str) -> bool:
        """Read yes or no, in the words of YAML and in any case."""
        word = self.word(content, where).lower()
        if word not in _FLAGS:
            raise self.fail(where, content, "yes or no")
        return _FLAGS[word]

    def roles(self, content: object, where: str = "drug, roles") -> str:
        """Read roles, as letters."""
        names = self.words(content, where)
        return "".join(
            dict.fromkeys(self.one_of(name, _ROLES, where) for name in names)
        )

    def one_of(self, name: str, known: dict[str, str], where: str) -> str:
        """Read one of known words, and return what it stands for."""
        if name not in known:
            raise self.fail(where, name, "one of " + ", ".join(known))
        return known[name]

    def restriction(self, content: object, where: str) -> Restriction:
        """Read a restriction of reports."""
        entries = self.mapping(content, where, _RESTRICTION)
        without = self.mapping(
            entries.get("without", {}), f"{where}, without", tuple(FIELDS)
        )
        since, until = (
            self.day(entries[name], f"{where}, {name}") if name in entries else ""
            for name in ("since", "until")
        )
        if since and until and since > until:
            raise self.fail(where, f"{since} to {until}", "a period that begins first")
        return Restriction(
            self._chosen({k: v for k, v in entries.items() if k in FIELDS}, where),
            self._chosen(without, f"{where}, without"),
            since,
            until,
        )

    def _chosen(self, entries: dict[str, Any], where: str) -> Chosen:
        """Read categories by their names, or codes of the extract as they are."""
        chosen = []
        for name, content in entries.items():
            categories = {c.key: c.codes for c in FIELDS[name].categories}
            codes: list[str] = []
            for word in self.words(content, f"{where}, {name}"):
                if word in categories:
                    codes += categories[word]
                elif word.isdecimal():
                    codes.append(word)
                else:
                    known = ", ".join(categories)
                    raise self.fail(
                        f"{where}, {name}", word, f"one of {known}, or a code"
                    )
            chosen.append((name, tuple(codes)))
        return tuple(chosen)

    def day(self, content: object, where: str) -> str:
        """Read a day, as 2020-12-31."""
        word = self.word(content, where)
        try:
            return dt.date.fromisoformat(word).isoformat()
        except ValueError as error:
            raise self.fail(where, word, "a day such as 2020-12-31") from error

    def distinct(self, keys: Iterable[str], taken: Iterable[str]) -> None:
        """Refuse a key that something else has."""
        seen = set(taken)
        for key in keys:
            if key in seen:
                raise self.fail("key", key, "a key that nothing else has")
            seen.add(key)
