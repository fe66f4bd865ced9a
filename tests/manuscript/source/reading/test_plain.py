import pytest
from hypothesis import given
from hypothesis import strategies as st

from manuscript.source.reading.plain import Plain, Printed, plain


def read(markdown: str) -> Plain:
    return plain(
        markdown,
        lambda offset: (1, offset + 1),
        lambda source, place: Printed(f"<{source}>", None, None),
        lambda label: {"fig-a": "Figure 1"}.get(label, label),
    )


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("**bold** *it* _alic_ snake_case 2 * 3", "bold it alic snake_case 2 * 3"),
        (r"\*stars\* and \[brackets\]", "*stars* and [brackets]"),
        ("I^2^ and H~2~O and ~~gone~~", "I2 and H2O and gone"),
        ("1--2 and so --- on", "1–2 and so — on"),
        ("a [link](https://x.org/1) and <https://y.org>", "a link and https://y.org"),
        ("as shown [@kim2021; @lee, p. 3]. So", "as shown. So"),
        ("as @kim2021 shows", "as shows"),
        ("see @fig-a and [@fig-a; @fig-b].", "see Figure 1 and Figure 1; fig-b."),
        ('[18]{.typed reason="age"} years', "18 years"),
        ("OR [95% CI `{python} v(1)`]", "OR [95% CI <v(1)>]"),
        ("`code` and ``a`b``", "code and a`b"),
        ("one\ntwo", "one two"),
        ("a note[^1] and ^[inline]", "a note and [inline]"),
        ("<b>raw</b> and 1 < 2", "raw and 1 < 2"),
        ("mail a@b.org", "mail a@b.org"),
    ],
)
def test_markup_is_removed(markdown: str, text: str) -> None:
    assert read(markdown).text == text


def test_marks_say_what_stands_where() -> None:
    made = read('A [few]{.typed reason="a guess"} `{python} v("k")` [@kim; @fig-a].')
    kinds = {mark.kind: made.text[mark.start : mark.end] for mark in made.marks}
    assert kinds == {
        "typed": "few",
        "fault": '<v("k")>',
        "reference": "Figure 1",
        "citation": "",
    }
    assert [mark.reason for mark in made.marks if mark.kind == "typed"] == ["a guess"]
    assert [mark.names for mark in made.marks if mark.names] == [("fig-a",), ("kim",)]


WORDS = st.lists(
    st.sampled_from(
        (
            *("plain", "**bold**", "`{python} v(1)`", "[@kim2021]", "[a](https://x.y)"),
            *(
                "[b]{.c}",
                r"\*",
                "--",
                "_",
                "[",
                "]",
                "{",
                "^",
                "~",
                "@fig-a",
                "`",
                "(1)",
            ),
            "\n",
        )
    ),
    max_size=12,
)


@given(words=WORDS)
def test_every_character_has_its_place(words: list[str]) -> None:
    markdown = " ".join(words)
    made = read(markdown)
    for offset, character in enumerate(made.text):
        if any(mark.start <= offset < mark.end for mark in made.marks):
            continue
        _, column = made.place(offset)
        assert 1 <= column <= len(markdown)
        if character.isalnum():
            assert markdown[column - 1] == character
