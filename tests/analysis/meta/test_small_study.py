"""Tests of asymmetry refuse with a reason; funnel data are those of the pool.

Their figures agree with R in test_tables_against_r.py.
"""

import numpy as np
import pytest

from analysis import meta

TESTS = [meta.harbord, meta.peters, meta.egger]


@pytest.mark.parametrize("test", TESTS)
def test_under_ten_informative_trials_they_refuse(test, letter):
    found = test(*letter.counts)
    assert np.isnan([found.bias, found.se, found.t, found.df, found.p]).all()
    assert found.reason == (
        "5 informative trials: asymmetry is not tested with fewer than 10"
    )


@pytest.mark.parametrize("test", TESTS)
def test_told_otherwise_they_answer(test, letter):
    found = test(*letter.counts, require=5)
    assert np.isfinite(found.p)
    assert found.df == 3
    assert not found.reason


@pytest.mark.parametrize("test", TESTS)
def test_no_line_is_fitted_to_two_points(test, letter):
    with pytest.raises(ValueError, match="at least 3"):
        test(*letter.counts, require=2)


def test_peters_and_egger_take_the_effects_of_any_method(letter):
    by_peto = meta.egger(*letter.counts, pool=meta.peto, require=3)
    by_half = meta.egger(*letter.counts, require=3)
    assert by_peto.t != by_half.t
    with pytest.raises(ValueError, match="no effects of single trials"):
        meta.egger(*letter.counts, pool=meta.glmm, require=3)


def test_funnel_holds_the_informative_trials(letter):
    pooled = meta.peto(*letter.counts)
    funnel = meta.funnel(pooled)
    assert list(funnel.trial) == [0, 1, 2, 8, 14]
    np.testing.assert_array_equal(funnel.se, pooled.trials.se[funnel.trial])
    assert funnel.centre == pooled.estimate
    half = (funnel.edge_high - funnel.edge_low) / 2
    np.testing.assert_allclose(half, 1.959963984540054 * funnel.edge_se)
    assert funnel.edge_se[-1] == funnel.se.max()
