"""A co-author's copy of the real letter, edited in every way that comes up."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import docx
import pytest
from lxml import etree

from manuscript.exchange.package import tag
from tests.manuscript.exchange.conftest import Edited, Letter, changed, of
from tests.manuscript.exchange.editing import Editor, text_of

Office = Callable[[Path, Path, str], Path]

WORDS = "familiar to every hematologist"
FINDING = "A finding of this weight"


def test_a_copy_as_it_was_made_gives_an_empty_patch(letter: Letter) -> None:
    merged = letter.merge(letter.path)
    assert merged.patch() == ""
    assert not merged.notes


def test_a_copy_saved_by_python_docx_gives_an_empty_patch(
    letter: Letter, tmp_path: Path
) -> None:
    saved = Editor(letter.path).save(tmp_path / "saved.docx")
    merged = letter.merge(saved)
    assert merged.patch() == ""
    assert not merged.notes


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
    merged = letter.merge(saved)
    assert merged.patch() == ""
    assert not merged.notes


def test_reworded_sentence_changes_its_line_alone(edited: Edited) -> None:
    merged = edited(("replace", WORDS, "known to most hematologists"))
    [(old, new)] = changed(merged)
    assert new == old.replace(WORDS, "known to most hematologists")
    assert old.startswith("Lenalidomide came into use")
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


def test_changed_number_is_refused_with_its_key_and_data(edited: Edited) -> None:
    merged = edited(("replace", "3.82", "4.00"))
    assert merged.patch() == ""
    [note] = of(merged, "refused")
    assert note.place.startswith("sections/_review.qmd:")
    assert "“3.82” → “4.00”" in note.what
    assert "risk.placebo.or" in note.what
    assert "data/trials.csv (control_class = placebo)" in note.mend


def test_prose_around_a_changed_number_is_kept(edited: Edited) -> None:
    merged = edited(
        ("replace", "3.82", "4.00"), ("replace", "had any case,", "had a single case,")
    )
    [(old, new)] = changed(merged)
    assert new == old.replace("had any case,", "had a single case,")
    assert len(of(merged, "refused")) == 1


def test_number_in_reworded_words_is_refused_alone(edited: Edited) -> None:
    merged = edited(("replace", "Of 2155 reports of ALL", "From 2160 reports on ALL"))
    [(_, new)] = changed(merged)
    assert 'From `{python} v("vigibase.all_drugs")` reports on ALL' in new
    [note] = of(merged, "refused")
    assert "vigibase.all_drugs" in note.what


def test_end_of_an_interval_is_refused_by_its_own_key(edited: Edited) -> None:
    merged = edited(("replace", "1.22", "1.30"))
    assert merged.patch() == ""
    assert "risk.placebo.ci_low" in of(merged, "refused")[0].what


def test_words_of_a_claim_are_refused_with_its_condition(edited: Edited) -> None:
    merged = edited(("replace", "significantly increased", "dramatically increased"))
    assert merged.patch() == ""
    [note] = of(merged, "refused")
    assert "risk.placebo.p" in note.what
    assert "condition" in note.mend


def test_claim_that_is_copied_stays_a_claim(letter: Letter, tmp_path: Path) -> None:
    editor = Editor(letter.path)
    sentence = editor.paragraph("the pooled incidence stood")._p
    [claim] = [
        r for r in sentence.iter(tag("w:r")) if text_of(r) == "near one in a hundred"
    ]
    editor.paragraph(FINDING)._p.append(deepcopy(claim))
    merged = letter.merge(editor.save(tmp_path / "copied.docx"))
    [(old, new)] = changed(merged)
    assert new.startswith(f'{old}`{{python}} claim("near one in a hundred", ')


def test_citation_number_is_refused_with_advice(edited: Edited) -> None:
    merged = edited(("replace", "myeloma2", "myeloma7"))
    assert merged.patch() == ""
    assert any("palumbo2014lo" in note.what for note in of(merged, "refused"))


def test_number_of_a_table_is_refused_with_advice(edited: Edited) -> None:
    merged = edited(("replace", "Table S1)", "Table S7)"))
    assert merged.patch() == ""
    assert "figure or table" in of(merged, "refused")[0].what


def test_reference_list_and_byline_are_refused(edited: Edited) -> None:
    merged = edited(
        ("replace", "Zorzela L,", "Zorzela M,"),
        ("replace", "Contributors to the", "All contributors to the"),
    )
    assert merged.patch() == ""
    assert len(of(merged, "refused")) >= 2
    assert "references.json" in of(merged, "refused")[-1].mend


def test_sentence_that_takes_its_claim_along_goes_and_is_listed(
    edited: Edited,
) -> None:
    sentence = "The direction is the same by every method; the magnitude is uncertain. "
    merged = edited(("replace", sentence, ""))
    [(old, new)] = changed(merged)
    assert "is the same by every method" in old
    assert "is the same by every method" not in new
    assert "for example. Second, the pooled" in new
    assert "is the same by every method" in of(merged, "look")[0].what


def test_value_does_not_go_without_its_sentence(edited: Edited) -> None:
    merged = edited(("replace", " (2362 patients)", ""))
    assert merged.patch() == ""
    assert "patients.placebo_trials" in of(merged, "refused")[0].what


def test_sentence_half_refused_is_left_whole(edited: Edited) -> None:
    merged = edited(
        (
            "replace",
            "Individual details were available for seven of the 20 cases",
            "Of the 20 cases, seven had individual details",
        )
    )
    assert merged.patch() == ""
    assert merged.refused


def test_deleted_paragraph_lists_the_values_that_went(edited: Edited) -> None:
    merged = edited(("delete", "Lenalidomide had been taken for"))
    [(old, new)] = changed(merged)
    assert old.startswith("Lenalidomide had been taken")
    assert new == ""
    assert "vigibase.latency.median" in of(merged, "look")[0].what
    [text] = merged.new.values()
    assert "\n\n\n" not in text
    assert text.endswith("%).\n")


def test_moved_paragraph_keeps_its_source(edited: Edited) -> None:
    words = "The pooled incidence of ALL under"
    merged = edited(("move_after", words, FINDING))
    opening = merged.new["sections/_opening.qmd"]
    review = merged.new["sections/_review.qmd"]
    assert 'v.ci("incidence.placebo")' in opening
    assert words not in review
    assert not merged.refused


def test_new_paragraph_follows_its_neighbour(edited: Edited) -> None:
    merged = edited(("add_after", FINDING, "This is new."))
    [text] = merged.new.values()
    assert text.endswith("rows of data.\n\nThis is new.\n")


def test_new_heading_is_one(edited: Edited) -> None:
    merged = edited(("add_after", FINDING, "Aims", "Heading 2"))
    [text] = merged.new.values()
    assert text.endswith("\n\n## Aims\n")


def test_new_paragraph_below_a_figure_stays_out_of_it(edited: Edited) -> None:
    merged = edited(("add_after", "Risk and incidence of acute", "Below."))
    [text] = merged.new.values()
    assert text.endswith("\n:::\n\nBelow.\n")


def test_heading_is_edited_in_place(edited: Edited) -> None:
    [(old, new)] = changed(edited(("replace", "Limitations", "Limits")))
    assert (old, new) == ("## Limitations", "## Limits")


def test_title_is_edited_as_yaml(edited: Edited) -> None:
    merged = edited(("replace", "independent reproduction of", 'a "free" test of'))
    [(_, new)] = changed(merged)
    assert new.startswith('title: "Acute')
    assert 'a \\"free\\" test of a safety' in new


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


def test_typed_number_asks_for_a_look(edited: Edited) -> None:
    merged = edited(("add_after", FINDING, "There were 17 of them."))
    assert "17" in of(merged, "look")[0].what


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


def test_joined_and_split_paragraphs(letter: Letter, tmp_path: Path) -> None:
    document = docx.Document(str(letter.path))
    first, second = (
        next(p for p in document.paragraphs if p.text.startswith(words))
        for words in ("Lenalidomide came into use", FINDING)
    )
    for child in list(second._p)[1:]:
        first._p.append(child)
    second._p.getparent().remove(second._p)
    first.runs[-1].text = " " + first.runs[-1].text
    document.save(str(tmp_path / "joined.docx"))
    merged = letter.merge(tmp_path / "joined.docx")
    [text] = merged.new.values()
    assert f"[@morice2024]. {FINDING}" in text
    assert not merged.refused


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
    merged = letter.merge(office(flat, folder, "docx:MS Word 2007 XML"))
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
