"""Links of a finished page, and the rows that its cards show."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from manuscript.compose.formats import page_links
from manuscript.source.labels import Names

NAMES = {
    "index.qmd": {"fig-a": "Figure 1"},
    "supplement.qmd": {"supptbl-a": "Table S1", "supptbl-b": "Table S12"},
    "other.qmd": {"fig-b": "Figure 1"},
}
S1 = '<a href="supplement.html#supptbl-a">{}</a>'


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<p>Table S1.</p>", "<p>" + S1.format("Table S1") + ".</p>"),
        ("<p>Table\u00a0S1</p>", "<p>" + S1.format("Table\u00a0S1") + "</p>"),
        ("<p>Table&nbsp;S1</p>", "<p>" + S1.format("Table&nbsp;S1") + "</p>"),
        ('<a href="#x">Table S1</a>', None),
        ("<h2>Table S1</h2>", None),
        ("<script>'Table S1'</script>", None),
        ("<svg><text>Table S1</text></svg>", None),
        ("<p title='Table S1'>Table S10, Table S1.2, aTable S1</p>", None),
        ("<p>Figure 1</p>", None),  # its own
        ("<!-- Table S1 -->", None),
    ],
)
def test_names_of_other_documents_floats_are_links(
    page: str, expected: str | None
) -> None:
    linked = page_links.link_floats(page, NAMES, "index.qmd")
    assert linked == (page if expected is None else expected)


def test_a_name_that_two_documents_give_is_no_link() -> None:
    page = "<p>Figure 1</p>"
    assert page_links.link_floats(page, NAMES, "supplement.qmd") == page


def span(file: str, rows: str, basis: str) -> str:
    data = f'data-file="{file}" data-rows="{rows}" data-basis="{basis}"'
    return f'<span class="value" data-key="k" {data}>1</span>'


def told(tmp_path: Path, *spans: str) -> dict[str, object]:
    (tmp_path / "d.csv").write_text("key,note\na,</script>\nb,2\nb,3\n", "utf-8")
    return page_links._origins("".join(spans), tmp_path)


def test_rows_of_published_figures_alone_are_shown(tmp_path: Path) -> None:
    shown = told(
        tmp_path,
        span("d.csv", "key = b", "published"),
        span("d.csv", "key = a", "reconstruction"),
        span("d.csv", "key = none", "published"),
        span("d.csv", "all rows", "published"),
        span("gone.csv", "key = a", "published"),
    )
    rows = {"columns": ["key", "note"], "rows": [["b", "2"], ["b", "3"]]}
    assert shown == {"rows": {"d.csv|key = b": rows}}
    many = "key\n" + "b\n" * (page_links.MOST_ROWS + 1)
    (tmp_path / "many.csv").write_text(many, "utf-8")
    assert told(tmp_path, span("many.csv", "key = b", "published")) == {}


def test_a_source_is_linked_where_a_public_repository_is_named(tmp_path: Path) -> None:
    cited = tmp_path / "CITATION.cff"
    cited.write_text('repository-code: "https://example.org/a/"\n', "utf-8")
    assert told(tmp_path) == {"repository": "https://example.org/a"}
    cited.write_text("repository-code: ftp://example.org\n", "utf-8")
    assert told(tmp_path) == {}


def test_rows_cannot_end_their_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = {"columns": ["</script>"], "rows": []}
    monkeypatch.setattr(page_links, "_origins", lambda *_: rows)
    monkeypatch.setattr(Names, "of", lambda _: Names({"index.qmd": {}}))

    class Root:
        root = tmp_path

    page = page_links.finish("<head></head>", Root(), "index.qmd")  # type: ignore[arg-type]
    found = re.search(r'id="origin-data">(.*?)</script>', page)
    assert found is not None
    assert json.loads(found[1]) == rows
