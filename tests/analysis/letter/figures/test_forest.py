from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from analysis.letter import letter
from analysis.letter.figures import figure_1, figure_1_alt
from analysis.letter.study import study
from manuscript.values.picture import Picture
from tests.analysis.letter.figures.trials import Counts, data_sets, study_of
from tests.manuscript.values.pictures import (
    boxes,
    collisions,
    lettering,
    outside,
    printed,
    size_in_mm,
)

few = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@pytest.fixture(scope="module")
def picture() -> Picture:
    return figure_1(study())


def test_shows_the_numbers_that_the_letter_prints(picture: Picture) -> None:
    v, texts = letter(), "\n".join(printed(picture))
    for name in ("placebo", "chemotherapy", "observation", "all"):
        assert f"({v.ci(f'risk.{name}').text})" in texts
        assert f"({v.ci(f'incidence.{name}').text})" in texts
        assert f"I² = {v(f'incidence.{name}.i2').text}%" in texts
    assert "P " + v("risk.subgroups.p").text in texts
    assert "P " + v("incidence.subgroups.p").text in texts
    assert "P " + v("risk.all.p").text in texts


def test_lists_every_trial_once_and_says_which_have_no_events(picture: Picture) -> None:
    names = [text.strip("\N{NO-BREAK SPACE}") for text in printed(picture)]
    table = study().trials
    assert [name for name in names if name in table.trial] == list(table.trial)
    without = (table.events_treated + table.events_control == 0).sum()
    assert names.count("no events") == without


def test_fits_a_double_column_with_lettering_of_5_to_7_points(picture: Picture) -> None:
    width, height = size_in_mm(picture)
    assert width == pytest.approx(183)
    assert height <= 170
    assert {text.get_fontname() for text in lettering(picture)} == {"Liberation Sans"}
    assert all(5 <= text.get_fontsize() <= 7 for text in lettering(picture))


def test_numbers_of_a_column_end_at_one_edge(picture: Picture) -> None:
    by_text = boxes(picture)
    totals = {str(n) for n in (*study().trials.n_treated, 1188, 541, 1536, 3265)}
    left_half = [box for text, box in by_text if text in totals and box.x1 < 150]
    right_edges = {round(box.x1) for box in left_half}
    assert len(right_edges) <= 4  # events and totals of two arms


def test_sixty_trials_still_fit_the_width() -> None:
    many = [
        Counts(
            f"T{i}",
            ("placebo", "chemotherapy", "observation")[i % 3],
            i % 4,
            90 + i,
            0,
            80,
        )
        for i in range(60)
    ]
    picture = figure_1(study_of(many))
    assert size_in_mm(picture)[0] == pytest.approx(183)
    assert collisions(picture) == []


def test_forty_trials_fit_the_page() -> None:
    many = [
        Counts(
            f"T{i}",
            ("placebo", "chemotherapy", "observation")[i % 3],
            i % 4,
            90 + i,
            0,
            80,
        )
        for i in range(40)
    ]
    assert size_in_mm(figure_1(study_of(many)))[1] <= 170


@few
@given(data_sets())
def test_nothing_overlaps_whatever_the_data(data: list[Counts]) -> None:
    picture = figure_1(study_of(data))
    assert collisions(picture) == []
    assert outside(picture) == []


def test_an_infinite_estimate_prints_as_not_estimable() -> None:
    only = study_of([Counts("T", "placebo", 0, 10, 0, 10)])
    texts = printed(figure_1(only))
    assert "no events" in texts
    assert texts.count("not estimable") == 2
    assert "Overall effect: not estimable" in texts


def test_the_same_data_give_the_same_bytes() -> None:
    assert figure_1(study()).svg() == figure_1(study()).svg()
    assert figure_1(study()).png() == figure_1(study()).png()


def test_the_alternative_text_says_the_estimates() -> None:
    said = figure_1_alt(study())
    assert "all trials 4.48\N{NO-BREAK SPACE}(1.85–10.86)" in said
    assert "trials without an estimate: 13" in said
