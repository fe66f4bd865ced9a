"""What the checks read: the manuscript as printed, and the vocabulary it may use."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from manuscript.check.finding import Finding, Level
from manuscript.check.vocabulary import Words
from manuscript.errors import ManuscriptError
from manuscript.source import (
    Float,
    Journal,
    Mark,
    Passage,
    Project,
    Reading,
    journal,
    read,
)
from manuscript.values import Answers


@dataclass(frozen=True)
class Proof:
    """A manuscript laid out for its checks.

    Attributes
    ----------
    project : Project
    v : Answers
    readings : tuple of Reading
        One a document.
    """

    project: Project
    v: Answers
    readings: tuple[Reading, ...]

    @classmethod
    def of(cls, project: Project, v: Answers) -> Proof:
        """Read the documents of a project."""
        return cls(project, v, read(project, v))

    def passages(self, *kinds: str) -> Iterator[Passage]:
        """All passages of these kinds (of any, without); an included file once."""
        return (p for p in self._passages if not kinds or p.kind in kinds)

    @cached_property
    def _passages(self) -> tuple[Passage, ...]:
        once: dict[tuple[str, tuple[int, int], str], Passage] = {}
        for reading in self.readings:
            for passage in reading.passages:
                place = (passage.file, passage.place(0), passage.text)
                once.setdefault(place, passage)
        return tuple(once.values())

    def floats(self) -> Iterator[Float]:
        """All figures and tables."""
        return (each for reading in self.readings for each in reading.floats)

    @cached_property
    def words(self) -> Words:
        """The vocabulary of the tool, the field and the project."""
        return Words.of(self.project.root)

    @cached_property
    def journal(self) -> Journal | None:
        """The profile of the journal, for a manuscript that is meant for one."""
        root = self.project.root
        return journal.load(root) if (root / journal.ACTIVE).exists() else None

    @cached_property
    def _bibliography(self) -> tuple[list[Mapping[str, Any]], str]:
        """Records of the bibliography as they stand, and its text."""
        path = str(self.project.settings.values.get("bibliography", ""))
        try:
            text = (self.project.root / path).read_text(encoding="utf-8")
            entries = json.loads(text)
            return [{**entry, "id": str(entry["id"])} for entry in entries], text
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ManuscriptError(
                "_quarto.yml",
                self.project.settings.line("bibliography"),
                f"cannot read the bibliography `{path}`: {error}",
                "name a CSL-JSON file whose entries have an id",
            ) from error

    @cached_property
    def references(self) -> dict[str, int]:
        """Citation keys of the bibliography, with their lines."""
        records, text = self._bibliography
        lines: dict[str, int] = {}
        line, end = 1, 0
        for match in re.finditer(r'"id": "([^"]+)"', text):
            line += text.count("\n", end, match.start())
            end = match.start()
            lines.setdefault(match[1], line)
        return {each["id"]: lines.get(each["id"], 1) for each in records}

    @property
    def records(self) -> list[Mapping[str, Any]]:
        """Records of the bibliography, in CSL."""
        return self._bibliography[0]

    @property
    def repeated_references(self) -> list[str]:
        """Citation keys that more than one reference has."""
        count = Counter(each["id"] for each in self.records)
        return sorted(key for key, times in count.items() if times > 1)


def finding(
    passage: Passage,
    where: int | Mark,
    check: str,
    what: str,
    mend: str,
    *,
    rule: str = "",
    level: Level = "error",
) -> Finding:
    """Place a finding at a character or a mark of a passage."""
    if isinstance(where, Mark):
        place = where.line, where.column
    else:
        place = passage.place(where)
    return Finding(passage.file, *place, check, what, mend, level, rule)


def quoted(text: str, limit: int = 60) -> str:
    """Shorten a text for a message."""
    text = " ".join(text.split())
    return f"“{text if len(text) <= limit else text[: limit - 1] + '…'}”"
