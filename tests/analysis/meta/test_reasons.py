"""What cannot be answered is refused, or said to be missing, with the reason."""

from dataclasses import replace

import numpy as np
import pytest

from analysis import meta

TABLE = ([6, 3, 0, 1], [231, 306, 177, 152], [2, 0, 0, 0], [229, 302, 176, 154])


def test_tau2_is_missing_where_no_method_estimates_it():
    for pool in (meta.peto, meta.mantel_haenszel, meta.inverse_variance, meta.glmm):
        assert np.isnan(pool(*TABLE).heterogeneity.tau2)
    assert meta.inverse_variance(*TABLE, model="DL").heterogeneity.tau2 >= 0


def test_one_trial_has_no_heterogeneity_and_says_so():
    found = meta.inverse_variance([3], [40], [1], [42], model="REML")
    assert "two informative trials" in found.heterogeneity.reason
    assert "more than 2" in found.prediction_reason
    two = meta.inverse_variance([3, 4], [40, 50], [1, 2], [42, 50], model="REML")
    assert np.isnan(two.prediction_low)
    assert "more than 2" in two.prediction_reason
    other = meta.inverse_variance(
        [3, 4], [40, 50], [1, 2], [42, 50], model="REML", prediction="k-1"
    )
    assert np.isfinite(other.prediction_low)


@pytest.mark.parametrize("test", [meta.harbord, meta.peters, meta.egger])
def test_asymmetry_is_not_tested_among_trials_of_equal_size(test):
    same = np.full(12, 100)
    found = test(np.full(12, 4), same, np.full(12, 2), same)
    assert np.isnan(found.p)
    assert np.isnan(found.bias)
    assert "equal size" in found.reason


