"""Markdown is read as pandoc reads it, however its values are set aside."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manuscript.compose import pandoc, reading

ORIGIN = r'key="risk.or" data-number="0.5" data-rows="1-18, \"all\"" data-basis="none"'
WORDS = (
    "5",
    "= 0.02",
    "1.22–11.92",
    "four",
    "\u22120.5",
    "331\u202f088",
    "56%",
    "p. 5",
)
MARKED = (r"\< 0.001", "*n*", "a--b", "it's", "1. x")
LONG = f'[5]{{.value {ORIGIN} data-source="../analysis/letter/answers.py#L123"}}'

# Where a value may stand; the bar is the value.
PLACES = (
    "One | two.",
    "*P* |, (|–|), 5| and |5.",
    "'|' and \"|\" and |'s and '|",
    "*|* **|** _|_ ~|~ ^|^ ^a|^ x^|",
    "![|](x.png) [|](y) [see |](z) [|]{.claim}",
    "![a](x.png){fig-alt=\"|\"} `|` $|$ <b title='|'>|</b>",
    "\\| @knuth | [@knuth, p. |] [@knuth] |",
    "## A heading |",
    "A heading |\n===\n\nText |",
    "- |\n- two |\n\n1. |\n\n> | |",
    "| a | b |\n|:--|--|\n| c | d |\n",
    "| | x |\n| y",
    "Term |\n:   Means |",
    "^[A note |] and [^n]\n\n[^n]: Below |",
    "[|]: http://x\n\n[5] |",
    "    code |\n\n```\n|\n```",
    "::: {.notes}\n|\n:::",
    "vs. | e.g. | Mr. |",
    "|. | ... | -- |",
    "\ue0000\ue001 |",
)
# Tables take their columns from lines and letters.
TABLES = (
    "| a | b |\n|--|--|\n| {} | d |\n",
    "a | b\n--|--\n{} | d\n",
    "| a | b |\n|--|--|\n| x `|` \\| | {} |\n\n: Caption {}\n",
    "`a|b` c | {}\n--|--\nx | d\n",
    "a \\| b | {}\n--|--\nx | d\n",
    "+---+---+\n| a | {} |\n+---+---+\n",
    "  a   b\n --- ---\n {} c\n\n",
    "| a line {}\n| another\n",
)


def value(words: str) -> str:
    return f"[{words}]{{.value {ORIGIN}}}"


def same(text: str) -> bool:
    plain = pandoc.run(("-f", "markdown", "-t", "json"), text, Path.cwd())
    found: bool = reading.read(text, Path.cwd()) == json.loads(plain)
    return found


@pytest.mark.parametrize("place", PLACES)
def test_a_value_is_read_as_it_stands(place: str) -> None:
    for words in (WORDS[1], MARKED[0]):
        assert same(place.replace("|", value(words)))


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("written", [LONG, value("= 0.02"), value(r"\< 0.1")])
def test_a_table_has_the_columns_of_its_long_lines(table: str, written: str) -> None:
    assert same(table.replace("{}", written))


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([p for p in PLACES if "\ue000" not in p]),
            st.sampled_from(WORDS + MARKED),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_values_are_read_as_they_stand(parts: list[tuple[str, str]]) -> None:
    texts = (place.replace("|", value(words)) for place, words in parts)
    assert same("\n\n".join(texts))


def test_values_in_tables_spare_pandoc_their_attributes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[str] = []
    run = pandoc.run

    def noted(arguments: Sequence[str], source: str, folder: Path) -> str:
        read.append(source)
        return run(arguments, source, folder)

    monkeypatch.setattr(pandoc, "run", noted)
    reading.read(TABLES[0].replace("{}", LONG), Path.cwd())
    assert len(read) == 1
    assert "data-basis" not in read[0]
