"""Pages of the PDF: tables that go on, columns that end together, names in outlines."""

from __future__ import annotations

import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
import typst
from pikepdf import Array, Dictionary, Pdf

from manuscript.compose.formats.row_headers import with_row_headers
from tests.manuscript.compose.test_partials import FILTER, PARTIALS, page, pandoc

LONG = "Chlorambucilmonotherapy"
SENTENCE = "A sentence of the letter that is long enough to fill a line or two. "
FIGURE = """
```{=typst}
#figure([#image("one.svg", alt: "A square.")],
  caption: figure.caption(position: bottom, [*A square.* It is one.]),
  kind: "quarto-float-suppfig", supplement: "Figure S")<suppfig-one>
```
"""


def table(rows: int) -> str:
    body = "\n".join(
        f"| [Group {i}]{{.group}} | | |" if i % 9 == 0 else f"| {LONG} | {i} | word |"
        for i in range(rows)
    )
    return f"""
```{{=typst}}
#figure([
```

| Drug | Events | A wide column of many words that need little room |
|:--|--:|:----------------------------------------------------|
{body}

```{{=typst}}
], caption: figure.caption(position: top, [*Counts of trials.* Of some.]),
  kind: "quarto-float-supptbl", supplement: "Table S")<supptbl-one>
```
"""


def printed(folder: Path, body: str, *options: str) -> bytes:
    square = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="30"/>'
    (folder / "one.svg").write_text(square, "utf-8")
    source = folder / "letter.typ"
    source.write_text(
        pandoc(
            f"---\ntitle: A letter\nlang: en\n---\n\n{body}",
            "--to=typst-citations",
            "--shift-heading-level-by=-1",
            f"--template={page(folder / 'page', 'page.typ')}",
            f"--include-in-header={PARTIALS / 'supplement-numbers.typ'}",
            f"--lua-filter={PARTIALS / 'tables.lua'}",
            FILTER,
            *options,
        ).replace("#figure(\n  align(center)[#table", "#figure([#table"),
        "utf-8",
    )
    pdf, warnings = typst.compile_with_warnings(
        str(source),
        format="pdf",
        root=str(folder),
        font_paths=[str(PARTIALS / "fonts")],
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
    )
    assert [warning.message for warning in warnings] == []
    return pdf


def texts(pdf: bytes) -> list[str]:
    return [one.get_textpage().get_text_bounded() for one in pypdfium2.PdfDocument(pdf)]


def contents(pdf: bytes) -> list[bytes]:
    """What each page draws."""
    return [page.Contents.read_bytes() for page in Pdf.open(BytesIO(pdf)).pages]


def structure(pdf: Pdf) -> list[Any]:
    """Elements of the structure, in order."""
    found: list[Any] = []

    def walk(element: Any) -> None:
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, Array) else [kids]:
            if isinstance(kid, Dictionary) and "/S" in kid:
                found.append(kid)
                walk(kid)

    walk(pdf.Root.StructTreeRoot)
    return found


def test_a_table_that_goes_on_says_so_and_repeats_its_heads(tmp_path: Path) -> None:
    pages = texts(printed(tmp_path, "## Tables\n\n" + table(120), "-Msupplement"))
    assert len(pages) > 2
    assert "(continued)" not in pages[0]
    for text in pages[1:]:
        assert "Table S1" in text
        assert "(continued)" in text
        assert "Events" in text
        # A row of a group is told under its heading.
        assert text.index("Group") < text.index(LONG)


def test_a_group_never_ends_a_page(tmp_path: Path) -> None:
    for rows in (41, 44, 47, 50, 53, 56, 59, 62):  # none ends in a group
        pages = texts(printed(tmp_path, table(rows), "-Msupplement"))
        for text in pages:
            last = [line for line in text.split("\n") if line.strip()][-2:]
            assert not last[0].startswith("Group"), rows


