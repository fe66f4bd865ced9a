"""Days that are none are no dates."""

import pytest

from manuscript.source import language


@pytest.mark.parametrize(
    "date", ["2026-13-45", "2026-02-30", "2026-00-10", "February 30, 2026"]
)
def test_a_day_that_is_none_is_no_date(date: str) -> None:
    assert language.iso(date) is None


def test_a_leap_day_is_a_date() -> None:
    assert language.iso("2024-02-29") == "2024-02-29"
