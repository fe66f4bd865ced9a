"""Whole paragraphs of the real letter taken out, set in, moved and joined."""

from __future__ import annotations

from pathlib import Path

import docx

from tests.manuscript.word.conftest import FINDING, Edited, Letter, changed, of


def test_deleted_paragraph_lists_the_values_that_went(edited: Edited) -> None:
    merged = edited(("delete", "The duration of lenalidomide before onset"))
    [(old, new)] = changed(merged)
    assert old.startswith("The duration of lenalidomide before onset")
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
    assert text.endswith("can be traced to its data.\n\nThis is new.\n")


def test_new_heading_is_one(edited: Edited) -> None:
    merged = edited(("add_after", FINDING, "Aims", "Heading 2"))
    [text] = merged.new.values()
    assert text.endswith("\n\n## Aims\n")


def test_new_paragraph_below_a_figure_stays_out_of_it(edited: Edited) -> None:
    merged = edited(("add_after", "Risk and incidence of acute", "Below."))
    [text] = merged.new.values()
    assert text.endswith("\n:::\n\nBelow.\n")


def test_typed_number_asks_for_a_look(edited: Edited) -> None:
    merged = edited(("add_after", FINDING, "There were 17 of them."))
    assert "17" in of(merged, "look")[0].what


def test_joined_and_split_paragraphs(letter: Letter, tmp_path: Path) -> None:
    document = docx.Document(str(letter.path))
    first, second = (
        next(p for p in document.paragraphs if p.text.startswith(words))
        for words in ("Lenalidomide, first approved", FINDING)
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
