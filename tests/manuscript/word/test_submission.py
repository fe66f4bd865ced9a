"""The Word file for a journal."""

from __future__ import annotations

from pathlib import Path

import pytest

from manuscript.compose import output
from manuscript.word.package import PAGE, PICTURE, EditedDocument, read_document
from manuscript.word.submission import submission
from tests.manuscript.word.conftest import Letter


@pytest.fixture(params=[True, False], ids=["with figures", "without figures"])
def made(
    request: pytest.FixtureRequest, letter: Letter, tmp_path: Path
) -> tuple[bool, EditedDocument]:
    path = tmp_path / "submission.docx"
    content = submission(letter.path, ["For a journal"], figures=request.param)
    path.write_bytes(content)
    output.refuse_others([path])  # it may be made anew
    return request.param, read_document(path)


def test_the_words_are_those_of_the_letter(
    made: tuple[bool, EditedDocument], letter: Letter
) -> None:
    words = sorted(" ".join(p.text for p in made[1].paragraphs).split())
    wanted = sorted(" ".join(p.text for p in letter.printed.paragraphs).split())
    extra = list(words)
    for word in wanted:
        if word in extra:
            extra.remove(word)
        else:
            assert word == PICTURE
    assert " ".join(extra).count("For") == 1


def test_nothing_is_locked_or_tinted(made: tuple[bool, EditedDocument]) -> None:
    runs = [run for each in made[1].paragraphs for run in each.runs]
    assert not any(run.computed or run.claim or run.key for run in runs)


def test_figures_are_in_the_text_or_their_legends_at_the_end(
    made: tuple[bool, EditedDocument],
) -> None:
    figures, document = made
    texts = [each.text for each in document.paragraphs]
    assert any(PICTURE in text for text in texts) == figures
    last = texts.index("Figure legends") if "Figure legends" in texts else -1
    assert (last < 0) == figures
    if not figures:
        assert texts[last + 1].startswith("Figure\N{NO-BREAK SPACE}1:")


def test_the_title_page_ends_before_the_text(
    made: tuple[bool, EditedDocument],
) -> None:
    texts = [each.text for each in made[1].paragraphs]
    ends = texts.index(PAGE)
    assert texts.index("For a journal") < ends < texts.index("To the Editor,")


def test_equal_files_give_equal_bytes(letter: Letter) -> None:
    assert submission(letter.path) == submission(letter.path)
