"""Papers of every kind say the same to the recomputation."""

from __future__ import annotations

import docx
import pytest
from lxml import etree

from manuscript.check.papers import Paper, judge, markdown, pdf, word
from manuscript.check.papers import html as html_reader
from manuscript.check.papers.paper import raised, tidy
from manuscript.check.vocabulary import Words
from manuscript.errors import ManuscriptError
from tests.manuscript.check.papers.made import small_pdf

WRONG = "OR 2.50 (95% CI 1.02–6.13), P = 0.30"


def rules(paper: Paper) -> list[tuple[int, str]]:
    _, found = judge(paper, Words.of(None))
    return [(each.place, each.rule) for each in found]


def html(text: str) -> Paper:
    return Paper(
        "a.html", "line", tuple(html_reader.paragraphs(text.encode(), "a.html"))
    )


def test_html_is_read_by_its_blocks() -> None:
    page = (
        "<html><head><title>1 of 0 (50%)</title><style>p{width:9%}</style></head>\n"
        "<body><p>The <i>OR</i> was <b>2.50</b> (95%&nbsp;CI 1.02&ndash;6.13),\n"
        "<i>P</i>&thinsp;=&thinsp;0.30<sup>1,2</sup>.</p>\n"
        "<table><tr><td>5 of 200</td><td>(9%)</td></tr>\n"
        "<tr><td>6/100 (7%)</td></tr></table><p>In 20<sup>5</sup> of 30 it was.</p>"
        "<p>I<sup>2</sup> = 0%, <i>P</i> = 0.04</p></body></html>"
    )
    assert rules(html(page)) == [(2, "p"), (5, "percent"), (5, "heterogeneity")]


def test_a_table_of_html_keeps_its_cells_apart() -> None:
    page = "<table><tr><td>1 of 2</td><td>0 (9%)</td></tr></table>"
    (row,) = html(page).paragraphs
    assert row.text.strip(" |") == "1 of 2 | 0 (9%)"


def test_word_is_read_with_its_changes_accepted() -> None:
    document = docx.Document()
    document.add_paragraph("Heading")
    paragraph = document.add_paragraph("OR 2.50 (95% CI 1.02–6.13), ")
    paragraph.add_run("P").italic = True
    paragraph.add_run(" = 0.30")
    paragraph.add_run("12").font.superscript = True
    cells = document.add_table(1, 2).rows[0].cells
    cells[0].text, cells[1].text = "6/100 (7%)", "3 of 4 (75%)"
    root = etree.fromstring(etree.tostring(document.element))
    paper = Paper("a.docx", "paragraph", tuple(word.paragraphs([root])))
    assert rules(paper) == [(2, "p"), (3, "percent")]


def test_deleted_text_of_word_is_not_read() -> None:
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    root = etree.fromstring(
        f'<w:body xmlns:w="{w}"><w:p><w:r><w:t>5 of 200 (</w:t></w:r>'
        "<w:del><w:r><w:delText>9</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>2.5</w:t></w:r></w:ins><w:r><w:t>%)</w:t></w:r></w:p></w:body>"
    )
    (paragraph,) = word.paragraphs([root])
    assert paragraph.text == "5 of 200 (2.5%)"


def test_markdown_is_read_without_its_markup() -> None:
    text = (
        "---\ntitle: 5 of 4 (9%)\n---\n\n# 5 of 200 (9%)\n\nThe OR was **2.50**\n"
        "(95% CI 1.02–6.13),\n*P* = 0.30 &amp; more.\n\n<!-- 5 of 200 (9%) -->\n\n"
        "| a | 6/100 (7%) |\n\nP &lt; 0.000\n"
    )
    paper = Paper("a.md", "line", tuple(markdown.paragraphs(text)))
    assert rules(paper) == [(5, "percent"), (7, "p"), (13, "percent"), (15, "p-range")]


def test_plain_text_is_read_by_its_lines() -> None:
    text = "Title\n\nThe OR was 2.50\n(95% CI 1.02–6.13),\nP = 0.30.\n6/100 (7%)\n"
    paper = Paper("a.txt", "line", tuple(markdown.plain_paragraphs(text)))
    assert rules(paper) == [(3, "p"), (6, "percent")]


def test_pdf_is_read_by_its_pages() -> None:
    content = small_pdf(["It was 1 of 2 (50%).", WRONG.replace("–", "-")])
    paper = Paper("a.pdf", "page", tuple(pdf.paragraphs(content, "a.pdf")))
    assert rules(paper) == [(2, "p")]


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 broken", small_pdf([""])])
def test_a_pdf_that_cannot_be_read_is_refused(content: bytes) -> None:
    with pytest.raises(ManuscriptError, match=r"a\.pdf: it "):
        list(pdf.paragraphs(content, "a.pdf"))


def test_raised_numbers_are_exponents_or_citations() -> None:
    assert raised("I", "2") == "²"
    assert raised("χ", "2") == "²"
    assert raised("10", "−5") == "^-5"
    assert raised("in 20", "1,2") == ""
    assert raised("the 5", "th") == "th"
    assert tidy("con\N{SOFT HYPHEN}fi\n dence") == "confi dence"


def test_addresses_and_entities_are_found() -> None:
    page = "<p>See https://doi.org/https://doi.org/10.1000/1; A &amp;amp; B.</p>"
    assert rules(html(page)) == [(1, "doi"), (1, "entity")]


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b"<p>\x00</p>", b"<?xml version='1.0'?><p>1</p>"]
)
def test_bytes_of_any_kind_are_read_or_refused(content: bytes) -> None:
    try:
        paragraphs = list(html_reader.paragraphs(content, "a.html"))
    except ManuscriptError:
        return
    assert all(isinstance(each.text, str) for each in paragraphs)


@pytest.mark.parametrize(
    ("read", "joined"),
    [
        ("second can\ufffecers", "second cancers"),
        ("pages 12\ufffe15", "pages 12- 15"),
        ("one\r\nline", "one line"),
    ],
)
def test_lines_of_a_pdf_are_joined_as_they_read(read: str, joined: str) -> None:
    assert pdf._joined(read).split() == joined.split()
