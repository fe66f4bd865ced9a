from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manuscript.errors import ManuscriptError
from manuscript.source.documents import Project
from manuscript.source.fragments import Cell, Prose

CONFIG = "project:\n  render: [index.qmd]\n"
FENCE = "```"


def load(root: Path, **files: str) -> Project:
    (root / "_quarto.yml").write_text(CONFIG, "utf-8")
    for name, text in files.items():
        file = name if "." in name else f"{name}.qmd"
        (root / file).write_text(text, "utf-8")
    return Project.load(root)


def refusal(root: Path, text: str, **files: str) -> str:
    with pytest.raises(ManuscriptError) as caught:
        load(root, index=text, **files)
    return str(caught.value)


def test_every_fragment_keeps_its_file_and_line(tmp_path: Path) -> None:
    document = load(
        tmp_path,
        index="---\ntitle: T\n---\n\nFirst.\n\n{{< include part.qmd >}}\n\nLast.\n",
        part=f"In part.\n\n{FENCE}{{python}}\n#| label: a\n1 + 1\n{FENCE}\nAfter.\n",
    ).documents[0]
    first, part, cell, after, last = document.fragments
    assert isinstance(cell, Cell)
    assert [(f.file, f.line) for f in (first, part, cell, after, last)] == [
        ("index.qmd", 4),
        ("part.qmd", 1),
        ("part.qmd", 3),
        ("part.qmd", 7),
        ("index.qmd", 7),
    ]
    assert (cell.code, cell.label, cell.code_line) == ("1 + 1\n", "a", 5)
    assert document.files == ("index.qmd", "part.qmd")
    assert document.find("Last") == ("index.qmd", 9)


def test_inline_expressions_have_line_and_column(tmp_path: Path) -> None:
    text = 'One `{python} v("a")` and `{python} v("b")`.\nTwo `{python}  v("c") `.\n'
    document = load(tmp_path, index=text).documents[0]
    assert [(i.expression, i.line, i.column) for i in document.inlines] == [
        ('v("a")', 1, 5),
        ('v("b")', 1, 27),
        ('v("c")', 2, 5),
    ]
    (prose,) = document.prose
    assert [prose.text[i.start : i.end] for i in prose.inlines] == [
        '`{python} v("a")`',
        '`{python} v("b")`',
        '`{python}  v("c") `',
    ]


def test_code_that_is_shown_is_no_cell(tmp_path: Path) -> None:
    text = "````\n```{python}\n1/0\n```\n````\n"
    (fragment,) = load(tmp_path, index=text).documents[0].fragments
    assert isinstance(fragment, Prose)


def test_an_include_in_code_that_is_shown_is_expanded_as_quarto_does(
    tmp_path: Path,
) -> None:
    text = "```\n{{< include part.qmd >}}\n```\n"
    document = load(tmp_path, index=text, part="moss\n").documents[0]
    shown = "".join(prose.text for prose in document.prose)
    assert shown.split() == ["```", "moss", "```"]


def test_files_lay_settings_over_each_other(tmp_path: Path) -> None:
    project = load(
        tmp_path,
        index="---\ntitle: T\nmetadata-files: [more.yml]\n---\n",
        **{
            "_metadata.yml": "folder: sand\ntitle: under\n",
            "_quarto.yml.local": "near: clay\n",
            "more.yml": "extra: gravel\n",
        },
    )
    merged = project.metadata(project.documents[0], "html")
    found = {key: merged[key] for key in ("title", "folder", "near", "extra")}
    assert found == {"title": "T", "folder": "sand", "near": "clay", "extra": "gravel"}


def test_a_document_names_its_formats(tmp_path: Path) -> None:
    project = load(tmp_path, index="---\nformat: html\n---\n")
    assert project.formats_of(project.documents[0]) == ("html",)


def test_a_date_stays_as_it_was_typed(tmp_path: Path) -> None:
    project = load(tmp_path, index="---\ndate: 2026-11-22\nyes: no\n---\n")
    values = project.documents[0].front_matter.values
    assert values == {"date": "2026-11-22", "yes": "no"}


