"""Constructs that Quarto prints alike in all formats, each by itself."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from manuscript.errors import ManuscriptError
from tests.manuscript.compose.conftest import build, document_xml, texts, write


def _page(output: Path) -> str:
    return (output / "index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[A]{.mine} b.", "A b."),
        ('::: {.my-box #here data-x="1"}\nIn a box.\n:::', "In a box."),
        ('<div class="box">In a <b>box</b>.</div>', "In a box."),
        ("```{.python .mine}\nx = 1\n```", "x = 1"),
        ("# A {.mine}\n\nText.", "A Text."),
        ("The 1990's were.", "The 1990's were."),
        ("One <br> two.", "One two."),
        ("One<br>\ntwo.", "One two."),
        ("A <mark>lit</mark> <kbd>K</kbd>, <ins>new</ins>.", "A lit K, new."),
        ("See {{< env NOBODY_SETS_THIS words >}}.", "See words."),
        ('See {{< env NOBODY_SETS_THIS "two words" >}}.', "See two words."),
        (":::: {.columns}\n::: {.column}\nLeft.\n:::\n::::", "Left."),
    ],
)
def test_all_formats_have_the_same_words(tmp_path: Path, text: str, words: str) -> None:
    for to, found in texts(build(write(tmp_path, text))).items():
        found = found.translate(str.maketrans("’′", "''"))
        found = found.removesuffix(" 1") if to == "pdf" else found
        assert found.removeprefix("T ") == words


def test_columns_stand_side_by_side_in_their_shares(tmp_path: Path) -> None:
    text = """:::: {.columns}
::: {.column width="30%"}
Left bank.
:::
::: {.column width="70%"}
Right bank.
:::
::::"""
    output = build(write(tmp_path, text))
    assert all("Left bank. Right bank." in found for found in texts(output).values())
    assert "display: flex" in _page(output)
    assert "flex: 0 1 70%" in _page(output)


TABS = """::: {.panel-tabset}

## Near *by*

Pebbles.

## Far {#far.off}

### Deeper

Hills.

:::

