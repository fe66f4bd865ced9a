"""Works that the text can cite, and those that a reference manager brings along."""

from __future__ import annotations

import base64
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from lxml import etree

from manuscript.word.compare.pinpoint import Pinpoint, of_csl, of_word, pinpoint
from manuscript.word.package import parsed

_WORD: Final = re.compile(r"\w+")
_KEY: Final = re.compile(r"[^a-z0-9]")
_DOI: Final = re.compile(r"10\.\d{4,9}/\S+")
_PMID: Final = re.compile(r"PMID:?\s*(\d{5,9})", re.IGNORECASE)
_WORDS_SOURCE: Final = re.compile(r'^CITATION\s+"?([^\s"\\]+)"?(.*)$', re.DOTALL)
_MORE_SOURCES: Final = re.compile(r'\\m\s+"?([^\s"\\]+)')
_NAMED: Final = re.compile(
    r"(?P<first>[^\W\d][\w'’ -]*?)"
    r"(?P<more>,? et al\.?|,? (?:and|&) (?P<second>[^\W\d][\w'’ -]*?))?"
    r",? (?P<year>(?:19|20)\d\d)"
)
_LEAST_TITLE: Final = 12  # letters by which a title is known
_MOST: Final = 60  # works that one field cites
# What an entry keeps of what a reference manager knows.
_KEPT: Final = (
    *("type", "author", "title", "container-title", "container-title-short"),
    *("issued", "volume", "issue", "page", "publisher", "publisher-place"),
    *("DOI", "PMID", "URL", "editor", "edition", "number"),
)
_ENDNOTE: Final = {
    "titles/title": "title",
    "titles/secondary-title": "container-title",
    "periodical/full-title": "container-title",
    "volume": "volume",
    "number": "issue",
    "pages": "page",
    "electronic-resource-num": "DOI",
    "accession-num": "PMID",
    "publisher": "publisher",
}

Item = Mapping[str, Any]


class Library:
    """Works by key, and the new ones that citations of a copy need.

    Parameters
    ----------
    items : sequence of mapping
        Works of the bibliography, in CSL.
    sources : mapping of str to mapping
        Word's own sources as CSL items, by tag.
    """

    def __init__(
        self, items: Sequence[Item] = (), sources: Mapping[str, Item] | None = None
    ) -> None:
        self._sources = sources or {}
        self._items: dict[str, Item] = {}
        self._new: dict[str, Item] = {}
        self._used: dict[str, None] = {}
        self._resolved: dict[str, tuple[str, ...] | None] = {}
        self._pointed: dict[str, dict[str, Pinpoint]] = {}
        self._by: dict[str, str] = {}
        for item in items:
            self._take(str(item.get("id", "")), item)

    def _take(self, key: str, item: Item) -> None:
        self._items[key] = item
        for name in _names(item):
            self._by.setdefault(name, key)

    def __contains__(self, key: str) -> bool:
        return key in self._items

    def resolve(self, instructions: str) -> tuple[str, ...] | None:
        """Keys of the works that a field cites; None where it does not say which.

        Parameters
        ----------
        instructions : str
            Of a field or control of Zotero, Mendeley, EndNote or Word itself.
        """
        if instructions not in self._resolved:
            found = list(_cited(instructions, self._sources))[:_MOST]
            keys = [self._key(item) for item, _ in found]
            self._pointed[instructions] = {
                key: where for key, (_, where) in zip(keys, found, strict=True) if key
            }
            known = bool(keys) and all(keys)
            self._resolved[instructions] = (
                tuple(dict.fromkeys(key for key in keys if key)) if known else None
            )
        return self._resolved[instructions]

    def named(self, said: str) -> str:
        """Key of the one work that words name; empty where there are none or several.

        Parameters
        ----------
        said : str
            Such as ``Smith et al., 2020``, ``Smith and Jones 2020`` or ``@smith2020``.
        """
        said = " ".join(said.split())
        if said.startswith("@"):
            return said[1:] if said[1:] in self else ""
        match = _NAMED.fullmatch(said)
        if not match:
            return ""
        names = [match["first"], *([match["second"]] if match["second"] else [])]
        found = [
            key
            for key, item in self._items.items()
            if key not in self._new
            and _year(item) == match["year"]
            and _are_authors(names, item, et_al=len(names) == 1 and bool(match["more"]))
        ]
        return found[0] if len(found) == 1 else ""

    def pointed(self, instructions: str) -> Mapping[str, Pinpoint]:
        """Return where in each work a field points, by key."""
        self.resolve(instructions)
        return self._pointed[instructions]

    def _key(self, item: Item) -> str:
        """Find the key of a work, by DOI, PMID or title; a new one if there is none."""
        for name in _names(item):
            if name in self._by:
                return self._by[name]
        if not _title(item):
            return ""
        kept = {name: item[name] for name in _KEPT if item.get(name)}
        if year := _year(item):
            kept["issued"] = {"date-parts": [[int(year)]]} if year.isdigit() else {}
        key = base = _coined(kept)
        count = 0
        while key in self._items:
            count += 1
            key = f"{base}{chr(ord('a') + count)}" if count < 26 else f"{base}-{count}"
        entry = {"id": key, "type": "article-journal", **kept}
        self._new[key] = entry
        self._take(key, entry)
        return key

    def use(self, keys: Sequence[str]) -> None:
        """Take down that works are cited."""
        self._used.update(dict.fromkeys(keys))

    @property
    def added(self) -> dict[str, Item]:
        """The new works that are cited."""
        return {key: item for key, item in self._new.items() if key in self._used}


