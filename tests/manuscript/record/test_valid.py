"""What keeps a ledger of others from being one."""

from __future__ import annotations

import pytest

from manuscript.record import valid

VALUE = {"key": "a", "number": 1.5, "unit": "", "printed": "1.5", "uses": []}


@pytest.mark.parametrize("name", sorted(VALUE))
def test_a_field_that_is_not_there_is_told(name: str) -> None:
    value = {key: each for key, each in VALUE.items() if key != name}
    found = valid.fault({"values": [value], "claims": [], "floats": []})
    assert found.startswith(f"values, entry 1: `{name}` is no ")


def test_a_number_may_be_none() -> None:
    value = VALUE | {"number": None}
    assert valid.fault({"values": [value], "claims": [], "floats": []}) == ""
