"""What stands in a draft for what is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from manuscript.compose.draft import reading
from manuscript.compose.draft.stopgaps import as_written, readable, tolerant
from manuscript.errors import ManuscriptError
from manuscript.execute import Execution
from manuscript.source import Document, Prose, Settings, run_pandoc
from tests.manuscript.conftest import Answer, Command, Paper
from tests.manuscript.papers import GENERATED

TEXT = """First [x]{.y} and [z]{.w}.

::: {.odd}

Inside, sound.

:::

```{.odd}
a

b
```

Last.
"""


def refusing(*rules: tuple[int, str]) -> str:
    """The text of a document after these faults, by line and what they name."""

    def attempt(document: Document, _: Execution) -> str:
        lines = document.prose[0].text.split("\n")
        faults = [
            ManuscriptError("a.qmd", line, f"`{name}` is odd", "mend it")
            for line, name in rules
            if name in lines[line - 1]
        ]
        if faults:
            raise ExceptionGroup("odd", faults)
        return "\n".join(lines)

    document = Document("a.qmd", Settings("a.qmd"), (Prose(TEXT, "a.qmd", 1),), ())
    text, notes = tolerant(document, Execution((), {}), attempt)
    assert len(notes) == len(rules)
    return text


def test_the_construct_goes_that_a_fault_names_and_nothing_beside_it() -> None:
    expected = TEXT.replace("[x]{.y}", as_written("[x]{.y}"))
    assert refusing((1, "{.y}")) == expected


def test_a_division_keeps_what_it_holds() -> None:
    assert refusing((3, ".odd")) == TEXT.replace("::: {.odd}", "::: {}")


def test_code_goes_whole() -> None:
    text = refusing((9, "```"))
    assert "Last." in text
    assert "```" not in text.replace("\\`", "")


def test_a_fault_that_stays_is_raised() -> None:
    def attempt(document: Document, _: Execution) -> None:
        raise ManuscriptError("a.qmd", 1, "odd", "mend it")

    document = Document("a.qmd", Settings("a.qmd"), (Prose(TEXT, "a.qmd", 1),), ())
    with pytest.raises(ManuscriptError):
        tolerant(document, Execution((), {}), attempt)


@pytest.mark.parametrize(
    "source", ["# *a* `b` [c](d) ^e^ 1. | x", "- a\n- b", "@x $y$"]
)
def test_what_is_shown_as_written_reads_as_it_was(source: str, tmp_path: Path) -> None:
    tree = json.loads(
        run_pandoc(("-f", "markdown", "-t", "json"), as_written(source), tmp_path)
    )
    (block,) = tree["blocks"]
    breaks = {"Space": " ", "SoftBreak": "\n"}
    shown = "".join(breaks.get(e["t"], e.get("c", "")) for e in block["c"])
    assert shown == f"⟦{source}⟧"
    assert as_written(as_written(source)) == as_written(source)


BODY = """---
title: "A small letter"
---

```{python}
from tides import plot, range_of
```

A sentence with `{python} range_of("north")` in it and ![a gull](gull.png).

```{python}
1/0
```

Words `{python} nothing_of("it")` break off.

```{python}
import pandas
pandas.DataFrame({"height": range(100)})
```

```{python}
#| fig-cap: "A caption of no label."
plot()
```

Letters 𓀀 and 漢 of no font.

