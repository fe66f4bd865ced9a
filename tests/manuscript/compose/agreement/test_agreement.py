"""The comparison of the formats finds whatever one writer drops, moves or changes."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from manuscript.compose import agreement
from manuscript.compose.agreement import page
from manuscript.compose.agreement.compare import first_difference
from manuscript.compose.agreement.reading import LINE_END, Reading, squeeze
from manuscript.compose.formats import docx, html, pdf
from manuscript.compose.formats.article import Article, compose
from manuscript.compose.pandoc import Node
from manuscript.errors import ManuscriptError
from manuscript.execute.cells import Execution, Options
from tests.manuscript.compose.conftest import write

TEXT = """## Beginning {#beginning}

The first paragraph has words of its own.

The second paragraph follows it, with a note[^n] and extraordinarily long words.

[^n]: What the note says.

| Place | Count |
|:------|------:|
| North | 12    |
| South | 7     |

: A table of places. {#tbl-places}

- one thing
- another thing

::: callout-note
Mind the gate.
:::

![A small picture.](img.png){#fig-small fig-alt="Blue"}

The last paragraph refers to @tbl-places and @fig-small.
"""
WRITERS = {"html": html.build, "typst": pdf.build, "docx": docx.build}
Mutation = Callable[[list[Node]], None]


@pytest.fixture(scope="module")
def article(tmp_path_factory: pytest.TempPathFactory) -> Article:
    root = tmp_path_factory.mktemp("agreement")
    project = write(root, TEXT)
    (document,) = project.documents
    return compose(project, document, Execution((), {}), Options())


@pytest.fixture(scope="module")
def written(article: Article, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("written")
    for to in WRITERS:
        build(article, to, folder)
    return folder


def build(article: Article, to: str, folder: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        WRITERS[to](article, folder, Path(scratch))


def changed(article: Article, change: Mutation) -> Article:
    blocks = copy.deepcopy(article.blocks)
    change(blocks)
    return Article(**{**article.__dict__, "blocks": blocks})


def drop(index: int) -> Mutation:
    return lambda blocks: blocks.pop(index) and None


def swap(index: int) -> Mutation:
    def change(blocks: list[Node]) -> None:
        blocks[index], blocks[index + 1] = blocks[index + 1], blocks[index]

    return change


def reword(index: int) -> Mutation:
    def change(blocks: list[Node]) -> None:
        def words(part: Any) -> list[Node]:
            found = [part] if isinstance(part, dict) and part.get("t") == "Str" else []
            inner = part.values() if isinstance(part, dict) else part
            if isinstance(part, dict | list):
                found += [one for each in inner for one in words(each)]
            return found

        words(blocks[index])[-1]["c"] += "x"

    return change


BLOCKS = 8  # of the text above


def test_the_text_has_the_blocks_that_are_changed(article: Article) -> None:
    kinds = [block["t"] for block in article.blocks]
    assert kinds == [
        *("Header", "Para", "Para", "Float", "BulletList", "Callout", "Float", "Para")
    ]
    assert len(kinds) == BLOCKS


def test_what_is_written_agrees(article: Article, written: Path) -> None:
    assert agreement.check(article, written) == 3


@pytest.mark.parametrize("to", WRITERS)
@pytest.mark.parametrize("mutate", [drop, swap, reword])
@pytest.mark.parametrize("index", range(BLOCKS))
def test_a_block_that_one_writer_drops_moves_or_changes_is_found(
    article: Article,
    written: Path,
    tmp_path: Path,
    index: int,
    mutate: Callable[[int], Mutation],
    to: str,
) -> None:
    if mutate is swap and index == BLOCKS - 1:
        pytest.skip("nothing follows it")
    mutant = changed(article, mutate(index))
    for path in written.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    try:
        build(mutant, to, tmp_path)
    except ManuscriptError:
        return  # a reference leads nowhere: found before
    with pytest.raises(ManuscriptError, match="formats differ: ") as caught:
        agreement.check(article, tmp_path)
    assert caught.value.file == "index.qmd"


def reading(format_: str, text: str, *notes: str) -> Reading:
    return Reading(format_, text, notes, exact=format_ == "HTML")


@pytest.mark.parametrize(
    "texts",
    [
        ("a “quoted” word", 'a "quoted" word'),
        ("Figure 1 (b) shows", "Title Figure 1b shows"),
        ("Table 1: Words.", "Table 1 Words."),
        ("a follow-up visit", f"a follow{LINE_END}up visit"),
        ("a division", f"a divi{LINE_END}sion"),
        ("at −5", "at -5"),
        ("x … y", "x ... y"),
    ],
)
def test_what_formats_write_in_their_own_ways_is_the_same(
    texts: tuple[str, str],
) -> None:
    one, other = texts
    pair = [reading("HTML", one), reading("PDF", other)]
    assert first_difference(pair, ["Table 1", "Figure 1"], "Title") is None


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("at -5", "at 5", "HTML has `-5` where PDF has `5`"),
        ("a b c", "a c", "HTML has `b c` where PDF has `c`"),
        ("a b", "Stray a b", "PDF has `Stray a b`"),
        ("a b", "a b more", "HTML has `no more` where PDF has `more`"),
    ],
)
def test_a_difference_is_shown_with_what_stands_there(
    one: str, other: str, said: str
) -> None:
    pair = [reading("HTML", one), reading("PDF", other)]
    assert said in str(first_difference(pair, [], "Title"))


def test_notes_are_compared_in_their_order() -> None:
    pair = [reading("HTML", "a", "One.", "Two."), reading("Word", "a", "Two.", "One.")]
    assert "HTML has `One.`" in str(first_difference(pair, [], ""))


def test_what_one_format_alone_shows_is_taken_out_where_it_stands() -> None:
    pair = [reading("HTML", "The h last"), reading("Word", "The last")]
    assert first_difference(pair, [], "", [("HTML", "h")]) is None
    assert first_difference(pair, [], "", [("HTML", "z")]) is not None


def test_a_body_may_begin_with_what_one_format_alone_shows() -> None:
    pair = [
        reading("HTML", "For the screen. Not for Word. A screen word."),
        reading("Word", "Conditions Anything but it. A paper word."),
    ]
    only = [
        *[("HTML", "For the screen."), ("HTML", "Not for Word."), ("HTML", "screen")],
        *[("Word", "Anything but it."), ("Word", "paper")],
    ]
    assert first_difference(pair, [], "Conditions", only) is None
    assert first_difference(pair, [], "Conditions", only[1:]) is not None


def test_a_negative_number_keeps_its_sign() -> None:
    assert squeeze("−5") != squeeze("5")


def test_a_page_without_a_word_is_read() -> None:
    assert page.read("\n").squeezed == ""
