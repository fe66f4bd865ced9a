"""Numbers of figures, tables and sections, and what refers to them.

Works on pandoc's tree before citations are processed, since pandoc reads
``@fig-x`` as a citation. Floats and references become nodes of their own
(``Float``, ``Ref``), which each format then writes in its way. Numbers and
wording are those of Quarto 1.7 (``crossref/*.lua``, ``floatreftarget.lua``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from manuscript.compose import pandoc
from manuscript.compose.pandoc import Node
from manuscript.errors import ManuscriptError, refuse
from manuscript.source.documents import Document

HEADING_NUMBER = "header-section-number"
NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Kind:
    """A kind of float.

    Attributes
    ----------
    key : str
        What its identifiers begin with: ``fig`` in ``fig-forest``.
    prefix : str
        What precedes the number: ``Figure``.
    space : bool
        Whether a space stands between the two.
    caption : {"top", "bottom"}
    """

    key: str
    prefix: str
    space: bool
    caption: Literal["top", "bottom"]

    def name(self, number: str) -> str:
        """Return what the float of a number is called, such as ``Table S4``."""
        return self.prefix + (NBSP if self.space else "") + number


SECTION = Kind("sec", "Section", True, "top")


def kinds(metadata: Mapping[str, Any]) -> dict[str, Kind]:
    """Kinds of float that the settings define, by key."""
    found = [Kind("fig", "Figure", True, "bottom"), Kind("tbl", "Table", True, "top")]
    crossref = metadata.get("crossref") or {}
    for custom in crossref.get("custom") or ():
        found.append(
            Kind(
                str(custom["key"]),
                str(custom["reference-prefix"]),
                custom.get("space-before-numbering", True) is not False,
                "top" if custom.get("caption-location") == "top" else "bottom",
            )
        )
    return {kind.key: kind for kind in found}


def resolve(
    document: Document, blocks: list[Node], metadata: Mapping[str, Any]
) -> list[Node]:
    """Give floats and sections their numbers and resolve references.

    Parameters
    ----------
    document : Document
        Where faults are looked up.
    blocks : list of dict
        pandoc's tree.
    metadata : mapping
        Merged settings: ``crossref`` and ``number-sections``.

    Returns
    -------
    list of dict
        The tree, in which a float is ``Float`` with ``id``, ``kind``, ``number``,
        ``caption`` (inlines) and ``content`` (blocks), and a reference is ``Ref``
        with ``id``, ``kind``, ``number`` and ``prefix`` (inlines).

    Raises
    ------
    ManuscriptError or ExceptionGroup
        Every reference that leads nowhere, every float without caption, every
        identifier given twice.
    """
    resolver = _Resolver(document, kinds(metadata))
    resolver.number(blocks, bool(metadata.get("number-sections")))
    resolved: list[Node] = pandoc.transform(blocks, resolver.resolve)
    resolver.check_semicolons(resolved)
    refuse(resolver.faults)
    return resolved


class _Resolver:
    def __init__(self, document: Document, kinds: dict[str, Kind]) -> None:
        self.faults: list[ManuscriptError] = []
        self._document = document
        self._kinds = kinds
        self._numbers: dict[str, str] = {}
        self._unnumbered: set[str] = set()
        self._headings: list[str] = []

    def _fault(self, text: str, what: str, mend: str) -> None:
        file, line = self._document.find(text)
        self.faults.append(ManuscriptError(file, line, what, mend))

    def _kind(self, identifier: str) -> Kind | None:
        key, hyphen, _ = identifier.partition("-")
        return self._kinds.get(key) if hyphen else None

    def number(self, blocks: list[Node], number_sections: bool) -> None:
        """Give every float and section its number, in reading order."""
        counts: Counter[str] = Counter()
        sections: list[int] = []
        for element in pandoc.elements(blocks):
            if element["t"] == "Div":
                identifier = element["c"][0][0]
                if kind := self._kind(identifier):
                    counts[kind.key] += 1
                    self._record(identifier, str(counts[kind.key]))
            elif element["t"] == "Header":
                level, (identifier, classes, _), _ = element["c"]
                numbered = number_sections and "unnumbered" not in classes
                if numbered:
                    # Documents begin at level 2: level 1 is the title.
                    depth = max(level - 1, 1)
                    sections = (sections + [0] * depth)[:depth]
                    sections[-1] += 1
                number = ".".join(map(str, sections)) if numbered else ""
                self._headings.append(number)
                if identifier.startswith("sec-"):
                    if number:
                        self._record(identifier, number)
                    else:
                        self._unnumbered.add(identifier)

    def _record(self, identifier: str, number: str) -> None:
        if identifier in self._numbers:
            self._fault(
                f"#{identifier}",
                f"identifier `{identifier}` is given twice",
                "give each figure, table and section one of its own",
            )
        self._numbers[identifier] = number

    def resolve(self, element: Node) -> Node | list[Node] | None:
        """Turn divisions into floats and their citations into references.

        Elements must come in the order in which they were numbered.
        """
        match element["t"]:
            case "Header":
                if number := self._headings.pop(0):
                    element["c"][2][:0] = [_heading_number(number)]
            case "Div":
                return self._float(element)
            case "Cite":
                return self._references(element["c"][0])
        return None

    def _float(self, element: Node) -> Node | None:
        (identifier, _, _), content = element["c"]
        kind = self._kind(identifier)
        if kind is None:
            return None
        if any(inner["t"] == "Float" for inner in pandoc.elements(content)):
            self._fault(
                f"#{identifier}",
                f"`{identifier}` holds another figure or table",
                "make panels of one figure in one cell",
            )
        if len(content) < 2 or content[-1]["t"] != "Para":
            self._fault(
                f"#{identifier}",
                f"`{identifier}` has no caption, or nothing above it",
                "end the division with a paragraph that is the caption",
            )
            return None
        return {
            "t": "Float",
            "c": {
                "id": identifier,
                "kind": kind.key,
                "number": self._numbers[identifier],
                "caption": content[-1]["c"],
                "content": content[:-1],
            },
        }

    def _references(self, citations: list[Node]) -> list[Node] | None:
        found = [self._refers(citation["citationId"]) for citation in citations]
        if not any(found):
            return None
        if not all(found):
            other = citations[found.index(False)]["citationId"]
            self._fault(
                f"@{other}",
                f"`{other}` is cited in one bracket with a cross-reference",
                "write two brackets: Quarto would lose the citation",
            )
            return None
        references: list[Node] = []
        for citation in citations:
            if references:
                references += [{"t": "Str", "c": ","}, {"t": "Space"}]
            references.append(self._reference(citation))
        return references

    def check_semicolons(self, blocks: list[Node]) -> None:
        """Find semicolons that typst would take for the end of its code."""
        for siblings in pandoc.parts(blocks):
            for one, after in pairwise(siblings if isinstance(siblings, list) else ()):
                is_reference = pandoc.is_element(one) and one["t"] == "Ref"
                if is_reference and str(after.get("c", "")).startswith(";"):
                    identifier = one["c"]["id"]
                    self._fault(
                        f"@{identifier}",
                        f"the semicolon after `@{identifier}` would be lost by Quarto",
                        "put a word between the two, or write a comma",
                    )

    def _refers(self, identifier: str) -> bool:
        return self._kind(identifier) is not None or identifier.startswith("sec-")

    def _reference(self, citation: Node) -> Node:
        identifier = citation["citationId"]
        if identifier in self._unnumbered:
            self._fault(
                f"@{identifier}",
                f"section `{identifier}` has no number to refer to",
                "set `number-sections: true`, or link to it: [text](#{identifier})",
            )
        elif identifier not in self._numbers:
            self._fault(
                f"@{identifier}",
                f"`@{identifier}` refers to nothing in {self._document.path}",
                _known(self._numbers),
            )
        if citation["citationSuffix"]:
            self._fault(
                f"@{identifier}",
                f"text after `@{identifier}` in its bracket would be lost by Quarto",
                "write it outside the bracket",
            )
        kind = self._kind(identifier) or SECTION
        number = self._numbers.get(identifier, "?")
        space = [{"t": "Str", "c": NBSP}] if kind.space else []
        if citation["citationPrefix"]:
            prefix = [*citation["citationPrefix"], *space]
        elif citation["citationMode"]["t"] == "SuppressAuthor":
            prefix = []
        else:
            prefix = pandoc.words(kind.prefix) + space
        return {
            "t": "Ref",
            "c": {
                "id": identifier,
                "kind": kind.key,
                "number": number,
                "prefix": prefix,
            },
        }


def _heading_number(number: str) -> Node:
    attributes = ["", [HEADING_NUMBER], []]
    return {"t": "Span", "c": [attributes, [*pandoc.words(number), {"t": "Space"}]]}


def _known(numbers: dict[str, str]) -> str:
    names = ", ".join(f"@{name}" for name in numbers)
    return f"refer to one of {names}" if names else "label the figure or table"
