"""What the checks read: the manuscript as printed, and the vocabulary it may use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from manuscript.check.finding import Finding, Level
from manuscript.check.vocabulary import Words
from manuscript.source import (
    Float,
    Journal,
    Mark,
    Passage,
    Project,
    Reading,
    Works,
    as_list,
    journal,
    read,
    read_works,
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
            code = False
            for passage in reading.passages:
                # Cells in other languages, as they are set aside: code, and no words.
                code = code or passage.text.startswith("⟦```")
                if code:
                    code = not passage.text.endswith("⟧")
                    continue
                place = (passage.file, passage.place(0), passage.text)
                once.setdefault(place, passage)
        return tuple(once.values())

    def floats(self) -> Iterator[Float]:
        """All figures and tables."""
        return (each for reading in self.readings for each in reading.floats)

    @cached_property
    def words(self) -> Words:
        """The vocabulary of the tool, the field and the project."""
        texts = [passage.text for passage in self._passages]
        return Words.of(self.project.root, texts)

    @cached_property
    def journal(self) -> Journal | None:
        """The profile of the journal, for a manuscript that is meant for one."""
        root = self.project.root
        return journal.load(root) if (root / journal.ACTIVE).exists() else None

    @cached_property
    def works(self) -> tuple[Works, ...]:
        """The bibliographies that are named."""
        metadata = (self.project.metadata(d, "html") for d in self.project.documents)
        named = (str(p) for m in metadata for p in as_list(m.get("bibliography")))
        return tuple(
            read_works(self.project.root, path) for path in dict.fromkeys(named)
        )

    @cached_property
    def references(self) -> dict[str, tuple[str, int]]:
        """Citation keys of the bibliography, with file and line."""
        return {
            key: (each.file, line)
            for each in self.works
            for key, line in each.lines().items()
        }

    @property
    def records(self) -> list[Mapping[str, Any]]:
        """Records of the bibliography, in CSL."""
        return [record for each in self.works for record in each.records]

    @property
    def repeated_references(self) -> list[str]:
        """Citation keys that more than one reference has."""
        count = Counter(key for each in self.works for key in set(each.keys))
        twice = {key for key, times in count.items() if times > 1}
        return sorted(twice.union(*(each.repeated() for each in self.works)))


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
