"""Metadata as templates expect it from Quarto.

Quarto 1.7 (``authors.lua``) gives templates ``by-author`` and
``by-affiliation`` beside the plain names, so that one title block serves both
engines.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from manuscript.errors import ManuscriptError
from manuscript.source.documents import Document, Project
from manuscript.source.settings import as_list

# Settings that steer the engine and are no matter for a template.
_ENGINE = (
    *("crossref", "execute", "filters", "css", "theme", "template-partials"),
    *("include-in-header", "include-before-body", "include-after-body"),
    *("embed-resources", "html-math-method", "fig-format", "fig-dpi", "font-paths"),
    *("reference-doc", "bibliography", "csl", "citeproc", "toc", "toc-depth"),
    *("author", "affiliations", "engine", "jupyter", "number-sections", "minimal"),
)
_ISO_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_ATTRIBUTES = ("corresponding", "equal-contributor", "deceased")
_SIMPLE = ("url", "email", "fax", "phone", "orcid", "acknowledgements", "degrees")
_PLACE = (
    *("id", "name", "department", "group", "address", "city", "region", "country"),
    *("postal-code", "url", "isni", "ringgold", "ror"),
)


def for_templates(project: Project, document: Document, to: str) -> dict[str, Any]:
    """Metadata of a document in one format, for pandoc's templates.

    Raises
    ------
    ManuscriptError
        A date that is not ISO, an author without name, an affiliation that
        nobody defines.
    """
    merged = project.metadata(document, to)
    front = document.front_matter
    values = {key: value for key, value in merged.items() if key not in _ENGINE}
    values.setdefault("lang", "en")
    date = str(values.get("date", ""))
    if date and not _ISO_DATE.fullmatch(date):
        raise ManuscriptError(
            front.file,
            front.line("date"),
            f"date `{date}` is not supported",
            "write YYYY-MM-DD: other dates change with the day or the machine",
        )
    if merged.get("author"):
        authors = _authors(
            document, as_list(merged["author"]), merged.get("affiliations")
        )
        # Word would keep all else as properties of the file.
        values |= {"author": authors["author"]} if to == "docx" else authors
    if merged.get("number-sections"):
        values.setdefault("section-numbering", "1.1.a")
    return values


def _authors(
    document: Document, authors: list[Any], affiliations: Any
) -> dict[str, Any]:
    given = [one if isinstance(one, Mapping) else {"name": one} for one in authors]
    # Affiliations are numbered as Quarto does: those written out at an author
    # first, those listed by themselves after them.
    places: list[dict[str, Any]] = []
    for affiliation in [one for author in given for one in _own(author)]:
        if not _is_reference(affiliation):
            _place(affiliation, places)
    for affiliation in as_list(affiliations):
        _place(affiliation, places)
    for number, place in enumerate(places, start=1):
        place |= _numbered(number)
    by_author = [
        {
            **_numbered(number),
            "id": str(author.get("id", number)),
            "name": _name(document, author),
            **{key: author[key] for key in _SIMPLE if key in author},
            "attributes": _attributes(author),
            "affiliations": [_cited(document, one, places) for one in _own(author)],
        }
        for number, author in enumerate(given, start=1)
    ]
    return {
        "author": [author["name"]["literal"] for author in by_author],
        "by-author": by_author,
        "by-affiliation": places,
        "labels": {
            "authors": "Author" if len(by_author) == 1 else "Authors",
            "affiliations": "Affiliation" if len(places) == 1 else "Affiliations",
            "published": "Published",
            "abstract": "Abstract",
            "keywords": "Keywords",
        },
    }


def _own(author: Mapping[str, Any]) -> list[Any]:
    return as_list(author.get("affiliations") or author.get("affiliation"))


def _is_reference(affiliation: Any) -> bool:
    return isinstance(affiliation, Mapping) and set(affiliation) == {"ref"}


def _numbered(number: int) -> dict[str, str]:
    letter = chr(ord("a") + (number - 1) % 26)
    return {"number": str(number), "letter": letter}


def _name(document: Document, author: Mapping[str, Any]) -> dict[str, str]:
    name = author.get("name")
    parts = name if isinstance(name, Mapping) else {}
    given, family = str(parts.get("given", "")), str(parts.get("family", ""))
    literal = parts.get("literal") or f"{given} {family}".strip()
    if isinstance(name, str):
        literal = name
        given, _, family = name.rpartition(" ")
    if not literal:
        front = document.front_matter
        raise ManuscriptError(
            front.file, front.line("author"), "an author has no name", "add `name`"
        )
    return {"literal": str(literal), "given": given, "family": family}


def _attributes(author: Mapping[str, Any]) -> dict[str, bool]:
    listed = author.get("attributes")
    flags = listed if isinstance(listed, Mapping) else dict.fromkeys(as_list(listed), 1)
    named = {name: author.get(name) for name in _ATTRIBUTES}
    return {name: True for name, flag in {**named, **flags}.items() if flag}


def _place(affiliation: Any, places: list[dict[str, Any]]) -> dict[str, Any]:
    """Return an affiliation's entry in the list, adding it if it is new."""
    given = affiliation if isinstance(affiliation, Mapping) else {"name": affiliation}
    entry = {key: str(given[key]) for key in _PLACE if key in given}
    if "state" in given:
        entry["region"] = str(given["state"])
    for place in places:
        if all(
            place.get(key) == entry.get(key)
            for key in (*_PLACE, "region")
            if key != "id"
        ):
            return place
    entry.setdefault("id", f"aff-{len(places) + 1}")
    places.append(entry)
    return entry


def _cited(
    document: Document, affiliation: Any, places: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return the affiliation that an author names, in full or by `ref`."""
    if not _is_reference(affiliation):
        return _place(affiliation, places)
    for place in places:
        if place["id"] == affiliation["ref"]:
            return place
    front = document.front_matter
    raise ManuscriptError(
        front.file,
        front.line("author"),
        f"affiliation `{affiliation['ref']}` is not defined",
        "define it under `affiliations` with that `id`",
    )
