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


def test_edits_of_one_word_are_refused_with_their_lines() -> None:
    now = OLD.replace("cat", "cow")
    found = update(merged(OLD.replace("cat", "dog")), {"a.qmd": now})
    assert found.new == {}
    assert found.patch() == ""
    assert [note.kind for note in found.notes] == ["refused", "refused"]
    assert "+The dog sat" in found.notes[1].what


def test_edits_of_a_file_that_is_gone_are_refused() -> None:
    assert update(merged(OLD.replace("cat", "dog")), {}).refused