def test_a_line_without_scatter_has_no_test():
    n = np.arange(1, 13) * 100
    found = meta.peters(n // 50, n, n // 50, n)
    assert np.isnan(found.p)
    assert "line" in found.reason


@pytest.mark.parametrize("variance", [0.0, -1.0, np.inf])
def test_variances_are_above_0(variance):
    with pytest.raises(ValueError, match="variance of trial 2"):
        meta.pool_effects("x", "OR", [0.1, 0.2], [0.1, variance])


def test_infinite_effects_are_refused():
    with pytest.raises(ValueError, match="effect of trial 1"):
        meta.pool_effects("x", "OR", [np.inf, 0.2], [0.1, 0.1])


def test_no_event_has_limits_with_width():
    nothing = ([0, 0], [100, 200], [0, 0], [100, 150])
    for pooled in (meta.risk_difference_mh(*nothing), meta.score(*nothing)):
        assert pooled.estimate == 0
        assert pooled.ci_low < 0 < pooled.ci_high
    one = meta.score([0], [20], [0], [10])
    # Without events the score is d / sqrt(d (1 - d) N / ((N - 1) n)), n being the
    # patients of the arm that would have the events.
    ends = [1.959964**2 * 30 / (29 * n) for n in (10, 20)]
    expected = (-ends[0] / (1 + ends[0]), ends[1] / (1 + ends[1]))
    np.testing.assert_allclose((one.ci_low, one.ci_high), expected, rtol=1e-6)


def test_freeman_tukey_outside_every_trial_is_told():
    x, n = np.array([16, 0, 10, 34]), np.array([21, 13, 22, 44000])
    pooled = meta.freeman_tukey(x, n)
    assert pooled.natural().estimate == 0
    assert "outside" in [one.code for one in meta.advise(pooled, x, n)]


def test_results_compare():
    assert meta.peto(*TABLE) == meta.peto(*TABLE)
    assert meta.peto(*TABLE) != meta.peto(*TABLE, level=0.9)
    assert meta.peto(*TABLE) != "peto"


def test_results_as_tables():
    frame = meta.peto(*TABLE).to_frame()
    assert list(frame.index) == [1, 2, 3, 4, "pooled"]
    assert np.isclose(frame.loc[[1, 2, 3, 4], "weight"].sum(), 1)
    with pytest.raises(ValueError, match="data sets"):
        meta.leave_one_out(meta.peto, *TABLE).rows()
    assert "odds ratio" in repr(meta.peto(*TABLE))


def test_advice_cites_its_source():
    found = meta.advise(meta.peto(*TABLE), *(np.array(x) for x in TABLE))
    assert all(one.source and one.text for one in found)
    assert {"no-event", "few-events"} <= {one.code for one in found}
    pools = meta.sensitivity_set(*TABLE)
    assert "tests-disagree" in {one.code for one in meta.disagreement(pools)}


def test_leaving_out_in_portions_is_leaving_out_at_once(monkeypatch):
    from analysis.meta.robustness import influence

    whole = meta.leave_one_out(meta.mantel_haenszel, *TABLE)
    monkeypatch.setattr(influence, "_AT_ONCE", 5)
    parts = meta.leave_one_out(meta.mantel_haenszel, *TABLE)
    assert replace(parts, reason=whole.reason) == whole


def test_regression_of_metafor():
    """rma(yi, vi, mods = ~ x, test = "knha"), metafor 3.8-1, threshold 1e-12."""
    y, v = [0.1, 1.9, -0.4, 0.2, 0.8], [0.04, 0.05, 0.02, 0.1, 0.07]
    found = meta.meta_regression(y, v, [1, 4, 2, 3, 9], knapp_hartung=True)
    np.testing.assert_allclose(found.coefficient, (0.03872828917, 0.12636945297))
    np.testing.assert_allclose(found.se, (0.69260958510, 0.14803466221))
    np.testing.assert_allclose(found.p, (0.95892403915, 0.45604147060))
    np.testing.assert_allclose((found.tau2, found.q), (0.79841427338, 59.30915696402))
    assert found.certificate.holds()
    same = meta.meta_regression(y, v, [1, 1, 1, 1, 1])
    assert "same in all" in same.reason


def test_estimators_of_metafor():
    """rma(measure = "OR", method = ...)$tau2 and confint(), metafor 3.8-1."""
    table = ([4, 6, 3], [123, 306, 231], [11, 59, 11], [139, 303, 220])
    expected = {"HS": 0.1909841, "HE": 0.3124342, "SJ": 0.3987724, "PM": 0.3820957}
    for model, tau2 in expected.items():
        found = meta.inverse_variance(*table, model=model).heterogeneity.tau2
        np.testing.assert_allclose(found, tau2, rtol=1e-6)
    ml = meta.inverse_variance(*table, model="ML")
    h = ml.heterogeneity
    np.testing.assert_allclose(h.tau2, 0.213763, rtol=1e-5)
    np.testing.assert_allclose((h.tau2_low, h.tau2_high), (0, 25.00607), rtol=1e-5)
    np.testing.assert_allclose(h.i2_tau2_high, 0.987694, rtol=1e-5)
    np.testing.assert_allclose(ml.certificate.log_likelihood, -3.164299, rtol=1e-6)


def test_ivhet_keeps_the_common_estimate_and_widens_it():
    table = ([4, 6, 3], [123, 306, 231], [11, 59, 11], [139, 303, 220])
    common = meta.inverse_variance(*table)
    found = meta.inverse_variance(*table, model="IVhet")
    assert found.estimate == common.estimate
    own = common.trials
    tau2 = meta.inverse_variance(*table, model="DL").heterogeneity.tau2
    share = own.weight / own.weight.sum()
    np.testing.assert_allclose(found.se**2, np.sum(share**2 * (own.se**2 + tau2)))


def test_newcombe_1998_table_2():
    """Stat Med 17:873-90, table II, method 6 (Miettinen and Nurminen)."""
    for counts, limits in (
        ((56, 70, 48, 80), (0.0528, 0.3382)),
        ((9, 10, 3, 10), (0.1700, 0.8406)),
        ((5, 56, 0, 29), (-0.0326, 0.1933)),
    ):
        a, n1, c, n2 = ([x] for x in counts)
        found = meta.score(a, n1, c, n2)
        np.testing.assert_allclose((found.ci_low, found.ci_high), limits, atol=5.1e-5)


def test_an_empty_q_profile_is_no_interval():
    """confint() of metafor gives 0 to 0 here, and says that it is the empty set."""
    table = ([5, 5, 5, 5, 5, 5], [99] * 6, [3] * 6, [99] * 6)
    h = meta.inverse_variance(*table, model="DL").heterogeneity
    assert h.tau2 == 0
    assert np.isnan(h.tau2_high)
    assert "no tau² possible" in h.reason
