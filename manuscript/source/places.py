"""Where a checklist item is answered: places of the documents, by name.

A place is ``#id`` for a section, figure or table of the supplement, and
``letter#id`` for one of the letter; ``letter#title`` and ``letter#opening`` are
what stands before its first heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from manuscript.source.documents import Project, find_root
from manuscript.source.fragments import Document
from manuscript.source.labels import FLOAT, Names

LETTER, SUPPLEMENT = "index.qmd", "supplement.qmd"

_HEADING = re.compile(
    r"^#{1,6}[ \t]+(?P<title>.*?)(?:[ \t]*\{(?P<attributes>[^{}`]*)\})?[ \t]*$",
    re.MULTILINE,
)
_ID = re.compile(r"#([\w:.-]+)")


@dataclass(frozen=True)
class Places:
    """What the letter and the supplement hold, by id.

    Attributes
    ----------
    letter, supplement : dict of str to str
        Headings by id.
    floats : dict of str to str
        Printed names of the supplement's figures and tables by label.
    """

    letter: dict[str, str]
    supplement: dict[str, str]
    floats: dict[str, str]

    @classmethod
    def of(cls, project: Project) -> Places:
        """Collect the places of a project."""
        by_path = {document.path: document for document in project.documents}
        names = Names.of(project).by_document.get(SUPPLEMENT, {})
        supplement = by_path.get(SUPPLEMENT)
        return cls(
            {
                "title": "title",
                "opening": "opening",
                **dict(_headings(by_path[LETTER])),
            },
            dict(_headings(supplement)) if supplement else {},
            {label: name for label, name in names.items() if FLOAT.match(label)},
        )

    def markdown(self, place: str) -> str:
        """Lead to a place: a reference, a link, or words for the other document.

        Raises
        ------
        LookupError
            For a place that does not exist, with the nearest ones.
        """
        document, _, name = place.partition("#")
        if document == "letter" and name in self.letter:
            return f"Letter, {self.letter[name]}"
        if not document and name in self.floats:
            return f"@{name}"
        if not document and name in self.supplement:
            return f"[{self.supplement[name]}](#{name})"
        known = self.letter if document else {**self.supplement, **self.floats}
        near = get_close_matches(name, known, n=3, cutoff=0.4)
        hint = "; did you mean " + " or ".join(near) + "?" if near else ""
        raise LookupError(f"there is no place {place!r}{hint}")


def place(where: str) -> str:
    """Lead to a place of the project in whose folder the code runs.

    Raises
    ------
    LookupError
        For a place that does not exist, with the nearest ones.
    """
    return _places().markdown(where)


@lru_cache(maxsize=1)
def _places() -> Places:
    return Places.of(Project.load(find_root(Path.cwd())))


def _headings(document: Document) -> Iterator[tuple[str, str]]:
    for prose in document.prose:
        for match in _HEADING.finditer(prose.text):
            explicit = _ID.search(match["attributes"] or "")
            yield explicit[1] if explicit else _slug(match["title"]), match["title"]


def _slug(title: str) -> str:
    """Give a heading the id that pandoc gives it."""
    kept = re.sub(r"[^\w\s.-]", "", title.lower())
    return re.sub(r"^[^a-z]+", "", re.sub(r"\s+", "-", kept.strip()))