::: {#fig-x}

Nothing.
:::

The end is sound.
"""


@pytest.fixture
def drafted(paper: Paper, command: Command) -> tuple[Path, Answer]:
    root = paper(index_DOT_qmd=BODY)
    return root, command(root, "render", "index.qmd", "--draft")


def test_a_draft_shows_all_that_is_not_refused(drafted: tuple[Path, Answer]) -> None:
    root, answer = drafted
    page = (root / "_output/draft/index.html").read_text("utf-8")
    assert "The end is sound." in page
    assert "⟦![a gull](gull.png)⟧" in page
    assert "A sentence with" in page
    for place in (9, 12, 15, 17, 23, 27, 29):
        assert f"index.qmd:{place}:" in answer.said
        assert f">index.qmd:{place}:" in page


def test_what_one_format_refuses_is_set_aside_in_it_alone(
    drafted: tuple[Path, Answer],
) -> None:
    root, answer = drafted
    assert (answer.status, answer.complained) == (0, "")
    assert answer.said.count("index.qmd:27: no font has") == 1
    assert "formats differ" not in answer.said
    assert "Letters 𓀀 and 漢 of" in (root / "_output/draft/index.html").read_text(
        "utf-8"
    )
    with pdfium.PdfDocument(root / "_output/draft/index.pdf") as pdf:
        text = " ".join(page.get_textpage().get_text_range() for page in pdf)
    assert "Letters ⟦U+13000⟧ and ⟦U+6F22⟧ of" in text


def test_a_format_that_is_refused_takes_no_other_with_it(
    paper: Paper, command: Command
) -> None:
    root = paper(index_DOT_qmd=BODY)
    (root / "_output/draft").mkdir(parents=True)
    (root / "_output/draft/index.pdf").write_bytes(GENERATED["pdf"])
    with (root / "partials/typst-template.typ").open("a", encoding="utf-8") as template:
        template.write('#panic("no")\n')
    answer = command(root, "render", "index.qmd", "--draft")
    assert answer.status == 1
    assert "index.pdf is missing: index.qmd:1: typst: " in answer.complained
    assert {file.name for file in (root / "_output/draft").iterdir()} == {
        "index.html",
        "index.docx",
    }


def test_without_draft_nothing_is_written(paper: Paper, command: Command) -> None:
    root = paper(index_DOT_qmd=BODY)
    answer = command(root, "render", "index.qmd")
    assert answer.status == 1
    assert not (root / "_output").exists()


def test_what_cannot_be_read_is_set_aside(paper: Paper, command: Command) -> None:
    odd = BODY.replace('#| fig-cap: "A caption of no label."', "#| fig-capp: x")
    odd += "\nA rule\n---\nbelow.\n"
    odd += "\nA {{< shortcode x >}} here.\n\n```{r}\nx <- 1\n\ny\n```\n\nSound.\n"
    root = paper(index_DOT_qmd=odd.replace("𓀀", "a").replace("漢", "b"))
    answer = command(root, "render", "index.qmd", "--draft")
    assert answer.complained == ""
    page = (root / "_output/draft/index.html").read_text("utf-8")
    assert "⟦{{&lt; shortcode x &gt;}}⟧ here." in page
    assert "<p>Sound.</p>" in page
    assert "formats differ" not in answer.said
    for place, what in ((23, "fig-capp"), (40, "shortcode"), (42, "a cell in")):
        assert re.search(rf"index.qmd:{place}: .*{what}", answer.said)


def test_a_document_that_cannot_be_read_at_all_is_shown_as_written(
    paper: Paper, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "readable", lambda text, fault: text)
    root = paper(index_DOT_qmd=BODY.replace('title: "', 'title: "A": "'))
    for _ in range(2):
        answer = command(root, "render", "--draft", "--to", "html")
        assert answer.status == 0, answer.complained
    page = (root / "_output/draft/index.html").read_text("utf-8")
    assert page.count('<mark class="finding"') == 1
    assert page.index("title: ") < page.index("<mark class") < page.index("Letters")
    assert (root / "_output/draft/supplement.html").is_file()


def test_a_formula_that_no_writer_takes_is_set_aside(
    paper: Paper, command: Command
) -> None:
    text = "---\ntitle: T\n---\n\nSee $\\badmath{x}$ and\n[a](#nowhere).\n"
    root = paper(index_DOT_qmd=text)
    answer = command(root, "render", "index.qmd", "--draft")
    page = (root / "_output/draft/index.html").read_text("utf-8")
    assert "See ⟦$\\badmath{x}$⟧ and" in page
    assert "index.qmd:5: the formula `\\badmath{x}` cannot be read" in answer.said
    assert "index.qmd:6: a link leads to `#nowhere`" in answer.said
    assert (root / "_output/draft/index.pdf").is_file()


def test_the_end_of_a_division_stays() -> None:
    text = "::: {.a}\n\nWords `x`.\n:::\n\n:::\n"
    fault = ManuscriptError("a.qmd", 3, "`y` is odd", "mend it")
    assert readable(text, fault).endswith("⟧\n:::\n\n:::\n")
    fault = ManuscriptError("a.qmd", 6, "`y` is odd", "mend it")
    assert readable(text, fault) == text
