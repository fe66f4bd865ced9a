from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.plots.paper.marks import _diamond
from analysis.plots.paper.scales import count_scale, ratio_scale
from analysis.plots.paper.style import text_width, wrap

ratios = st.floats(1e-3, 8e3)


@given(st.lists(ratios))
def test_a_ratio_axis_holds_what_it_must_and_keeps_1_inside(
    values: list[float],
) -> None:
    scale = ratio_scale(values)
    assert all(scale.low <= value <= scale.high for value in values)
    assert 0.2 < scale.fraction(1.0) < 0.8 or scale.low == 1e-4 or scale.high == 1e4
    assert 1.0 in scale.ticks


@given(st.lists(st.sampled_from([math.nan, math.inf, -math.inf, 0.0, -1.0])))
def test_a_ratio_axis_passes_over_what_it_cannot_show(values: list[float]) -> None:
    assert ratio_scale(values) == ratio_scale([])


@given(st.lists(st.floats(0, 100)))
@example([5e-324])
@example([1e-5])
def test_a_percentage_axis_starts_at_0_and_reaches_every_value(
    values: list[float],
) -> None:
    scale = count_scale(values, most=100)
    assert scale.low == 0
    assert max([*values, 0.0]) <= scale.high * (1 + 1e-9)
    assert scale.high <= 100
    assert 2 <= len(scale.ticks) <= 9


@pytest.mark.parametrize(
    ("scale", "labels"),
    [
        (ratio_scale([0.05, 30]), ("0.01", "0.1", "1", "10", "100")),
        (ratio_scale([0.8, 1.5]), ("0.5", "1", "2", "5")),
        (count_scale([1.1]), ("0.0", "0.2", "0.4", "0.6", "0.8", "1.0", "1.2")),
        (count_scale([11]), ("0", "2", "4", "6", "8", "10", "12")),
    ],
)
def test_ticks_print_with_the_decimals_they_need(
    scale: object, labels: tuple[str, ...]
) -> None:
    assert scale.labels() == labels  # type: ignore[attr-defined]


@given(
    st.tuples(*[st.floats(-2, 3)] * 3).map(lambda places: tuple(sorted(places))),
)
def test_a_diamond_is_cut_at_the_edges_of_its_plot(
    places: tuple[float, float, float],
) -> None:
    outline = _diamond(*places)
    assert all(0 <= place <= 1 for place, _ in outline)
    assert all(-1 <= height <= 1 for _, height in outline)


@given(st.text("ab cd-é", max_size=60), st.floats(12, 90))
def test_broken_lines_keep_every_letter_and_the_width(
    string: str, width: float
) -> None:
    lines = wrap(string, width, 6.0)
    assert "".join(lines).replace(" ", "") == string.replace(" ", "")
    assert all(text_width(line, 6.0) <= width for line in lines)
