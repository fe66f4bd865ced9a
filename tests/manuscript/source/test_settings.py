"""YAML by the JSON schema: what is no number of JSON stays as it was typed."""

import pytest

from manuscript.errors import ManuscriptError
from manuscript.source import settings


@pytest.mark.parametrize(
    ("written", "read"),
    [
        *(("12", 12), ("-3", -3), ("0", 0), ("1.50", 1.5), ("1e3", 1000.0)),
        *(("012", "012"), ("1_500", "1_500"), ("0x1F", "0x1F"), ("8:30", "8:30")),
        *((".nan", ".nan"), (".inf", ".inf"), ("yes", "yes"), ("true", True)),
        *(("2026-01-01", "2026-01-01"), ("1.2.3", "1.2.3"), ("+4", "+4")),
    ],
)
def test_scalars_are_those_of_json(written: str, read: object) -> None:
    found = settings.parse(f"key: {written}\n", "_quarto.yml").values["key"]
    assert (found, type(found)) == (read, type(read))


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('a: "x\nb: "y"\n', "a:1: not YAML: found unexpected end"),
        ("a: 1\nb: [x,\nc: 2\n", "a:2: not YAML: "),
        ('a: 1\nb: "x\x07"\nc: d: e\n', "a:2: the character U+0007 is none"),
        ("a: 1\n<<: {b: 1}\n", "a:2: `<<` is not supported"),
        ("a: 1\n\tb: 2\n", "a:2: not YAML: "),
    ],
)
def test_what_is_no_yaml_is_told_in_a_line_at_its_entry(
    written: str, told: str
) -> None:
    with pytest.raises(ManuscriptError) as caught:
        settings.parse(written, "a")
    assert str(caught.value).startswith(told)
    assert "\n" not in str(caught.value)
