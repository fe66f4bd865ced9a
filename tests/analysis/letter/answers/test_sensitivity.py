"""Sensitivity of the letter's results; the methods themselves are tested elsewhere."""

import math

import pytest

from analysis.letter import Letter, data, letter
from analysis.letter.study import Study
from tests.analysis.letter.counts import KNOWN


@pytest.mark.parametrize(
    ("key", "log_or"),
    [
        # meta 8.4-0: metainf(metabin(..., method = "Peto"))$TE
        ("sensitivity.without.P1.or", 1.83050562349812),
        ("sensitivity.without.C1.or", 1.43306541585788),
        ("sensitivity.without.P4.or", 1.49920306988475),
    ],
)
def test_leaving_a_trial_out_against_r_meta(key: str, log_or: float) -> None:
    assert math.log(KNOWN(key).number) == pytest.approx(log_or, rel=1e-9)


@pytest.mark.parametrize(
    ("method", "odds_ratio", "p"),
    [
        # meta 8.4-0: metabin(..., method = "MH" and "Inverse")
        ("mh", 8.50526850870611, 0.00491171873252897),
        ("mh_half", 4.54547223330573, 0.00632355798002459),
        ("mh_tacc", 4.76738950490746, 0.00557256497924749),
        ("iv", 4.25023387600984, 0.00987154569834105),
        ("iv_tacc", 4.34888505664952, 0.0101086490596922),
    ],
)
def test_a_method_has_its_own_key(method: str, odds_ratio: float, p: float) -> None:
    v = KNOWN
    assert v(f"sensitivity.{method}.or").number == pytest.approx(odds_ratio, rel=1e-9)
    assert v(f"sensitivity.{method}.p").number == pytest.approx(p, rel=1e-9)


def test_extremes_and_counts_summarize_the_methods() -> None:
    v = letter()
    section = v.section("sensitivity")
    for prefix in ("sensitivity", "sensitivity.placebo"):
        depth = prefix.count(".") + 2
        ratios = {
            key: value.number
            for key, value in section.items()
            if key.startswith(prefix)
            and key.endswith(".or")
            and key.count(".") == depth
            and not key.startswith("sensitivity.large")
        }
        assert len(ratios) == v(f"{prefix}.methods").number == 13
        assert v(f"{prefix}.or.min").number == min(ratios.values())
        assert v(f"{prefix}.or.max").number == max(ratios.values())
        below = sum(section[key[:-2] + "p"].number < 0.05 for key in ratios)
        assert v(f"{prefix}.significant").number == below


def test_small_trials_are_left_out_by_their_patients() -> None:
    v = letter()
    trials = data.trials()
    large = (trials.n_treated + trials.n_control) >= 100
    alone = Letter(Study(trials.where(large), data.cases()))
    assert v("sensitivity.large.trials").number == large.sum() == 13
    assert v("sensitivity.large.or").number == alone("risk.all.or").number
    assert v("incidence.large").number == alone("incidence.all").number


def test_crude_incidence_is_events_over_patients() -> None:
    assert letter()("incidence.crude").number == pytest.approx(100 * 18 / 3265)


def test_fragility_is_one_patient_for_placebo_and_beyond_the_search_for_all() -> None:
    v = letter()
    assert v("sensitivity.placebo.fragility").number == 1
    assert math.isnan(v("sensitivity.fragility").number)
