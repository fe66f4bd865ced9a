"""Arithmetic of printed numbers.

The published letter's own numbers (Blood Cancer J 2024;14:177, page 1) agree with
each other by every rule but for those that it breaks itself.
"""

import pytest

from tests.manuscript.check.conftest import Found
from tests.manuscript.papers import KnownLetter

AGREE = [
    "3265 of 5980 (55%) and 2715/5980 (45%)",
    "five of seven (71%)",
    "151 [60%] of 251",
    "Peto OR 3.82 [95% CI 1.22–11.92], P = 0.02",
    "OR 4.48, 95% CI 1.85–10.86, P < 0.01",
    "1.41% (95% CI 0.81–2.44; I² = 0%, χ² P = 0.47)",
    "1.68% (0.73–3.84; I² = 9%, P = 0.36)",
    "62.6 years (IQR 61.4–66.2)",
    "4.4 years (IQR 3.6–8.0; range 2.1–9.3)",
    "2 of 7 patients",
]
DISAGREE = [
    "3265 of 5980 (56%)",
    "five of seven (61%)",
    "151 [61%] of 251",
    "251 of 151 (60%)",
    "Peto OR 4.48 [95% CI 1.22–11.92], P = 0.02",
    "OR 3.82 [95% CI 11.92–1.22]",
    "OR 3.82 [95% CI 1.22–11.92], P = 0.20",
    "OR 3.82, 95% CI 1.22–11.92, P < 0.01",
    "2.68% (95% CI 0.81–2.44)",
    "I² = 0%, P = 0.04",
    "I² = 40%, P = 0.72",
    "60.6 years (IQR 61.4–66.2)",
    "4.4 years (IQR 3.6–8.0; range 4.1–9.3)",
    "eight of 7 patients",
]


@pytest.mark.parametrize("text", AGREE)
def test_numbers_that_agree_pass(found: Found, text: str) -> None:
    assert found("consistency", f"It was {text}.") == []


@pytest.mark.parametrize("text", DISAGREE)
def test_numbers_that_disagree_are_found(found: Found, text: str) -> None:
    assert found("consistency", f"It was {text}.")


def test_parts_sum_to_their_whole(found: Found) -> None:
    text = 'There were `{python} v("trials.all")` trials.'
    assert found("consistency", text) == []
    (finding,) = found("consistency", text, KnownLetter(trials__placebo=9))
    assert "its parts sum to 19" in finding.what
