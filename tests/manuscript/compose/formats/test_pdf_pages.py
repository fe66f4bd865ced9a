"""Pages of the PDF: tables that go on, columns that end together, names in outlines."""

from __future__ import annotations

import json
import re
import shutil
from io import BytesIO
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import pypdfium2
import pytest
import typst
from pikepdf import Array, Dictionary, Pdf

from manuscript.compose.formats.row_headers import with_row_headers
from tests.manuscript.compose.conftest import build, write
from tests.manuscript.compose.test_partials import FILTER, PARTIALS, page, pandoc
from tests.manuscript.pages import column_ends, emptiness

LONG = "Chlorambucilmonotherapy"
SENTENCE = "A sentence of the letter that is long enough to fill a line or two. "
FIGURE = """
```{=typst}
#figure([#image("one.svg", alt: "A square.")],
  caption: figure.caption(position: bottom, [*A square.* It is one.]),
  kind: "quarto-float-suppfig", supplement: "Figure S")<suppfig-one>
```
"""


def table(rows: int, *more: str) -> str:
    short = [
        f"| [Group {i}]{{.group}} | | |" if i % 9 == 0 else f"| {LONG} | {i} | word |"
        for i in range(rows)
    ]
    body = "\n".join([*short, *more])
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


@pytest.mark.parametrize("width", [5, 100])  # of pandoc's columns: given or automatic
def test_a_word_that_no_column_has_room_for_is_broken(
    tmp_path: Path, width: int
) -> None:
    name, head = "X" * 150 + "one", "Lenalidomide:" + "A" * 40
    rows = "\n".join(f"| {name}{n} | 10/1117 | {n}/1245 | a few words |" for n in "234")
    body = f"| Trial | {head} | Control: all | Note |\n|:--|--:|--:|:----|\n{rows}\n"
    pdf = printed(tmp_path, body, "-Msupplement", f"--columns={width}")
    (page,) = pypdfium2.PdfDocument(pdf)
    text = page.get_textpage()
    said = text.get_text_bounded()
    assert "10/1117" in said
    assert f"{name}2" in re.sub(r"[\s\u200b\ufffe-]", "", said)
    boxes = [
        text.get_charbox(index)
        for index in range(text.count_chars())
        if text.get_text_range(index, 1).isalnum()
    ]
    right = page.get_width() - 13.5 / 25.4 * 72
    assert all(end <= right + 0.5 for _, _, end, _ in boxes)
    # No letter is printed over another.
    for (left, bottom, end, top), other in combinations(boxes, 2):
        across = min(end, other[2]) - max(left, other[0])
        assert min(across, top - other[1], other[3] - bottom) < 1


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
    assert "•" not in text


LINE = 9.4 * 1.25  # of a letter, in points
WORDS = "word wording words worded "


def paragraphs(random: Random, number: int, longest: int = 20) -> str:
    return "\n\n".join(WORDS * random.randint(3, longest) for _ in range(number))


def drawn(folder: Path, number: int, high: int, kind: str = "suppfig") -> str:
    """A figure as wide as the page."""
    size = f'width="183mm" height="{high}mm" viewBox="0 0 183 {high}"'
    (folder / f"{number}.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
        f'<rect width="183" height="{high}" fill="#ccd"/></svg>',
        "utf-8",
    )
    return (
        FIGURE.replace("one.svg", f"{number}.svg")
        .replace("-suppfig", f"-{kind}")
        .replace("suppfig-one", f"{kind}-{number}")
    )


def supplement(folder: Path, random: Random) -> str:
    """Text, figures of any height with text or none between them, and a table."""
    parts = ["## Results", paragraphs(random, random.randint(1, 25)), "## Figures"]
    for number in range(random.randint(1, 7)):
        parts.append(drawn(folder, number, random.randint(40, 215)))
        if random.random() < 0.3:
            parts += ["### Remark"] * random.randint(0, 1)
            parts.append(paragraphs(random, random.randint(1, 6)))
    parts += ["## Tables", table(random.randint(20, 150))]
    return "\n\n".join([*parts, "## References", paragraphs(random, 20)])


@pytest.mark.parametrize("seed", range(16))
def test_figures_leave_no_page_of_a_supplement_empty(tmp_path: Path, seed: int) -> None:
    body = supplement(tmp_path, Random(seed))
    options = ["--toc"] * (seed % 2)
    pdf = printed(tmp_path, body, "-Msupplement", *options)
    assert max(emptiness(pdf)[:-1]) < 0.25
    # In the order of the text, wherever they stand.
    captions = re.findall(r"Figure S(\d+) (?=  A)", " ".join(texts(pdf)))
    assert captions == sorted(captions)


