"""Numbers of figures, tables, sections, formulas and theorems, and what refers to them.

Works on the tree before citations are processed, since pandoc reads ``@fig-x`` as
a citation: references become ``Ref`` nodes, which each format then writes in its
way. Numbers and wording are those of Quarto 1.10 (``crossref/*.lua``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from manuscript.compose import pandoc
from manuscript.compose.attributes import key_of, node
from manuscript.compose.constructs.callouts import LABELLED as CALLOUTS
from manuscript.compose.constructs.theorems import KINDS as THEOREMS
from manuscript.compose.constructs.theorems import LABELLED as PROOFS
from manuscript.compose.pandoc import Node
from manuscript.errors import ManuscriptError, refuse
from manuscript.source import Document, as_list, word

NBSP = "\N{NO-BREAK SPACE}"
HEADING_NUMBER = "header-section-number"

_COUNTED = ("Float", "Theorem", "Equation")


@dataclass(frozen=True)
class Kind:
    """A kind of thing that has numbers.

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


def kinds(metadata: Mapping[str, Any]) -> dict[str, Kind]:
    """Kinds of float that the settings define, by key."""
    lang = str(metadata.get("lang") or "en")
    found = [
        Kind("fig", word("fig", lang), True, "bottom"),
        Kind("tbl", word("tbl", lang), True, "top"),
        Kind("lst", word("lst", lang), True, "top"),
    ]
    crossref = metadata.get("crossref") or {}
    for custom in as_list(crossref.get("custom")):
        found.append(
            Kind(
                str(custom["key"]),
                str(custom["reference-prefix"]),
                custom.get("space-before-numbering", True) is not False,
                "top" if custom.get("caption-location") == "top" else "bottom",
            )
        )
    return {kind.key: kind for kind in found}


def others(metadata: Mapping[str, Any]) -> dict[str, Kind]:
    """Kinds of other things with numbers: sections, formulas, theorems."""
    lang = str(metadata.get("lang") or "en")
    named = {key: key for key in ("sec", "eq", *THEOREMS)} | PROOFS | CALLOUTS
    return {
        key: Kind(key, word(name, lang), True, "top") for key, name in named.items()
    }


