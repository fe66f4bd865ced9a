import json

import pypandoc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manuscript.values.markdown import (
    Column,
    Markup,
    Table,
    bold,
    cite,
    escape,
    heading,
    link,
    table,
)

COLUMNS = (Column("a", 1), Column("b", 3, "right"))
# Quarto reads Markdown with these; both engines of the manuscript do.
FORMAT = "markdown"


def cells(made: Table) -> list[list[str]]:
    """Read a table as pandoc does; give the plain text of each cell."""
    document = json.loads(pypandoc.convert_text(made._repr_markdown_(), "json", FORMAT))
    (block,) = document["blocks"]
    assert block["t"] == "Table"
    _, _, _, head, bodies, _ = block["c"]
    rows = [*head[1], *(row for body in bodies for row in body[3])]
    return [["".join(_words(cell[4])) for cell in row[1]] for row in rows]


def _words(node: object) -> list[str]:
    if isinstance(node, dict):
        if node.get("t") == "Str":
            return [node["c"]]
        if node.get("t") in ("Space", "SoftBreak"):
            return [" "]
        if node.get("t") == "Quoted":
            return _words(node["c"][1])
        assert node.get("t") in (None, "Plain", "Para", "Strong", "Span"), node["t"]
        return _words(node.get("c", []))
    if isinstance(node, list):
        return [word for item in node for word in _words(item)]
    return []


@pytest.mark.parametrize(
    "name",
    [
        "*starred*",
        "a|b",
        "_under_score_",
        "[link](url)",
        "@jones2023",
        "`code`",
        "<b>html</b>",
        "5 ~ 6^7",
        "$x$",
        "A--B",
        "#1 & {.x}",
        "back\\slash",
        "!~^_*",
        "10. Trial",
        ":::",
    ],
)
def test_a_name_never_becomes_markup(name: str) -> None:
    assert cells(table(COLUMNS, [(name, "1")]))[1] == [name, "1"]


@settings(max_examples=25, deadline=None)
@given(st.text("ab1 *_|\\`<>[]{}@#$~^-&!:.'\"()", min_size=1, max_size=12))
def test_any_text_keeps_to_its_cell(name: str) -> None:
    header, row = cells(table(COLUMNS, [(name, "x")]))
    assert header == ["a", "b"]
    assert len(row) == 2
    assert row[1] == "x"


def test_widths_are_shares_of_the_page() -> None:
    made = table(COLUMNS, [("x", "y")])
    document = json.loads(pypandoc.convert_text(made._repr_markdown_(), "json", FORMAT))
    widths = [spec[1]["c"] for spec in document["blocks"][0]["c"][2]]
    assert sum(widths) == pytest.approx(1, abs=0.02)
    assert widths[1] / widths[0] == pytest.approx(3, rel=0.05)


def test_a_row_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="3 cells in a table of 2 columns"):
        table(COLUMNS, [("x", "y", "z")])


def test_markup_is_written_as_it_is() -> None:
    made = table(COLUMNS, [heading("Group *1*", COLUMNS), (bold("x"), Markup("**y**"))])
    text = made._repr_markdown_()
    assert r"[**Group \*1\***]{.group}" in text
    assert "| **x** | **y** |" in text


def test_notes_stand_below_in_a_division() -> None:
    made = table(COLUMNS, [("x", "y")], notes=["a *b*", Markup("^c^")])
    assert made._repr_markdown_().endswith("\n\n::: {.notes}\na \\*b\\* ^c^\n:::\n")


def test_citations_and_links() -> None:
    assert cite("jones2023  kim2023") == "[@jones2023; @kim2023]"
    assert cite("") == ""
    assert (
        link("a*b", "https://example.org/(x)") == r"[a\*b](<https://example.org/(x)>)"
    )
    assert escape("plain text, 3.4 (5–6)") == "plain text, 3.4 (5–6)"
