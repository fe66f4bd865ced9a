"""A draft lacks the entries of its settings that are refused, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from manuscript.compose import features
from manuscript.compose.draft import load
from manuscript.compose.draft.entries import without
from manuscript.source import Project
from tests.manuscript.conftest import Command, Paper

FRONT = """---
title: "A letter"
author:
  - name: Ada North
    email: ada@example.org
  - name: Bo South
lang: de
date: 2026-11-22
---

The body of it.
"""


@pytest.mark.parametrize(
    ("old", "new", "place", "missing"),
    [
        ('letter"', "letter", "index.qmd:2: not YAML", "title"),
        ("A letter", "A \a letter", "index.qmd:2: the character U+0007", "title"),
        ("lang: de", 'title: "B"', "index.qmd:7: `title` is given twice", "lang"),
        ("lang: de", "lang: xx", "index.qmd:7: `lang` is `xx`", "lang"),
        ("lang: de", "csl: no.csl", "index.qmd:7: `csl` `no.csl` does", "lang"),
        ("lang: de", "execute: 5", "index.qmd:7: `execute` holds no", "lang"),
        ("lang: de", "<<: {lang: de}", "index.qmd:7: `<<` is not", "lang"),
        ("lang: de", "lang: a: b", "index.qmd:7: not YAML", "lang"),
        ("lang: de", "\tlang: de", "index.qmd:7: not YAML", "lang"),
        ("lang: de", "lang: [de,", "index.qmd:7: not YAML", "lang"),
        ("22\n---", "22", "index.qmd:1: the front matter is not closed", ""),
        ("22\n---\n", "22\n\nA.\n\n---\n", "index.qmd:10: ", ""),
        ("North\n", "North\n    name: Ann\n", "index.qmd:5: `name` is given", ""),
    ],
)
def test_an_entry_is_left_out_alone(
    tmp_path: Path, old: str, new: str, place: str, missing: str
) -> None:
    (tmp_path / "_quarto.yml").write_text("format: html\n", "utf-8")
    (tmp_path / "index.qmd").write_text(FRONT.replace(old, new), "utf-8")
    read = load(tmp_path, ())
    (document,) = read.project.documents
    (fault,) = read.faults
    assert str(fault).startswith(place)
    assert read.missed - {"csl"} == {"title"} & {missing}
    left = {"title", "author", "lang", "date"} - {missing}
    assert set(document.front_matter.values) == left
    assert len(document.front_matter.values["author"]) == 2
    assert "The body of it." in document.prose[0].text


def test_settings_of_the_project_are_read_without_what_is_refused(
    tmp_path: Path,
) -> None:
    settings = "format: {html: {css: no.css}, pdf: default}\nlang: 'de\ncsl: no.csl\n"
    (tmp_path / "_quarto.yml").write_text(settings, "utf-8")
    (tmp_path / "index.qmd").write_text(FRONT, "utf-8")
    read = load(tmp_path, ())
    assert [fault.line for fault in read.faults] == [2, 3, 1]
    assert read.project.formats == ("html",)
    assert read.missed == {"csl"}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "latin-1"])
def test_what_is_not_utf_8_is_read_as_far_as_it_can_be(
    tmp_path: Path, encoding: str
) -> None:
    (tmp_path / "_quarto.yml").write_text("format: html\n", "utf-8")
    text = FRONT.replace("A letter", "é")
    (tmp_path / "index.qmd").write_bytes(text.encode(encoding))
    read = load(tmp_path, ())
    (fault,) = read.faults
    assert fault.file == "index.qmd"
    assert "The body of it." in read.project.documents[0].prose[0].text


def test_what_cannot_be_set_aside_is_raised(tmp_path: Path) -> None:
    (tmp_path / "_quarto.yml").write_text("format: html\n", "utf-8")
    with pytest.raises(Exception, match="no document is listed"):
        load(tmp_path, ())


@pytest.mark.parametrize(
    ("text", "line", "left"),
    [
        ("a: {b: 1,\n  c: 2}\nd: 3", 2, "\n\nd: 3"),
        ("a:\n- b: 1\n  c: 2\n- d", 2, "a:\n\n\n- d"),
        ("a: 1\n\nd: 1", 2, "a: 1\n\nd: 1"),
        ("a:\n- b\nd: 1", 2, "\n\nd: 1"),
        ("a:\n  b:\n    c: 1\nd: 1", 3, "a:\n  b:\n\nd: 1"),
        ("a:\n- b\n- c\nd: 1", 1, "\n\n\nd: 1"),
        ('a: "x\nb: "y"\nb: 2', 1, '\nb: "y"\nb: 2'),
    ],
)
def test_an_entry_goes_with_what_is_below_it(text: str, line: int, left: str) -> None:
    assert without(text, line) == left


def test_what_follows_from_a_file_that_is_not_there_is_not_told(
    paper: Paper, command: Command
) -> None:
    root = paper()
    settings = root / "_quarto.yml"
    text = settings.read_text("utf-8").replace("references.json", "no.json")
    settings.write_text(text, "utf-8")
    command(root, "render", "index.qmd", "--draft", "--to", "html")
    page = (root / "_output/draft/index.html").read_text("utf-8")
    assert "_quarto.yml:11: `bibliography` `no.json` does not exist" in page
    assert not re.search(r"citation .* unknown|not in the bibliography", page)


INERT = """---
title: T
execute: {eval: false}
---

```{python}
n = 1
```

It is `{python} n` there (@tbl-a).

::: {#tbl-a}

```{python}
n
```

A caption.
:::
"""


def test_a_document_that_runs_no_cell_is_told_so_and_nothing_else(
    paper: Paper, command: Command
) -> None:
    root = paper(index_DOT_qmd=INERT)
    told = "index.qmd:3: `execute.eval` is false, and index.qmd asks for"
    answer = command(root, "render", "index.qmd", "--draft", "--to", "html")
    assert answer.said.count(told) == 1
    assert "NameError" not in answer.said
    assert "tbl-a" not in answer.said
    page = (root / "_output/draft/index.html").read_text("utf-8")
    assert "cell 2 did not run" in page
    assert "@tbl-a" not in page
    assert command(root, "render", "index.qmd").complained.startswith(told)


def test_cells_that_run_by_their_own_option_are_asked(tmp_path: Path) -> None:
    (tmp_path / "_quarto.yml").write_text("format: html\n", "utf-8")
    text = INERT.replace("n = 1", "#| eval: true\nn = 1", 1)
    (tmp_path / "index.qmd").write_text(text, "utf-8")
    features.check(Project.load(tmp_path))
