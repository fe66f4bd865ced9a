"""The figure of time to onset draws counts and quantiles, and says so."""

from __future__ import annotations

from dataclasses import replace

from analysis.letter.extract import codes_path
from analysis.letter.figures.vigibase import time_to_onset, time_to_onset_alt
from analysis.letter.study import study
from analysis.vigibase import read_codes, release


def test_the_figure_names_the_published_quantiles() -> None:
    picture = time_to_onset(study().reports)
    svg = picture.svg()
    for text in (
        "51 reports, median 2.12 years (quartiles 0.99–3.89)",
        "15 reports, median 3.08 years (quartiles 2.69–3.23)",
    ):
        assert text in svg
        assert text in picture.alt
    assert "synthetic reports" in picture.alt


def test_small_counts_and_extremes_can_be_left_out() -> None:
    codes = replace(read_codes(codes_path()), smallest_cell=16)
    found = release(study().reports, codes)
    assert time_to_onset(found).svg()
    assert "too few reports to be shown" in time_to_onset_alt(found)