def described(item: Item) -> str:
    """Describe a work in a line."""
    name = _first_author(item) or "no author"
    return f"{name} {_year(item)}: {item.get('title', '')}".replace("  ", " ")


def _names(item: Item) -> Iterator[str]:
    """Yield what a work is known by, the surest first."""
    if match := _DOI.search(str(item.get("DOI", ""))):
        yield f"doi {match[0].lower().rstrip('.')}"
    pmid = str(item.get("PMID", "")) or "".join(
        _PMID.findall(str(item.get("note", "")))[:1]
    )
    if pmid.isdigit():
        yield f"pmid {pmid}"
    if len(title := _title(item)) >= _LEAST_TITLE:
        yield f"title {title}"


def _title(item: Item) -> str:
    return "".join(
        _WORD.findall(re.sub(r"<[^>]*>", "", str(item.get("title", ""))).lower())
    )


def _year(item: Item) -> str:
    issued = item.get("issued")
    parts = issued.get("date-parts") if isinstance(issued, Mapping) else None
    try:
        return str(parts[0][0])  # type: ignore[index]
    except (TypeError, IndexError, KeyError):
        found = re.search(r"(?:19|20)\d\d", str(issued or ""))
        return found[0] if found else ""


def _are_authors(names: Sequence[str], item: Item, *, et_al: bool) -> bool:
    """Tell whether a work is by people of these names, in this order."""
    families = [_plain(name) for name in _authors(item)]
    wanted = [_plain(name) for name in names]
    if families[: len(wanted)] != wanted:
        return False
    return len(families) > 1 if et_al else len(wanted) == 1 or len(families) == 2


def _plain(name: str) -> str:
    return _KEY.sub("", unicodedata.normalize("NFKD", name).lower())


def _coined(item: Item) -> str:
    """Coin a key such as ``smith2020``."""
    return (_plain(_first_author(item)) or "work") + _year(item)


def _authors(item: Item) -> Iterator[str]:
    """Yield the names by which authors are cited."""
    people = item.get("author")
    for each in people if isinstance(people, list) else []:
        if isinstance(each, Mapping):
            yield str(each.get("family") or each.get("literal") or "")


def _first_author(item: Item) -> str:
    return next(_authors(item), "")


def _cited(
    instructions: str, sources: Mapping[str, Item]
) -> Iterator[tuple[Item, Pinpoint]]:
    """Yield the works that a field says it cites, and where it points in each."""
    if "EN.CITE" in instructions[:40]:
        yield from _endnote(instructions)
    elif match := _WORDS_SOURCE.match(instructions):
        first, *more = _MORE_SOURCES.split(match[2])
        yield sources.get(match[1], {}), of_word(first)
        for label, options in zip(more[::2], more[1::2], strict=True):
            yield sources.get(label, {}), of_word(options)
    else:
        for cited in _csl(instructions):
            item = cited.get("itemData")
            yield item if isinstance(item, Mapping) else {}, of_csl(cited)


def _csl(instructions: str) -> list[Item]:
    if instructions.startswith("MENDELEY_CITATION"):
        packed = instructions.rpartition("_")[2]
        try:
            instructions = base64.b64decode(packed + "==").decode("utf-8", "replace")
        except ValueError:
            return []
    start = instructions.find("{")
    try:
        found, _ = json.JSONDecoder().raw_decode(instructions[max(start, 0) :])
    except (ValueError, RecursionError):
        return []
    cited = found.get("citationItems") if isinstance(found, Mapping) else None
    return [item for item in cited or () if isinstance(item, Mapping)]


def _endnote(instructions: str) -> Iterator[tuple[Item, Pinpoint]]:
    start, end = instructions.find("<EndNote>"), instructions.rfind("</EndNote>")
    root = (
        parsed(instructions[start : end + len("</EndNote>")])
        if 0 <= start < end
        else None
    )
    for cite in () if root is None else root.iter("Cite"):
        record = cite.find("record")
        item: dict[str, Any] = {}
        people = [_all(each) for each in cite.iter("author")]
        year = cite.findtext("Year") or ""
        if record is not None:
            for path, name in _ENDNOTE.items():
                element = record.find(path)
                if element is not None and (text := _all(element)):
                    item.setdefault(name, text)
            year = _text_of(record.find("dates/year")) or year
        if not item.get("PMID", "1").isdigit():
            del item["PMID"]
        names = people or [cite.findtext("Author") or ""]
        item["author"] = [_person(name) for name in names if name]
        if year.isdigit():
            item["issued"] = {"date-parts": [[int(year)]]}
        said = (cite.findtext(name) or "" for name in ("Pages", "Prefix", "Suffix"))
        where, before, after = said
        yield item, pinpoint(where, "page", before, after)


def _text_of(element: etree._Element | None) -> str:
    return "" if element is None else _all(element)


def _all(element: etree._Element) -> str:
    return "".join(map(str, element.itertext())).strip()


def _person(name: str) -> dict[str, str]:
    family, comma, given = name.partition(",")
    return (
        {"family": family.strip(), "given": given.strip()}
        if comma
        else {"family": family.strip()}
    )
