"""Scales, summaries, heterogeneity and the methods' register."""

import numpy as np
import pytest

from analysis import meta


@pytest.mark.parametrize(
    ("measure", "numbers"),
    [
        ("OR", (0.0, 0.2, 1.0, np.inf)),
        ("PLOGIT", (0.0, 0.01, 0.5, 1.0)),
        ("PRAW", (0.0, 0.01, 1.0)),
        ("RD", (-1.0, 0.3)),
        ("ASD", (-0.4, 0.1)),
    ],
)
def test_scales_there_and_back(measure, numbers):
    back = meta.to_natural(meta.from_natural(numbers, measure), measure)
    np.testing.assert_allclose(back, numbers)


def test_scales_that_are_not_known():
    with pytest.raises(ValueError, match="unknown measure 'HR'"):
        meta.to_natural(0.0, "HR")
    with pytest.raises(ValueError, match="unknown measure 'PFT'"):
        meta.from_natural(0.0, "PFT")
    with pytest.raises(ValueError, match="sample size"):
        meta.to_natural(0.0, "PFT")


def test_summary_takes_quantiles_of_type_7():
    """quantile(c(5.8, 13.4)): 7.7, 11.5."""
    found = meta.summary([5.8, np.nan, 13.4])
    assert (found.n, found.min, found.max) == (2, 5.8, 13.4)
    assert (found.median, found.q1, found.q3) == pytest.approx((9.6, 7.7, 11.5))


def test_summary_of_nothing():
    found = meta.summary([np.nan])
    assert found.n == 0
    assert np.isnan(found.median)


def test_zero_dimensional_fields_read_like_floats(letter):
    pooled = meta.peto(*letter.counts)
    assert f"{pooled.estimate:.4f}" == "1.4992"
    assert pooled.k == 5


def test_i2_interval_needs_three_trials_or_much_variation():
    calm = meta.heterogeneity(np.array(0.5), np.array(2), 0.95)
    wild = meta.heterogeneity(np.array(8.0), np.array(2), 0.95)
    assert np.isnan(calm.i2_low)
    assert np.isfinite(wild.i2_low)


def test_higgins_thompson_2002():
    """Stat Med 21:1539-58, table V: Q = 14.4 on 18 df? I2 is 0 when Q < df."""
    found = meta.heterogeneity(np.array(14.4), np.array(19), 0.95)
    assert (found.h, found.i2, found.i2_low) == (1, 0, 0)


def test_sensitivity_set_answers_by_every_method(letter):
    pooled = meta.sensitivity_set(*letter.counts)
    assert [label for label, _ in pooled] == [m.label for m in meta.TWO_ARMS]
    assert dict(pooled)["Peto"].estimate == meta.peto(*letter.counts).estimate


def test_sensitivity_set_says_where_a_method_cannot_answer(letter):
    pooled = dict(meta.sensitivity_set(*letter.of_class("chemotherapy")))
    silent = {label for label, one in pooled.items() if np.isnan(one.se)}
    assert silent == {
        "Mantel-Haenszel, no correction",
        "Exact conditional",
        "Logistic, fixed trial effects",
        "Beta-binomial",
    }
    assert all(bool(one.reason) == (label in silent) for label, one in pooled.items())


def test_sensitivity_set_of_single_arms(letter):
    pooled = meta.sensitivity_set(*letter.counts[:2], level=0.9)
    assert [label for label, _ in pooled] == [m.label for m in meta.ONE_ARM]
    assert all(one.level == 0.9 for _, one in pooled)


def test_sensitivity_set_of_three_arrays(letter):
    with pytest.raises(ValueError, match="got 3 arrays"):
        meta.sensitivity_set(*letter.counts[:3])


def test_subgroups_on_different_scales(letter):
    pooled = [meta.peto(*letter.counts), meta.crude(*letter.counts[:2])]
    with pytest.raises(ValueError, match="got OR, PRAW"):
        meta.subgroup_test(pooled)
    with pytest.raises(ValueError, match="no group"):
        meta.subgroup_test([])


def test_subgroups_without_estimate_are_left_out(letter):
    placebo = meta.peto(*letter.of_class("placebo"))
    nothing = meta.peto([0], [10], [0], [10])
    found = meta.subgroup_test([placebo, nothing])
    assert (found.q, found.df) == (0, 0)
    assert np.isnan(found.p)


def test_the_only_trial_cannot_be_left_out():
    with pytest.raises(ValueError, match="only trial"):
        meta.leave_one_out(meta.peto, [1], [10], [2], [10])


def test_leave_one_out_refuses_under_the_trials_own_number():
    with pytest.raises(ValueError, match="trial 3: got 11"):
        meta.leave_one_out(meta.peto, [1, 2, 11], [10] * 3, [2, 0, 1], [10] * 3)


def test_prediction_interval_needs_three_trials():
    two = meta.inverse_variance([3, 9], [30, 30], [1, 1], [30, 30], model="DL")
    assert np.isnan(two.prediction_low)
    counts = ([3, 9, 1], [30] * 3, [1, 1, 5], [30] * 3)
    three = meta.inverse_variance(*counts, model="DL")
    assert three.prediction_low < three.ci_low
    assert meta.inverse_variance(*counts).prediction_low is None
