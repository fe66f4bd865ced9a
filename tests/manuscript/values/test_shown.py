"""Nothing that is printed acts on a terminal or begins a line of its own."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.__main__ import main as analysis
from manuscript.__main__ import main as press
from manuscript.values.shown import on_one_line, safe


@given(st.text(st.characters(), max_size=40))
def test_what_is_shown_neither_acts_nor_turns(text: str) -> None:
    shown = safe(text)
    for sign in shown:
        assert sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs")
        assert unicodedata.bidirectional(sign) not in (
            *("LRE", "RLE", "LRO", "RLO", "PDF"),
            *("LRI", "RLI", "FSI", "PDI"),
        )
    shown.encode()
    assert safe(shown) == shown
    assert len((on_one_line(text) + "x").splitlines()) == 1


@given(st.text(max_size=40))
def test_json_that_is_printed_says_the_same(text: str) -> None:
    assert json.loads(safe(json.dumps(text, ensure_ascii=False))) == text


@pytest.mark.parametrize("text", ["Größe 10⁻³ “µ” 日本 😀", "a\tb\nc", "العربية"])
def test_honest_text_is_as_it_was(text: str) -> None:
    assert safe(text) == text


def test_messages_of_both_commands_are_safe(
    capsys: pytest.CaptureFixture[str],
) -> None:
    hostile = "no\x1b[2J\u202e\udc80.csv"
    assert analysis(["reconstruct", hostile]) == 2
    assert press(["verify", hostile]) == 1
    captured = capsys.readouterr()
    said = captured.out + captured.err
    assert said.count("2J") == 2
    assert "\x1b" not in said
    assert "\u202e" not in said
    said.encode()
