from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from manuscript.compose import features
from manuscript.errors import ManuscriptError
from manuscript.source.documents import Project

SMALL = Path(__file__).parents[1] / "projects" / "small"
Paper = Callable[..., Path]


def test_the_small_paper_is_supported() -> None:
    features.check(Project.load(SMALL))


def refusal(root: Path) -> str:
    with pytest.raises(ManuscriptError) as caught:
        features.check(Project.load(root))
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "type: default",
            "type: website",
            "_quarto.yml:2: `project.type` is `website`",
        ),
        (
            "  echo: false",
            "  freeze: auto",
            "_quarto.yml:8: `execute.freeze` is `auto`",
        ),
        ("  echo: false", "  cache: true", "_quarto.yml:8: `execute.cache` is true"),
        ("  echo: false", "  kernel: x", "_quarto.yml:8: `execute.kernel` is not"),
        (
            "lang: en",
            "code-tools: true",
            "_quarto.yml:6: `code-tools` is not supported",
        ),
        (
            "lang: en",
            "filters: [x.py]",
            "_quarto.yml:6: `filters` `x.py` is not supported",
        ),
        ("lang: en", "csl: no.csl", "_quarto.yml:6: `csl` `no.csl` does not exist"),
        ("lang: en", "csl: partials", "_quarto.yml:6: `csl` `partials` is a folder"),
        ("lang: en", "csl: tides.py", "_quarto.yml:6: `csl` `tides.py` is no citation"),
        (
            "theme: none",
            "theme: cosmo",
            "_quarto.yml:29: `format.html.theme` is `cosmo`",
        ),
        ("theme: none", "code-fold: true", "_quarto.yml:29: `format.html.code-fold`"),
        (
            "embed-resources: true",
            "embed-resources: false",
            "_quarto.yml:31: `format.html.embed-resources` is false",
        ),
        ("  docx:\n", "  revealjs:\n", "_quarto.yml:40: `format.revealjs` is not"),
        (
            "citeproc: true",
            "papersize: a4",
            "_quarto.yml:36: `papersize` is given twice",
        ),
        ("    citeproc: true\n", "", "_quarto.yml:34: `format.typst` lacks `citeproc`"),
        (
            "      reference-prefix: Figure S\n",
            "",
            "_quarto.yml:16: `crossref.custom.0` has no `reference-prefix`",
        ),
        ("execute:\n", "execute: no\nx:\n", "_quarto.yml:7: `execute` holds no"),
    ],
)
def test_what_is_not_supported_is_refused_by_name_and_line(
    paper: Paper, old: str, new: str, message: str
) -> None:
    root = paper()
    config = root / "_quarto.yml"
    text = config.read_text("utf-8")
    assert old in text
    config.write_text(text.replace(old, new, 1), "utf-8")
    assert refusal(root).startswith(message)


def test_front_matter_is_judged_too(paper: Paper) -> None:
    root = paper(
        supplement_DOT_qmd="---\nformat:\n  html:\n    toc-location: left\n---\n"
    )
    assert refusal(root).startswith(
        "supplement.qmd:4: `format.html.toc-location` is not supported"
    )


def test_names_that_the_templates_use_may_be_set(paper: Paper) -> None:
    root = paper(supplement_DOT_qmd="---\nmasthead: M\n---\n")
    assert refusal(root).startswith("supplement.qmd:2: `masthead` is not supported")
    show = root / "partials" / "typst-show.typ"
    show.write_text(show.read_text("utf-8") + "$if(masthead)$$endif$", "utf-8")
    features.check(Project.load(root))


def test_several_faults_are_told_at_once(paper: Paper) -> None:
    root = paper(supplement_DOT_qmd="---\nab: 1\ncd: 2\n---\n")
    with pytest.raises(ExceptionGroup) as caught:
        features.check(Project.load(root))
    assert len(caught.value.exceptions) == 2


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("related: x", "`related` is `x`, which is not supported; write a list of"),
        ("masthead: [a]", "`masthead` is `['a']`, which is not supported; write text"),
        ("keywords: {a: b}", "`keywords` is `{'a': 'b'}`, which is not supported"),
        ("date: 2026-13-45", "date `2026-13-45` is not supported"),
        ("author: [{name: A, note: b}]", "`note` of an author is not known"),
    ],
)
def test_what_title_pages_would_not_print_is_refused(
    paper: Paper, entry: str, message: str
) -> None:
    root = paper(supplement_DOT_qmd=f"---\n{entry}\n---\n")
    for name in ("title-block.html", "typst-show.typ"):
        text = (SMALL.parents[3] / "partials" / name).read_text("utf-8")
        (root / "partials" / name).write_text(text, "utf-8")
    assert refusal(root).startswith(f"supplement.qmd:2: {message}")
