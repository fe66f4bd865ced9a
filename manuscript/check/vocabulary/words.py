"""The words that checks know: the tool's own, those of the field, the project's.

Each file adds to the ones before it: ``results.yml`` and ``prose.yml`` beside this
module are the tool's; ``medicine.yml`` holds names and abbreviations of the field;
``vocabulary.yml`` in the project's root, or what ``manuscript.yml`` names in its place,
holds what only that manuscript says.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from manuscript.check.vocabulary import bounded
from manuscript.errors import ManuscriptError
from manuscript.source import Study, settings

_OWN = tuple(
    Path(__file__).resolve().parent / name
    for name in ("results.yml", "prose.yml", "medicine.yml")
)


class Listed:
    """Patterns of whole words, in either case.

    Where no pattern asks for a case, texts are read in small letters: a pattern that
    minds the case is several times as fast as one that does not.

    Parameters
    ----------
    source : str
        Alternatives, parted by ``|``; empty for none.
    """

    def __init__(self, source: str) -> None:
        self._is_lower = not _minds_case(source)
        flags = 0 if self._is_lower else re.IGNORECASE
        self._pattern = re.compile(rf"(?<![\w-])(?:{source or '(?!)'})(?![\w-])", flags)

    def finditer(
        self, text: str, start: int = 0, end: int = sys.maxsize
    ) -> Iterator[re.Match[str]]:
        """Find every stretch; matches may be of the text in small letters."""
        return self._pattern.finditer(self._read(text), start, end)

    def search(
        self, text: str, start: int = 0, end: int = sys.maxsize
    ) -> re.Match[str] | None:
        """Find the first stretch."""
        return self._pattern.search(self._read(text), start, end)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """Match a whole text."""
        return self._pattern.fullmatch(self._read(text))

    def _read(self, text: str) -> str:
        return lowered(text) if self._is_lower else text


_CLASS = re.compile(r"\\[A-Z]")


def _minds_case(source: str) -> bool:
    bare = _CLASS.sub("", source)
    return "(?-i:" in bare or bare != bare.lower()


@lru_cache(maxsize=1024)
def lowered(text: str) -> str:
    """Write a text in small letters; every character keeps its place."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


class Words:
    """A vocabulary: lists of patterns, and mappings of names to patterns.

    Parameters
    ----------
    entries : mapping
        A list is one text with a pattern (or several, parted by ``|``) on each line.
    """

    def __init__(self, entries: Mapping[str, Any]) -> None:
        self._entries = entries
        self._listed: dict[str, Listed] = {}
        self._next_to: dict[str, re.Pattern[str]] = {}

    @classmethod
    def of(cls, root: Path | None, texts: Sequence[str] = ()) -> Words:
        """Read the words for a project; without one, those for any paper.

        Parameters
        ----------
        root : Path or None
        texts : sequence of str, optional
            What is going to be searched.

        Raises
        ------
        ManuscriptError
            When the project's file is no mapping of lists and mappings, or one of
            its patterns is no regular expression or takes no end; says which.
        """
        own = Study.load(root).vocabulary if root else None
        text = own.read_text("utf-8-sig") if own and own.exists() else ""
        file = os.path.relpath(own, root) if root and own else ""
        words, places = _read(text, file)
        if found := bounded.endless(places, texts):
            name, line = places[found]
            what = f"`{found}` in `{name}` takes no end to match"
            mend = (
                "let no repeat stand within another, nor beside one of the same letters"
            )
            raise ManuscriptError(file, line, what, mend)
        return words

    def source(self, name: str) -> str:
        """Alternatives of a list, as the text of one pattern."""
        return "|".join(line for line in self.text(name).split("\n") if line)

    def listed(self, name: str) -> Listed:
        """Compile a list into one pattern of whole words, in either case."""
        if name not in self._listed:
            self._listed[name] = Listed(self.source(name))
        return self._listed[name]

    def next_to(self, name: str) -> re.Pattern[str]:
        """Compile a list to be matched right behind a number, in small letters."""
        if name not in self._next_to:
            self._next_to[name] = re.compile(rf"\s?(?:{self.source(name)})(?!\w)")
        return self._next_to[name]

    def mapping(self, name: str) -> Mapping[str, Any]:
        """Return the entries of a mapping; none where the project has none."""
        return self._entries.get(name) or {}

    def text(self, name: str) -> str:
        """Return a list as it stands, empty where there is none."""
        return str(self._entries.get(name) or "")

    @cached_property
    def uneven_keys(self) -> re.Pattern[str]:
        """Keys of values whose intervals need not lie evenly."""
        return re.compile(self.source("uneven-keys") or "(?!)")


@lru_cache(maxsize=8)
def _read(project: str, file: str) -> tuple[Words, Mapping[str, tuple[str, int]]]:
    """Read all words, and where the project's patterns stand: entry and line."""
    places: dict[str, tuple[str, int]] = {}
    entries: dict[str, Any] = {}
    for path in _OWN:
        text = path.read_text("utf-8")
        _add(entries, settings.parse(text, path.name).values)
    if project:
        parsed = settings.parse(project, file)
        _refuse_unfit(parsed, entries)
        _add(entries, parsed.values)
        for name, new in parsed.values.items():
            places |= dict.fromkeys(_patterns(new), (name, parsed.line(name)))
    return Words(entries), places


def _add(entries: dict[str, Any], more: Mapping[str, Any]) -> None:
    for name, new in more.items():
        old = entries.get(name)
        if isinstance(new, Mapping):
            old = dict(old or {})
            for key, value in new.items():
                both = isinstance(value, Mapping) and isinstance(old.get(key), Mapping)
                old[key] = {**old[key], **value} if both else value
            entries[name] = old
        else:
            entries[name] = "\n".join(
                str(text).strip("\n") for text in (old, new) if text
            )


def _refuse_unfit(parsed: settings.Settings, known: Mapping[str, Any]) -> None:
    """Refuse entries of another shape than the tool's, and broken patterns."""
    for name, new in parsed.values.items():
        old = known.get(name)
        if old is not None and isinstance(old, Mapping) != isinstance(new, Mapping):
            wanted = "a mapping" if isinstance(old, Mapping) else "a list of patterns"
            raise parsed.fault((name,), f"`{name}` is not {wanted}", f"write {wanted}")
        for pattern in _patterns(new):
            try:
                empty = re.compile(pattern).fullmatch("")
            except re.error as error:
                what = f"`{pattern}` in `{name}` is no regular expression: {error}"
                mend = "escape what stands for itself, as in `4\\.0`"
                raise parsed.fault((name,), what, mend) from error
            if empty:
                what = f"`{pattern}` in `{name}` matches where nothing stands"
                mend = "remove the empty alternative, as of `a||b`"
                raise parsed.fault((name,), what, mend)


def _patterns(entry: Any) -> list[str]:
    if isinstance(entry, Mapping):
        return [
            text
            for key, value in entry.items()
            for text in (str(key), *_patterns(value))
        ]
    return [line for line in str(entry or "").split("\n") if line]
