"""Published tables and edge cases: R meta 6.5-0, metafor 3.8-1 and stats 4.2.2.

The calls are in reference/make_r_meta.R, which wrote reference/r-meta.json. NaN
there is what R answers with NA, NaN or an infinity.
"""

import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from analysis import meta

SETS = json.loads((Path(__file__).parent / "reference" / "r-meta.json").read_text())[
    "sets"
]
COMMON = {
    "peto": meta.peto,
    "mh": meta.mantel_haenszel,
    "mh-half": partial(meta.mantel_haenszel, correction="half"),
    "mh-tacc": partial(meta.mantel_haenszel, correction="treatment-arm"),
    "iv": meta.inverse_variance,
    "iv-tacc": partial(meta.inverse_variance, correction="treatment-arm"),
    "iv-all": partial(meta.inverse_variance, all_trials=True),
    "rd": meta.risk_difference_mh,
    "rd-half": partial(meta.risk_difference_mh, correction="half"),
    "rd-iv": meta.risk_difference,
    "asd": meta.arcsine_difference,
}
ONE_ARM = {
    "plogit": meta.logit_inverse_variance,
    "freeman-tukey": meta.freeman_tukey,
}
RANDOM = {
    model.lower(): partial(meta.inverse_variance, model=model)
    for model in ("DL", "PM", "REML")
}

each_set = pytest.mark.parametrize("name", SETS)
close = partial(np.testing.assert_allclose, rtol=1e-9, atol=1e-13)


def counts(name):
    return [SETS[name]["counts"][key] for key in ("a", "n1", "c", "n2")]


def floats(expected):
    return np.array(expected, dtype=float)


def assert_common(pooled, expected):
    h, trials = pooled.heterogeneity, pooled.trials
    found = {
        "k": pooled.k,
        **{
            key: getattr(pooled, key)
            for key in ("estimate", "se", "ci_low", "ci_high", "p")
        },
        "q": h.q,
        "df": h.df,
        "q_p": h.p,
        **{
            key: getattr(h, key)
            for key in ("i2", "i2_low", "i2_high", "h", "h_low", "h_high")
        },
        "trial_estimate": trials.estimate,
        "trial_se": trials.se,
        "trial_weight": trials.weight,
    }
    assert found.keys() == expected.keys()
    for key, numbers in expected.items():
        numbers = floats(numbers)
        if key in ("ci_low", "ci_high") and expected["se"] == 0:
            # R's limits have no width; these are the score's.
            assert found["ci_low"] < numbers < found["ci_high"]
            continue
        if key == "trial_weight":
            numbers = np.nan_to_num(numbers)
        close(found[key], numbers, err_msg=key)


@each_set
@pytest.mark.parametrize("method", COMMON)
def test_common_effect(name, method):
    assert_common(COMMON[method](*counts(name)), SETS[name][method])


@each_set
@pytest.mark.parametrize("method", ONE_ARM)
def test_common_proportion(name, method):
    assert_common(ONE_ARM[method](*counts(name)[:2]), SETS[name][method])


@each_set
@pytest.mark.parametrize("method", RANDOM)
def test_random_effects(name, method):
    pooled = RANDOM[method](*counts(name))
    expected = SETS[name][method]
    close(pooled.heterogeneity.tau2, floats(expected.pop("tau2")), atol=1e-12)
    for key, number in expected.items():
        close(getattr(pooled, key), floats(number), err_msg=key)


@pytest.mark.parametrize("name", [name for name in SETS if len(counts(name)[0]) > 1])
@pytest.mark.parametrize("change", ["leave_one_out", "cumulative"])
def test_peto_without_or_up_to_each_trial(name, change):
    expected = SETS[name][change]
    found = getattr(meta, change)(meta.peto, *counts(name))
    close(found.estimate, floats(expected["estimate"]))
    close(found.se, floats(expected["se"]))


@each_set
@pytest.mark.parametrize("method", ["harbord", "peters", "egger"])
def test_asymmetry(name, method):
    expected = SETS[name][method]
    found = getattr(meta, method)(*counts(name), require=3)
    if not expected or expected["t"] is None:
        assert np.isnan(found.t)
    else:
        for key, number in expected.items():
            close(getattr(found, key), number, err_msg=key)


@each_set
def test_exact_conditional(name):
    """R stops at 1.2e-4 on the odds ratio or, above 1, on its inverse."""
    expected = SETS[name]["exact"]
    found = meta.exact_conditional(*counts(name))
    if np.isnan(found.estimate):
        assert found.reason
        return
    close(found.p, expected["p"])
    for number, key in zip(
        found.natural(), ("estimate", "ci_low", "ci_high"), strict=True
    ):
        asked = np.inf if expected[key] is None else expected[key]
        if asked > 1:
            number, asked = 1 / number, 1 / asked
        np.testing.assert_allclose(number, asked, rtol=0, atol=1.3e-4, err_msg=key)


@each_set
def test_glmm(name):
    expected = SETS[name]["glmm"]
    found = meta.glmm(*counts(name))
    if np.isnan(found.estimate):
        # R gives up, or stops on the way to infinity.
        assert expected is None or abs(expected["estimate"]) > 20
        assert found.reason
        return
    close(found.estimate, expected["estimate"])
    close(found.se, expected["se"], rtol=1e-8)
    if expected["q"] is not None:
        close(found.heterogeneity.q, expected["q"], atol=1e-9)
        close(found.heterogeneity.df, expected["df"])
