"""Metadata as templates expect it from Quarto.

Quarto 1.7 (``authors.lua``) gives templates ``by-author`` and
``by-affiliation`` beside the plain names, so that one title block serves both
engines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from manuscript.errors import ManuscriptError, refuse
from manuscript.source.documents import Project
from manuscript.source.fragments import INLINE, Document
from manuscript.source.language import formatted, iso, word
from manuscript.source.settings import Keys, Settings, as_list

# Settings that steer the engine and are no matter for a template.
_ENGINE = (
    *("crossref", "execute", "filters", "css", "theme", "template-partials"),
    *("include-in-header", "include-before-body", "include-after-body"),
    *("embed-resources", "html-math-method", "fig-format", "fig-dpi", "font-paths"),
    *("reference-doc", "bibliography", "csl", "citeproc", "toc", "toc-depth"),
    *("author", "affiliations", "engine", "jupyter", "number-sections", "minimal"),
    *("metadata-file", "metadata-files", "params", "date-format"),
)
_ORCID = re.compile(r"(?:https?://orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3})([\dX])")
_ATTRIBUTES = ("corresponding", "equal-contributor", "deceased")
_SIMPLE = (
    *("url", "email", "fax", "phone", "orcid"),
    *("acknowledgements", "degrees", "roles"),
)
_PLACE = (
    *("id", "name", "department", "group", "address", "city", "region", "country"),
    *("postal-code", "url", "isni", "ringgold", "ror"),
)
_NAMES = ("literal", "given", "family")
_AUTHOR = ("id", "name", "attributes", "affiliation", "affiliations")


def for_templates(
    project: Project,
    document: Document,
    to: str,
    answers: Mapping[tuple[int, str], str] | None = None,
) -> dict[str, Any]:
    """Metadata of a document in one format, for pandoc's templates.

    Parameters
    ----------
    project : Project
    document : Document
    to : str
    answers : mapping, optional
        What inline expressions came to, by the number of cells above each.

    Raises
    ------
    ManuscriptError
        A date that is not ISO, an author without name, an affiliation that
        nobody defines; a value that is computed where no answers are at hand.
    """
    merged = computed(document, project.metadata(document, to), answers or {})
    front = document.front_matter
    values = {key: value for key, value in merged.items() if key not in _ENGINE}
    lang = str(values.setdefault("lang", "en"))
    if merged.get("toc"):
        values.setdefault("toc-title", word("contents", lang))
    if to != "docx":
        values["labels"] = _labels(lang)
    elif values.get("abstract"):
        values.setdefault("abstract-title", word("abstract", lang))
    if date := str(values.get("date", "")):
        values["date"] = _date(front, date, merged.get("date-format"), lang)
    if "author" in merged:
        layers = (*project.layers, *document.layers)
        named = [layer for layer in layers if "author" in layer.values]
        written = (named or [front])[-1]
        refuse([*_faults(written, merged["author"])])
        authors = _authors(
            written, as_list(merged["author"]), merged.get("affiliations"), lang
        )
        if to == "docx":
            # Word would keep words for templates as properties of the file.
            del authors["labels"]
        values |= authors
    if merged.get("number-sections"):
        values.setdefault("section-numbering", "1.1.a")
    return values


def computed(
    document: Document, value: Any, answers: Mapping[tuple[int, str], str]
) -> Any:
    """Put what inline expressions of the front matter came to in their place.

    Raises
    ------
    ManuscriptError
        One without answer.
    """
    if document.heading is None:
        return value
    if isinstance(value, Mapping):
        return {key: computed(document, one, answers) for key, one in value.items()}
    if isinstance(value, list):
        return [computed(document, one, answers) for one in value]
    if not isinstance(value, str):
        return value

    def answer(match: re.Match[str]) -> str:
        if (0, match[1].strip()) in answers:
            return answers[0, match[1].strip()]
        raise ManuscriptError(
            document.path,
            1,
            f"`{match[0].strip('`')}` in front matter is not computed here",
            "write text in its place",
        )

    return INLINE.sub(answer, value)


def _faults(written: Settings, authors: Any) -> Iterator[ManuscriptError]:
    """Find what of authors would not be printed."""
    if not as_list(authors):
        yield written.fault(("author",), "`author` holds nothing", "write a name")
    for index, author in enumerate(as_list(authors)):
        place = ("author", index) if isinstance(authors, list) else ("author",)
        author = author if isinstance(author, Mapping) else {"name": author}
        known = (*_AUTHOR, *_SIMPLE, *_ATTRIBUTES)
        unknown = [
            *_unknown(written, author, place, known),
            *_unknown(written, author.get("name"), (*place, "name"), _NAMES),
        ]
        yield from unknown
        if not unknown and not _name(author)["literal"].strip():
            yield written.fault(place, "an author has no name", "add `name`")
        for key in ("affiliation", "affiliations"):
            for number, one in enumerate(as_list(author.get(key))):
                below = (*place, key, number)
                yield from _unknown(written, one, below, (*_PLACE, "state", "ref"))
        if "orcid" in author and not _is_orcid(str(author["orcid"])):
            what = f"`orcid` is `{author['orcid']}`, which is none"
            mend = "write its sixteen digits, as 0000-0002-1825-0097"
            yield written.fault((*place, "orcid"), what, mend)


def _unknown(
    written: Settings, given: Any, place: Keys, known: Sequence[str]
) -> Iterator[ManuscriptError]:
    for key in given if isinstance(given, Mapping) else ():
        if key not in known:
            from difflib import get_close_matches

            near = get_close_matches(str(key), known, 1) or sorted(known)
            mend = f"write {' or '.join(f'`{name}`' for name in near)}"
            what = f"`{key}` of an author is not known"
            yield written.fault((*place, key), what, mend)


def _is_orcid(text: str) -> bool:
    """Tell whether a number is an ORCID; its last digit proves it (ISO 7064)."""
    if not (found := _ORCID.fullmatch(text)):
        return False
    total = 0
    for digit in found[1].replace("-", ""):
        total = (total + int(digit)) * 2
    return found[2] == "0123456789X"[(12 - total % 11) % 11]


def _authors(
    written: Settings, authors: list[Any], affiliations: Any, lang: str
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
            "name": _name(author),
            **{key: author[key] for key in _SIMPLE if key in author},
            "attributes": _attributes(author),
            "affiliations": [
                _cited(written, number - 1, one, places) for one in _own(author)
            ],
        }
        for number, author in enumerate(given, start=1)
    ]
    return {
        "author": [author["name"]["literal"] for author in by_author],
        "by-author": by_author,
        "by-affiliation": places,
        "labels": _labels(lang, len(by_author), len(places)),
    }


def _labels(lang: str, authors: int = 0, places: int = 0) -> dict[str, str]:
    return {
        "authors": word("author" if authors == 1 else "authors", lang),
        "affiliations": word("affiliation" if places == 1 else "affiliations", lang),
        **{key: word(key, lang) for key in ("published", "abstract", "keywords")},
    }


def _date(front: Settings, date: str, pattern: Any, lang: str) -> str:
    """Return a date as it is printed: year first, unless its format says else."""
    written = iso(date)
    if written is None and INLINE.search(date):
        return date  # before it is computed
    if written is None:
        what = f"date `{date}` is not supported"
        mend = "write YYYY-MM-DD: other dates change with the day or the machine"
        raise front.fault(("date",), what, mend)
    printed = formatted(written, str(pattern), lang) if pattern else written
    if printed is None:
        what = f"`date-format` `{pattern}` is not supported"
        mend = "write it with D, DD, M, MM, MMM, MMMM and YYYY, or `long` or `iso`"
        raise front.fault(("date-format",), what, mend)
    return printed


def _own(author: Mapping[str, Any]) -> list[Any]:
    return as_list(author.get("affiliations") or author.get("affiliation"))


def _is_reference(affiliation: Any) -> bool:
    return isinstance(affiliation, Mapping) and set(affiliation) == {"ref"}


def _numbered(number: int) -> dict[str, str]:
    letter = chr(ord("a") + (number - 1) % 26)
    return {"number": str(number), "letter": letter}


def _name(author: Mapping[str, Any]) -> dict[str, str]:
    name = author.get("name")
    parts = name if isinstance(name, Mapping) else {}
    given, family = str(parts.get("given", "")), str(parts.get("family", ""))
    literal = parts.get("literal") or f"{given} {family}".strip()
    if isinstance(name, str):
        literal = name
        given, _, family = name.rpartition(" ")
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
    written: Settings, author: int, affiliation: Any, places: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return the affiliation that an author names, in full or by `ref`."""
    if not _is_reference(affiliation):
        return _place(affiliation, places)
    for place in places:
        if place["id"] == affiliation["ref"]:
            return place
    what = f"affiliation `{affiliation['ref']}` is not defined"
    mend = "define it under `affiliations` with that `id`"
    raise written.fault(("author", author, "affiliations"), what, mend)
