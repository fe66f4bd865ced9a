"""Footnotes of a copy, written into the text or below it in the sources."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from manuscript.source import Project, answers, read
from manuscript.word.base import write
from manuscript.word.package import read_document
from tests.manuscript.word.conftest import Letter, changed, of
from tests.manuscript.word.editing import Editor

FILE = "sections/_opening.qmd"
WORDS = "familiar to every hematologist"
FINDING = "A finding of this weight"
CALL = '<w:r><w:footnoteReference w:id="41"/></w:r>'
NOTE = (
    '<w:footnote w:id="41"><w:p><w:r><w:footnoteRef/></w:r>'
    '<w:r><w:t xml:space="preserve"> {}</w:t></w:r></w:p></w:footnote>'
)


def altered(path: Path, part: str, alter: Callable[[str], str]) -> Path:
    """Change the text of a part of a Word file."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    text = parts[part].decode()
    assert alter(text) != text
    parts[part] = alter(text).encode()
    target = path.with_stem(f"{path.stem}-altered")
    with zipfile.ZipFile(target, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return target


def without_call(text: str) -> str:
    """Take out the last call of a footnote."""
    runs = re.findall(
        r"<w:r>(?:(?!</w:r>).)*<w:footnoteReference [^>]*/></w:r>", text, re.DOTALL
    )
    return text.replace(runs[-1], "")


def test_a_new_footnote_is_written_into_the_text(
    letter: Letter, tmp_path: Path
) -> None:
    editor = Editor(letter.path)
    editor.insert(WORDS, CALL)
    new = NOTE.format("Data of May, [sic] and *all*.")
    copy = altered(
        editor.save(tmp_path / "copy.docx"),
        "word/footnotes.xml",
        lambda text: text.replace("</w:footnotes>", f"{new}</w:footnotes>"),
    )
    merged = letter.prove(copy)
    [(_, written)] = changed(merged)
    assert rf"{WORDS}^[Data of May, \[sic\] and \*all\*.]; acute" in written
    assert not merged.refused


Noted = tuple[Letter, str]
_INLINE = [
    (WORDS, f"{WORDS}^[So *it* was [@jones2023].]"),
    (FINDING, f"{FINDING}^[A light one.]"),
]
_BELOW = [
    (WORDS, f"{WORDS}[^one]"),
    (FINDING, f"{FINDING}[^two]"),
    (
        f"\n{FINDING}",
        f"\n[^one]: So *it* was [@jones2023].\n\n[^two]: A light one.\n\n{FINDING}",
    ),
]


@pytest.fixture(scope="module", params=["inline", "below"])
def noted(
    request: pytest.FixtureRequest,
    letter: Letter,
    tmp_path_factory: pytest.TempPathFactory,
) -> Noted:
    """The letter with two footnotes."""
    texts = dict(letter.texts)
    for old, new in _INLINE if request.param == "inline" else _BELOW:
        assert old in texts[FILE]
        texts[FILE] = texts[FILE].replace(old, new)
    base = letter.base
    project = Project.load(base.root, ["index.qmd"], texts=texts)
    [reading] = read(project, answers(base.root))
    noted = replace(base, reading=reading, texts=texts)
    path = write(noted, tmp_path_factory.mktemp("noted"))
    noted = replace(noted, printed=read_document(path))
    return Letter(path, noted), request.param


def test_an_unedited_copy_with_footnotes_gives_an_empty_report(noted: Noted) -> None:
    letter, _ = noted
    merged = letter.prove(letter.path)
    assert (merged.patch(), merged.report()) == ("", "")


def test_a_footnote_is_edited_where_it_is_written(noted: Noted) -> None:
    letter, _ = noted
    copy = altered(
        letter.path,
        "word/footnotes.xml",
        lambda text: text.replace("A light one", "No light one"),
    )
    merged = letter.prove(copy)
    [(old, new)] = changed(merged)
    assert new == old.replace("A light one", "No light one")
    assert not merged.refused


def test_words_beside_footnotes_are_edited(noted: Noted) -> None:
    letter, _ = noted
    copy = altered(
        letter.path,
        "word/document.xml",
        lambda text: text.replace("Second cancers", "Second tumors"),
    )
    merged = letter.prove(copy)
    [(old, new)] = changed(merged)
    assert new == old.replace("Second cancers", "Second tumors")
    assert not merged.refused


def test_a_deleted_footnote_goes_or_is_told(noted: Noted) -> None:
    letter, form = noted
    merged = letter.prove(altered(letter.path, "word/document.xml", without_call))
    if form == "inline":
        [(old, new)] = changed(merged)
        assert new == old.replace("^[A light one.]", "")
        assert not merged.refused
    else:
        assert merged.patch() == ""
        [note] = of(merged, "refused")
        assert "[A light one.]” deleted" in note.what
