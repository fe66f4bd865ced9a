"""Numbers that cite: which works they mean, and which raised numbers do not cite."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from manuscript.word.compare.words import Word
from manuscript.word.package import EditedDocument, Paragraph, Run

_LIST: Final = re.compile(r"\d{1,4}(?:[,–-]\d{1,4})*")
_FIRST: Final = re.compile(r"\s*\[?(\d{1,4})[.\]]?\s")
_NAME: Final = "ref-"
BIBLIOGRAPHY: Final = "bibliography"
MOST: Final = 60  # works cited at one place
# Raised numbers after these are powers, however many letters they have.
_UNITS: Final = frozenset({"min", "mol", "sec", "log", "exp", "chi", "mmol", "kcal"})
_CLOSING: Final = frozenset(".,;:)]\"'%”’")

# Numbers in square brackets after these are the ends of a range.
_RANGES: Final = frozenset({"range", "interval", "ranging", "between", "within", "iqr"})
_PAIRS: Final = {"[": "]", "(": ")"}
_LONGEST: Final = 60  # words between the brackets of a citation that is typed

Resolve = Callable[[str], tuple[str, ...] | None]


def unresolved(_instructions: str) -> tuple[str, ...] | None:
    """Resolve no field."""
    return None


def unnamed(_said: str) -> str:
    """Know no work by name."""
    return ""


@dataclass(frozen=True)
class Citing:
    """What citations of a document mean.

    Attributes
    ----------
    numbers : dict of int to str
        Key of the work that each number stands for.
    resolve : callable
        Keys of the works that a reference manager's field cites; None where they
        are not known.
    named : callable
        Key of the one work that ``Smith et al., 2020`` or ``@smith2020`` names; empty
        where there are none or several.
    """

    numbers: Mapping[int, str] = field(default_factory=dict)
    resolve: Resolve = unresolved
    named: Callable[[str], str] = unnamed

    def certain(self, group: Sequence[Word]) -> tuple[str, ...]:
        """Keys of the works that linked numbers cite, in the order of the numbers."""
        linked = [
            word.look.anchor.removeprefix(_NAME)
            for word in group
            if word.look.anchor.startswith(_NAME)
        ]
        listed = self.listed("".join(word.text for word in group)) or ()
        return tuple(dict.fromkeys([*linked, *listed]))

    def listed(self, text: str) -> tuple[str, ...] | None:
        """Keys of the works of a list such as ``3,5–7``; None if one is unknown."""
        numbers = numbers_of(text)
        if not numbers or any(number not in self.numbers for number in numbers):
            return None
        return tuple(dict.fromkeys(self.numbers[number] for number in numbers))

    def typed(self, said: str) -> tuple[str, ...]:
        """Keys of the works that typed words such as ``[3, 5–7]`` certainly cite.

        Parameters
        ----------
        said : str
            Numbers in use or keys in square brackets, names and years in round ones.
        """
        inside = said[1:-1].strip()
        if said[:1] == "[" and said[-1:] == "]" and "@" not in inside:
            return self.listed(re.sub(r"\s*([,–-])\s*", r"\1", inside)) or ()
        keys = [self.named(part) for part in inside.split(";")]
        if not all(keys) or (said[:1] == "[") != inside.startswith("@"):
            return ()
        return tuple(dict.fromkeys(keys))

    def typed_at(
        self, words: Sequence[Word], position: int, before: Word | None
    ) -> tuple[tuple[str, ...], int]:
        """Keys that typed words cite, and how many words these are; none if unsure."""
        first = words[position]
        closes = _PAIRS.get(first.key)
        if closes is None or before is None:
            return (), 0
        text = ""
        for length, word in enumerate(words[position : position + _LONGEST], 1):
            look = word.look
            if look.note or look.computed or look.claim or look.link or look.field:
                return (), 0
            text += " " * (word.spaced and length > 1) + word.text
            if word.key == closes:
                break
        keys = self.typed(text)
        letters = before.key.isalpha() and len(before.key) > 2
        sure = letters and before.key.lower() not in _RANGES
        if text[1:2].isdigit() and not (sure or before.key in _CLOSING - {"%"}):
            return (), 0
        return keys, length if keys else 0

    def raised(self, group: Sequence[Word], before: Word | None) -> tuple[str, ...]:
        """Keys that raised numbers without links cite; none where they may be powers.

        Parameters
        ----------
        group : sequence of Word
            Raised words that touch each other.
        before : Word, optional
            The word before them.
        """
        if before is None or group[0].spaced or not group[0].look.raised:
            return ()
        if group[0].look.link or group[0].look.note or group[0].look.computed:
            return ()
        word = before.key
        letters = word.isalpha() and len(word) > 2 and word.lower() not in _UNITS
        if not (letters or word in _CLOSING):
            return ()
        if word in _CLOSING and word in ")]" and _is_power(group):
            return ()
        return self.listed("".join(word.text for word in group)) or ()


def _is_power(group: Sequence[Word]) -> bool:
    """Whether a number after a bracket is as likely a power: ``(a + b)²``."""
    return "".join(word.text for word in group) in ("2", "3")


def numbers_of(text: str) -> list[int]:
    """Read a list of numbers; empty for what is none.

    Examples
    --------
    >>> numbers_of("3,5–7")
    [3, 5, 6, 7]
    """
    if not _LIST.fullmatch(text):
        return []
    numbers: list[int] = []
    for part in text.split(","):
        first, _, last = part.replace("–", "-").partition("-")
        if "-" in last:
            return []
        end = int(last or first)
        if not int(first) <= end < int(first) + MOST:
            return []
        numbers += range(int(first), end + 1)
    return numbers if len(numbers) <= MOST else []


def citing(
    document: EditedDocument,
    resolve: Resolve = unresolved,
    named: Callable[[str], str] = unnamed,
) -> Citing:
    """Read the numbers of a document's references."""
    numbers: dict[int, str] = {}
    for paragraph in document.paragraphs:
        match = _FIRST.match(paragraph.text)
        listed = paragraph.style == BIBLIOGRAPHY and paragraph.name.startswith(_NAME)
        if match and listed:
            numbers.setdefault(int(match[1]), paragraph.name.removeprefix(_NAME))
    for paragraph in document.paragraphs:
        for run in _linked(paragraph):
            numbers.setdefault(int(run.text), run.anchor.removeprefix(_NAME))
    return Citing(numbers, resolve, named)


def _linked(paragraph: Paragraph) -> Iterator[Run]:
    return (
        run
        for run in paragraph.runs
        if run.anchor.startswith(_NAME) and run.text.isascii() and run.text.isdigit()
    )
