"""What a Word file's text points at: addresses, pictures, sources, margins."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from manuscript.word.package.parts import NAMESPACES, Package, tag

_RELATIONS: Final = "word/_rels/{}.rels"
_OUTSIDE: Final = ("https://", "http://", "mailto:")
_SOURCE_PARTS: Final = re.compile(r"^customXml/item\d+\.xml$")
_MARGIN_PARTS: Final = re.compile(r"^word/(?:header|footer)\d*\.xml$")
_CSL: Final = {
    "Title": "title",
    "JournalName": "container-title",
    "BookTitle": "container-title",
    "Volume": "volume",
    "Issue": "issue",
    "Pages": "page",
    "Publisher": "publisher",
    "DOI": "DOI",
    "URL": "URL",
}
_KINDS: Final = {
    "JournalArticle": "article-journal",
    "ArticleInAPeriodical": "article-journal",
    "Book": "book",
    "BookSection": "chapter",
    "Report": "report",
    "InternetSite": "webpage",
}


class Relations:
    """Targets of the relationships of a part.

    Parameters
    ----------
    package : Package
    part : str
        Such as ``document.xml``.
    """

    def __init__(self, package: Package, part: str) -> None:
        self._package = package
        root = package.xml(_RELATIONS.format(part))
        self._targets = {
            each.get("Id", ""): each.get("Target", "")
            for each in (() if root is None else root)
        }
        self._digests: dict[str, str] = {}
        self.contents: dict[str, bytes] = {}

    def address(self, identity: str) -> str:
        """Return an address on the web; empty for other targets."""
        target = self._targets.get(identity, "")
        return target if target.lower().startswith(_OUTSIDE) else ""

    def part(self, identity: str) -> str:
        """Return the name that a target has, or would have, as a part of the file."""
        target = self._targets.get(identity, "")
        return posixpath.normpath(posixpath.join("word", target)).lstrip("/")

    def picture(self, identity: str) -> str:
        """Return the digest of a picture; empty where it lies outside the file."""
        if identity not in self._digests:
            content = self._package.parts.get(self.part(identity))
            digest = hashlib.sha256(content).hexdigest() if content else ""
            self._digests[identity] = digest
            self.contents[digest] = content or b""
        return self._digests[identity]


def margins(package: Package) -> Iterator[str]:
    """Yield the texts of headers and footers, without fields and numbers."""
    for name in sorted(package.parts):
        if _MARGIN_PARTS.match(name) and (root := package.xml(name)) is not None:
            for paragraph in root.iter(tag("w:p")):
                words = "".join(_typed(paragraph))
                if shown := " ".join(re.sub(r"\d+", "", words).split()):
                    yield shown


def _typed(paragraph: etree._Element) -> Iterator[str]:
    """Yield texts that are no result of a field."""
    simple = paragraph.iter(tag("w:fldSimple"))
    computed = {each for field in simple for each in field.iter(tag("w:t"))}
    depth = 0
    for each in paragraph.iter(tag("w:t"), tag("w:fldChar")):
        kind = each.get(tag("w:fldCharType"))
        depth += {"begin": 1, "end": -1}.get(str(kind), 0)
        if kind is None and not depth and each not in computed:
            yield each.text or ""


def sources(package: Package) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield the sources that Word itself manages, as CSL items by their tags."""
    for name in package.parts:
        if not _SOURCE_PARTS.match(name):
            continue
        root = package.xml(name)
        if root is None or root.tag != tag("b:Sources"):
            continue
        for source in root.iterchildren(tag("b:Source")):
            found = {
                etree.QName(each).localname: (each.text or "").strip()
                for each in source
                if isinstance(each.tag, str)
            }
            item: dict[str, object] = {
                "type": _KINDS.get(found.get("SourceType", ""), "article")
            }
            item |= {
                _CSL[key]: text for key, text in found.items() if key in _CSL and text
            }
            if re.fullmatch(r"\d{4}", found.get("Year", "")):
                item["issued"] = {"date-parts": [[int(found["Year"])]]}
            people = [
                {
                    "family": _text(person, "b:Last"),
                    "given": _text(person, "b:First"),
                }
                for person in source.iterfind(
                    "b:Author/b:Author/b:NameList/b:Person", {"b": NAMESPACES["b"]}
                )
            ]
            if people:
                item["author"] = people
            if label := found.get("Tag"):
                yield label, item


def _text(element: etree._Element, name: str) -> str:
    return "".join(str(each.text or "") for each in element.iterchildren(tag(name)))
