"""Word files as a production editor takes them: valid, whole rows, counted captions."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from manuscript.compose.formats import columns, ooxml
from manuscript.word.package import read_document

W = ooxml.W
NAMESPACE = f'xmlns:w="{W.strip("{}")}"'
ROW = (
    '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:rPr><w:b/><w:b/>'
    "<w:bCs/><w:bCs/></w:rPr><w:t>Group</w:t></w:r></w:p></w:tc></w:tr>"
    "<w:tr><w:tc><w:p><w:r><w:t>Recomputed</w:t></w:r></w:p></w:tc>"
    "<w:tc><w:p><w:r><w:t>Of all the trials in it</w:t></w:r></w:p></w:tc></w:tr>"
)
TABLE = (
    '<w:tbl><w:tblPr><w:tblW w:type="pct" w:w="5000"/><w:tblLayout w:type="fixed"/>'
    '</w:tblPr><w:tblGrid><w:gridCol w:w="100"/><w:gridCol w:w="900"/></w:tblGrid>'
    f"{ROW}</w:tbl>"
)
SECTION = (
    '<w:sectPr><w:pgSz w:w="5000" w:h="9000"/><w:pgMar w:left="500" w:right="500" '
    'w:top="1" w:bottom="1" w:header="1" w:footer="1" w:gutter="0"/></w:sectPr>'
)


def words(root: Any) -> str:
    return "".join(text.text or "" for text in root.iter(f"{W}t"))


def caption(*runs: str, style: str = "TableCaption") -> str:
    texts = "".join(
        f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>' for text in runs
    )
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{texts}</w:p>'


def finished(folder: Path, body: str) -> Any:
    path = folder / "made.docx"
    text = f"<w:document {NAMESPACE}><w:body>{body}{SECTION}</w:body></w:document>"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", text)
    ooxml.finish(path)
    with zipfile.ZipFile(path) as package:
        return etree.fromstring(package.read("word/document.xml"))


def test_no_property_stands_twice(tmp_path: Path) -> None:
    root = finished(tmp_path, TABLE)
    (properties,) = root.iter(f"{W}rPr")
    assert [child.tag for child in properties] == [f"{W}b", f"{W}bCs"]


def test_rows_stay_whole_and_a_group_with_its_first(tmp_path: Path) -> None:
    root = finished(tmp_path, TABLE)
    group, row = root.iter(f"{W}tr")
    assert group.find(f"{W}trPr/{W}cantSplit") is not None
    assert row.find(f"{W}trPr/{W}cantSplit") is not None
    assert group.find(f".//{W}keepNext") is not None
    assert row.find(f".//{W}keepNext") is None


def test_no_column_is_narrower_than_its_longest_word(tmp_path: Path) -> None:
    root = finished(tmp_path, TABLE)
    first, second = (int(c.get(f"{W}w")) for c in root.iter(f"{W}gridCol"))
    assert first >= columns._width("Recomputed")
    assert 3990 <= first + second <= 4000
    widths = [int(w.get(f"{W}w")) for w in root.iter(f"{W}tcW")]
    assert widths == [first + second, first, second]


def test_words_wider_than_the_page_are_set_smaller(tmp_path: Path) -> None:
    root = finished(tmp_path, TABLE.replace("Recomputed", "m" * 30))
    sizes = {int(size.get(f"{W}val")) for size in root.iter(f"{W}sz")}
    assert len(sizes) == 1
    assert columns._LEAST <= sizes.pop() < columns._SIZE


PAGE = SECTION.replace('w:w="5000"', 'w:w="10000"')
ROOM = 9000
WORD = st.text(st.sampled_from("aeimnrstlMW-–12"), min_size=1, max_size=22)
CELL = st.one_of(
    st.lists(WORD, max_size=12).map(" ".join),
    st.floats(0.01, 99).map(lambda x: f"{x:.2f} ({x / 3:.2f}–{x * 3:.2f})"),
)


def grid(rows: Sequence[Sequence[str]], widths: Sequence[int], layout: str) -> str:
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    body = "".join(
        f"<w:tr>{'<w:trPr><w:tblHeader/></w:trPr>' * (at == 0)}"
        + "".join(f"<w:tc><w:p><w:r><w:t>{t}</w:t></w:r></w:p></w:tc>" for t in row)
        + "</w:tr>"
        for at, row in enumerate(rows)
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:type="pct" w:w="5000"/><w:tblLayout w:type='
        f'"{layout}"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{body}</w:tbl>'
    )


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[str]], list[int]]:
    count = draw(st.integers(1, 8))
    row = st.lists(CELL, min_size=count, max_size=count)
    widths = st.lists(st.integers(10, 4000), min_size=count, max_size=count)
    return draw(st.lists(row, min_size=1, max_size=9)), draw(widths)


@settings(max_examples=300, deadline=None)
@given(tables())
def test_no_word_of_any_table_breaks_where_the_page_admits_it(
    drawn: tuple[list[list[str]], list[int]],
) -> None:
    rows, given_ = drawn
    text = f"<w:body {NAMESPACE}>{grid(rows, given_, 'fixed')}{PAGE}</w:body>"
    root = etree.fromstring(text)
    columns.fit(root)
    widths = [int(column.get(f"{W}w", "")) for column in root.iter(f"{W}gridCol")]
    assert ROOM - len(widths) - 1 <= sum(widths) <= ROOM + 1
    sizes = {int(size.get(f"{W}val", "")) for size in root.iter(f"{W}sz")} or {19}
    assert len(sizes) == 1
    (size,) = sizes
    assert size >= columns._LEAST
    longest = [
        max(
            columns._width(word) for text in column for word in re.split(r"[ –-]", text)
        )
        for column in zip(*rows, strict=True)
    ]
    if size > columns._LEAST:
        for width, word in zip(widths, longest, strict=True):
            assert width >= int(word * size / columns._SIZE)


def test_an_estimate_stays_whole_where_smaller_type_allows_it(tmp_path: Path) -> None:
    estimate = "13.82 (11.22–111.92)"
    rows = [[estimate, "Reconstruction", "Many words in no column of their own"]] * 2
    root = finished(tmp_path, grid(rows, [400, 900, 900], "fixed"))
    first = int(next(root.iter(f"{W}gridCol")).get(f"{W}w"))
    (size,) = {int(size.get(f"{W}val")) for size in root.iter(f"{W}sz")} or {19}
    assert size >= columns._SMALL
    assert first >= columns._width(estimate) * size / columns._SIZE


def kept(element: Any) -> bool:
    paragraphs = [*element.iter(f"{W}p")]
    marks = [p.find(f"{W}pPr/{W}keepNext") is not None for p in paragraphs]
    assert len(set(marks)) == 1  # Word keeps a row where all of it is kept
    return marks[0]


@settings(max_examples=60, deadline=None)
@given(rows=st.integers(1, 30), notes=st.booleans(), marked=st.booleans())
def test_captions_and_notes_keep_to_tables_and_no_row_stands_alone(
    tmp_path_factory: pytest.TempPathFactory, rows: int, notes: bool, marked: bool
) -> None:
    body = caption("Table 1: Counts") + '<w:bookmarkStart w:id="1"/>' * marked
    body += grid([["Drug", "Events"], *[["a", "1"]] * rows], [900, 900], "fixed")
    body += caption("A note.", style="TableNotes") * notes
    root = finished(tmp_path_factory.mktemp("kept"), body)
    named, *_ = root.iter(f"{W}p")
    assert kept(named)
    stays = [kept(row) for row in root.iter(f"{W}tr")]
    assert stays[:2] == [True, rows > 1 or notes]
    assert rows == 1 or stays[-2]
    assert stays[-1] is notes
    if rows <= ooxml._SHORT:
        assert all(stays[:-1])
    elif rows > 4:
        assert not any(stays[2:-2])  # else a long table could not be divided


def test_a_figure_keeps_to_its_caption(tmp_path: Path) -> None:
    figure = "<w:p><w:r><w:drawing/></w:r></w:p>"
    named = caption("Figure 1: One", style="ImageCaption")
    root = finished(tmp_path, figure + named + figure + "<w:p/>")
    first, _, second, _ = root.iter(f"{W}p")
    assert kept(first)
    assert not kept(second)


@given(
    st.lists(
        st.tuples(st.floats(1, 5000), st.floats(1, 5000)), min_size=1, max_size=12
    ),
    st.floats(100, 20000),
)
def test_room_is_shared_out_whole_and_by_need(
    given_: list[tuple[float, float]], room: float
) -> None:
    needed, wanted = [need for need, _ in given_], [want for _, want in given_]
    widths = columns.share(room, needed, wanted)
    assert room - len(widths) - 1 <= sum(widths) <= room + 1
    if sum(needed) < room:
        assert all(
            width >= int(need) - 1 for width, need in zip(widths, needed, strict=True)
        )


@pytest.mark.parametrize(
    ("runs", "name"),
    [
        (("Table", " ", "S1:", " What"), "Table_S"),
        (("Table\N{NO-BREAK SPACE}1:", " What"), "Table"),
        (("Supplementary Table", " ", "1: What"), "Supplementary_Table"),
        (("Tabelle", " ", "1:"), "Tabelle"),
    ],
)
def test_a_caption_counts_by_a_field(
    tmp_path: Path, runs: tuple[str, ...], name: str
) -> None:
    root = finished(tmp_path, caption(*runs))
    (field,) = root.iter(f"{W}instrText")
    assert field.text == rf" SEQ {name} \* ARABIC "
    kinds = [mark.get(f"{W}fldCharType") for mark in root.iter(f"{W}fldChar")]
    assert kinds == ["begin", "separate", "end"]
    result = field.getparent().getnext().getnext()
    assert words(result) == "1"
    assert words(root) == "".join(runs)


def test_a_number_out_of_turn_is_kept_when_fields_are_updated(tmp_path: Path) -> None:
    body = caption("Table 1: A") + caption("Table 3: B") + caption("Table 4: C")
    fields = [*finished(tmp_path, body).iter(f"{W}instrText")]
    assert [r"\r 3" in field.text for field in fields] == [0, 1, 0]


@pytest.mark.parametrize("text", ["12: a", "No number", "A: 1:"])
def test_other_captions_are_left(tmp_path: Path, text: str) -> None:
    root = finished(tmp_path, caption(text))
    assert root.find(f".//{W}fldChar") is None
    assert words(root) == text


def heading(number: int) -> str:
    return (
        f'<w:bookmarkStart w:id="{number}" w:name="h{number}"/><w:p><w:pPr><w:pStyle '
        f'w:val="Heading2"/></w:pPr><w:r><w:t>Part {number}</w:t></w:r></w:p>'
        f'<w:bookmarkEnd w:id="{number}"/>'
    )


def test_a_long_document_has_a_contents_list_that_no_reader_takes_for_text(
    tmp_path: Path,
) -> None:
    text = f"<w:p><w:r><w:t>{'word ' * 600}</w:t></w:r></w:p>"
    body = "".join(heading(number) + text for number in range(7))
    root = finished(tmp_path, body)
    (control,) = root.iter(f"{W}sdt")
    assert [a.get(f"{W}anchor") for a in control.iter(f"{W}hyperlink")] == [
        f"h{number}" for number in range(7)
    ]
    assert r'TOC \o "2-4"' in "".join(control.itertext())
    read = read_document(tmp_path / "made.docx").paragraphs
    assert len(read) == 14


def test_a_short_document_has_none(tmp_path: Path) -> None:
    root = finished(tmp_path, "".join(map(heading, range(7))))
    assert root.find(f".//{W}sdt") is None


def test_twice_finished_is_once_finished(tmp_path: Path) -> None:
    body = TABLE + caption("Table 1: A")
    once = finished(tmp_path, body)
    path = tmp_path / "made.docx"
    before = path.read_bytes()
    ooxml.finish(path)
    assert path.read_bytes() == before
    assert once is not None
