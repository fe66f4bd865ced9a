"""YAML by the JSON schema: what is no number of JSON stays as it was typed."""

import pytest

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