[Far](#far.off)"""


def test_tabs_are_headings_on_paper_and_labels_on_a_page(tmp_path: Path) -> None:
    output = build(write(tmp_path, TABS))
    for found in texts(output).values():
        assert "Near by Pebbles. Far Deeper Hills." in found
    page = _page(output)
    assert page.count('type="radio"') == 2
    assert page.count(" checked") == 1
    assert 'id="far.off" class="tab-pane"' in page
    assert "<script" not in page


def test_tabs_are_refused_where_paper_alone_would_number_them(tmp_path: Path) -> None:
    project = write(tmp_path, TABS, "title: T\nnumber-sections: true\n")
    with pytest.raises((ManuscriptError, ExceptionGroup)) as caught:
        build(project, "html")
    assert "paper alone would number" in repr(caught.value)


def test_a_lost_tab_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from manuscript.compose.formats import html

    written = html._tabs

    def lost(content: dict[str, object]) -> object:
        content["content"] = content["content"][:1]  # type: ignore[index]
        return written(content)

    monkeypatch.setattr(html, "_tabs", lost)
    with pytest.raises(ManuscriptError, match="formats differ"):
        build(write(tmp_path, TABS))


def test_tasks_have_boxes_in_every_format(tmp_path: Path) -> None:
    output = build(write(tmp_path, "- [ ] open\n- [x] done\n\n1. [ ] third"))
    assert _page(output).count('<input type="checkbox"') == 3
    with zipfile.ZipFile(output / "index.docx") as package:
        bullets = package.read("word/numbering.xml").decode()
    assert re.findall("[☐☒]", document_xml(output)) == ["☐"]
    assert {"☐", "☒"} <= set(bullets)
    found = texts(output)
    assert "open" in found.get("pdf", "open")
    assert "done" in found.get("pdf", "done")


def test_front_matter_computes_before_the_first_cell(tmp_path: Path) -> None:
    front = "title: 'Six times seven is `{python} 6 * 7`'\n"
    text = "```{python}\n#| include: false\nn = 1\n```\n\nText."
    output = build(write(tmp_path, text, front))
    for to, found in texts(output).items():
        assert to == "html" or "Six times seven is 42" in found
    assert "<title>Six times seven is 42</title>" in _page(output)


def test_front_matter_does_not_know_what_a_later_cell_defines(tmp_path: Path) -> None:
    front = "title: 'It is `{python} n`'\n"
    text = "```{python}\n#| include: false\nn = 1\n```\n\nText."
    with pytest.raises((ManuscriptError, ExceptionGroup)) as caught:
        build(write(tmp_path, text, front), "html")
    assert "NameError" in repr(caught.value)


ANNOTATED = """```python
a = 1  # <1>
b = "<x>" # <2>
c = 3
```
1. The *first*.
2. The second."""


def test_annotated_lines_are_explained_by_their_numbers(tmp_path: Path) -> None:
    output = build(write(tmp_path, ANNOTATED))
    found = texts(output)
    for to in ("docx", "pdf"):
        if to in found:
            assert "c = 3 Line 1 The first. Line 2 The second." in found[to]
    page = _page(output)
    assert 'b = "&lt;x&gt;"' in page or "b = &quot;&lt;x&gt;&quot;" in page
    assert "<dd>" in page
    assert "# &lt;1&gt;" not in page


@pytest.mark.parametrize(
    "text",
    [
        ANNOTATED.replace("<2>", "<1>"),  # one number on two lines
        ANNOTATED.removesuffix("\n2. The second."),
        ANNOTATED.replace("python", "fortran"),
        "```python\na # <1>\n```\n\nText.",
    ],
)
def test_annotations_that_are_not_whole_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises((ManuscriptError, ExceptionGroup)) as caught:
        build(write(tmp_path, text), "html")
    assert "annotation" in repr(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("::: {#nte-a .callout-note}\n## Mind\n\nx\n:::\n\n@nte-a.", "Note 1: Mind x"),
        ("::: {#wrn-a .callout-warning}\nx\n:::\n\n@wrn-a.", "Warning 1 x"),
        ("::: {#rem-a}\nx\n:::\n\nSee @rem-a.", "Remark 1. x See Remark 1."),
        (
            '::: {#sol-a name="N"}\nx\n:::\n\nSee @sol-a.',
            "Solution 1 (N). x See Solution 1.",
        ),
        ("::: {#alg-a}\n## Euclid\n\nx\n:::\n\n@alg-a.", "Algorithm 1 (Euclid)"),
        ("a^[b\n\n- c\n- d]", "a"),
        ("a[^n]\n\n[^n]: b\n\n    - c\n    - d", "a b c d"),
        ("::: {layout-ncol=2}\nLeft.\n\nRight.\n:::", "Left. Right."),
        ("::: {.column-page-right}\nWide.\n:::", "Wide."),
        ('::: {.content-visible when-meta="title"}\nSeen.\n:::', "Seen."),
        ('x\n\n::: {.content-hidden when-meta="title"}\nUnseen.\n:::', "x"),
        ("```{=html}\n<table><tr><td>one</td></tr></table>\n```", "one"),
        (
            "```{=html}\n<p>Only h</p>\n```\n\n```{=typst}\nOnly t\n```\n\n"
            "A `<b>h</b>`{=html}`#strong[t]`{=typst} word.",
            "word.",
        ),
    ],
)
def test_all_formats_say_the_same(tmp_path: Path, text: str, words: str) -> None:
    found = texts(build(write(tmp_path, text)))
    for to in ("html", "docx"):
        assert words in found[to], to


def test_tables_of_a_cell_may_be_panels(tmp_path: Path) -> None:
    cell = (
        "```{python}\n#| label: tbl-a\n#| tbl-cap: Both\n#| tbl-subcap: [One, Two]\n"
        "#| layout-ncol: 2\n#| echo: false\nfrom IPython.display import Markdown\n"
        "for x in 'ab':\n    display(Markdown(f'| {x} |\\n|--|\\n| 1 |'))\n```\n\n"
        "See @tbl-a-2."
    )
    found = texts(build(write(tmp_path, cell)))
    assert "a 1 (a) One b 1 (b) Two See Table" in found["html"]
    assert found["html"].endswith("1 (b).")
