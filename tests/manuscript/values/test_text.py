import math

import pytest

from manuscript.values import text


@pytest.mark.parametrize(
    ("number", "decimals", "printed"),
    [
        (3.8194, 2, "3.82"),
        (0.005, 2, "0.01"),
        (-0.475, 1, "−0.5"),
        (0.0, 2, "0.00"),
        (-1e-16, 2, "0.00"),
        (-0.001, 2, "−0.001"),
        (0.000432, 2, "0.0004"),
        (0.00096, 2, "0.001"),
        (0.0007, 2, "0.0007"),
        (0.3, 0, "0.3"),
        (9.6e-7, 2, "0.000001"),
        (3.2e-8, 2, "3 × 10⁻⁸"),
        (2982, 0, "2982"),
        (40000, 0, "40\N{NARROW NO-BREAK SPACE}000"),
        (math.nan, 2, "not estimable"),
        (math.inf, 2, "not estimable"),
    ],
)
def test_decimal(number: float, decimals: int, printed: str) -> None:
    assert text.decimal(number, decimals) == printed


@pytest.mark.parametrize(
    ("p", "printed"),
    [
        (0.0209824, "= 0.02"),
        (0.00090753, "< 0.01"),
        (0.01, "= 0.01"),
        (0.00999, "< 0.01"),
        (1.0, "= 1.00"),
        (math.nan, "not estimable"),
    ],
)
def test_p_value_follows_the_display_rule_of_the_letter(p: float, printed: str) -> None:
    assert text.p_value(p) == printed


@pytest.mark.parametrize(
    ("count", "words"), [(0, "zero"), (8, "eight"), (12, "twelve"), (13, "13")]
)
def test_in_words(count: int, words: str) -> None:
    assert text.in_words(count) == words


def test_interval_avoids_a_dash_beside_a_minus() -> None:
    assert text.interval("1.22", "11.92") == "1.22–11.92"
    assert text.interval("−0.5", "0.2") == "−0.5 to 0.2"
    unknown = text.NOT_ESTIMABLE
    assert text.interval(unknown, unknown) == unknown
    assert text.interval("0.2", unknown) == "0.2 to not estimable"
