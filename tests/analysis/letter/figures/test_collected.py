"""Views of collected data: none of invented data, each by itself of others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from analysis.letter import data, figures
from analysis.letter.figures.collected import VIEWS
from analysis.letter.study import Study, study
from manuscript.values.picture import Picture


def with_cases() -> Study:
    return Study(data.trials(), replace(data.cases(), basis="collected"))


def with_trials() -> Study:
    return Study(replace(data.trials(), basis="collected"), data.cases())


def with_reports() -> Study:
    whole = Study(data.trials(), data.cases())
    vars(whole)["reports"] = replace(study().reports, synthetic=False)
    return whole


KNOWN = {"course": with_cases, "cumulative": with_trials, "onset": with_reports}


@pytest.mark.parametrize("name", VIEWS)
def test_nothing_is_drawn_of_invented_data(name: str) -> None:
    assert figures.view(name, study()) is None
    assert figures.legend(name, study()) is None


@pytest.mark.parametrize(("name", "make"), KNOWN.items())
def test_a_view_appears_with_its_own_data_alone(
    name: str, make: Callable[[], Study]
) -> None:
    known = make()
    for other in VIEWS:
        drawn, words = figures.view(other, known), figures.legend(other, known)
        assert isinstance(drawn, Picture) == (other == name)
        assert (words is not None) == (other == name)
        if words is not None:
            assert words._repr_markdown_().startswith("**")


def test_the_flow_says_that_reports_are_synthetic() -> None:
    from analysis.letter import Letter, letter

    assert "VigiBase reports (synthetic)" in figures.figure_s1(letter()).svg()
    real = Letter(with_reports())
    assert "VigiBase reports (synthetic)" not in figures.figure_s1(real).svg()


def test_follow_up_and_source_are_drawn_of_collected_trials_alone() -> None:
    assert "Follow-up" not in figures.figure_s2(study()).svg()
    assert "Follow-up" in figures.figure_s2(with_trials()).svg()
