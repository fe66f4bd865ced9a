"""Typed text prints as it was typed, whatever it looks like to Markdown."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from manuscript.compose import pandoc
from manuscript.source.fragments import Prose
from manuscript.source.reading.plain import plain
from manuscript.word.carry.markdown import escape

TYPED = st.text(
    st.one_of(
        st.sampled_from(list("`*_[]{}()<>@#$^~\\|!&-+.:;=%\"'1aT ")),
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Zl", "Zp", "Cs"]),
    ),
    min_size=1,
    max_size=40,
)
QUOTES = str.maketrans("‘’“”‚„‐‑", "''\"\"''--")


def letters(text: str) -> str:
    """Leave out what the smart reader of Markdown chooses."""
    return "".join(
        c for c in text.translate(QUOTES) if not c.isspace() and c not in "'\""
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(TYPED, min_size=1, max_size=25))
def test_pandoc_prints_what_was_typed(texts: list[str]) -> None:
    paragraphs = [text for text in texts if text.strip()]
    source = "\n\n".join("x " + escape(text) for text in paragraphs)
    tree = json.loads(pandoc.run(["-f", "markdown", "-t", "json"], source, Path.cwd()))
    allowed = {"Para", "Str", "Space", "SoftBreak", "Quoted", "SingleQuote"}
    allowed |= {"DoubleQuote"}
    assert {e["t"] for e in pandoc.elements(tree["blocks"])} <= allowed
    printed = [
        "".join(e["c"] for e in pandoc.elements(block) if e["t"] == "Str")
        for block in tree["blocks"]
    ]
    assert [letters(p) for p in printed] == [letters("x" + p) for p in paragraphs]


@settings(max_examples=60, deadline=None)
@given(st.lists(TYPED, min_size=1, max_size=25))
def test_no_text_opens_a_list_heading_or_block(texts: list[str]) -> None:
    paragraphs = [text for text in texts if text.strip()]
    source = "\n\n".join(escape(text, opens=True) for text in paragraphs)
    tree = json.loads(pandoc.run(["-f", "markdown", "-t", "json"], source, Path.cwd()))
    assert {block["t"] for block in tree["blocks"]} <= {"Para"}
    assert len(tree["blocks"]) == len(paragraphs)


@given(TYPED)
def test_no_text_becomes_code_of_the_press(text: str) -> None:
    source = escape(text)
    assert not Prose(source + "\n", "a.qmd", 1).inlines
    assert "{{<" not in source
    read = plain(source, lambda offset: (1, 1), _never, lambda label: "?")
    assert not [mark for mark in read.marks if mark.kind != "url"]


def _never(*_: object) -> None:
    raise AssertionError("typed text was evaluated")
