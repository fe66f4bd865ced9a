"""Citations that a co-author typed or brought along, and pictures."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from docx.text.paragraph import Paragraph
from PIL import Image

from manuscript.word.compare import Merged
from tests.manuscript.word.conftest import FINDING, Letter, changed, of
from tests.manuscript.word.editing import Editor, elements
from tests.manuscript.word.test_cases import WORDS, field, plain, raised


def inserted(letter: Letter, folder: Path, xml: str) -> tuple[str, Merged]:
    """Set elements in after the words; returns what follows them in the sources."""
    editor = Editor(letter.path)
    editor.insert(WORDS, xml)
    merged = letter.prove(editor.save(folder / "copy.docx"))
    [(_, new)] = changed(merged)
    return new.partition(WORDS)[2].partition("; acute")[0], merged


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        (" [5]", " [@zorzela2016]"),
        (" [3, 5–6]", " [@jones2023; @zorzela2016; @morton2018]"),
        (" (Jones 2023)", " [@jones2023]"),
        (
            " (Jones et al., 2023; Holstein et al. 2017)",
            " [@jones2023; @holstein2017]",
        ),
        (" [@jones2023]", " [@jones2023]"),
    ],
)
def test_typed_citations_are_read_where_they_are_sure(
    letter: Letter, tmp_path: Path, typed: str, written: str
) -> None:
    found, merged = inserted(letter, tmp_path, plain(typed))
    assert found == written
    [note] = of(merged, "look")
    assert note.what == f"read as a citation: {typed.strip()} as {written.strip()}"
    assert not merged.refused


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (" range [3, 4]", "[3, 4]"),
        (" (Nobody 2020)", "(Nobody 2020)"),
        (" [@nobody]", "[@nobody]"),
        (" [99]", "[99]"),
        (" (5)", "(5)"),
        (" 3,4", "3,4"),
        (" 3–6", "3–6"),
        ("3,4", "3,4"),
    ],
)
def test_what_may_cite_is_set_in_and_told(
    letter: Letter, tmp_path: Path, typed: str, told: str
) -> None:
    _, merged = inserted(letter, tmp_path, plain(typed))
    said = [note.what for note in of(merged, "look")]
    assert f"set in as typed, perhaps a citation: {told}" in said


def zotero(**more: str) -> str:
    cited = {"itemData": {"DOI": "10.1038/S41408-024-01154-Z"}, **more}
    said = f"ADDIN ZOTERO_ITEM CSL_CITATION {json.dumps({'citationItems': [cited]})}"
    return field(said, raised("1"))


def test_a_page_of_a_reference_manager_stands_in_the_brackets(
    letter: Letter, tmp_path: Path
) -> None:
    found, merged = inserted(letter, tmp_path, zotero(locator="12-14", label="page"))
    assert found == " [@morice2024, pp. 12-14]"
    assert not merged.refused


def test_words_around_a_citation_are_told(letter: Letter, tmp_path: Path) -> None:
    _, merged = inserted(letter, tmp_path, zotero(prefix="see "))
    [note] = of(merged, "refused")
    assert note.what == "not carried over: “see” before the citation of @morice2024"


def test_a_page_given_to_a_citation_that_stood_there_is_told(
    letter: Letter, tmp_path: Path
) -> None:
    editor = Editor(letter.path)
    element = editor.paragraph("Second cancers have accompanied")._p
    [link] = element.xpath(".//w:hyperlink[@w:anchor='ref-palumbo2014lo']")
    known = json.loads(letter.texts["references.json"])
    [work] = [each for each in known if each["id"] == "palumbo2014lo"]
    record = {"itemData": work, "locator": "9"}
    said = f"ADDIN ZOTERO_ITEM CSL_CITATION {json.dumps({'citationItems': [record]})}"
    for new in elements(field(said, raised("2"))):
        link.addprevious(new)
    link.getparent().remove(link)
    merged = letter.prove(editor.save(tmp_path / "copy.docx"))
    assert merged.patch() == ""
    assert [note.what for note in of(merged, "refused")] == [
        "not carried over: p. 9 of @palumbo2014lo"
    ]


@pytest.mark.parametrize("words", ["", " See:"])
def test_a_new_picture_is_one_note(letter: Letter, tmp_path: Path, words: str) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(picture, "PNG")
    editor = Editor(letter.path)
    if words:
        paragraph = editor.paragraph(FINDING)
        paragraph.add_run(words)
    else:
        editor.add_after(FINDING, "")
        element = editor.paragraph(FINDING)._p.getnext()
        paragraph = Paragraph(element, editor.document._body)
    paragraph.add_run().add_picture(io.BytesIO(picture.getvalue()))
    merged = letter.prove(editor.save(tmp_path / "copy.docx"))
    [note] = of(merged, "refused")
    assert note.what == "new picture"
    assert "alternative text" in note.mend
