"""The letter as JATS XML, as publishers and archives take it in.

pandoc writes the text and the references (Journal Publishing 1.2); what it has no
words for is put in afterwards: numbers of figures and tables, kinds of reference,
authors who are a group. Journal, volume and pages are the publisher's to fill in.
"""

from __future__ import annotations

import json
from typing import Any

from lxml import etree

from manuscript.bundle import production
from manuscript.bundle.authors import contributors
from manuscript.bundle.described.licenses import License
from manuscript.compose import Article, Node, link, page_links, pandoc, write
from manuscript.source import Study, journal
from manuscript.values import temporary_folder

_WRITER = "jats_publishing+element_citations"
_CELLS = {"cell", "cell-output"}


def build(article: Article, figures: dict[str, str]) -> bytes:
    """Write an article as JATS.

    Parameters
    ----------
    article : Article
    figures : dict
        Where the file of each figure lies, seen from the XML, by label.

    Returns
    -------
    bytes
    """
    with temporary_folder() as scratch:
        metadata = scratch / "jats.json"
        metadata.write_text(json.dumps(_metadata(article)), "utf-8")
        text = write(
            article,
            _WRITER,
            lambda element: _change(article, element, figures),
            scratch,
            ["--metadata-file", str(metadata)],
        )
    root = etree.fromstring(text.encode())
    _name_floats(article, root)
    production.number_references(root, pandoc.cited(article.blocks))
    production.tidy(root)
    production.state(root)
    _surround(article, root)
    _name_groups(root)
    values = article.for_templates("html")
    contributors(root, values.get("by-author", ()))
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8")


def _surround(article: Article, root: Any) -> None:
    """Name the journal, the supplements and the original."""
    folder = article.project.root
    if (folder / journal.ACTIVE).is_file():
        production.name_journal(root, journal.load(folder))
    supplements = [
        (str(document.front_matter.values.get("title", "")), f"{document.stem}.pdf")
        for document in article.project.documents
        if document.front_matter.values.get("supplement")
    ]
    original = production.original_of(page_links.citation(folder))
    production.relate(root, supplements, original)


def _metadata(article: Article) -> dict[str, Any]:
    date = str(article.metadata("html").get("date", ""))
    names = ("year", "month", "day")
    made = {
        "type": "created",
        "iso-8601": date,
        **dict(zip(names, date.split("-"), strict=False)),
    }
    extra: dict[str, Any] = {"article": {"type": "letter"}}
    license_ = License(Study.load(article.project.root).licenses[0])
    if license_:
        stated = {
            "link": license_.address,
            "text": f"Text, figures and data: {license_.title}.",
        }
        opened = {"type": "open-access"} if license_.is_open else {}
        extra["license"] = [stated | opened]
    return extra | ({"date": made} if date else {})


def _change(
    article: Article, element: Node, figures: dict[str, str]
) -> Node | list[Node] | None:
    match element["t"]:
        case "Float":
            return _float(element["c"], figures)
        case "Ref":
            return link(element["c"])
        case "Image" if picture := article.picture(element):
            alt = pandoc.words(picture.alt)
            target = [f"../source/{picture.path}", ""]
            return {"t": "Image", "c": [["", [], []], alt, target]}
        case "Image":
            name, figure = article.figure(element)
            alt = pandoc.words(figure.alt)
            return {"t": "Image", "c": [["", [], []], alt, [name, ""]]}
        case "Div" if _CELLS & set(element["c"][0][1]):
            blocks: list[Node] = element["c"][1]
            return blocks
    return None


def _float(content: Node, figures: dict[str, str]) -> Node | list[Node]:
    caption = [None, [{"t": "Para", "c": content["caption"]}]]
    blocks: list[Node] = content["content"]
    for block in blocks:
        if block["t"] == "Table":
            block["c"][0][0] = content["id"]
            block["c"][1] = caption
            return blocks
    for image in pandoc.elements(blocks, "Image"):
        image["c"][2][0] = figures.get(content["id"], image["c"][2][0])
    return {"t": "Figure", "c": [[content["id"], [], []], caption, blocks]}


def _name_floats(article: Article, root: Any) -> None:
    for element in pandoc.elements(article.blocks, "Float"):
        content, identifier = element["c"], element["c"]["id"]
        kind = article.kinds[content["kind"]]
        for element in root.iterfind(f".//*[@id='{identifier}']"):
            label = etree.Element("label")
            label.text = kind.name(content["number"])
            element.insert(0, label)
        role = "table" if kind.caption == "top" else "fig"
        for reference in root.iterfind(f".//xref[@rid='{identifier}']"):
            reference.set("ref-type", role)


def _name_groups(root: Any) -> None:
    """Call authors without a surname what JATS calls groups."""
    for contributor in root.iterfind(".//contrib"):
        for name in contributor.iterfind("string-name"):
            name.tag = "collab"
