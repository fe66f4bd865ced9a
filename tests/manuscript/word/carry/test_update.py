"""Edits of an older copy, brought up to newer sources."""

from __future__ import annotations

from manuscript.word.carry.update import update
from manuscript.word.compare.report import Merged, Note

OLD = '# One\n\nThe cat sat on `{python} v("a.b")` mats.\n\nThe end.\n'


def merged(new: str) -> Merged:
    note = Note("edit", "a.qmd:3", "an edit")
    return Merged({"a.qmd": OLD}, {"a.qmd": new}, (note,))


def test_unchanged_sources_take_the_edit_as_it_is() -> None:
    edit = merged(OLD.replace("cat", "dog"))
    assert update(edit, {"a.qmd": OLD}) == edit


def test_edits_of_different_lines_go_together() -> None:
    now = OLD.replace("The end", "An end")
    found = update(merged(OLD.replace("cat", "dog")), {"a.qmd": now})
    assert found.new["a.qmd"] == now.replace("cat", "dog")
    assert found.old["a.qmd"] == now
    assert not found.refused


def test_edits_of_different_words_of_a_line_want_a_look() -> None:
    now = OLD.replace("mats", "rugs")
    found = update(merged(OLD.replace("cat", "dog")), {"a.qmd": now})
    assert found.new["a.qmd"] == now.replace("cat", "dog")
    assert [note.kind for note in found.notes] == ["edit", "look"]


def test_edits_of_one_word_are_refused_with_their_sentence() -> None:
    now = OLD.replace("cat", "cow")
    found = update(merged(OLD.replace("cat", "dog")), {"a.qmd": now})
    assert found.patch() == ""
    assert [note.kind for note in found.notes] == ["refused", "refused"]
    assert "the copy has: “The dog sat" in found.notes[1].what


def test_a_conflict_refuses_its_sentence_alone() -> None:
    now = OLD.replace("cat", "cow")
    edited = OLD.replace("cat", "dog").replace("mats", "rugs").replace("The end", "End")
    found = update(merged(edited), {"a.qmd": now})
    assert found.new["a.qmd"] == now.replace("The end", "End")


def test_what_others_wrote_is_never_undone() -> None:
    now = OLD.replace("The end.", "The end. More was found.")
    found = update(merged(OLD.replace("The end.", "An end.")), {"a.qmd": now})
    assert "More was found." in found.new["a.qmd"]


def test_an_edit_that_is_in_already_is_not_listed_again() -> None:
    edited = OLD.replace("cat", "dog")
    found = update(merged(edited), {"a.qmd": edited})
    assert found.patch() == ""
    assert not found.notes


def test_places_are_those_of_the_newer_text() -> None:
    now = "# Zero\n\nNew.\n\n" + OLD
    [note] = update(merged(OLD.replace("cat", "dog")), {"a.qmd": now}).notes
    assert note.place == "a.qmd:7"


def test_edits_of_a_file_that_is_gone_are_refused() -> None:
    assert update(merged(OLD.replace("cat", "dog")), {}).refused
