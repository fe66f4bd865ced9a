"""Authors in full are printed alike in all formats, by the project's own looks."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

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
