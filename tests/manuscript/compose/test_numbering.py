from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from manuscript.compose import pandoc, render
from manuscript.compose.formats.article import Article, compose
from manuscript.execute.cells import execute
from manuscript.source.documents import Project

CONFIG = """
project:
  render: [index.qmd]
number-sections: true
crossref:
  custom:
    - kind: float
      key: suppfig
      reference-prefix: Figure S
      space-before-numbering: false
      caption-location: top
"""
FLOAT = "::: {{#{}}}\n\nContent.\n\n{}\n:::\n\n"


def article(root: Path, text: str) -> Article:
    (root / "_quarto.yml").write_text(CONFIG, "utf-8")
    (root / "index.qmd").write_text(text, "utf-8")
    project = Project.load(root)
    (document,) = project.documents
    options = render.cell_options(project, document, 60, 0)
    execution = execute(document, root, options, threading.Event())
    return compose(project, document, execution, options)


def references(article: Article) -> list[tuple[str, str]]:
    return [
        (plain(e["c"]["prefix"]), e["c"]["number"])
        for e in pandoc.elements(article.blocks)
        if e["t"] == "Ref"
    ]


def plain(inlines: list[Any]) -> str:
    return "".join(" " if e["t"] == "Space" else e["c"] for e in inlines)


def test_each_kind_counts_by_itself_in_reading_order(tmp_path: Path) -> None:
    floats = "".join(
        FLOAT.format(label, "A caption.")
        for label in ("fig-a", "tbl-b", "fig-c", "suppfig-d", "tbl-e")
    )
    composed = article(tmp_path, floats.replace("#tbl-b", "#tbl-b lang=en"))
    numbered = [
        (e["c"]["id"], e["c"]["kind"], e["c"]["number"])
        for e in pandoc.elements(composed.blocks)
        if e["t"] == "Float"
    ]
    assert numbered == [
        ("fig-a", "fig", "1"),
        ("tbl-b", "tbl", "1"),
        ("fig-c", "fig", "2"),
        ("suppfig-d", "suppfig", "1"),
        ("tbl-e", "tbl", "2"),
    ]
    assert composed.kinds["suppfig"].name("1") == "Figure S1"
    assert composed.kinds["suppfig"].caption == "top"
    assert composed.kinds["fig"].name("1") == "Figure\N{NO-BREAK SPACE}1"


def test_references_take_prefix_number_or_both(tmp_path: Path) -> None:
    text = FLOAT.format("fig-a", "A caption.")
    text += FLOAT.format("suppfig-b", "It shows what @fig-a does not.")
    text += "@fig-a, [-@fig-a], [Fig. @fig-a], [@fig-a; @suppfig-b], @suppfig-b.\n"
    space = "\N{NO-BREAK SPACE}"
    assert references(article(tmp_path, text)) == [
        (f"Figure{space}", "1"),
        (f"Figure{space}", "1"),
        ("", "1"),
        (f"Fig.{space}", "1"),
        (f"Figure{space}", "1"),
        ("Figure S", "1"),
        ("Figure S", "1"),
    ]


def test_sections_are_numbered_by_their_depth(tmp_path: Path) -> None:
    text = "## One {#sec-one}\n\n### In one {#sec-in}\n\n## No number {.unnumbered}\n\n"
    text += "## Two {#sec-two}\n\n### In two {#sec-deep}\n\n"
    text += "@sec-one @sec-in @sec-two @sec-deep\n"
    composed = article(tmp_path, text)
    headings = [e["c"][2] for e in composed.blocks if e["t"] == "Header"]
    spans = [heading[0]["c"][1] for heading in headings if heading[0]["t"] == "Span"]
    assert [plain(span).strip() for span in spans] == ["1", "1.1", "2", "2.1"]
    found = references(composed)
    assert [number for _, number in found] == ["1", "1.1", "2", "2.1"]
    assert {prefix.strip() for prefix, _ in found} == {"Section"}


def test_text_after_a_reference_in_its_bracket_is_remarked(tmp_path: Path) -> None:
    text = FLOAT.format("fig-a", "A caption.") + "See [@fig-a, left].\n"
    (remark,) = article(tmp_path, text).remarks
    assert str(remark).startswith("index.qmd:8: text after")


def test_a_cell_with_label_and_caption_is_a_float(tmp_path: Path) -> None:
    text = "```{python}\n#| label: tbl-a\n#| tbl-cap: A *caption*.\n"
    text += "from IPython.display import Markdown\n"
    text += "Markdown('| a |\\n|---|\\n| 1 |')\n```\n\n@tbl-a\n"
    composed = article(tmp_path, text)
    (found,) = [e["c"] for e in pandoc.elements(composed.blocks) if e["t"] == "Float"]
    assert (found["id"], found["kind"], found["number"]) == ("tbl-a", "tbl", "1")
    assert any(e["t"] == "Table" for e in pandoc.elements(found["content"]))
    assert any(e["t"] == "Emph" for e in found["caption"])


VALUE = r'[3]{.value key="a.b" data-rows="x = \"y\"" data-unit="count"}'


@pytest.mark.parametrize("code", ["", f"\n```\n{VALUE}\n```\n"])
def test_a_value_comes_through_as_it_was(tmp_path: Path, code: str) -> None:
    composed = article(tmp_path, f"A {VALUE} b.\n{code}")
    (span,) = [e for e in pandoc.elements(composed.blocks) if e["t"] == "Span"]
    assert span["c"][0] == [
        "",
        ["value"],
        [["key", "a.b"], ["data-rows", 'x = "y"'], ["data-unit", "count"]],
    ]
    shown = [
        e["c"][1] for e in pandoc.elements(composed.blocks) if e["t"] == "CodeBlock"
    ]
    assert shown == ([VALUE] if code else [])