def test_settings_merge_as_in_quarto(tmp_path: Path) -> None:
    (tmp_path / "_quarto.yml").write_text(
        "project: {render: [index.qmd]}\nbibliography: a.json\nlang: en\n"
        "format:\n  html: {css: a.css, toc: false}\n  docx: {toc: true}\n",
        "utf-8",
    )
    (tmp_path / "index.qmd").write_text(
        "---\nbibliography: [b.json]\nlang: de\n"
        "format: {html: {css: [b.css, a.css]}}\ntoc: true\n---\n",
        "utf-8",
    )
    project = Project.load(tmp_path)
    html = project.metadata(project.documents[0], "html")
    assert html == {
        # pandoc reads a document's own list, over all that is merged
        "bibliography": ["b.json"],
        "lang": "de",
        "css": ["a.css", "b.css"],
        # of the document, though the project speaks of this format
        "toc": True,
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("A\n{{< include index.qmd >}}\n", "index.qmd:2: circular include"),
        ("A\n{{< include no.qmd >}}\n", "index.qmd:2: cannot read `no.qmd`"),
        ("{{< include ../x.qmd >}}\n", "index.qmd:1: `../x.qmd` lies outside"),
        (
            "{{< include http://x.org/a.qmd >}}\n",
            "index.qmd:1: `http://x.org/a.qmd` is ",
        ),
        ("---\ntitle: T\n", "index.qmd:1: the front matter is not closed"),
        ("---\na: `{r} 1`\n---\n", "index.qmd:2: ``{r} ...` is not computed"),
        ("---\na: 1\nb: [\n---\n", "index.qmd:3: not YAML"),
        ("---\na: 1\na: 2\n---\n", "index.qmd:3: `a` is given twice"),
        ("---\na: &x [1]\nb: *x\n---\n", "index.qmd:3: not YAML: an alias"),
        ("\n```{python}\n1\n", "index.qmd:2: the code that begins here has no end"),
        ("```{r}\n1\n```\n", "index.qmd:1: a cell in `r` is not supported"),
        ("```{python echo=F}\n1\n```\n", "index.qmd:1: a cell that is indented, or"),
        ("- a\n\n  ```{python}\n  1\n  ```\n", "index.qmd:3: a cell that is indented"),
        (
            "```{python}\n#| echo: true\n#| fig-wide: 1\n1\n```\n",
            "index.qmd:3: cell option `fig-wide` is not supported",
        ),
        (
            "```{python}\n#| echo: perhaps\n1\n```\n",
            "index.qmd:2: cell option `echo` is 'perhaps', which is not supported",
        ),
        (
            "```{python}\n#| fig-width: wide\n1\n```\n",
            "index.qmd:2: cell option `fig-w",
        ),
        ("```{python}\n#| echo true\n1\n```\n", "index.qmd:2: expected `key: value`"),
        (
            "```{python}\n#| label: a\n1\n```\n\n```{python}\n#| label: a\n1\n```\n",
            "index.qmd:7: label `a` is taken by the cell at index.qmd:1",
        ),
        ("x {{< kbd A >}}\n", "index.qmd:1: shortcode `kbd` (column 3) is not"),
        ("x\ny {{<kbd\nA>}}\n", "index.qmd:2: shortcode `kbd` (column 3) is not"),
        ("x {{< env HOME >}}\n", "index.qmd:1: shortcode `env` (column 3) prints"),
        ("{{<include a.qmd>}}\n", "index.qmd:1: an include within text, or without"),
        ("- a\n\n  {{< include a.qmd >}}\n", "index.qmd:3: an include within text"),
        ("a {{< pagebreak >}}\n", "index.qmd:1: shortcode `pagebreak` stands within"),
        ("---\na: '{{< kbd A >}}'\n---\n", "index.qmd:2: shortcode `kbd` (column 5)"),
        ("Text\n---\nmore\n", "index.qmd:2: `---` beside text is read as metadata"),
        ("a `{python} v(\n1)`\n", "index.qmd:1: inline expression at column 3"),
        ("a `{r} x`\n", "index.qmd:1: inline expression at column 3"),
        ("A\n\n{{< include a\0.qmd >}}\n", "index.qmd:3: a NUL character"),
    ],
)
def test_a_fault_has_its_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    said = refusal(tmp_path, text)
    assert said.startswith(message)
    assert "; " in said, "says how to mend it"


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    (tmp_path / "part.qmd").write_bytes("für".encode("latin-1"))
    said = refusal(tmp_path, "A\n\n{{< include part.qmd >}}\n")
    assert said.startswith("part.qmd: cannot be read: it is not UTF-8 text")


