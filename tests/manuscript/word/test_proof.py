"""Random edits of both documents: each is carried over as it is, or told."""

from __future__ import annotations

from pathlib import Path

import pytest

from manuscript.word.package import read_document
from manuscript.word.proof import proved
from tests.manuscript.word.conftest import Letter, Office
from tests.manuscript.word.editing import Editor
from tests.manuscript.word.oracle import silent
from tests.manuscript.word.random_edits import Random

EDITS = 15  # in one copy


@pytest.mark.parametrize("seed", [4, 101])
def test_random_edits_of_the_letter(letter: Letter, tmp_path: Path, seed: int) -> None:
    prove(letter, tmp_path, seed)


@pytest.mark.long
def test_random_edits_of_the_supplement(supplement: Letter, tmp_path: Path) -> None:
    prove(supplement, tmp_path, 7)


def prove(letter: Letter, folder: Path, seed: int) -> None:
    copy = Random(letter.path, seed)
    copy.edit(EDITS)
    edited = read_document(copy.save(folder / "copy.docx"))
    merged = proved(letter.base, edited)
    assert merged.notes
    assert silent(letter.base, edited, merged) == []


def test_the_oracle_finds_what_is_kept_silent(letter: Letter, tmp_path: Path) -> None:
    editor = Editor(letter.path)
    editor.replace("familiar to every", "well known to every")
    edited = read_document(editor.save(tmp_path / "copy.docx"))
    nothing = proved(letter.base, letter.printed)
    assert silent(letter.base, edited, nothing)


@pytest.mark.long
def test_a_supplement_saved_by_libreoffice_gives_an_empty_patch(
    supplement: Letter, tmp_path: Path, office: Office
) -> None:
    saved = office(supplement.path, tmp_path, "docx:MS Word 2007 XML")
    merged = supplement.prove(saved)
    assert merged.patch() == ""
    assert merged.report() == ""
