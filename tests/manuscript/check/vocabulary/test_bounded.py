"""A pattern that takes no end stops the checks, and names itself."""

import time

import pytest

from manuscript import check as checks
from manuscript.check.vocabulary import bounded
from manuscript.errors import ManuscriptError
from tests.manuscript.conftest import Write
from tests.manuscript.papers import KnownLetter


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "SECONDS", 1.0)


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+$", r"(\d*)*x", "(?:x|x){2,}y", r"([a-z]+\s?)+\."],
)
def test_what_takes_no_end_is_named_by_entry_and_line(
    project: Write, pattern: str
) -> None:
    made = project("Text of a letter.\n")
    text = f"names: |\n  One\nabbreviations: |\n  P \\d+ to \\d+\n  {pattern}\n"
    (made.root / "vocabulary.yml").write_text(text, "utf-8")
    start = time.monotonic()
    with pytest.raises(ManuscriptError) as fault:
        checks.outcomes(made, ["numbers"], KnownLetter())
    assert time.monotonic() - start < 10
    assert str(fault.value) == (
        f"vocabulary.yml:3: `{pattern}` in `abbreviations` takes no end to match; let "
        "no repeat stand within another, nor beside one of the same letters"
    )


def test_the_texts_to_be_searched_are_tried_too() -> None:
    pattern = r"q+[^z]+[^z]+[^z]+[^z]+z"
    assert bounded.endless([pattern], ["q" * 30]) is None
    assert bounded.endless([pattern], ["q" + "b" * 2000]) == pattern


def test_repeats_that_part_a_text_in_one_way_are_fine() -> None:
    fine = [
        *(r"(?:\w+\s){1,5}trials?", r"(?:very |much )*larger", r"\w+ of \w+ and \w+"),
        *(r"grades? \d(?:(?:, | or )\d)*", r"[pq](?:\d+(?:\.\d+)?)?"),
    ]
    letter = "of words and 12, 13 or 14 trials of grades 1, 2 or 3; " * 200
    assert bounded.endless(fine, [letter]) is None


def test_a_pattern_that_repeats_once_costs_no_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bounded.sys, "executable", "/nowhere")
    assert bounded.endless([r"chemotherap\w+", "a|b", r"4\.0\+"], ["x"]) is None
