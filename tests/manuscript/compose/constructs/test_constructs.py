"""Each construct that authors may use, in all three formats."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.manuscript.compose.conftest import build, document_xml, texts, write

FRONT = """title: All of it
keywords: [tide, shore]
abstract: |
  An *abstract* of {{< meta place >}}.
place: Upper Pond
size: {depth: 3}
lang: en
number-sections: true
"""

TEXT = """# First part {#sec-first}

A pond, {{< meta
place >}}, {{<meta size.depth>}} deep, of {{< var maker >}}.
See @Sec-first; @tbl-one; and @eq-line.

::: content-hidden
Hidden words.
:::

::: {.content-visible when-format="html"}
For the screen.
:::

::: callout-note
The gate closes.
:::

::: {.callout-tip icon="false"}
## Best time

Come in May.
:::

Then $x^2$ inline.

$$
y = a + b x
$$ {#eq-line alt="y equals a plus b x"}

::: {#thm-line}
## Line

Two points give one.
:::

::: {.proof}
Clear.
:::

By @thm-line and @lst-sum.

| A | B |
|---|---|
| a | b[^n] |

: Two columns. {#tbl-one tbl-colwidths="[80,20]"}

[^n]: A note in a table.

```{#lst-sum .python lst-cap="A *sum*"}
1 + 1
```

::: {#fig-pair layout-ncol=2}

![Left one](img.png){#fig-left fig-alt="Left"}

![Right one](img.png){#fig-right fig-alt="Right"}

Two panels.
:::

See @fig-pair, mainly @fig-right. Ten is 10<sup>1</sup>, and
[this is red]{style="color: red"}. It's Tom's.

{{< pagebreak >}}

<table><tr><td>Oak</td><td>300</td></tr></table>

`<b>h</b>`{=html}`#strong[t]`{=typst} last words.
"""


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("all")
    return build(write(root, TEXT, FRONT, _variables_DOT_yml="maker: the Fern Club\n"))


@pytest.fixture(scope="module")
def words(output: Path) -> dict[str, str]:
    return texts(output)


@pytest.mark.parametrize(
    "shown",
    [
        "First part",
        "Upper Pond, 3 deep, of the Fern Club.",
        "See Section 1; Table 1; and Equation 1.",
        "The gate closes.",
        "Best time",
        "Two points give one.",
        "By Theorem 1 and Listing 1.",
        "Table 1: Two columns.",
        "Listing 1: A sum",
        "A note in a table.",
        "(a) Left one",
        "Figure 1: Two panels.",
        "this is red",
        "It’s Tom’s.",
        "Oak",
        "last words.",
    ],
)
def test_words_are_in_every_format(words: dict[str, str], shown: str) -> None:
    for to, text in words.items():
        even = text.replace("\N{NO-BREAK SPACE}", " ").replace("*", "")
        assert shown in even.replace("_", ""), to


def test_hidden_words_are_in_none(words: dict[str, str]) -> None:
    assert not any("Hidden words" in text for text in words.values())


def test_words_for_the_screen_are_on_the_screen_alone(words: dict[str, str]) -> None:
    assert [to for to, text in words.items() if "For the screen." in text] == ["html"]


def test_raw_output_goes_to_its_format(output: Path) -> None:
    html = (output / "index.html").read_text("utf-8")
    assert "<b>h</b>" in html
    assert "<b>h</b>" not in document_xml(output)


def test_a_raised_number_is_raised(output: Path) -> None:
    assert "10<sup>1</sup>" in (output / "index.html").read_text("utf-8")
    assert '<w:vertAlign w:val="superscript"' in document_xml(output)


def test_colour_is_in_word_too(output: Path) -> None:
    assert '<w:color w:val="ff0000"/>' in document_xml(output)


def test_formulas_are_spoken_in_the_pdf(output: Path) -> None:
    import pypdfium2
    from pypdfium2 import raw

    from manuscript.compose.agreement import pdf

    alts: list[str] = []

    def walk(element: object) -> None:
        alt = pdf._name(raw.FPDF_StructElement_GetAltText, element)
        alts.append(alt)
        for index in range(raw.FPDF_StructElement_CountChildren(element)):
            if child := raw.FPDF_StructElement_GetChildAtIndex(element, index):
                walk(child)

    document = pypdfium2.PdfDocument(output / "index.pdf")
    for page in document:
        tree = raw.FPDF_StructTree_GetForPage(page.raw)
        for index in range(raw.FPDF_StructTree_CountChildren(tree)):
            if top := raw.FPDF_StructTree_GetChildAtIndex(tree, index):
                walk(top)
    assert {"x^2", "y equals a plus b x", "Left", "Right"} <= set(alts)


def test_keywords_and_abstract_are_on_the_page(output: Path) -> None:
    html = (output / "index.html").read_text("utf-8")
    assert "Keywords: tide, shore" in html
    assert re.search(r"An <em>abstract</em>\s+of Upper Pond\.", html)


def test_the_widths_of_columns_are_kept(output: Path) -> None:
    assert 'style="width: 80%"' in (output / "index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("lang", "names"),
    [
        ("de", ("Abbildung", "Kapitel", "Hinweis", "4. März 2026")),
        ("fr", ("Figure", "Section", "Note", "4 mars 2026")),
    ],
)
def test_a_language_names_things(
    tmp_path: Path, lang: str, names: tuple[str, ...]
) -> None:
    figure, section, note, date = names
    text = (
        "## A {#sec-a}\n\nSee @sec-a and @fig-a.\n\n::: callout-note\nx\n:::\n\n"
        '![C](img.png){#fig-a fig-alt="A"}\n'
    )
    front = (
        f"title: T\nlang: {lang}\nnumber-sections: true\ndate: 2026-03-04\n"
        "date-format: long\n"
    )
    for to, shown in texts(build(write(tmp_path, text, front))).items():
        even = shown.replace("\N{NO-BREAK SPACE}", " ").replace("*", "")
        for name in (f"{section} 1", f"{figure} 1", note):
            assert name in even, to
    page = (tmp_path / "_output" / "index.html").read_text("utf-8")
    assert date in page
    assert f'<html lang="{lang}"' in page


def test_a_format_of_the_document_is_the_only_one(tmp_path: Path) -> None:
    output = build(write(tmp_path, "Text.", "title: T\nformat: html\n"))
    assert [path.name for path in output.iterdir()] == ["index.html"]


def test_a_long_table_of_a_bare_project_breaks(tmp_path: Path) -> None:
    rows = "".join(f"| row {n} | {n * 7} |\n" for n in range(120))
    text = f"| A | B |\n|---|---|\n{rows}\n: Long. {{#tbl-long}}\n"
    # A comparison of the formats ends the render.
    output = build(write(tmp_path, text))
    import pypdfium2

    document = pypdfium2.PdfDocument(output / "index.pdf")
    assert len(document) > 2
