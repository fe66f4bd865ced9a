"""What is computed stays computed: edits that touch it are refused with advice."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

from manuscript.word.package.parts import tag
from tests.manuscript.word.conftest import FINDING, Edited, Letter, changed, of
from tests.manuscript.word.editing import Editor, text_of


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
        ("replace", "3.82", "4.00"),
        ("replace", "had any case and", "had a single case and"),
    )
    [(old, new)] = changed(merged)
    assert new == old.replace("had any case and", "had a single case and")
    assert len(of(merged, "refused")) == 1


def test_number_in_reworded_words_is_refused_alone(edited: Edited) -> None:
    merged = edited(
        (
            "replace",
            "Of 2155 published reports of ALL",
            "From 2160 published reports on ALL",
        )
    )
    [(_, new)] = changed(merged)
    assert 'From `{python} v("vigibase.all_drugs")` published reports on ALL' in new
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
    sentence = editor.paragraph("Second, the pooled incidence of")._p
    [claim] = [r for r in sentence.iter(tag("w:r")) if text_of(r) == "about twice"]
    editor.paragraph(FINDING)._p.append(deepcopy(claim))
    merged = letter.merge(editor.save(tmp_path / "copied.docx"))
    [(old, new)] = changed(merged)
    assert new.startswith(f'{old}`{{python}} claim("about twice", ')


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
    assert "bibliography" in of(merged, "refused")[-1].mend


def test_sentence_that_takes_its_claim_along_goes_and_is_listed(
    edited: Edited,
) -> None:
    sentence = (
        "We ran the queries on a synthetic extract made to agree with the published "
        "aggregates; that it returns them tests the program, not the reports. "
    )
    merged = edited(("replace", sentence, ""))
    [(old, new)] = changed(merged)
    assert "synthetic extract" in old
    assert "synthetic extract" not in new
    assert '(NCT06251648). Of `{python} v("vigibase.all_drugs")` published' in new
    assert "synthetic extract" in of(merged, "look")[0].what


def test_value_does_not_go_without_its_sentence(edited: Edited) -> None:
    merged = edited(("replace", " (2362 patients)", ""))
    assert merged.patch() == ""
    assert "patients.placebo_trials" in of(merged, "refused")[0].what


def test_sentence_half_refused_is_left_whole(edited: Edited) -> None:
    merged = edited(
        (
            "replace",
            "Morice and colleagues described seven of the 20 cases",
            "Of the 20 cases, seven were described",
        )
    )
    assert merged.patch() == ""
    assert merged.refused
