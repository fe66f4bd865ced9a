"""Sentences that people write, as right and as wrong as they were brought."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manuscript.check.results import recomputed
from manuscript.check.vocabulary import Words
from tests.manuscript.check.results.sentences import faults

RIGHT = [
    "1,234 of 2,000 patients responded.",
    "5 of 200 patients (95% CI 1.0–5.7) responded.",
    "On day 28 of 21-day cycles it was given.",
    "In 3 of 10 sites and 7 of 90 patients (8%) it failed.",
    "In 3 of 18 trials with 7081 patients (25%) it failed.",
    "The score was 0.95 of 1.",
    "The exact OR was 6.27 (95% CI 0.74–293.54).",
    "Follow-up ranged from 12.9 months to 12.5 years.",
    "Ethical approval (No. 2011/160) was given; sutures of size 2/0 were used.",
    "Scores counted down, ranging from −0.90 to −0.93.",
    "They lost weight, a decrease of 1.7 kg (95% CI −3.17 to −0.23).",
    "Time had an effect, F(9, 99) = 2.87, p = .103 (Greenhouse-Geisser).",
    "The mean was 3.70 ± 0.99 (95% CI 3.15 to 4.26).",
    "Glucose explained risk (R(2) = 0.24; P < 0.001).",
    "129 episodes (8%) in 38 patients were classified as such.",
    "Of the 3 265 randomized, 1 633 (50%) were men.",
    "It fell (p = 0.02, 95% CI = 0.83–12.19).",
    "The mean number was 20.8 ± 13.3 (range 4–56).",
    "It was 52.2% (1045 of 2000) or, rounded otherwise, 1045 of 2000 (52.3%).",
]
WRONG = [
    ("The OR was 2.50 (95% CI 1.02–6.13), P = 0.30.", "p"),
    ("(OR 2.50, 95% CI 1.02–6.13, P = .30)", "p"),
    ("(OR = 2.5, 95% CI = 3.02–6.13)", "interval"),
    ("(OR 2.50, 95%CI 3.02-6.13)", "interval"),
    ("(OR 2.50, 95 % CI 3.02−6.13)", "interval"),
    ("(aOR 2.50, 95% CI 3.02–6.13)", "interval"),
    ("RR 2.50 (95% CI 3.02–6.13)", "interval"),
    ("HR 9.50 (95% CI 1.02–6.13)", "interval"),
    ("IRR 9.50 (95% CI 1.02 to 6.13)", "interval"),
    ("OR 9.50 (95% CI: 1.02, 6.13)", "interval"),
    ("2.5% (95% CI 3.0%–6.0%)", "interval"),
    ("The mean difference was 4.0 (95% CI 1.0 to 3.0).", "interval"),
    ("The risk difference was 2.0% (95% CI 1.0% to 3.0%; P = 0.40).", "p"),
    ("It differed (P < 0.000).", "p-range"),
    ("It differed (P = 0.000).", "p-zero"),
    ("r = 0.2; Pearson correlation r = 1.2 (P = 0.01).", "correlation"),
    ("Specificity was 96.4% (95% CI 93–38%).", "interval"),
    ("It occurred in 4/42 (1011%).", "percent"),
    ("Of 90 participants, 92 completed it.", "count"),
    ("The SD was negative: mean (SD) 118 (−14).", "spread"),
]


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_raises_no_alarm(text: str) -> None:
    assert faults(text) == []


@pytest.mark.parametrize(("text", "rule"), WRONG)
def test_what_is_wrong_is_found_by_its_rule(text: str, rule: str) -> None:
    assert rule in {fault.rule for fault in faults(text)}


def test_a_warning_is_no_error() -> None:
    (profile,) = faults("OR 2.30 (95% CI 1.45–3.20)")
    assert (profile.rule, profile.level) == ("middle", "warning")
    (wrong,) = faults("OR 3.00 (95% CI 1.45–3.20)")
    assert wrong.level == "error"


def test_a_project_adds_its_measures() -> None:
    text = "The flux ratio was 2.50 (95% CI 2.40–6.13)."
    assert faults(text) == []
    entries = dict(Words.of(None)._entries)
    entries["ratios"] += "\nflux ratios?"
    assert any(result.what for result in recomputed(text, Words(entries)))


PIECES = (
    "OR HR RR mean difference 95% CI 0.98 1.2 (1.0–5.7) 3/4 of 12 (40%) P = < .05 "
    "t(3,4) F(1,306) F(0,0) χ² I² = 0% Q df IQR range median ± SD ; , to – - ) ( "
    "randomized 1,234 n = ·5 1e-5 percent twenty-two 0 00 0.0 -1 −.2 patients "
    "t(0) = r(5) Z χ²(1) 99999999999999999999 100% CI, 0%"
)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES.split(" ")), max_size=30))
def test_no_text_stops_the_program(pieces: list[str]) -> None:
    text = " ".join(pieces)
    for result in recomputed(text, Words.of(None)):
        assert 0 <= result.start <= result.end <= len(text)
