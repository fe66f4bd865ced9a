"""What would be lost or changed in silence is refused, by its name and place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from manuscript.compose import Read, load, refusals, render
from manuscript.errors import ManuscriptError
from tests.manuscript.compose.conftest import build, write

Refused = Callable[..., str]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("::: panel-tabset\nx\n:::", ":5: `panel-tabset` (column 5) does not begin"),
        ("::: {.panel-tabset}\nx\n:::", ":5: `panel-tabset` (column 7) does not"),
        (":::: {.columns}\nx\n::::", ":5: `columns` holds what is no `.column`"),
        ("::: {.column}\nx\n:::", ":5: class `column` is not supported outside"),
        ('::: {width="3"}\nx\n:::', ":5: attribute `width` is not supported"),
        (
            ':::: {.columns}\n::: {.column width="3px"}\nx\n:::\n::::',
            ":6: the width of a column is `3px` (column 14)",
        ),
        ("Is {{< env HOME >}}.", ":5: shortcode `env` (column 4) prints what"),
        ("Is {{< env PATH x >}}.", "and `PATH` is set here"),
        ("x [y]{.aside}", ":5: class `aside` is not supported (column 8)"),
        ("::: {.landscape}\nx\n:::", ":5: class `landscape` is not supported"),
        ("::: {.column-margin}\nx\n:::", ":5: class `column-margin` is not"),
        ('::: {fancy="1"}\nx\n:::', ":5: attribute `fancy` is not supported"),
        ('```{.python filename="a.py"}\nx\n```', ":5: attribute `filename` is not"),
        ('```{.python code-line-numbers="1"}\nx\n```', "`code-line-numbers` is not"),
        ("```python\na  # <2>\n```\n1. Note.", ":6: the annotation `# <2>` of code"),
        ('```{.python lst-cap="C"}\nx\n```', ":5: a listing wants a label"),
        ("one<br>two", ":5: `<br>` in HTML is not supported (column 4)"),
        ("<details>\nx\n</details>", ":5: `<details>` in HTML is not supported"),
        ('[x]{style="font-size: 3em"}', ":5: `style` `font-size: 3em` (column 5)"),
        ("As (Tom)'s is", ":5: the apostrophe in `(Tom)'s` is an opening"),
        ("![A](img.png)", ":5: the figure `A` has a caption and no label"),
        ('x ![](img.png){fig-alt="A" width=20px}', "has `width` 20px"),
        ("x ![A](https://example.org/a.png)", "lies elsewhere"),
        ("| A |\n|---|\n| a |\n\n: Words.", ":9: the table `Words.` has a caption"),
        ('| A |\n|---|\n\n: C. {#tbl-a tbl-colwidths="[50,50]"}', "has 1 columns"),
        ("{{< video https://example.org >}}", ":5: shortcode `video` (column 1)"),
        (
            '::: {.content-visible when-format="html"}\n## A\n:::',
            ":5: `content-visible` (column 7) holds a heading",
        ),
    ],
)
def test_it_is_named_with_its_place(refused: Refused, text: str, said: str) -> None:
    assert said in refused(text)


REMARKED = pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A \\textbf{X} here", ":5: `\\textbf{X}` is TeX (column 3)"),
        ("x ![](img.png)", ":5: picture `img.png` (column 5) has no alternative"),
        ("See @lst-no.", ":5: `@lst-no` refers to nothing"),
        ("See @Tbl-no.", ":5: `@Tbl-no` refers to nothing"),
        ("See @eq-no and @thm-no.", ":5: `@eq-no` refers to nothing"),
        ("{{< meta nothing >}}", ":5: `{{< meta nothing >}}` names no text"),
        ("{{< var nothing >}}", ":5: `{{< var nothing >}}` names no text"),
        ("Is `{python} 1 + 1`.", ":5: `1 + 1` (column 4) stands in a document"),
        (
            '![A](img.png){#fig-a fig-alt="A"}\n\n[@fig-a, left]',
            ":7: text after `@fig-a`",
        ),
    ],
)


@REMARKED
def test_what_quarto_marks_or_drops_alike_everywhere_is_said(
    tmp_path: Path, text: str, said: str
) -> None:
    lines: list[str] = []
    project = write(tmp_path, text)
    render.render(project, ["html"], project.output, 60, lines.append)
    assert any(f"index.qmd{said}" in x for x in lines if x.startswith("warning: "))


@REMARKED
def test_a_project_that_is_checked_refuses_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    monkeypatch.setattr(render, "_check", lambda *arguments: None)
    step = "project: {pre-render: manuscript/commands/prerender.py}\n"
    project = write(tmp_path, text, settings=f"{step}format:\n  html: default\n")
    with pytest.raises((ManuscriptError, ExceptionGroup)):
        build(project, "html")
    assert any(said in str(fault) for fault in refusals(Read(project)))


@pytest.mark.parametrize(
    ("front", "said"),
    [
        ("title: T\nwidth: 3\n", "index.qmd:3: `width` is not supported"),
        ("title: T\nlang: it\n", "index.qmd:3: `lang` is `it`"),
        ("title: 'T `{r} 1`'\n", "index.qmd:2: ``{r} ...` is not computed"),
        ("title: T\nnumber-offset: 2\n", "`number-offset` is not supported"),
        ("title: T\ndate: today\n", "index.qmd:3: date `today` is not supported"),
        (
            "title: T\ndate: 2026-03-04\ndate-format: dddd\n",
            "`date-format` `dddd` is not supported",
        ),
    ],
)
def test_settings_are_named_as_well(refused: Refused, front: str, said: str) -> None:
    assert said in refused("Text.", front)


def test_settings_of_other_files_are_judged_with_their_own_names(
    refused: Refused,
) -> None:
    said = refused("Text.", _metadata_DOT_yml="width: 3\n")
    assert said.startswith("_metadata.yml:1: `width` is not supported")


def test_a_class_that_the_projects_own_style_names_is_known(refused: Refused) -> None:
    settings = "format:\n  html: {css: own.css}\n"
    said = refused(
        "[a]{.mine} [b]{.callout-mine}",
        settings=settings,
        own_DOT_css=".mine {} .callout-mine {}",
    )
    assert said.startswith("index.qmd:5: class `callout-mine` is not supported")


def test_what_is_refused_is_found_all_at_once(tmp_path: Path) -> None:
    text = """
```{r}
x <- 17
```

A picture: ![](pic.svg){fig-alt="A circle."} See @fig-no. {{< foo >}}

::: {.column}
y
:::
"""
    (tmp_path / "pic.svg").write_text("<svg/>", "utf-8")
    write(tmp_path, "Text.")
    index = tmp_path / "index.qmd"
    index.write_text(index.read_text("utf-8") + text, "utf-8")
    said = [str(each) for each in refusals(load(tmp_path, ()))]
    for part in ("`r`", "`pic.svg`", "`@fig-no`", "`foo`", "`column`"):
        assert sum(part in each for each in said) == 1, said