@pytest.mark.parametrize("rows", range(30, 46, 3))
def test_a_row_stays_whole(tmp_path: Path, rows: int) -> None:
    tall = "| word | 1 | opens " + "filling " * 60 + "closes |"
    pages = texts(printed(tmp_path, table(rows, *[tall] * 6), "-Msupplement"))
    assert sum(text.count("opens") for text in pages) == 6
    for text in pages:
        assert text.count("opens") == text.count("closes")


def test_a_row_that_would_leave_a_page_empty_is_divided(tmp_path: Path) -> None:
    tall = "| word | 1 | opens " + "filling " * 900 + "closes |"
    pdf = printed(tmp_path, table(30, *[tall] * 3), "-Msupplement")
    assert max(emptiness(pdf)[:-1]) < 0.25


@pytest.mark.parametrize("entries", [12, 30, 50, 70])
def test_references_of_a_supplement_end_together(tmp_path: Path, entries: int) -> None:
    random = Random(entries)
    works = [
        {"id": f"r{i}", "type": "book", "title": "worded " * random.randint(5, 30)}
        for i in range(entries)
    ]
    (tmp_path / "references.json").write_text(json.dumps(works), "utf-8")
    cited = " ".join(f"[@r{i}]" for i in range(entries))
    pdf = printed(
        tmp_path,
        f"Text {cited}.\n\n## References\n\n::: {{#refs}}\n:::\n",
        "-Msupplement",
        "--citeproc",
        f"--bibliography={tmp_path / 'references.json'}",
        f"--csl={PARTIALS / 'letter.csl'}",
    )
    first, second = column_ends(pdf, font="Serif")[-1]
    assert abs(first - second) <= 2.2 * 12


@pytest.mark.parametrize("sentences", [*range(12, 40, 4), 60, 190, 210, 230, 310])
def test_columns_of_the_last_page_end_together(tmp_path: Path, sentences: int) -> None:
    body = "\n\n".join(SENTENCE * 5 for _ in range(sentences // 5))
    body += "\n\n" + SENTENCE * (sentences % 5)
    pdf = printed(tmp_path, body)
    first, second = column_ends(pdf, font="Serif")[-1]
    assert abs(first - second) <= 2.2 * LINE


@pytest.mark.parametrize("seed", range(20))
def test_columns_end_together_beside_figures(tmp_path: Path, seed: int) -> None:
    """As far as paragraphs can be divided, where no figure follows."""
    random = Random(seed)
    parts = [paragraphs(random, 1, 14) for _ in range(random.randint(4, 40))]
    natural = len(texts(printed(tmp_path, "\n\n".join(parts))))
    for number in range(random.randint(0, 3)):
        figure = drawn(tmp_path, number, random.randint(30, 140), "fig")
        parts.insert(random.randint(0, len(parts)), figure)
    pdf = printed(tmp_path, "\n\n".join(parts))
    ends = column_ends(pdf, font="Serif")
    assert sum(map(bool, ends)) <= natural + 2
    if len(ends[-1]) == 2:
        assert abs(ends[-1][0] - ends[-1][1]) <= 4.2 * LINE


def test_partials_are_all_that_is_needed(tmp_path: Path) -> None:
    """No dollar sign that pandoc would read as a variable of the template."""
    shutil.copy(PARTIALS / "typst-template.typ", tmp_path / "one.typ")
    assert "$" not in (tmp_path / "one.typ").read_text("utf-8")


def test_code_that_is_wider_than_the_column_is_broken(tmp_path: Path) -> None:
    text = f"```\nline {'x' * 300} of {'y' * 50}\n```\n\nAs `{'z' * 120}` has it."
    folder = build(write(tmp_path, text), "typst")
    (page,) = pypdfium2.PdfDocument(folder / "index.pdf")
    words = page.get_textpage()
    boxes = [words.get_charbox(index) for index in range(words.count_chars())]
    right = page.get_width() - 25 / 25.4 * 72
    assert all(end <= right + 0.5 for _, _, end, _ in boxes)
    said = re.sub(r"[\s\u200b\ufffe-]", "", words.get_text_bounded())
    for letter, count in {"x": 300, "y": 50, "z": 120}.items():
        assert letter * count in said