def resolve(
    document: Document,
    blocks: list[Node],
    metadata: Mapping[str, Any],
    remarks: list[ManuscriptError],
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
    remarks : list of ManuscriptError
        Takes in what Quarto prints with a mark, or drops, in every format alike:
        references that lead nowhere, and text behind one in its bracket.

    Returns
    -------
    list of dict
        The tree, in which all that is counted has its number, and a reference is
        ``Ref`` with ``id``, ``kind``, ``number`` and ``prefix`` (inlines).

    Raises
    ------
    ManuscriptError or ExceptionGroup
        Every identifier given twice, every reference to a section without number.
    """
    known = {**kinds(metadata), **others(metadata)}
    resolver = _Resolver(document, known, remarks)
    resolver.number(blocks, bool(metadata.get("number-sections")))
    resolved = pandoc.transform(blocks, resolver.resolve)
    refuse(resolver.faults)
    return resolved


class _Resolver:
    def __init__(
        self,
        document: Document,
        kinds: dict[str, Kind],
        remarks: list[ManuscriptError],
    ) -> None:
        self.faults: list[ManuscriptError] = []
        self._remarks = remarks
        self._document = document
        self._kinds = kinds
        self._numbers: dict[str, str] = {}
        self._unnumbered: set[str] = set()
        self._headings: list[str] = []

    def _fault(self, text: str, what: str, mend: str) -> None:
        self.faults.append(self._at(text, what, mend))

    def _remark(self, text: str, what: str, mend: str) -> None:
        self._remarks.append(self._at(text, what, mend))

    def _at(self, text: str, what: str, mend: str) -> ManuscriptError:
        file, line = self._document.find(text)
        return ManuscriptError(file, line, what, mend)

    def _kind(self, identifier: str) -> Kind | None:
        key = key_of(identifier)
        return self._kinds.get(key) or self._kinds.get(key[:1].lower() + key[1:])

    def number(self, blocks: list[Node], number_sections: bool) -> None:
        """Give all that is counted its number, in reading order."""
        counts: Counter[str] = Counter()
        sections: list[int] = []
        # Where no heading is of level 1, the documents' own begin at level 2.
        headers = pandoc.elements(blocks, "Header")
        top = 0 if any(header["c"][0] == 1 for header in headers) else 1
        for element in pandoc.elements(blocks):
            content: Any = element.get("c")
            if element["t"] in _COUNTED:
                key = content.get("kind", "eq")
                counts[key] += 1
                content["number"] = str(counts[key])
                self._record(content["id"], content["number"])
                for panel in _panels(content):
                    panel["number"] = f"{content['number']} ({panel['letter']})"
                    if panel["id"]:
                        self._record(panel["id"], panel["number"])
            elif element["t"] in ("Callout", "Proof") and self._kind(content["id"]):
                kind = self._kinds[key_of(content["id"])]
                counts[kind.key] += 1
                number = str(counts[kind.key])
                self._record(content["id"], number)
                content["title"] = _numbered(content, kind, number)
            elif element["t"] == "Header":
                level, (identifier, classes, _), _ = content
                numbered = number_sections and "unnumbered" not in classes
                if numbered:
                    depth = max(level - top, 1)
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
            case "Cite":
                return self._references(element["c"][0])
        return None

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

    def _refers(self, identifier: str) -> bool:
        return self._kind(identifier) is not None

    def _reference(self, citation: Node) -> Node:
        # A capital letter may begin a sentence.
        written = citation["citationId"]
        identifier = written[:1].lower() + written[1:]
        if identifier in self._unnumbered:
            self._fault(
                f"@{identifier}",
                f"section `{identifier}` has no number to refer to",
                f"set `number-sections: true`, or link to it: [text](#{identifier})",
            )
        elif identifier not in self._numbers:
            self._remark(
                f"@{written}",
                f"`@{written}` refers to nothing in {self._document.path}",
                _known(self._numbers),
            )
            return {"t": "Strong", "c": [{"t": "Str", "c": f"?@{written}"}]}
        if citation["citationSuffix"]:
            self._remark(
                f"@{written}",
                f"text after `@{written}` in its bracket is lost",
                "write it outside the bracket",
            )
        kind = self._kinds[key_of(identifier)]
        number = self._numbers.get(identifier, "?")
        space = [{"t": "Str", "c": NBSP}] if kind.space else []
        if citation["citationPrefix"]:
            prefix = [*citation["citationPrefix"], *space]
        elif citation["citationMode"]["t"] == "SuppressAuthor":
            prefix = []
        else:
            prefix = pandoc.words(kind.prefix) + space
        return node("Ref", id=identifier, kind=kind.key, number=number, prefix=prefix)


def _numbered(content: Mapping[str, Any], kind: Kind, number: str) -> list[Node]:
    """Put its number into the title of a callout or a remark."""
    name = pandoc.words(kind.prefix)
    counted = [*name, {"t": "Str", "c": NBSP}, {"t": "Str", "c": number}]
    title: list[Node] = content["title"]
    if "named" not in content:
        return [*name, {"t": "Space"}, {"t": "Str", "c": number}, *title[len(name) :]]
    if not content["named"]:
        return counted
    return [*counted, {"t": "Str", "c": ":"}, {"t": "Space"}, *title]


def _panels(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [e["c"] for e in pandoc.elements(content.get("content") or [], "Panel")]


def _heading_number(number: str) -> Node:
    attributes = ["", [HEADING_NUMBER], []]
    return {"t": "Span", "c": [attributes, [*pandoc.words(number), {"t": "Space"}]]}


def _known(numbers: dict[str, str]) -> str:
    names = ", ".join(f"@{name}" for name in numbers)
    return f"refer to one of {names}" if names else "label what it refers to"
