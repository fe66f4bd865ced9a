"""A co-author's copy of the real letter, edited in every way that comes up."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from lxml import etree

from manuscript.word.package.parts import tag
from tests.manuscript.word.conftest import FINDING, Edited, Letter, changed, of
from tests.manuscript.word.editing import Editor

Office = Callable[[Path, Path, str], Path]

WORDS = "familiar to every hematologist"


def test_a_copy_as_it_was_made_gives_an_empty_patch(letter: Letter) -> None:
    merged = letter.prove(letter.path)
    assert merged.patch() == ""
    assert not merged.notes


def test_a_copy_saved_by_python_docx_gives_an_empty_patch(
    letter: Letter, tmp_path: Path
) -> None:
    saved = Editor(letter.path).save(tmp_path / "saved.docx")
    merged = letter.prove(saved)
    assert merged.patch() == ""
    assert not merged.notes


@pytest.mark.long
@pytest.mark.parametrize("through", ["docx", "odt"])
def test_a_copy_saved_by_libreoffice_gives_an_empty_patch(
    letter: Letter, tmp_path: Path, office: Office, through: str
) -> None:
    saved = letter.path
    for to in ("odt",) if through == "odt" else ():
        saved = office(saved, tmp_path, to)
    folder = tmp_path / "out"
    folder.mkdir()
    saved = office(saved, folder, "docx:MS Word 2007 XML")
    merged = letter.prove(saved)
    assert merged.patch() == ""
    assert not merged.notes


def test_reworded_sentence_changes_its_line_alone(edited: Edited) -> None:
    merged = edited(("replace", WORDS, "known to most hematologists"))
    [(old, new)] = changed(merged)
    assert new == old.replace(WORDS, "known to most hematologists")
    assert old.startswith("Lenalidomide, first approved")
    assert not merged.refused


def test_patch_is_one_that_git_applies(
    edited: Edited, letter: Letter, tmp_path: Path
) -> None:
    merged = edited(
        ("replace", WORDS, "known"),
        ("delete", FINDING),
        ("add_after", "The trials were not designed", "One more limit."),
    )
    for file, text in letter.texts.items():
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(text, "utf-8")
    # Notes before the patch are passed over.
    patch = merged.report() + merged.patch()
    subprocess.run(
        ["git", "apply", "-"], input=patch.encode(), cwd=tmp_path, check=True
    )
    for file, text in merged.new.items():
        assert (tmp_path / file).read_text("utf-8") == text


def test_deleted_word_goes_with_one_space(edited: Edited) -> None:
    [(old, new)] = changed(
        edited(("replace", "large trials brought single", "large trials brought"))
    )
    assert new == old.replace(" single cases", " cases")


def test_markup_left_empty_goes_too(edited: Edited) -> None:
    [(old, new)] = changed(edited(("replace", "of two large", "of large")))
    assert new == old.replace('[two]{.typed reason="the trials cited"} ', "")


def test_words_beside_emphasis_stay_beside_it(edited: Edited) -> None:
    [(old, new)] = changed(edited(("replace", "favored ", "clearly favored the ")))
    assert "clearly favored the *TP53*-mutant" in new
    assert old == new.replace("clearly favored the", "favored")


def test_heading_is_edited_in_place(edited: Edited) -> None:
    [(old, new)] = changed(edited(("replace", "Limitations", "Limits")))
    assert (old, new) == ("## Limitations", "## Limits")


def test_title_is_edited_as_yaml(edited: Edited) -> None:
    merged = edited(("replace", "consistency check of", 'a "free" test of'))
    [(_, new)] = changed(merged)
    assert new.startswith('title: "Acute')
    assert 'a \\"free\\" test of a published' in new


def test_emphasis_is_carried_over(edited: Edited) -> None:
    merged = edited(("emphasize", "familiar to every"))
    [(old, new)] = changed(merged)
    assert new == old.replace("familiar to every", "*familiar to every*")


def test_typed_text_never_becomes_markup_or_code(edited: Edited) -> None:
    typed = "`{python} v()` *a* _b_ [c](d) <e> @f $g$ ^h^ ~i~ # {{< include j >}}"
    merged = edited(("replace", WORDS, typed))
    [(_, new)] = changed(merged)
    assert "\\`\\{python\\} v()\\` \\*a\\* \\_b\\_ \\[c\\](d) \\<e\\> \\@f" in new
    assert "\\{\\{\\< include j \\>\\}\\}" in new


def test_comment_is_kept_with_author_and_place(edited: Edited) -> None:
    merged = edited(("comment", FINDING, "Is it of weight?"))
    assert merged.patch() == ""
    [note] = of(merged, "comment")
    assert note.place.startswith("sections/_opening.qmd:")
    assert note.what.startswith("A. Reader, ")
    assert note.what.endswith("Is it of weight?")
    assert not merged.refused


def test_comment_on_a_deleted_paragraph_is_kept(edited: Edited) -> None:
    merged = edited(("comment", FINDING, "Out?"), ("delete", FINDING))
    assert [note.what.endswith("Out?") for note in of(merged, "comment")] == [True]


@pytest.mark.long
def test_edit_by_libreoffice(letter: Letter, tmp_path: Path, office: Office) -> None:
    """Reword a sentence and change a number in its own format, and save as Word."""
    flat = office(letter.path, tmp_path, "fodt")
    text = flat.read_text("utf-8")
    assert WORDS in text
    assert ">3.82<" in text
    text = text.replace(WORDS, "known to few").replace(">3.82<", ">4.00<")
    annotation = (
        "<office:annotation><dc:creator>A. Reader</dc:creator>"
        "<dc:date>2026-11-23T10:00:00</dc:date>"
        "<text:p>Who says so?</text:p></office:annotation>"
    )
    text = text.replace("single cases to light", f"{annotation}cases to light")
    flat.write_text(text, "utf-8")
    folder = tmp_path / "out"
    folder.mkdir()
    merged = letter.prove(office(flat, folder, "docx:MS Word 2007 XML"))
    [(old, new)] = changed(merged)
    assert new == old.replace(WORDS, "known to few").replace("single cases", "cases")
    [note] = of(merged, "refused")
    assert "risk.placebo.or" in note.what
    [comment] = of(merged, "comment")
    assert comment.what.startswith("A. Reader, 2026-11-23")
    assert comment.what.endswith("Who says so?")


def test_content_controls_are_valid(letter: Letter) -> None:
    document = docx.Document(str(letter.path)).element
    ids = [e.get(tag("w:val")) for e in document.iter(tag("w:id")) if _in_control(e)]
    assert len(ids) == len(set(ids)) == sum(1 for _ in document.iter(tag("w:sdt")))


def _in_control(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == tag("w:sdtPr")
