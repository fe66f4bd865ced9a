"""The small paper, rendered whole."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree, html

from manuscript.compose import render
from manuscript.execute.cells import Execution, Options, execute
from manuscript.source.documents import Project
from manuscript.source.fragments import Document

SMALL = Path(__file__).parents[1] / "projects" / "small"
OUTPUTS = ["index.docx", "index.html", "index.pdf"]
OUTPUTS += ["supplement.docx", "supplement.html", "supplement.pdf"]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
EPOCH = "1700000000"
NBSP = "\N{NO-BREAK SPACE}"


def silent(line: str) -> None:
    pass


@pytest.fixture(scope="module")
def executions() -> dict[str, Execution]:
    """What the small paper's cells yield, found out once."""
    project = Project.load(SMALL)
    stop = threading.Event()
    options = render.cell_options(project, project.documents[0], 60, int(EPOCH))
    return {d.path: execute(d, SMALL, options, stop) for d in project.documents}


@pytest.fixture(scope="module")
def outputs(
    tmp_path_factory: pytest.TempPathFactory, executions: dict[str, Execution]
) -> Path:
    """All outputs of the small paper."""
    project = Project.load(SMALL)
    directory = tmp_path_factory.mktemp("small") / "_output"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", EPOCH)
        run = known(executions)
        render.render(project, project.formats, directory, 60, silent, run)
    return directory


def known(executions: dict[str, Execution]) -> render.Executor:
    def run(
        document: Document, folder: Path, options: Options, stop: threading.Event
    ) -> Execution:
        return executions[document.path]

    return run


def page(outputs: Path, name: str) -> Any:
    return html.fromstring((outputs / name).read_text("utf-8"))


def word(outputs: Path, name: str) -> Any:
    with zipfile.ZipFile(outputs / name) as archive:
        return etree.fromstring(archive.read("word/document.xml"))


def having(tree: Any, tag: str, *classes: str) -> list[Any]:
    return [
        e for e in tree.iter(tag) if set(classes) <= set(e.get("class", "").split())
    ]


def paragraphs(document: Any, style: str) -> list[str]:
    return [
        "".join(text.text or "" for text in paragraph.iter(f"{W}t"))
        for paragraph in document.iter(f"{W}p")
        if paragraph.find(f"{W}pPr/{W}pStyle[@{W}val='{style}']") is not None
    ]


def test_both_documents_come_in_three_formats(outputs: Path) -> None:
    assert sorted(path.name for path in outputs.iterdir()) == OUTPUTS


def test_html_has_the_structure_of_quarto_without_theme(outputs: Path) -> None:
    letter = page(outputs, "index.html")
    (outer,) = letter.xpath("//*[@id='fig-tides']")
    assert outer.get("class").startswith("quarto-float quarto-figure")
    (figure,) = outer
    assert figure.get("class") == "quarto-float quarto-float-fig figure"
    body, caption = figure
    assert body.get("aria-describedby") == caption.get("id")
    (cell,) = having(body, "div", "cell")
    (shown,) = having(cell, "div", "cell-output", "cell-output-display")
    assert shown.find(".//svg") is not None
    assert caption.tag == "figcaption"
    assert caption.get("class") == (
        "quarto-float-caption-bottom quarto-float-caption quarto-float-fig"
    )
    text = f"Figure{NBSP}1: Height of the water. North above south, by 3.82 m at most."
    assert caption.text_content().strip() == text
    (table,) = letter.xpath("//*[@id='tbl-tides']/figure")
    assert [part.tag for part in table] == ["figcaption", "div"]
    links = having(letter, "a", "quarto-xref")
    assert [(link.text, link.get("href")) for link in links] == [
        (f"Figure{NBSP}1", "#fig-tides"),
        (f"Table{NBSP}1", "#tbl-tides"),
    ]


def test_the_supplement_counts_by_itself(outputs: Path) -> None:
    supplement = page(outputs, "supplement.html")
    links = [link.text_content() for link in having(supplement, "a", "quarto-xref")]
    assert links == ["Table S1", "Figure S1"]
    captions = [c.text_content().strip() for c in supplement.iter("figcaption")]
    assert captions == [
        "Table S1: Both harbours, 3.82 m in the north.",
        "Figure S1: A day in the south.",
    ]


def test_a_value_keeps_its_key_in_html(outputs: Path) -> None:
    letter = page(outputs, "index.html")
    values = having(letter, "span", "value")
    assert [(value.text, value.get("data-key")) for value in values] == [
        ("3.82", "range.north"),
        ("1.25", "range.south"),
        ("3.82", "range.north"),
        ("1.25", "range.south"),
    ]


def test_html_asks_the_network_for_nothing(outputs: Path) -> None:
    for name in ("index.html", "supplement.html"):
        text = (outputs / name).read_text("utf-8")
        assert not re.search(r"<link|<script[^>]* src|<img[^>]* src=\"(?!data:)", text)
        assert not re.search(r"url\((?!#|\"?data:)|@import", text)