@given(st.text(alphabet=" `{}python#|:-=\nab\t\u2028\x0c<>/v()", max_size=200))
def test_no_text_is_lost(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    root = tmp_path_factory.mktemp("paper")
    try:
        document = load(root, index=text).documents[0]
    except ManuscriptError as error:
        refused = error
    else:
        refused = None
    if refused:
        assert refused.file == "index.qmd"
        assert 1 <= refused.line <= text.count("\n") + 1
        return
    lines = text.split("\n")
    for fragment in document.fragments:
        if isinstance(fragment, Prose):
            start = fragment.line - 1
            own = fragment.text.removesuffix("\n").split("\n")
            assert lines[start : start + len(own)] == own
        else:
            start = fragment.code_line - 1
            own = fragment.code.removesuffix("\n").split("\n") if fragment.code else []
            assert lines[start : start + len(own)] == own


def test_front_matter_of_an_included_file_holds_over_what_stands_before(
    tmp_path: Path,
) -> None:
    (tmp_path / "_quarto.yml").write_text("project: {render: [index.qmd]}\n", "utf-8")
    text = "---\ntitle: Outer\nlang: de\n---\n\n{{< include _a.qmd >}}\n"
    (tmp_path / "index.qmd").write_text(text, "utf-8")
    (tmp_path / "_a.qmd").write_text("---\ntitle: Inner\n---\n\nWords.\n", "utf-8")
    (document,) = Project.load(tmp_path).documents
    assert document.front_matter.values == {"title": "Inner", "lang": "de"}
    assert "".join(prose.text for prose in document.prose).strip() == "Words."
    assert document.find("Words.") == ("_a.qmd", 5)


@pytest.mark.parametrize(
    ("render", "names"),
    [
        ('["*.qmd"]', "index one two"),
        ('"*.qmd"', "index one two"),
        ('["**/*.qmd", "!one.qmd"]', "index two"),
        ('[two.qmd, "./*.qmd", "!/i*.qmd"]', "two one"),
        ('["[ot]??.qmd", index.qmd]', "one two index"),
        ("", "index one two"),
    ],
)
def test_patterns_name_documents_as_in_quarto(
    tmp_path: Path, render: str, names: str
) -> None:
    for name in ("one", "two", "index", "_part"):
        (tmp_path / f"{name}.qmd").write_text("Text.\n", "utf-8")
    (tmp_path / "_quarto.yml").write_text(f"project:\n  render: {render}\n", "utf-8")
    project = Project.load(tmp_path)
    assert " ".join(each.stem for each in project.documents) == names
    assert project.whole
    assert len(Project.load(tmp_path, ["one.qmd", "one.qmd"]).documents) == 1


def test_a_document_that_is_listed_twice_is_refused_at_its_line(
    tmp_path: Path,
) -> None:
    listed = "project:\n  render:\n    - index.qmd\n    - index.qmd\n"
    (tmp_path / "_quarto.yml").write_text(listed, "utf-8")
    (tmp_path / "index.qmd").write_text("Text.\n", "utf-8")
    with pytest.raises(ManuscriptError) as caught:
        Project.load(tmp_path)
    assert str(caught.value) == (
        "_quarto.yml:4: `index.qmd` is listed twice; keep one of the two"
    )
