from pathlib import Path

import pytest

from manuscript.source.documents import Project
from manuscript.source.labels import Names
from manuscript.source.reading.printed import read
from tests.manuscript.papers import KnownLetter

BODY = """---
title: "A title with *TP53*"
abstract: |
  First line
  of an abstract.
date: 2026-01-01
---

## Heading {#sec-one}

A paragraph with `{python} v("risk.all.or")` in
two lines. Smith et al. wrote P. vulgaris, e.g. here.
Then "more." And end!

- an item
- another

| a | b |
|---|---|
| 1 | 2 |

::: {#fig-one}

```{python}
#| fig-alt: "What it shows."
plot()
```

The *caption*.
:::

<!-- hidden 3.82 -->

::: {.notice}
A notice.
:::
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "_quarto.yml").write_text(
        "project:\n  render: [a.qmd]\ncrossref:\n  custom:\n"
        "    - {kind: float, key: supptbl, reference-prefix: Table S,"
        " space-before-numbering: false}\n"
    )
    (tmp_path / "a.qmd").write_text(BODY, "utf-8")
    return Project.load(tmp_path)


def test_passages_are_what_a_reader_reads(project: Project) -> None:
    (reading,) = read(project, KnownLetter())
    assert [(passage.kind, passage.text) for passage in reading.passages] == [
        ("title", "A title with TP53"),
        ("metadata", "First line of an abstract."),
        ("heading", "Heading"),
        (
            "paragraph",
            "A paragraph with 4.48 in two lines. Smith et al. wrote P. vulgaris, e.g. "
            'here. Then "more." And end!',
        ),
        ("item", "an item"),
        ("item", "another"),
        ("table", "| a | b |"),
        ("table", "| 1 | 2 |"),
        ("alt", "What it shows."),
        ("caption", "The caption."),
        ("paragraph", "A notice."),
    ]
    assert reading.passages[-1].within == ("{.notice}",)


def test_characters_know_their_lines(project: Project) -> None:
    (reading,) = read(project, KnownLetter())
    lines = BODY.split("\n")
    for passage in reading.passages:
        for word in ("TP53", "abstract", "Heading", "another", "vulgaris", "shows"):
            if (at := passage.text.find(word)) >= 0:
                line, column = passage.place(at)
                assert lines[line - 1][column - 1 :].startswith(word)


def test_sentences_end_where_they_end(project: Project) -> None:
    (reading,) = read(project, KnownLetter())
    paragraph = reading.passages[3]
    assert [paragraph.text[start:end] for start, end in paragraph.sentences] == [
        "A paragraph with 4.48 in two lines.",
        "Smith et al. wrote P. vulgaris, e.g. here.",
        'Then "more."',
        "And end!",
    ]


def test_a_float_has_its_caption_cell_and_number(project: Project) -> None:
    (reading,) = read(project, KnownLetter())
    (figure,) = reading.floats
    assert (figure.name, figure.line) == ("Figure 1", 22)
    assert figure.caption is not None
    assert figure.caption.text == "The caption."
    assert [cell.code for cell in figure.cells] == ["plot()\n"]


def test_labels_are_numbered_by_kind(tmp_path: Path, project: Project) -> None:
    (tmp_path / "a.qmd").write_text(
        "::: {#supptbl-b}\n:::\n\n::: {#fig-x}\n:::\n\n::: {#supptbl-a}\n:::\n"
    )
    names = Names.of(Project.load(tmp_path))
    assert names.item("supptbl-a") == "Table S2"
    assert names.item("fig-x") == "Figure 1"
    with pytest.raises(LookupError, match="did you mean supptbl-a"):
        names.item("supptbl-aa")


def test_front_matter_knows_no_name(project: Project) -> None:
    text = BODY.replace("*TP53*", "`{python} v('risk.all.or')`")
    (project.root / "a.qmd").write_text(text, "utf-8")
    (reading,) = read(Project.load(project.root), KnownLetter())
    (fault,) = reading.faults
    assert (fault.line, fault.column) == (2, 22)
    assert "front matter, which is computed before the first cell" in fault.what
    assert not any(mark.values for mark in reading.passages[0].marks)
