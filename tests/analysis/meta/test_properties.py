"""What must hold for any counts, whatever the method."""

from functools import partial

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis import meta

# Each of these takes a tenth of a second and more; test_maxima.py asks less of them.
SLOW = ("glmm-random", "cm-al", "cm-el", "bayes", "beta-binomial-paired")
TWO_ARMS = [*meta.TWO_ARMS, *(m for m in meta.MORE_TWO_ARMS if m.name not in SLOW)]
ODDS_RATIOS = {
    method.name: method.pool
    for method in TWO_ARMS
    if not method.name.startswith(("rd", "rr", "asd"))
}
EVERY = {
    **{method.name: (method.pool, 4) for method in TWO_ARMS},
    **{
        f"{method.name}-1": (method.pool, 2)
        for method in (*meta.ONE_ARM, *meta.MORE_ONE_ARM)
    },
}

close = partial(np.testing.assert_allclose, rtol=1e-7, atol=1e-9)
examples = settings(max_examples=6, deadline=None)


@st.composite
def trials(draw, smallest=1, largest=6):
    """Four (k,) arrays of counts, rich in zeros."""
    k = draw(st.integers(smallest, largest))
    arm = st.integers(1, 80).flatmap(
        lambda n: st.tuples(
            st.one_of(st.just(0), st.integers(0, n), st.just(n)), st.just(n)
        )
    )
    rows = draw(st.lists(st.tuples(arm, arm), min_size=k, max_size=k))
    return np.array([(a, n1, c, n2) for (a, n1), (c, n2) in rows], dtype=float).T


def fields(pooled):
    return np.array([pooled.estimate, pooled.se, pooled.ci_low, pooled.ci_high])


@pytest.mark.parametrize("name", ODDS_RATIOS)
@examples
@given(counts=trials())
def test_swapping_arms_inverts_the_odds_ratio(name, counts):
    a, n1, c, n2 = counts
    pooled, swapped = ODDS_RATIOS[name](*counts), ODDS_RATIOS[name](c, n2, a, n1)
    close(swapped.estimate, -pooled.estimate)
    close(swapped.ci_low, -pooled.ci_high)
    close(swapped.se, pooled.se)
    close(swapped.p, pooled.p)


@pytest.mark.parametrize("name", EVERY)
@examples
@given(counts=trials(), data=st.data())
def test_the_order_of_trials_changes_nothing(name, counts, data):
    pool, arrays = EVERY[name]
    order = data.draw(st.permutations(range(counts.shape[1])))
    close(fields(pool(*counts[:arrays, order])), fields(pool(*counts[:arrays])))


@pytest.mark.parametrize(
    "name",
    [name for name in ODDS_RATIOS if name not in ("iv-all", "beta-binomial", "firth")],
)
@examples
@given(
    counts=trials(), n1=st.integers(1, 500), n2=st.integers(1, 500), full=st.booleans()
)
def test_trials_without_contrast_change_no_odds_ratio(name, counts, n1, n2, full):
    extra = (n1, n1, n2, n2) if full else (0, n1, 0, n2)
    pool = ODDS_RATIOS[name]
    pooled, more = pool(*counts), pool(*np.column_stack([counts, extra]))
    close(fields(more), fields(pooled))
    assert more.k == pooled.k
    assert more.k_all == pooled.k_all + 1


@pytest.mark.parametrize("name", ["mh", "glmm", "exact", "peto"])
@examples
@given(counts=trials())
def test_doubled_counts_narrow_intervals(name, counts):
    pooled, doubled = ODDS_RATIOS[name](*counts), ODDS_RATIOS[name](*(2 * counts))
    assume(np.isfinite(pooled.se))
    assert doubled.se < pooled.se
    if name in ("mh", "glmm"):
        close(doubled.estimate, pooled.estimate)
        close(doubled.se, pooled.se / np.sqrt(2))
    if name == "exact":
        assert pooled.ci_low < doubled.ci_low < doubled.ci_high < pooled.ci_high


@examples
@given(counts=trials())
def test_doubled_counts_narrow_clopper_pearson(counts):
    low, high = meta.clopper_pearson(counts[0], counts[1])
    low2, high2 = meta.clopper_pearson(2 * counts[0], 2 * counts[1])
    assert np.all(low2 >= low)
    assert np.all(high2 <= high)
    assert np.all(high2 - low2 < high - low)


@pytest.mark.parametrize("name", EVERY)
@examples
@given(counts=trials())
def test_intervals_hold_their_estimate_and_grow_with_the_level(name, counts):
    pool, arrays = EVERY[name]
    narrow, wide = (pool(*counts[:arrays], level=level) for level in (0.8, 0.99))
    assume(np.isfinite(narrow.ci_low) and np.isfinite(narrow.ci_high))
    slack = 1e-9
    assert wide.ci_low <= narrow.ci_low + slack
    assert narrow.ci_low <= narrow.estimate + slack
    assert narrow.estimate <= narrow.ci_high + slack
    assert narrow.ci_high <= wide.ci_high + slack


@pytest.mark.parametrize("name", EVERY)
@examples
@given(counts=trials())
def test_what_is_missing_has_a_reason(name, counts):
    pool, arrays = EVERY[name]
    pooled = pool(*counts[:arrays])
    assert np.all(np.isfinite(fields(pooled))) or pooled.reason


@pytest.mark.parametrize("name", EVERY)
@examples
@given(data=st.data(), sets=st.integers(1, 3), k=st.integers(1, 4))
def test_many_sets_at_once_answer_as_one_by_one(name, data, sets, k):
    pool, arrays = EVERY[name]
    one_by_one = [data.draw(trials(k, k))[:arrays] for _ in range(sets)]
    batch = pool(*np.stack(one_by_one, axis=1))
    assert batch.estimate.shape == (sets,)
    for i, counts in enumerate(one_by_one):
        single = pool(*counts)
        close(fields(batch)[:, i], fields(single))
        close(batch.p[i], single.p)
        if single.heterogeneity is not None:
            close(batch.heterogeneity.i2_high[i], single.heterogeneity.i2_high)
            close(batch.heterogeneity.tau2[i], single.heterogeneity.tau2)


@pytest.mark.parametrize("name", EVERY)
@examples
@given(counts=trials(2, 3))
def test_leaving_one_out_is_pooling_the_others(name, counts):
    pool, arrays = EVERY[name]
    left_out = meta.leave_one_out(pool, *counts[:arrays])
    for i in range(counts.shape[1]):
        others = np.delete(counts[:arrays], i, axis=1)
        close(fields(left_out)[:, i], fields(pool(*others)))


@examples
@given(counts=trials(2))
def test_the_last_cumulative_pool_is_of_all_trials(counts):
    steps, pooled = meta.cumulative(meta.peto, *counts), meta.peto(*counts)
    close(fields(steps)[:, -1], fields(pooled))
    close(steps.heterogeneity.q[-1], pooled.heterogeneity.q)


@examples
@given(counts=trials(2))
def test_odds_ratios_lie_among_their_trials(counts):
    for pool in (meta.peto, meta.inverse_variance):
        pooled = pool(*counts)
        own = pooled.trials.estimate[np.isfinite(pooled.trials.estimate)]
        assume(own.size > 0)
        assert own.min() - 1e-9 <= pooled.estimate <= own.max() + 1e-9