def test_names_in_figures_are_unique_on_the_page(outputs: Path) -> None:
    for name in ("index.html", "supplement.html"):
        ids = page(outputs, name).xpath("//@id")
        assert len(ids) == len(set(ids))
        text = (outputs / name).read_text("utf-8")
        used = set(re.findall(r'(?:url\(#|href="#)([^")]+)', text))
        assert used <= set(ids)


def test_authors_and_affiliations_reach_the_title_block(outputs: Path) -> None:
    letter = page(outputs, "index.html")
    assert [a.text_content() for a in having(letter, "span", "author")] == [
        "First Observer1*",
        "Second Observer1,2",
    ]
    assert [a.text_content() for a in having(letter, "p", "affiliation")] == [
        "1 Institute of Tides, Northport",
        "2 Harbour Board",
        "* Correspondence: First Observer (first@example.org)",
    ]


def test_word_has_captions_links_and_alternative_texts(outputs: Path) -> None:
    letter = word(outputs, "index.docx")
    assert paragraphs(letter, "ImageCaption") == [
        f"Figure{NBSP}1: Height of the water. North above south, by 3.82 m at most."
    ]
    assert paragraphs(letter, "TableCaption") == [
        f"Table{NBSP}1: Range of the tide by harbour, 1.25 m in the south."
    ]
    anchors = {link.get(f"{W}anchor") for link in letter.iter(f"{W}hyperlink")}
    bookmarks = {mark.get(f"{W}name") for mark in letter.iter(f"{W}bookmarkStart")}
    assert {"fig-tides", "tbl-tides", "ref-alder2020"} <= anchors <= bookmarks
    described = [e.get("descr") for e in letter.iter() if e.tag.endswith("}docPr")]
    assert described == [
        "Two curves that rise and fall twice a day; the northern one is higher."
    ]


def test_pdf_is_tagged_and_accessible(outputs: Path) -> None:
    for name, title in (
        ("index.pdf", "Tides at two harbours"),
        ("supplement.pdf", "Supplement"),
    ):
        pdf = (outputs / name).read_bytes()
        assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
        assert b"/MarkInfo" in pdf
        assert re.search(rb"/Lang ?\(en\)", pdf)
        assert f">{title}</rdf:li>".encode() in pdf


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs pdftotext")
def test_pdf_has_the_same_words(outputs: Path) -> None:
    def text(name: str) -> str:
        command = ["pdftotext", "-layout", str(outputs / name), "-"]
        shown = subprocess.run(command, capture_output=True, text=True, check=True)
        return " ".join(shown.stdout.replace(NBSP, " ").split())

    letter = text("index.pdf")
    assert "Figure 1: Height of the water. North above south, by 3.82 m" in letter
    assert "Figure 1 shows both days, and Table 1 lists them" in letter
    assert "(Alder 2020; Birch 2021)" in letter
    supplement = text("supplement.pdf")
    assert "Table S1 gives the ranges and Figure S1 one day more" in supplement
    assert "Table S1: Both harbours, 3.82 m in the north." in supplement


