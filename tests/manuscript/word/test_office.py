"""The commonest edits of co-authors, in copies that LibreOffice saved, twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from docx.oxml.ns import qn
from lxml import etree

from manuscript.word.compare import Merged
from manuscript.word.package import read_document
from tests.manuscript.word.conftest import Letter, Office, of
from tests.manuscript.word.editing import Editor, elements
from tests.manuscript.word.oracle import silent
from tests.manuscript.word.test_cases import field, plain, raised

_WORD: Final = "docx:MS Word 2007 XML"
Edit = Callable[[Editor], None]


def reword(old: str, new: str) -> Edit:
    return lambda editor: editor.replace(old, new)


def insert(after: str, xml: str) -> Edit:
    return lambda editor: editor.insert(after, xml)


def look(words: str, xml: str) -> Edit:
    return lambda editor: editor.look(words, xml)


def tracked(old: str, new: str) -> Edit:
    def edit(editor: Editor) -> None:
        editor.tracked = True
        editor.replace(old, new)
        editor.tracked = False

    return edit


def split(before: str) -> Edit:
    """Press enter before words."""

    def edit(editor: Editor) -> None:
        editor.insert(before, "<w:r><w:t>%%</w:t></w:r>")
        paragraph = editor.paragraph("%%")._p
        [mark] = [run for run in paragraph.iter(qn("w:r")) if _text(run) == "%%"]
        new = etree.SubElement(paragraph.getparent(), qn("w:p"))
        if (properties := paragraph.find(qn("w:pPr"))) is not None:
            new.append(elements(etree.tostring(properties).decode())[0])
        new.extend(list(mark.itersiblings()))
        paragraph.remove(mark)
        paragraph.addnext(new)

    return edit


def join(words: str) -> Edit:
    """Take out the end of a paragraph."""

    def edit(editor: Editor) -> None:
        paragraph = editor.paragraph(words)._p
        following = paragraph.getnext()
        paragraph.extend(elements(plain(" ")))
        paragraph.extend(
            [each for each in following if each.tag != qn("w:pPr")],
        )
        following.getparent().remove(following)

    return edit


def heading(after: str, words: str) -> Edit:
    def edit(editor: Editor) -> None:
        editor.add_after(after, words)
        editor.restyle(words, "Heading2")

    return edit


def move_citation(anchor: str, after: str) -> Edit:
    def edit(editor: Editor) -> None:
        [link] = editor.document.element.body.xpath(
            f".//w:hyperlink[@w:anchor='{anchor}'][not(ancestor::w:p[.//w:bookmarkStart"
            f"[@w:name='{anchor}']])]"
        )
        editor.insert(after, "<w:r><w:t>%%</w:t></w:r>")
        [mark] = [
            r for r in editor.paragraph("%%")._p.iter(qn("w:r")) if _text(r) == "%%"
        ]
        mark.addprevious(link)
        mark.getparent().remove(mark)

    return edit


def _text(run: etree._Element) -> str:
    return "".join(text.text or "" for text in run.iter(qn("w:t")))


LINK = field('HYPERLINK "https://www.who.int/a"', plain("the WHO"))
# What a co-author did; what the sources have for it, or else what is told.
EDITS: Final[list[tuple[Edit, str, str]]] = [
    (reword("familiar to every", "well known to every"), "well known to every", ""),
    (reword("traced to its data.", "traced to its data. Try it."), "data. Try it.", ""),
    (
        reword("Neither times nor actions are recorded for concomitant drugs. ", ""),
        "",
        "",
    ),
    (look("rare and serious", "<w:b/>"), "**rare and serious**", ""),
    (look("voluntary and incomplete", "<w:i/>"), "*voluntary and incomplete*", ""),
    (insert("Our counts", plain(" by m") + raised("2")), "Our counts by m^2^ were", ""),
    (
        insert("and physicians", plain(" of CO") + raised("2", "subscript")),
        "physicians of CO~2~ should",
        "",
    ),
    (lambda e: e.comment("professionals", "Which?"), "", "A. Reader"),
    (tracked("declare no competing", "have no competing"), "contributors have no", ""),
    (tracked("No funding", "No funding whatsoever"), "No funding whatsoever is", ""),
    (tracked(" with the provenance of each table", " with notes"), "with notes", ""),
    (reword("Limitations", "Weaknesses"), "## Weaknesses", ""),
    (reword("3.82", "4.00"), "", "risk.placebo.or"),
    (reword("5980", "6000"), "", "6000"),
    (
        insert("open to recalculation", plain(" (≥ 5 µg, naïve “so” – 中文 *a*)")),
        "(≥ 5 µg, naïve",
        "",
    ),
    (split("agree with one another"), "agree with one another\n\n", ""),
    (join("Morice and colleagues also described"), "", "paragraphs joined"),
    (lambda e: e.delete("Correspondence and requests"), "", ""),
    (
        lambda e: e.add_after("This work used", "It needed none."),
        "\n\nIt needed none.",
        "",
    ),
    (
        heading("Text, figures and data", "A heading"),
        "## A heading",
        "",
    ),
    (
        lambda e: e.move_after("We thank Morice", "Software, formal analysis"),
        "authors [@morice2024].\n\nWe thank",
        "",
    ),
    (
        move_citation("ref-barnell2023", "association some support"),
        "some support [@barnell2023].",
        "",
    ),
    (
        insert("VigiAccess website", plain(" (") + LINK + plain(")")),
        "([the WHO](https:",
        "",
    ),
    (
        insert("Facts and figures", plain(" (doi:10.1000/xyz_1)")),
        "doi:10.1000/xyz_1",
        "",
    ),
    (look("under cytotoxic pressure", "<w:strike/>"), "", "struck through"),
    (look("pre-existing clones", '<w:highlight w:val="yellow"/>'), "", "highlighted"),
    (insert("remain open", plain(" -- so far")), "remain open", ""),
    (
        reword("dotted lines mark", "dotted lines show"),
        "dotted lines show",
        "",
    ),
    (reword("consistency check", "check"), "myeloma: check of", ""),
    (reword("To the Editor", "Dear Editor"), "Dear Editor,", ""),
    (insert("favored", plain(" the “so-called”")), 'favored the "so-called"', ""),
    (insert("We judged risk of bias", plain(" [5]")), "of bias [@zorzela2016] by", ""),
]


def edited(letter: Letter, folder: Path, office: Office, edits: list[Edit]) -> Path:
    """Save a copy by LibreOffice, edit it, and save it by LibreOffice again."""
    editor = Editor(office(letter.path, folder, _WORD))
    for edit in edits:
        edit(editor)
    again = folder / "again"
    again.mkdir()
    return office(editor.save(folder / "copy.docx"), again, _WORD)


def everything(merged: Merged) -> str:
    return "\n".join(merged.new.values())


def test_the_commonest_edits_are_carried_over_or_told(
    letter: Letter, tmp_path: Path, office: Office
) -> None:
    path = edited(letter, tmp_path, office, [edit for edit, _, _ in EDITS])
    merged = letter.prove(path)
    new = everything(merged)
    assert [written for _, written, _ in EDITS if written not in new] == []
    report = merged.report()
    assert [told for _, _, told in EDITS if told not in report] == []
    assert "Correspondence and requests" not in new
    assert "concomitant" not in new
    assert silent(letter.base, read_document(path), merged) == []


def test_edits_of_lists_and_tables(
    supplement: Letter, tmp_path: Path, office: Office
) -> None:
    item = "No trial was designed to find ALL"

    def cell(editor: Editor) -> None:
        texts = [
            text
            for each in editor.document.element.body.iter(qn("w:tc"))
            for text in each.iter(qn("w:t"))
            if (text.text or "").isalpha()
        ]
        texts[5].text = "Otherwise"

    def removed(editor: Editor) -> None:
        following = editor.paragraph(item)._p.getnext().getnext()
        following.getparent().remove(following)

    path = edited(
        supplement,
        tmp_path,
        office,
        [lambda e: e.add_after(item, "We know nothing of adherence."), removed, cell],
    )
    merged = supplement.prove(path)
    assert "\n- We know nothing of adherence.\n- " in everything(merged)
    notes = of(merged, "refused")
    assert any("Otherwise" in note.what for note in notes)
    assert any("deleted" in note.what for note in of(merged, "edit"))
    assert len(notes) == 1