def test_no_word_breaks_in_a_column(tmp_path: Path) -> None:
    (text,) = texts(printed(tmp_path, table(8), "-Msupplement"))
    assert text.count(LONG) == 7


def test_floats_are_bookmarks_and_tags(tmp_path: Path) -> None:
    body = "## Tables\n\n" + table(9) + FIGURE
    pdf = printed(tmp_path, body, "-Msupplement", "--toc")
    opened = Pdf.open(BytesIO(pdf))
    with opened.open_outline() as outline:
        names = [one.title for one in outline.root[0].children]
    assert names == ["Table S1. Counts of trials", "Figure S1. A square"]
    kinds = [one["/S"] for one in structure(opened)]
    assert kinds.count("/TOCI") == 3
    # Hidden headings are bookmarks alone.
    assert kinds.count("/H1") + kinds.count("/H2") == 1


def test_rows_have_heads_and_pages_stay_as_they_are(tmp_path: Path) -> None:
    before = printed(tmp_path, table(20), "-Msupplement")
    after = with_row_headers(before)
    assert contents(after) == contents(before)
    assert with_row_headers(before) == after
    opened = Pdf.open(BytesIO(after))
    rows = [one for one in structure(opened) if one["/S"] == "/TR"]
    headed = 0
    for row in rows:
        cells = [*row["/K"]]
        scopes = [
            attributes.get("/Scope")
            for cell in cells
            for attributes in cell.get("/A", [])
        ]
        if len(cells) == 3 and cells[1]["/S"] == "/TD":
            assert cells[0]["/S"] == "/TH"
            assert scopes == ["/Row"]
            headed += 1
        else:
            assert {cell["/S"] for cell in cells} == {"/TH"}
    assert headed == 17


def test_a_pdf_without_tables_stays_as_it_is(tmp_path: Path) -> None:
    pdf = printed(tmp_path, "Words.")
    assert with_row_headers(pdf) == pdf


def test_references_are_a_list(tmp_path: Path) -> None:
    references = tmp_path / "references.json"
    references.write_text(
        '[{"id": "a", "type": "book", "title": "One"},'
        ' {"id": "b", "type": "book", "title": "Two"}]',
        "utf-8",
    )
    pdf = printed(
        tmp_path,
        "As shown [@b; @a].\n\n## References\n\n::: {#refs}\n:::\n",
        "--citeproc",
        f"--bibliography={references}",
        f"--csl={PARTIALS / 'letter.csl'}",
    )
    document = Pdf.open(BytesIO(pdf))
    kinds = [one["/S"] for one in structure(document)]
    assert kinds.count("/LI") == 2
    (text,) = texts(pdf)
    assert "1. Two" in " ".join(text.split())


@pytest.mark.parametrize("sentences", [190, 210, 230, 310])
def test_columns_of_the_last_page_end_together(tmp_path: Path, sentences: int) -> None:
    body = "\n\n".join(SENTENCE * 5 for _ in range(sentences // 5))
    pages = pypdfium2.PdfDocument(printed(tmp_path, body))
    last = pages[len(pages) - 1]
    scale = 2
    image = last.render(scale=scale, grayscale=True).to_numpy().squeeze()
    inner = image[int(image.shape[0] * 0.066) : int(image.shape[0] * 0.94)]
    middle = inner.shape[1] // 2
    ends = [
        int(np.flatnonzero((half < 200).any(axis=1)).max()) / scale
        for half in (inner[:, :middle], inner[:, middle:])
        if (half < 200).any()
    ]
    line = 9.4 * 1.25
    assert len(ends) == 2
    assert abs(ends[0] - ends[1]) <= 2.2 * line, ends


def test_partials_are_all_that_is_needed(tmp_path: Path) -> None:
    """No dollar sign that pandoc would read as a variable of the template."""
    shutil.copy(PARTIALS / "typst-template.typ", tmp_path / "one.typ")
    assert "$" not in (tmp_path / "one.typ").read_text("utf-8")
