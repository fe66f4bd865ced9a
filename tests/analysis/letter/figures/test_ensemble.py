"""Figure S9: every analysis, once, and legible."""

from analysis.letter import figures, letter
from tests.manuscript.values.pictures import (
    collisions,
    outside,
    printed,
    size_in_mm,
)


def test_fits_the_page_and_nothing_collides() -> None:
    picture = figures.figure_s9(letter())
    width, height = size_in_mm(picture)
    assert width <= 183.001
    assert height <= 170.001
    assert collisions(picture) == []
    assert outside(picture) == []


def test_methods_that_answer_alike_share_a_row() -> None:
    texts = printed(figures.figure_s9(letter()))
    assert texts.count("Inverse variance, 0.5") == 2
    assert "Random, REML" not in texts
    assert texts.count("Beta-binomial") == 2


def test_answers_are_those_of_the_letter() -> None:
    v = letter()
    texts = printed(figures.figure_s9(v))
    for key in ("sensitivity.placebo.beta_binomial.or", "incidence.glmm"):
        assert v(key).text in texts
    for prefix in ("ensemble.placebo.beta_binomial", "ensemble.incidence.glmm"):
        assert v.range(prefix).text in texts
        assert v.ci(prefix).text in texts


def test_panels_of_one_unit_share_an_axis() -> None:
    one = figures.Analysis("a", "ratio", 2.0, 1.5, 3.0, 1.8, 2.5, "First")
    two = figures.Analysis("b", "ratio", 6.0, 4.0, 8.0, 5.0, 7.0, "Second")
    texts = printed(figures.ensemble([one, two]))
    assert texts.count("0.5") == texts.count("10") == 2
    assert {"First", "Second"} <= set(texts)


def test_the_alternative_text_names_each_panel() -> None:
    alt = figures.figure_s9(letter()).alt
    assert alt.index("Odds ratio against placebo: Peto 3.82") == 0
    assert "Incidence under lenalidomide: " in alt
