"""What co-authors' copies lost or changed in silence, each with what is right."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from manuscript.word.compare import Merged
from tests.manuscript.word.conftest import FINDING, Letter, changed, of
from tests.manuscript.word.editing import Editor

WORDS = "familiar to every hematologist"
Copy = Callable[[Callable[[Editor], None]], Merged]


@pytest.fixture
def copy(letter: Letter, tmp_path: Path) -> Copy:
    """Edit a copy of the letter, and merge it."""

    def run(edit: Callable[[Editor], None]) -> Merged:
        editor = Editor(letter.path)
        edit(editor)
        return letter.prove(editor.save(tmp_path / "copy.docx"))

    return run


def raised(text: str, sign: str = "superscript") -> str:
    return f'<w:r><w:rPr><w:vertAlign w:val="{sign}"/></w:rPr><w:t>{text}</w:t></w:r>'


def plain(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def field(instructions: str, shown: str) -> str:
    escaped = instructions.replace("&", "&amp;").replace("<", "&lt;")
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText>{escaped}</w:instrText></w:r>"
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{shown}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


@pytest.mark.parametrize(
    ("before", "number", "written"),
    [
        (" at 2.5 × 10", "6", "2.5 × 10^6^"),
        (" per m", "2", "per m^2^"),
        (" by h", "−1", "by h^−1^"),
        (" x", "15", "x^15^"),
    ],
)
def test_a_raised_digit_is_no_citation_and_no_value(
    copy: Copy, before: str, number: str, written: str
) -> None:
    merged = copy(lambda e: e.insert(WORDS, plain(before) + raised(number)))
    [(old, new)] = changed(merged)
    assert written in new
    assert new.count("{python}") == old.count("{python}")
    assert new.count("@") == old.count("@")
    assert not merged.refused


def test_a_raised_number_after_a_word_is_a_citation_that_is_told(copy: Copy) -> None:
    merged = copy(lambda e: e.insert(WORDS, raised("4")))
    [(_, new)] = changed(merged)
    assert f"{WORDS} [@holstein2017];" in new
    assert [n.what for n in of(merged, "look")] == [
        "read as a citation: 4 as [@holstein2017]"
    ]


def test_scripts_of_words_that_stood_there(copy: Copy) -> None:
    sign = '<w:vertAlign w:val="subscript"/>'
    [(_, new)] = changed(copy(lambda e: e.look("every hematologist", sign)))
    assert "to ~every~ ~hematologist~;" in new


ZOTERO = {
    "citationItems": [
        {
            "itemData": {
                "type": "article-journal",
                "title": "Second cancers after lenalidomide",
                "DOI": "10.1000/xyz123",
                "author": [{"family": "Smith", "given": "J"}],
                "issued": {"date-parts": [["2020"]]},
            }
        }
    ]
}


def test_a_new_work_of_zotero_is_offered_for_the_references(
    copy: Copy, letter: Letter
) -> None:
    said = f"ADDIN ZOTERO_ITEM CSL_CITATION {json.dumps(ZOTERO)}"
    merged = copy(lambda e: e.insert(WORDS, field(said, raised("5"))))
    text = merged.new["sections/_opening.qmd"]
    assert f"{WORDS} [@smith2020];" in text
    added = json.loads(merged.new["references.json"])
    known = json.loads(letter.texts["references.json"])
    assert added[:-1] == known
    assert (added[-1]["id"], added[-1]["DOI"]) == ("smith2020", "10.1000/xyz123")
    assert not merged.refused


def test_a_known_work_of_zotero_is_found_by_its_doi(copy: Copy) -> None:
    record = {"citationItems": [{"itemData": {"DOI": "10.1038/S41408-024-01154-Z"}}]}
    said = f"ADDIN ZOTERO_ITEM CSL_CITATION {json.dumps(record)}"
    merged = copy(lambda e: e.insert(WORDS, field(said, raised("5"))))
    assert f"{WORDS} [@morice2024];" in merged.new["sections/_opening.qmd"]
    assert "references.json" not in merged.new


def test_a_field_that_names_no_work_is_refused(copy: Copy) -> None:
    said = "ADDIN EN.CITE <EndNote><Cite><Author>Smith</Author></Cite></EndNote>"
    merged = copy(lambda e: e.insert(WORDS, field(said, plain(" [7]"))))
    assert merged.patch() == ""
    assert "citation of a work that is not known: [7]" in merged.report()


def test_endnote_and_word_name_their_works(copy: Copy) -> None:
    record = (
        "<EndNote><Cite><record><titles><title>Of leukemias after treatment</title>"
        "</titles><dates><year>2019</year></dates></record></Cite></EndNote>"
    )
    said = f"ADDIN EN.CITE {record}"
    merged = copy(lambda e: e.insert(WORDS, field(said, raised("7"))))
    assert "[@work2019]" in merged.new["sections/_opening.qmd"]


def test_symbols_of_fonts_are_letters(copy: Copy) -> None:
    sign = '<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>'
    private = '<w:r><w:rPr><w:rFonts w:ascii="Symbol"/></w:rPr><w:t>\uf0a3</w:t></w:r>'
    [(_, new)] = changed(
        copy(lambda e: e.insert(WORDS, plain(" (dose ") + sign + private + plain("9)")))
    )
    assert "(dose ≥≤9)" in new


def test_a_fraction_is_told(copy: Copy) -> None:
    formula = (
        "<m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num>"
        "<m:den><m:r><m:t>b</m:t></m:r></m:den></m:f></m:oMath>"
    )
    merged = copy(lambda e: e.insert(WORDS, plain(" of ") + formula))
    [(_, new)] = changed(merged)
    assert f"{WORDS} of a/b;" in new
    assert "a formula, written on one line: “a/b”" in merged.report()


BULLET = (
    '<w:p><w:pPr><w:pStyle w:val="ListParagraph"/><w:numPr><w:ilvl w:val="0"/>'
    '<w:numId w:val="1001"/></w:numPr></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>'
)


def test_bullets_are_a_list(copy: Copy) -> None:
    xml = BULLET.format("first point") + BULLET.format("second point")
    merged = copy(lambda e: e.add_xml(FINDING, xml))
    assert "\n\n- first point\n- second point\n" in merged.new["sections/_opening.qmd"]
    assert not merged.refused


def test_a_link_keeps_its_target(copy: Copy) -> None:
    said = 'HYPERLINK "https://www.who.int/a_(b)"'
    merged = copy(
        lambda e: e.insert(WORDS, plain(" (") + field(said, plain("WHO")) + plain(")"))
    )
    [(_, new)] = changed(merged)
    assert "([WHO](https://www.who.int/a_%28b%29))" in new
    assert not merged.refused


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("https://www.who.int/a_b?x=1&amp;y=2", "<https://www.who.int/a_b?x=1&y=2>"),
        ("doi:10.1038/s41408-024-01154-z", "(doi:10.1038/s41408-024-01154-z)"),
    ],
)
def test_addresses_are_typed_as_they_are(copy: Copy, typed: str, written: str) -> None:
    merged = copy(lambda e: e.insert(WORDS, plain(f" ({typed})")))
    [(_, new)] = changed(merged)
    assert written in new
    assert not merged.refused


def test_a_heading_of_a_localised_style(copy: Copy) -> None:
    style_id = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}styleId"

    def edit(editor: Editor) -> None:
        for style in editor.document.styles.element:
            if style.get(style_id) == "Heading2":
                style.set(style_id, "berschrift2")
        editor.add_after(FINDING, "What it means", None)
        editor.restyle("What it means", "berschrift2")

    merged = copy(edit)
    assert "\n\n## What it means\n" in merged.new["sections/_opening.qmd"]


def test_a_heading_made_body_text(copy: Copy) -> None:
    merged = copy(lambda e: e.restyle("Limitations", "BodyText"))
    [(old, new)] = changed(merged)
    assert (old, new) == ("## Limitations", "Limitations")


@pytest.mark.parametrize(
    ("xml", "told"),
    [
        ("<w:strike/>", "struck through"),
        ('<w:u w:val="single"/>', "underlined"),
        ('<w:highlight w:val="yellow"/>', "highlighted"),
        ("<w:caps/>", "in capitals"),
        ("<w:vanish/>", "hidden"),
    ],
)
def test_looks_that_the_sources_cannot_hold_are_told(
    copy: Copy, xml: str, told: str
) -> None:
    merged = copy(lambda e: e.look("every hematologist", xml))
    assert merged.patch() == ""
    [note] = of(merged, "refused")
    assert note.what == f"not carried over: {told}: “every hematologist”"
    assert note.place == "sections/_opening.qmd:7"


def test_a_paragraph_before_the_first_stands_outside_the_notice(copy: Copy) -> None:
    merged = copy(lambda e: e.add_after("This is a reconstruction", "Dear Editor,"))
    text = merged.new["sections/_opening.qmd"]
    assert text.index(":::\n\nDear Editor,") < text.index("To the Editor")


def test_a_figure_that_moved_is_told_once_and_printed_once(copy: Copy) -> None:
    def edit(editor: Editor) -> None:
        caption = editor.paragraph("Risk and incidence of acute")._p
        picture = caption.getprevious()
        target = editor.paragraph("Discussion")._p
        target.addnext(picture)
        picture.addnext(caption)

    merged = copy(edit)
    assert merged.patch() == ""
    assert len(of(merged, "refused")) == 2
    assert all("moved from here" in note.what for note in of(merged, "refused"))


def test_a_sentence_with_values_moves_without_content_controls(copy: Copy) -> None:
    def edit(editor: Editor) -> None:
        editor.without_controls()
        editor.move_after(
            "Morice and colleagues described seven of the 20 cases", FINDING
        )

    merged = copy(edit)
    assert 'v.words("cases.detailed")' in merged.new["sections/_opening.qmd"]
    assert not of(merged, "look")


def test_a_part_of_the_letter_is_a_question(copy: Copy) -> None:
    def edit(editor: Editor) -> None:
        keep = editor.paragraph("The biology lends")._p
        for element in [*editor.document.element.body]:
            if element is not keep and element.tag.endswith("}p"):
                element.getparent().remove(element)

    merged = copy(edit)
    assert merged.patch() == ""
    assert any("missing as a whole" in note.what for note in of(merged, "refused"))


def test_a_moved_paragraph_without_a_place_stays(copy: Copy) -> None:
    def edit(editor: Editor) -> None:
        moved = editor.paragraph(FINDING)._p
        editor.paragraph("Saygin C, Zhang P")._p.addnext(moved)

    merged = copy(edit)
    assert merged.patch() == ""
    assert merged.refused


def test_a_deleted_table_is_one_note(supplement: Letter, tmp_path: Path) -> None:
    editor = Editor(supplement.path)
    table = next(editor.document.element.body.iter("{*}tbl"))
    table.getparent().remove(table)
    merged = supplement.prove(editor.save(tmp_path / "copy.docx"))
    assert merged.patch() == ""
    [note] = of(merged, "refused")
    assert note.what.startswith("deleted from a table: ")


@pytest.mark.long
def test_an_item_between_items_is_an_item(supplement: Letter, tmp_path: Path) -> None:
    editor = Editor(supplement.path)
    editor.add_after(
        "No trial was designed to find ALL", "We know nothing of adherence."
    )
    merged = supplement.prove(editor.save(tmp_path / "copy.docx"))
    [(_, new)] = changed(merged)
    assert new == "- We know nothing of adherence."
    assert not merged.refused
