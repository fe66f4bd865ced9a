"""A copy of a draft is that of a render, unless something was refused in it."""

import shutil
from pathlib import Path

import pytest

from manuscript.compose.draft.stamps import stamp
from manuscript.errors import ManuscriptError
from manuscript.word.merging import _told_from_draft
from manuscript.word.package import read_document
from tests.manuscript.word.conftest import FINDING, Letter
from tests.manuscript.word.editing import Editor
from tests.manuscript.word.test_notes import altered

SAID = "Draft: 2 findings, marked in index.html"


def test_what_the_draft_says_of_itself_is_no_edit(
    letter: Letter, tmp_path: Path
) -> None:
    copy = Path(shutil.copy(letter.path, tmp_path / "copy.docx"))
    stamp(copy, SAID)
    stamped = read_document(copy)
    assert stamped.margins != letter.printed.margins
    assert _told_from_draft(stamped).margins == letter.printed.margins


def test_a_stopgap_is_not_taken_for_words(letter: Letter, tmp_path: Path) -> None:
    editor = Editor(letter.path)
    editor.replace(FINDING, "⟦cell `risk` raised ValueError⟧ of this weight")
    copy = editor.save(tmp_path / "copy.docx")
    assert _told_from_draft(read_document(copy))  # the signs may be the author's
    stamp(copy, SAID)
    with pytest.raises(ManuscriptError, match="copy of a draft, in which"):
        _told_from_draft(read_document(copy))


@pytest.mark.parametrize(
    "field",
    [
        '<w:fldSimple w:instr=" TITLE "><w:r><w:t>Told</w:t></w:r></w:fldSimple>',
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TITLE '
        '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        '<w:r><w:t>Told</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>',
    ],
)
def test_what_word_computes_in_a_header_is_no_edit(
    letter: Letter, tmp_path: Path, field: str
) -> None:
    copy = Path(shutil.copy(letter.path, tmp_path / "copy.docx"))
    copy = altered(
        copy, "word/header1.xml", lambda text: text.replace("</w:p>", f"{field}</w:p>")
    )
    assert read_document(copy).margins == letter.printed.margins