def test_a_second_render_gives_the_same_bytes(
    outputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    project = Project.load(SMALL)
    render.render(project, project.formats, tmp_path / "again", 60, silent)
    for name in OUTPUTS:
        same = (outputs / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
        assert same, name


def test_a_clock_before_word_began_is_set_right(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert render.source_date(SMALL) == render.EARLIEST


def test_one_format_of_one_document_leaves_the_others(
    paper: Callable[..., Path], command: Callable[..., Any]
) -> None:
    root = paper(supplement_DOT_qmd="---\ntitle: S\n---\n\nText.\n")
    (root / "_output").mkdir()
    (root / "_output" / "index.pdf").write_text("kept", "utf-8")
    answer = command(
        root, "render", "--engine", "builtin", "--to", "html", "supplement.qmd"
    )
    assert answer.status == 0, answer.complained
    assert sorted(p.name for p in (root / "_output").iterdir()) == [
        "index.pdf",
        "supplement.html",
    ]
    assert (root / "_output" / "index.pdf").read_text("utf-8") == "kept"


def supplement(body: str) -> dict[str, str]:
    return {"supplement_DOT_qmd": f"---\ntitle: S\n---\n\n{body}\n"}


DRAWN = "```{python}\n#| fig-alt: A line.\nfrom tides import plot\nplot()\n```\n"


@pytest.mark.parametrize(
    ("body", "messages"),
    [
        ("As in [@nobody1999].", [":5: citation `@nobody1999` is not in the"]),
        ("See @sec-a.\n\n## A {#sec-a}\n\nx", [":5: section `sec-a` has no number"]),
        ("```{python}\n1/0\n```", [":6: cell 1 raised ZeroDivisionError"]),
        (
            f"::: {{#fig-a}}\n\n{DRAWN}\n:::",
            [":5: `fig-a` has no caption, or nothing above it"],
        ),
        (
            DRAWN.replace("#|", "#| label: fig-a\n#|", 1),
            [":6: cell `fig-a` has no `fig-cap`"],
        ),
        (
            "::: {#fig-a}\n\nx\n\nCaption\n:::\n\n::: {#fig-a}\n\nx\n\nCaption\n:::",
            [":5: identifier `fig-a` is given twice"],
        ),
        (
            "```{python}\n#| include: false\n1\n```\n\nIs `{python} nope`.",
            [":10: `nope` (column 4) raised NameError"],
        ),
        (
            "::: {#fig-a}\n\nx\n\nCaption\n:::\n\nSee [@fig-a; @alder2020].",
            [":12: `alder2020` is cited in one bracket with a cross-reference"],
        ),
        ("![A](a.png)", [":5: the figure `A` has a caption and no label"]),
        ("x ![A](a.png)", [":5: picture `a.png` (column 6) cannot be read"]),
        ("::: {.note}\n\nNever closed.", [":5: pandoc: "]),
    ],
)
def test_a_fault_stops_the_render_with_its_place_and_keeps_what_was(
    paper: Callable[..., Path],
    command: Callable[..., Any],
    body: str,
    messages: list[str],
) -> None:
    root = paper(**supplement(body))
    (root / "_output").mkdir()
    (root / "_output" / "supplement.html").write_text("<!--/body-->", "utf-8")
    answer = command(
        root, "render", "--engine", "builtin", "--to", "html", "supplement.qmd"
    )
    assert answer.status == 1
    lines = answer.complained.splitlines()
    assert len(lines) == len(messages), answer.complained
    for line, message in zip(lines, messages, strict=True):
        assert line.startswith("supplement.qmd:")
        assert message in line
        assert "; " in line
    assert [p.name for p in (root / "_output").iterdir()] == ["supplement.html"]
    assert (root / "_output" / "supplement.html").read_text("utf-8") == "<!--/body-->"
    assert not list(root.glob("._output*"))


def test_what_typst_refuses_is_a_fault_too(
    paper: Callable[..., Path], command: Callable[..., Any]
) -> None:
    root = paper(**supplement("Text."))
    template = root / "partials" / "typst-template.typ"
    untitled = template.read_text("utf-8").replace("set document(title: title)", "")
    template.write_text(untitled, "utf-8")
    answer = command(
        root, "render", "--engine", "builtin", "--to", "html,pdf", "supplement.qmd"
    )
    assert answer.status == 1
    assert answer.complained.startswith("supplement.qmd:1: typst: ")
    assert "title" in answer.complained
    # The page is whole, and no file.
    assert "written" not in answer.said


def test_a_missing_font_is_named(
    paper: Callable[..., Path], command: Callable[..., Any]
) -> None:
    root = paper(**supplement("Text."))
    template = root / "partials" / "typst-template.typ"
    template.write_text(
        template.read_text("utf-8").replace("Libertinus Serif", "No Such Serif"),
        "utf-8",
    )
    answer = command(
        root, "render", "--engine", "builtin", "--to", "pdf", "supplement.qmd"
    )
    assert answer.status == 1
    assert "unknown font family: no such serif" in answer.complained


def test_a_page_that_would_ask_the_network_is_refused(
    paper: Callable[..., Path], command: Callable[..., Any]
) -> None:
    root = paper(**supplement("Text."))
    css = root / "partials" / "small.css"
    css.write_text('@import "//example.org/a.css";', "utf-8")
    answer = command(
        root, "render", "--engine", "builtin", "--to", "html", "supplement.qmd"
    )
    assert answer.status == 1
    assert answer.complained.startswith("supplement.qmd:1: ")
    assert "example.org" in answer.complained


def test_an_output_that_cannot_be_written_is_a_message(
    paper: Callable[..., Path], command: Callable[..., Any]
) -> None:
    root = paper(**supplement("Text."))
    (root / "taken").write_text("a file", "utf-8")
    answer = command(
        root, "render", "--engine", "builtin", "--output", "taken", "supplement.qmd"
    )
    assert answer.status == 1
    assert "taken" in answer.complained
    assert "Traceback" not in answer.complained
    assert (root / "taken").read_text("utf-8") == "a file"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--to", "epub"], "--to: `epub` is no format; write html, pdf or docx"),
        (["no.qmd"], "_quarto.yml:4: cannot read `no.qmd`"),
        (["sections/_findings.qmd"], "_quarto.yml:4: `sections/_findings.qmd` is not"),
    ],
)
def test_what_is_asked_for_wrongly_is_named(
    paper: Callable[..., Path],
    command: Callable[..., Any],
    arguments: list[str],
    message: str,
) -> None:
    answer = command(paper(), "render", "--engine", "builtin", *arguments)
    assert answer.status == 1
    assert answer.complained.startswith(message)


def test_settings_of_another_kind_are_named_before_any_is_read(
    paper: Callable[..., Path], command: Callable[..., Any]
) -> None:
    root = paper(index_DOT_qmd="---\nexecute: 5\n---\n\n```{python}\n1\n```\n")
    answer = command(root, "render", "--engine", "builtin", "index.qmd")
    assert answer.complained.startswith("index.qmd:2: `execute` holds no")
