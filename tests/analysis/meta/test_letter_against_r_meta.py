"""Every figure of reference/letter-r-meta.json: R meta 8.4-0.

The calls are in the file, under ``call_peto`` and ``call_incidence``; the counts
are those of reference/letter-trials.csv.
"""

import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from analysis import meta

REFERENCE = json.loads(
    (Path(__file__).parent / "reference" / "letter-r-meta.json").read_text()
)
CLASSES = ("placebo", "chemotherapy", "observation")

close = partial(np.testing.assert_allclose, rtol=1e-9, atol=1e-13)


def assert_agrees(pooled, expected):
    h = pooled.heterogeneity
    found = {
        "k": pooled.k,
        "k_all": pooled.k_all,
        "estimate": pooled.estimate,
        "se": pooled.se,
        "ci_low": pooled.ci_low,
        "ci_high": pooled.ci_high,
        "p": pooled.p,
        "Q": h.q,
        "df": h.df,
        "Q_p": h.p,
        "I2": h.i2,
        "I2_low": h.i2_low,
        "I2_high": h.i2_high,
    }
    assert found.keys() == expected.keys()
    for name, number in expected.items():
        close(found[name], np.array(number, dtype=float), err_msg=name)


def test_peto_of_all_trials(letter):
    assert_agrees(meta.peto(*letter.counts), REFERENCE["peto_all"])


def test_peto_of_placebo_trials(letter):
    assert_agrees(meta.peto(*letter.of_class("placebo")), REFERENCE["peto_placebo"])


def test_peto_of_each_trial(letter):
    trials = meta.peto(*letter.counts).trials
    for name in ("estimate", "se", "ci_low", "ci_high", "weight"):
        expected = np.array(REFERENCE["peto_trials"][name], dtype=float)
        close(getattr(trials, name), expected, err_msg=name)


def test_peto_between_subgroups(letter):
    test = meta.subgroup_test([meta.peto(*letter.of_class(name)) for name in CLASSES])
    expected = REFERENCE["peto_subgroup_test"]
    close([test.q, test.df, test.p], [expected[name] for name in ("Q", "df", "p")])


def test_peto_without_each_trial(letter):
    left_out = meta.leave_one_out(meta.peto, *letter.counts)
    for name in ("estimate", "ci_low", "ci_high", "p"):
        close(getattr(left_out, name), REFERENCE["peto_leave_one_out"][name])


def test_incidence_of_all_trials(letter):
    pooled = meta.logit_inverse_variance(*letter.counts[:2])
    assert_agrees(pooled, REFERENCE["incidence_all"])


@pytest.mark.parametrize("name", CLASSES)
def test_incidence_by_control_class(letter, name):
    pooled = meta.logit_inverse_variance(*letter.of_class(name)[:2])
    assert_agrees(pooled, REFERENCE[f"incidence_{name}"])


def test_incidence_between_subgroups(letter):
    test = meta.subgroup_test(
        [meta.logit_inverse_variance(*letter.of_class(name)[:2]) for name in CLASSES]
    )
    expected = REFERENCE["incidence_subgroup_test"]
    close([test.q, test.df, test.p], [expected[name] for name in ("Q", "df", "p")])


def test_clopper_pearson_of_each_trial(letter):
    low, high = meta.clopper_pearson(*letter.counts[:2])
    expected = REFERENCE["incidence_trials_clopper_pearson"]
    close(low, expected["ci_low"])
    close(high, expected["ci_high"])


def test_crude_incidence(letter):
    close(meta.crude(*letter.counts[:2]).estimate, REFERENCE["crude"])


def test_harbord(letter):
    test = meta.harbord(*letter.counts, require=3)
    expected = REFERENCE["harbord"]
    close([test.t, test.df, test.p], [expected[name] for name in ("t", "df", "p")])


@pytest.mark.parametrize(
    ("name", "pool"),
    [
        ("mh_exact", meta.mantel_haenszel),
        ("mh_half", partial(meta.mantel_haenszel, correction="half")),
        ("mh_tacc", partial(meta.mantel_haenszel, correction="treatment-arm")),
        ("iv_half", meta.inverse_variance),
        ("iv_tacc", partial(meta.inverse_variance, correction="treatment-arm")),
    ],
)
def test_alternatives(letter, name, pool):
    pooled = pool(*letter.counts)
    expected = REFERENCE["alternatives_or_low_high_p"][name]
    close([*pooled.natural(), pooled.p], expected)


def test_glmm_odds_ratio(letter):
    """R's standard error is of glm's last but one iteration, 2e-7 off.

    With ``control = list(glmCtrl = list(epsilon = 1e-15))`` it agrees: see
    ``glmm`` in test_tables_against_r.py. The estimate needs no allowance.
    """
    pooled = meta.glmm(*letter.counts)
    expected = REFERENCE["alternatives_or_low_high_p"]["glmm_um_fs"]
    close(pooled.natural().estimate, expected[0])
    np.testing.assert_allclose([*pooled.natural(), pooled.p], expected, rtol=2e-6)


def test_exact_conditional_odds_ratio(letter):
    """R's ``uniroot`` stops within 1.2e-4 on the odds ratio or its inverse.

    So the inverse of R's estimate and upper limit carry that tolerance; the
    upper limit, 72.06 by R, is 72.20. P has no root and agrees in full.
    """
    pooled = meta.exact_conditional(*letter.counts)
    *expected, p = REFERENCE["alternatives_or_low_high_p"]["exact_conditional"]
    close(pooled.p, p)
    estimate, low, high = pooled.natural()
    found = [1 / estimate, low, 1 / high]
    asked = [1 / expected[0], expected[1], 1 / expected[2]]
    np.testing.assert_allclose(found, asked, rtol=0, atol=1.3e-4)


def test_glmm_incidence_under_a_common_logit(letter):
    """``glm`` stops at a relative deviance of 1e-8; its estimate is 2e-11 off."""
    pooled = meta.glmm_proportion(*letter.counts[:2], model="common")
    expected = REFERENCE["incidence_glmm"]["common"]
    np.testing.assert_allclose(pooled.natural(), expected, rtol=4e-6)
    close(pooled.estimate, np.log(18 / (3265 - 18)), rtol=1e-14)


def test_glmm_incidence_with_random_intercepts(letter):
    """``glmer`` stops at the tolerance of its optimiser, 1e-5 of the maximum.

    That ours is the maximum is seen in test_proportion_glmm.py.
    """
    pooled = meta.glmm_proportion(*letter.counts[:2])
    expected = REFERENCE["incidence_glmm"]
    np.testing.assert_allclose(pooled.natural(), expected["random"], rtol=3e-5)
    np.testing.assert_allclose(pooled.heterogeneity.tau2, expected["tau2"], rtol=2e-5)
