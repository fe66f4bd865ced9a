"""JATS as a production editor takes it: order, labels, statements, relations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from manuscript.bundle import jats, production
from manuscript.bundle.production import XLINK
from manuscript.compose.formats.article import compose
from manuscript.errors import ManuscriptError
from manuscript.execute.cells import Execution, Options
from manuscript.source import journal
from tests.manuscript.compose.conftest import write

ROOT = Path(__file__).parents[3]
HREF = f"{{{XLINK}}}href"
BODY = """First.

## Competing interests

None.

## Data and code availability

In the bundle.

## Acknowledgments

We thank all.
"""


def made(folder: Path, body: str = BODY, front: str = "title: T\n") -> Any:
    project = write(folder, body, front)
    (document,) = project.documents
    article = compose(project, document, Execution((), {}), Options())
    return etree.fromstring(jats.build(article, {}))


def listed(*names: str, links: tuple[tuple[str, str], ...]) -> Any:
    root = etree.Element("article")
    body = etree.SubElement(root, "body")
    for name, text in links:
        link = etree.SubElement(body, "xref", {"ref-type": "bibr", "rid": name})
        link.text = text
    references = etree.SubElement(etree.SubElement(root, "back"), "ref-list")
    etree.SubElement(references, "title")
    for name in names:
        etree.SubElement(references, "ref", id=name)
    return root


def test_references_stand_as_they_are_numbered_those_within_a_range_too() -> None:
    # printed as 1 and 2-4: no number of its own for c
    links = (("ref-d", "1"), ("ref-b", "2"), ("ref-a", "4"))
    root = listed("ref-a", "ref-b", "ref-c", "ref-d", links=links)
    production.number_references(root, ["d", "b", "c", "a", "d"])
    entries = root.findall(".//ref")
    assert [entry.get("id") for entry in entries] == [
        *("ref-d", "ref-b", "ref-c", "ref-a")
    ]
    assert [entry.findtext("label") for entry in entries] == ["1", "2", "3", "4"]


def test_statements_are_tagged_as_what_they_state(tmp_path: Path) -> None:
    root = made(tmp_path)
    note = root.find("front/article-meta/author-notes/fn")
    assert note.get("fn-type") == "coi-statement"
    assert "".join(note.itertext()).strip() == "None."
    assert root.findtext("back/ack/p") == "We thank all."
    data = root.find("back/sec")
    assert data.get("sec-type") == "data-availability"
    assert [*root.iterfind("body//sec")] == []


def test_an_abstract_is_of_paragraphs(tmp_path: Path) -> None:
    root = made(tmp_path, "Text.", "title: T\nabstract: Short.\n")
    assert root.findtext(".//abstract/p").strip() == "Short."


def test_addresses_and_others_are_tagged_and_boxes_have_names() -> None:
    text = """<article><body><boxed-text/><boxed-text id="x"/></body><back><ref-list>
    <ref id="r"><element-citation><person-group><name><surname>A</surname></name>
    <string-name>et al.</string-name></person-group><article-title>On it</article-title>
    <uri>https://example.org/1</uri><fpage>1</fpage><lpage/></element-citation></ref>
    </ref-list></back></article>"""
    root = etree.fromstring(text)
    production.tidy(root)
    assert [child.tag for child in root.find(".//person-group")] == ["name", "etal"]
    link = root.find(".//ext-link")
    assert link.get(HREF) == "https://example.org/1"
    assert link.get(f"{{{XLINK}}}title") == "On it"
    assert root.find(".//uri") is None
    assert root.find(".//lpage") is None
    assert [box.get("id") for box in root.iter("boxed-text")] == ["box-1", "x"]


def test_the_journal_is_named_by_its_profile() -> None:
    root = etree.fromstring("<article><front><journal-meta/></front></article>")
    production.name_journal(root, journal.load(ROOT))
    meta = root.find("front/journal-meta")
    assert meta.findtext("journal-id[@journal-id-type='nlm-ta']") == "Blood Cancer J"
    assert meta.findtext("issn") == "2044-5385"


def test_supplements_and_the_original_are_named(tmp_path: Path) -> None:
    root = made(tmp_path)
    production.relate(root, [("More", "more.pdf")], "10.1/x")
    item = root.find("front/article-meta/supplementary-material")
    assert (item.get(HREF), item.get("mime-subtype")) == ("more.pdf", "pdf")
    assert item.findtext("caption/title") == "More"
    work = root.find("front/article-meta/related-article")
    assert work.get(HREF) == "10.1/x"
    assert work.get("related-article-type") == "commentary-article"


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("issn: 1234", "`identity.issn` is `1234`"),
        ("isbn: x", "`identity.isbn` is nothing that a journal is known by"),
    ],
)
def test_an_identity_that_is_none_is_refused(
    tmp_path: Path, line: str, what: str
) -> None:
    (tmp_path / "partials").mkdir()
    style = tmp_path / "partials" / "letter.csl"
    style.write_bytes((ROOT / "partials" / "letter.csl").read_bytes())
    text = (ROOT / "journal.yml").read_text("utf-8")
    text = text.replace("  issn: 2044-5385", f"  {line}")
    (tmp_path / "journal.yml").write_text(text, "utf-8")
    with pytest.raises(ManuscriptError) as refused:
        journal.load(tmp_path)
    assert refused.value.what.startswith(what)
