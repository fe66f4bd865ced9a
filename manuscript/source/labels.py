"""Labels of figures, tables and sections, and the names under which they print."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import count
from typing import Any

from manuscript.source.documents import Project
from manuscript.source.fragments import Cell, Document
from manuscript.source.reading.plain import GAP

FLOAT = re.compile(r"^(?:fig|tbl|suppfig|supptbl)-")
LABEL = re.compile(r"\{[^{}`\n]*#((?:fig|tbl|sec|suppfig|supptbl)-[\w:.-]+)")

_BUILT_IN = {"fig": "Figure ", "tbl": "Table ", "sec": "Section "}
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


@dataclass(frozen=True)
class Names:
    """How labels print, document by document.

    Attributes
    ----------
    by_document : mapping of str to mapping
        Path of a document, then label, then printed name.
    """

    by_document: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, project: Project) -> Names:
        """Give every label of every document its number."""
        prefixes = _prefixes(project)
        return cls(
            {
                document.path: _numbered(labels(document), prefixes)
                for document in project.documents
            }
        )

    def item(self, label: str) -> str:
        """Name a float of whichever document has it.

        Raises
        ------
        LookupError
            With the nearest labels.
        """
        for names in self.by_document.values():
            if label in names:
                return names[label]
        known = [name for names in self.by_document.values() for name in names]
        near = get_close_matches(label, known, n=3, cutoff=0.4)
        hint = "; did you mean " + " or ".join(near) + "?" if near else ""
        raise LookupError(f"no document has a float labelled {label!r}{hint}")


def _prefixes(project: Project) -> dict[str, str]:
    prefixes = dict(_BUILT_IN)
    crossref: Any = project.settings.values.get("crossref") or {}
    for custom in crossref.get("custom") or []:
        space = " " if custom.get("space-before-numbering", True) else ""
        prefixes[custom["key"]] = custom.get("reference-prefix", "") + space
    return prefixes


def labels(document: Document) -> Iterator[tuple[str, str, int]]:
    """Yield every label of a document with its file and line, repeats included."""
    for fragment in document.fragments:
        if isinstance(fragment, Cell):
            options = fragment.options
            captioned = {"fig-cap", "tbl-cap"} & set(options.values)
            if fragment.label and FLOAT.match(fragment.label) and captioned:
                yield fragment.label, fragment.file, options.line("label")
        else:
            for match in LABEL.finditer(without_comments(fragment.text)):
                yield match[1], fragment.file, fragment.line_at(match.start(1))


def _numbered(
    found: Iterator[tuple[str, str, int]], prefixes: Mapping[str, str]
) -> dict[str, str]:
    counters = {key: count(1) for key in prefixes}
    names: dict[str, str] = {}
    for label, _, _ in found:
        key = label.partition("-")[0]
        if label not in names and key in prefixes:
            names[label] = f"{prefixes[key]}{next(counters[key])}"
    return names


def without_comments(text: str) -> str:
    """Replace comments by gaps of their length."""
    return _COMMENT.sub(lambda match: GAP * len(match[0]), text)
