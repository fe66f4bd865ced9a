"""What a production editor asks of JATS that pandoc has no words for.

The list of references in the order in which they are printed, each with its label;
the journal by its names; a conflict statement as one; what supplements the article
and what it comments on. Tags follow JATS4R (https://jats4r.org).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any, Final

from lxml import etree

from manuscript.source import Journal

XLINK: Final = "http://www.w3.org/1999/xlink"
_HREF: Final = f"{{{XLINK}}}href"
_TYPES: Final = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html",
}
# Sections that JATS has elements of their own or kinds for, by what titles hold.
_CONFLICTS: Final = ("competing interest", "conflict of interest")
_DATA: Final = ("data availability", "data and code availability")
_THANKS: Final = ("acknowledgment", "acknowledgement")
# What must follow related articles in the head of an article (JATS 1.2).
_AFTER_RELATED: Final = (
    *("abstract", "trans-abstract", "kwd-group", "funding-group", "support-group"),
    *("conference", "counts", "custom-meta-group"),
)


def number_references(root: Any, cited: Iterable[str]) -> None:
    """Put references in the order in which they are printed, each with its label.

    Parameters
    ----------
    root : lxml element
        An article; changed in its place.
    cited : iterable of str
        Keys of works in the order of citation, which tells those within a printed
        range, such as 12–14, that bear no number of their own.
    """
    references = root.find(".//back//ref-list")
    if references is None:
        return
    entries = {entry.get("id"): entry for entry in references.iterfind("ref")}
    printed: dict[str, int] = {}
    for link in root.iterfind(".//xref[@ref-type='bibr']"):
        text = "".join(link.itertext()).strip()
        if text.isdecimal():
            printed.setdefault(link.get("rid"), int(text))
    order = dict.fromkeys([f"ref-{key}" for key in cited if f"ref-{key}" in entries])
    free = iter(sorted(set(range(1, len(entries) + 1)) - set(printed.values())))
    for name in [*order, *entries]:
        if name not in printed:
            printed[name] = next(free)
    for name in sorted(entries, key=lambda each: printed[each]):
        entry = entries[name]
        label = etree.Element("label")
        label.text = str(printed[name])
        entry.insert(0, label)
        references.append(entry)


def tidy(root: Any) -> None:
    """Tag what pandoc leaves bare: et al., addresses, pages and boxes.

    Parameters
    ----------
    root : lxml element
    """
    for group in root.iterfind(".//person-group"):
        for name in [*group]:
            if "".join(name.itertext()).strip().rstrip(".") == "et al":
                _replace(name, etree.Element("etal"))
    for uri in [*root.iterfind(".//uri")]:
        link = etree.Element("ext-link", {"ext-link-type": "uri", _HREF: uri.text})
        link.text = uri.text
        entry = uri.getparent()
        title = "" if entry is None else entry.findtext("article-title", "")
        link.set(f"{{{XLINK}}}title", title or "The work on the web")
        _replace(uri, link)
    for empty in [*root.iterfind(".//element-citation/lpage")]:
        if not empty.text:
            empty.getparent().remove(empty)
    for abstract in root.iterfind(".//abstract"):
        if (abstract.text or "").strip():
            text = etree.Element("p")
            text.text, abstract.text = abstract.text, None
            text.extend([*abstract])
            abstract.append(text)
    numbers = count(1)
    for box in root.iterfind(".//boxed-text"):
        if box.get("id") is None:
            box.set("id", f"box-{next(numbers)}")


def name_journal(root: Any, journal: Journal) -> None:
    """Write the journal into the head of an article.

    Parameters
    ----------
    root : lxml element
    journal : Journal
    """
    meta = root.find("front/journal-meta")
    if meta is None:
        return
    for child in [*meta]:
        meta.remove(child)
    for kind in ("nlm-ta", "iso-abbrev"):
        if "abbreviation" in journal.identity:
            name = etree.SubElement(meta, "journal-id", {"journal-id-type": kind})
            name.text = journal.identity["abbreviation"]
    if "abbreviation" not in journal.identity:
        etree.SubElement(meta, "journal-id").text = journal.name
    titles = etree.SubElement(meta, "journal-title-group")
    etree.SubElement(titles, "journal-title").text = journal.name
    for key, form in (("issn-print", "print"), ("issn", "electronic")):
        if key in journal.identity:
            number = etree.SubElement(meta, "issn", {"publication-format": form})
            number.text = journal.identity[key]
    if meta.find("issn") is None:
        etree.SubElement(meta, "issn")
    if "publisher" in journal.identity:
        publisher = etree.SubElement(meta, "publisher")
        name = etree.SubElement(publisher, "publisher-name")
        name.text = journal.identity["publisher"]


def state(root: Any) -> None:
    """Tag the closing statements as what they state.

    Parameters
    ----------
    root : lxml element
    """
    back = root.find("back")
    for section in [*root.iterfind("body//sec")]:
        title = " ".join(section.findtext("title", "").lower().split())
        if title.startswith(_CONFLICTS):
            notes = _author_notes(root)
            note = etree.SubElement(notes, "fn", {"fn-type": "coi-statement"})
            note.set("id", section.get("id") or "competing-interests")
            note.extend(section.findall("p"))
            section.getparent().remove(section)
        elif title.startswith(_DATA) and back is not None:
            section.set("sec-type", "data-availability")
            last = back.find("ref-list")
            back.append(section) if last is None else last.addprevious(section)
        elif title.startswith(_THANKS) and back is not None:
            thanks = etree.Element("ack")
            thanks.extend([*section])
            back.insert(0, thanks)
            section.getparent().remove(section)


def _author_notes(root: Any) -> Any:
    meta = root.find("front/article-meta")
    notes = meta.find("author-notes")
    if notes is None:
        notes = etree.Element("author-notes")
        before = [*meta.iterfind("contrib-group"), *meta.iterfind("title-group")]
        before[0].addnext(notes)
    return notes


def relate(root: Any, supplements: Sequence[tuple[str, str]], original: str) -> None:
    """Name the files that supplement an article, and the work that it comments on.

    Parameters
    ----------
    root : lxml element
    supplements : sequence of (str, str)
        Title and file of each.
    original : str
        DOI of the work; empty for none.
    """
    meta = root.find("front/article-meta")
    for number, (title, file) in enumerate(supplements, start=1):
        item = etree.Element("supplementary-material", id=f"supplement-{number}")
        item.set(_HREF, file)
        kind, _, subtype = _TYPES[file.rpartition(".")[2]].partition("/")
        item.set("mimetype", kind)
        item.set("mime-subtype", subtype)
        caption = etree.SubElement(item, "caption")
        etree.SubElement(caption, "title").text = title
        _before(meta, item, ("history", "pub-history", "permissions", "self-uri"))
    if original:
        work = etree.Element("related-article", id="original")
        work.set("related-article-type", "commentary-article")
        work.set("ext-link-type", "doi")
        work.set(_HREF, original)
        _before(meta, work, ())


def _before(meta: Any, element: Any, names: tuple[str, ...]) -> None:
    for child in meta:
        if child.tag in (*names, *_AFTER_RELATED):
            child.addprevious(element)
            return
    meta.append(element)


def _replace(old: Any, new: Any) -> None:
    new.tail = old.tail
    old.getparent().replace(old, new)


def original_of(citation: Mapping[str, Any]) -> str:
    """DOI of the work that ``CITATION.cff`` names first; empty for none."""
    works = citation.get("references") or [{}]
    return str(works[0].get("doi", ""))
