"""The supplement's figures: what they print, and that nothing collides."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from analysis import meta
from analysis.letter import figures, letter
from analysis.letter.data import Cases
from analysis.letter.evidence import bias
from analysis.letter.figures.comparison import one_by_one
from analysis.letter.study import Study, study
from manuscript.values.picture import Picture
from tests.analysis.letter.figures.trials import Counts, data_sets, study_of
from tests.manuscript.values.pictures import (
    collisions,
    lettering,
    outside,
    printed,
    size_in_mm,
)

few = settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
OF_A_STUDY = [
    figures.figure_s2,
    figures.figure_s3,
    figures.figure_s4,
    figures.cumulative,
]


@pytest.mark.parametrize("draw", OF_A_STUDY)
def test_fits_the_page_and_nothing_collides(draw: Callable[[Study], Picture]) -> None:
    picture = draw(study())
    width, height = size_in_mm(picture)
    assert width <= 183.001
    assert height <= 170.001
    assert collisions(picture) == []
    assert outside(picture) == []
    assert all(5 <= text.get_fontsize() <= 7 for text in lettering(picture))


@few
@given(data_sets(most=9))
def test_nothing_collides_whatever_the_data(data: list[Counts]) -> None:
    one = study_of(data)
    pictures = [
        figures.figure_s2(one, one.trials.classes[0]),
        figures.figure_s3(one),
        figures.cumulative(one),
    ]
    if min(one.trials.n_treated) > 50:  # as in any trial of a rare event
        pictures.append(figures.figure_s4(one))
    for picture in pictures:
        assert collisions(picture) == []
        assert outside(picture) == []


def test_placebo_forest_prints_what_the_odds_ratio_is_made_of() -> None:
    texts = printed(figures.figure_s2(study()))
    counts = study().trials.of_class("placebo").counts
    a, n1, c, n2 = (count.astype(float) for count in counts)
    excess = (a - n1 * (a + c) / (n1 + n2)).sum()
    assert f"{excess:.2f}" in texts
    assert letter()("risk.placebo.or").text in texts


def test_funnel_says_why_tests_are_refused_and_what_is_not_drawn() -> None:
    remarks = " ".join(printed(figures.figure_s3(study())))
    assert "asymmetry is not tested with fewer than 10" in remarks
    assert "13 trials have no odds ratio" in remarks


def test_funnel_prints_tests_where_trials_suffice() -> None:
    many = [Counts(f"T{i}", "placebo", 1 + i, 200, i // 3, 190 + i) for i in range(12)]
    remarks = printed(figures.figure_s3(study_of(many)))
    test = meta.harbord(*study_of(many).trials.counts)
    assert any(line.startswith(f"Harbord: t = {float(test.t):.2f}") for line in remarks)


def test_sensitivity_figure_holds_every_method_that_gives_odds_ratios() -> None:
    texts = printed(figures.figure_s4(study()))
    counts = study().trials.counts
    for method in meta.TWO_ARMS:
        if method.pool is not meta.peto:
            drawn = method.pool(*counts).measure == "OR"
            assert (method.label in texts) == drawn, method.label


def test_leaving_out_is_drawn_for_trials_that_weigh() -> None:
    texts = printed(figures.figure_s4(study()))
    left_out = [
        text for text in texts if text.removeprefix("Without ") in study().trials.trial
    ]
    assert left_out == [f"Without {name}" for name in ("P5", "P6", "P8", "C2", "O2")]


def test_cumulative_figure_ends_with_the_main_analysis() -> None:
    texts = printed(figures.cumulative(study()))
    interval = f"\N{NO-BREAK SPACE}({letter().ci('risk.all').text})"
    assert [text for text in texts if f"{text.strip()}".startswith("(")][-1] == interval


def test_splitting_a_pool_wants_one_label_each() -> None:
    with pytest.raises(ValueError, match="2 labels for pools of shape"):
        one_by_one(study().leave_one_out, ["P1", "P2"])


def test_every_light_has_its_own_sign() -> None:
    picture = figures.risk_of_bias()
    assert collisions(picture) == []
    assert outside(picture) == []
    judged = bias.judgements()
    found = [judgement.judgement for judgement in judged.values()]
    worst = ("low", "unclear", "some", "high")
    for group in {group for group, _ in judged}:
        of_it = [one.judgement for (each, _), one in judged.items() if each == group]
        found.append(max(of_it, key=worst.index))  # the column of the whole
    texts = printed(picture)
    for judgement, sign in {
        "low": "+",
        "some": "−",
        "high": "×",
        "unclear": "?",
    }.items():
        assert texts.count(sign) == found.count(judgement) + 1  # once in the key


def test_swimmer_has_a_lane_for_every_case_by_onset() -> None:
    picture = figures.swimmer(study().cases)
    assert collisions(picture) == []
    assert outside(picture) == []
    cases = study().cases
    lanes = [text for text in printed(picture) if text in cases.case]
    assert lanes == [cases.case[i] for i in np.argsort(cases.latency_years)]
    assert "died 5.8 months later" in picture.alt


def test_swimmer_of_no_case_is_an_empty_axis() -> None:
    none = np.array([])
    empty = Cases("x", "collected", none.astype(int), (), (), none, none, none, none)
    assert "Years since the first dose of lenalidomide" in printed(
        figures.swimmer(empty)
    )


def test_ensemble_prints_range_band_and_shipped_answer() -> None:
    analyses = [
        figures.Analysis("Peto", "ratio", 3.82, 3.0, 4.61, 3.7, 4.04),
        figures.Analysis("Never estimable", "ratio", *[float("nan")] * 5),
        figures.Analysis("Crude", "percent", 0.55, 0.55, 0.55, 0.55, 0.55),
    ]
    picture = figures.ensemble(analyses, band=0.9)
    texts = printed(picture)
    assert {"3.82", "3.00–4.61", "3.70–4.04", "Middle 90%"} <= set(texts)
    assert collisions(picture) == []
    assert outside(picture) == []


def test_an_ensemble_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one analysis"):
        figures.ensemble([])
