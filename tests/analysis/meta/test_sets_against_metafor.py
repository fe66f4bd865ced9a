"""Every figure of reference/metafor-sets.json: metafor 3.8-1.

Calls: ``rma.peto``, ``rma.mh(correct = FALSE)``, ``rma(measure = "OR", method =
"EE")``, ``rma(measure = "PLO", method = "EE")``, ``rma.glmm(measure = "PLO")``.
"""

import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from analysis import meta

SETS = json.loads(
    (Path(__file__).parent / "reference" / "metafor-sets.json").read_text()
)["sets"]
TWO_ARMS = [name for name, data in SETS.items() if data["kind"] == "2x2"]
ONE_ARM = [name for name, data in SETS.items() if data["kind"] == "proportion"]

close = partial(np.testing.assert_allclose, rtol=1e-9, atol=1e-13)


def counts(name):
    columns = (
        ("events_treated", "n_treated", "events_control", "n_control")
        if name in TWO_ARMS
        else ("events", "n")
    )
    return [SETS[name][column] for column in columns]


def assert_agrees(pooled, expected, *, estimate):
    found = {
        estimate: pooled.estimate,
        "se": pooled.se,
        "ci_low": pooled.ci_low,
        "ci_high": pooled.ci_high,
        "z": pooled.z,
        "p": pooled.p,
        "Q": pooled.heterogeneity.q,
        "Q_p": pooled.heterogeneity.p,
        "df": pooled.heterogeneity.df,
    }
    for name, number in expected.items():
        close(found[name], number, err_msg=name)


@pytest.mark.parametrize("name", TWO_ARMS)
@pytest.mark.parametrize(
    ("method", "pool"),
    [
        ("peto", meta.peto),
        ("mh_uncorrected", meta.mantel_haenszel),
        # metafor keeps double-zero trials here; R meta, our default, does not.
        ("iv_half", partial(meta.inverse_variance, all_trials=True)),
    ],
)
def test_odds_ratio(name, method, pool):
    expected = SETS[name][method]
    assert_agrees(pool(*counts(name)), expected, estimate="log_estimate")


@pytest.mark.parametrize("name", TWO_ARMS)
def test_peto_without_each_trial(name):
    left_out = meta.leave_one_out(meta.peto, *counts(name))
    close(left_out.estimate, SETS[name]["leave_one_out_log_peto"])


@pytest.mark.parametrize("name", ONE_ARM)
def test_logit_inverse_variance(name):
    pooled = meta.logit_inverse_variance(*counts(name))
    assert_agrees(pooled, SETS[name]["plogit"], estimate="logit_estimate")


def test_glmm_of_nielweise_2007():
    """lme4 stops within 2e-5 of the maximum in tau²: see test_proportion_glmm.py."""
    name = "nielweise2007_treated"
    pooled = meta.glmm_proportion(*counts(name))
    expected = SETS[name]["glmm"]
    found = (pooled.estimate, pooled.se, pooled.heterogeneity.tau2)
    asked = [expected[key] for key in ("logit_estimate", "se", "tau2")]
    np.testing.assert_allclose(found, asked, rtol=2e-5)
