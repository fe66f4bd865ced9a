"""Authors in full are printed alike in all formats, by the project's own looks."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from lxml import html

from tests.manuscript.compose.conftest import build, document_xml, write

PARTIALS = Path(__file__).parents[3] / "partials"
SETTINGS = """project:
  output-dir: _output
filters: [partials/values.lua, partials/title-page.lua]
format:
  html:
    template-partials: [partials/title-block.html]
    css: partials/letter.css
    include-after-body: partials/values.html
  typst:
    citeproc: true
    template-partials: [partials/typst-template.typ, partials/typst-show.typ]
    font-paths: [partials/fonts]
  docx:
    reference-doc: partials/reference.docx
"""
FRONT = """title: Many hands
lang: en
author:
  - name: Ada North
    orcid: 0000-0000-0000-0001
    email: ada@example.org
    corresponding: true
    equal-contributor: true
    roles: [conceptualization, writing]
    affiliations: [{ref: shore}]
  - name: Bo South
    equal-contributor: true
    affiliations:
      - {ref: shore}
      - {name: Harbour Board, department: Charts, city: Southport, country: Utopia}
affiliations:
  - {id: shore, name: Institute of Shores, city: Northport}
abstract: An abstract.
keywords: [tide, shore]
"""
LINES = (
    "Charts, Harbour Board, Southport, Utopia",
    "Institute of Shores, Northport",
    "These authors contributed equally.",
    "Correspondence: Ada North (ada@example.org)",
    "ORCID: Ada North 0000-0000-0000-0001",
    "Contributions: Ada North: conceptualization, writing",
    "Keywords: tide, shore",
    "An abstract.",
)


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("hands")
    shutil.copytree(PARTIALS, root / "partials")
    return build(write(root, "Text of the letter.", FRONT, settings=SETTINGS))


def test_html_prints_all_of_it(output: Path) -> None:
    page = html.document_fromstring((output / "index.html").read_text("utf-8"))
    (header,) = page.xpath("//header[@id='title-block-header']")
    text = " ".join(header.text_content().split())
    assert "Ada North2,†,*, Bo South2,1,†" in text
    for line in LINES:
        assert line in text


def test_word_prints_all_of_it(output: Path) -> None:
    text = " ".join(
        html.fromstring(f"<div>{document_xml(output)[55:]}</div>")
        .text_content()
        .split()
    )
    assert "Ada North2,†,*" in text
    for line in LINES:
        assert line in text
    with zipfile.ZipFile(output / "index.docx") as package:
        properties = [name for name in package.namelist() if "custom" in name]
        for name in properties:
            assert b"by-author" not in package.read(name)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs pdftotext")
def test_the_pdf_prints_all_of_it(output: Path) -> None:
    done = subprocess.run(
        ["pdftotext", str(output / "index.pdf"), "-"], capture_output=True, text=True
    )
    text = " ".join(done.stdout.split())
    for line in LINES:
        assert line in text


def test_front_matter_holds_any_character(tmp_path: Path) -> None:
    title, author = "Pain \N{GRINNING FACE} after", "Ann \N{OLD ITALIC LETTER A}"
    front = f"title: {title}\nauthor: {author}\n"
    output = build(write(tmp_path, "Text.", front), "html", "docx")
    page = (output / "index.html").read_text("utf-8")
    assert title in page
    assert author in page
    assert title in document_xml(output)


@pytest.mark.parametrize("front", ["lang: en\n", "title:\n", 'title: " "\n'])
def test_a_document_without_title_comes_in_every_format(
    tmp_path: Path, front: str
) -> None:
    shutil.copytree(PARTIALS, tmp_path / "partials")
    output = build(write(tmp_path, "# Tides & more\n\nText.", front, settings=SETTINGS))
    page = (output / "index.html").read_text("utf-8")
    assert "<title>Tides &amp; more</title>" in page
    assert '<h1 class="title">' not in page
    with pdfium.PdfDocument(output / "index.pdf") as pdf:
        assert pdf.get_metadata_value("Title") == "Tides & more"


@pytest.mark.parametrize("given", ["[a, b]", "{a: b}"])
def test_a_title_that_is_no_text_is_refused(
    refused: Callable[..., str], given: str
) -> None:
    assert "index.qmd:2: `title` is" in refused("Text.", f"title: {given}\n")


def test_a_day_that_is_none_is_refused_with_its_line(
    refused: Callable[..., str],
) -> None:
    said = refused("Text.", "title: T\ndate: 2026-13-45\n")
    assert said.startswith("index.qmd:3: date `2026-13-45` is not supported")
