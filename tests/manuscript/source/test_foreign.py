"""Sources, expressions and names of others are read within limits."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from manuscript.bundle import archive
from manuscript.check.prose import numbers
from manuscript.check.vocabulary import Words
from manuscript.errors import ManuscriptError
from manuscript.source import foreign, settings
from manuscript.source.documents import Project
from manuscript.source.expressions import ExpressionError, parse
from manuscript.word.package import read_document


def project(folder: Path, text: str) -> Project:
    (folder / "_quarto.yml").write_text("project:\n  render: [index.qmd]\n")
    (folder / "index.qmd").write_text(text)
    return Project.load(folder)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One.\n\n" + "9" * 60_000, "index.qmd:3: a line of 60000 characters"),
        ("One " + "9" * 3_000, "index.qmd:1: a word of 3000 characters"),
        ("`{python} v(" + "-" * 3_000 + ")`", "a word of 3"),
        ("some words\n" * 6_000, "index.qmd:4001: a paragraph of more than 40000"),
    ],
)
def test_prose_that_nobody_writes_is_refused_by_line(
    tmp_path: Path, text: str, found: str
) -> None:
    with pytest.raises(ManuscriptError) as refused:
        project(tmp_path, text)
    assert found in str(refused.value)


def test_long_prose_is_read(tmp_path: Path) -> None:
    text = ("many words " * 1_700 + "\n\n") * 20
    assert project(tmp_path, text).documents


def test_a_pipe_in_place_of_a_document_is_refused(tmp_path: Path) -> None:
    (tmp_path / "_quarto.yml").write_text("project:\n  render: [index.qmd]\n")
    os.mkfifo(tmp_path / "index.qmd")
    with pytest.raises(ManuscriptError, match="a pipe or a device"):
        Project.load(tmp_path)


@pytest.mark.parametrize(
    "source",
    [
        'claim("w", ' + "-" * 3_000 + "1 < 2)",
        'claim("w", ' + "-" * 300 + 'v("a") < 2)',
        'claim("w", ' + "~" * 500 + '(v("a") < 2))',
        'claim("w", ' + " & ".join(['(v("a") < 2)'] * 400) + ")",
        'claim("w", v("a") < ' + " + ".join(["1"] * 4_000) + ")",
        "v" + ".words" * 2_000 + '("a")',
    ],
)
def test_an_expression_that_nests_deeply_is_refused_in_a_line(source: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse(source)
    assert len(str(refused.value)) < 400 or "is not Python" in str(refused.value)


def test_a_claim_of_many_comparisons_is_read() -> None:
    joined = " & ".join(['(v("a") < 2)'] * 40)
    assert parse(f'claim("w", {joined})').keys == ("a",)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 20_000,
        "{a: " * 20_000,
        "a: [" * 60,
        "- 1\n" * 60_000,
        "a: !!timestamp x",
        "a: !!int ''",
        "a: &b 1",
    ],
)
def test_settings_beyond_the_limits_are_refused(text: str) -> None:
    if "&" in text:  # An anchor that nothing refers to is only a name.
        assert settings.parse(text, "a.yml").values == {"a": 1}
        return
    with pytest.raises(ManuscriptError, match=r"a tag|more than|mapping"):
        settings.parse(text, "a.yml")


def test_names_that_some_file_system_takes_for_one_are_found() -> None:
    names = ["a.txt", "\u00e9", "b", "A.TXT", "e\u0301", "STRASSE", "stra\u00dfe"]
    found = [("A.TXT", "a.txt"), ("e\u0301", "\u00e9"), ("stra\u00dfe", "STRASSE")]
    assert list(foreign.colliding(names)) == found
    assert not list(foreign.colliding(["a", "b", "\u0131", "i"]))


def test_what_tells_of_a_number_is_sought_near_it() -> None:
    words = Words.of(None)
    text = "Since 2019, Python 3.11 and " + "x 1999 " * 5_000
    began = time.process_time()
    spans = [(m.start(), m.end()) for m in numbers._NUMBER.finditer(text)]
    lawful = [numbers._is_lawful(text, *span, words) for span in spans]
    assert lawful[:2] == [True, True]
    assert len(lawful) == 5_002
    assert time.process_time() - began < 5


def test_a_pipe_in_place_of_a_word_file_or_a_bundle_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "given"
    os.mkfifo(pipe)
    with pytest.raises(ManuscriptError, match="a pipe or a device"):
        read_document(pipe)
    with pytest.raises(archive.DamagedError, match="a pipe or a device"):
        archive.read(pipe)
