"""Every page of a draft says that it is one, whatever file it is sent as."""

import re
import zipfile
from io import BytesIO
from pathlib import Path

import pypandoc
import pypdfium2
import pytest
from pikepdf import Pdf

from manuscript.compose.draft.marking import Note, mark_pages
from manuscript.compose.draft.stamps import stamp

ROOT = Path(__file__).resolve().parents[4]
SAID = "Draft: 2 findings (a \\ b), marked in index.html"


def heads(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    return [page.get_textpage().get_text_bounded() for page in document]


def test_each_page_of_a_pdf_is_stamped_upright_or_turned(tmp_path: Path) -> None:
    path = tmp_path / "index.pdf"
    pages = Pdf.new()
    pages.add_blank_page(page_size=(595, 842))
    pages.add_blank_page(page_size=(842, 595))
    pages.save(path)
    content = path.read_bytes()
    stamp(path, SAID)
    assert [text.strip() for text in heads(path)] == [SAID, SAID]
    stamped = path.read_bytes()
    path.write_bytes(content)
    stamp(path, SAID)
    assert path.read_bytes() == stamped


@pytest.mark.parametrize("reference", ["", "partials/reference.docx"])
def test_word_bears_it_in_the_header_of_each_section(
    tmp_path: Path, reference: str
) -> None:
    path = tmp_path / "index.docx"
    options = [f"--reference-doc={ROOT / reference}"] if reference else []
    pypandoc.convert_text("Words.", "docx", "markdown", options, outputfile=str(path))
    before = _part(path, "word/document.xml")
    stamp(path, SAID)
    with zipfile.ZipFile(path) as found:
        named = [n for n in found.namelist() if "header" in n and "rels" not in n]
        assert named
        assert all(SAID in found.read(name).decode() for name in named)
    after = _part(path, "word/document.xml")
    assert re.findall(r"<w:t\b.*?</w:t>", after) == re.findall(
        r"<w:t\b.*?</w:t>", before
    )
    assert "headerReference" in after
    again = pypandoc.convert_file(str(path), "plain", "docx")
    assert again.strip() == "Words."


def _part(path: Path, name: str) -> str:
    with zipfile.ZipFile(BytesIO(path.read_bytes())) as found:
        return found.read(name).decode()


def test_files_say_where_findings_are_marked(tmp_path: Path) -> None:
    blank = Pdf.new()
    blank.add_blank_page()
    for name in ("index.pdf", "supplement.pdf"):
        blank.save(tmp_path / name)
    (tmp_path / "index.html").write_text("<body><p>Words.</p></body>", "utf-8")
    mark_pages(tmp_path, [Note("a.qmd:1:1: what; mend", "Words.")])
    assert heads(tmp_path / "index.pdf") == ["Draft: 1 finding, marked in index.html"]
    assert heads(tmp_path / "supplement.pdf") == ["Draft: 1 finding"]
