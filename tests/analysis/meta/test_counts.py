"""Counts that no trial can have, and what is said of them."""

import numpy as np
import pytest

from analysis import meta
from analysis.meta.counts import one_arm, two_arms

GOOD = ([1, 2], [10, 20], [0, 3], [11, 21])


def changed(position, values):
    return [values if i == position else list(GOOD[i]) for i in range(4)]


@pytest.mark.parametrize(
    ("position", "values", "message"),
    [
        (
            0,
            [1, 21],
            "events_treated of trial 2: got 21, expected at most n_treated = 20",
        ),
        (0, [-1, 2], "events_treated of trial 1: got -1, expected a whole number"),
        (2, [0, 2.5], "events_control of trial 2: got 2.5, expected a whole number"),
        (2, [0, np.nan], "events_control of trial 2: got nan, expected a whole"),
        (0, [np.inf, 2], "events_treated of trial 1: got inf, expected a whole"),
        (1, [10, 0], "n_treated of trial 2: got 0, expected a whole number, at least"),
        (3, [11], "counts differ in their number of trials: events_treated 2, "),
        (1, ["ten", 20], "n_treated: expected numbers"),
        (1, [None, 20], "n_treated of trial 1: got nan"),
        (3, 11, "n_control: expected one count a trial, got 11"),
    ],
)
@pytest.mark.parametrize("pool", [method.pool for method in meta.TWO_ARMS])
def test_two_arms(pool, position, values, message):
    with pytest.raises(ValueError, match=message):
        pool(*changed(position, values))


@pytest.mark.parametrize(
    ("events", "n", "message"),
    [
        ([3], [2], "events of trial 1: got 3, expected at most n = 2"),
        ([3, 1], [4, 0], "n of trial 2: got 0"),
        ([], [], "no trials"),
    ],
)
@pytest.mark.parametrize("pool", [method.pool for method in meta.ONE_ARM])
def test_one_arm(pool, events, n, message):
    with pytest.raises(ValueError, match=message):
        pool(events, n)


def test_trials_are_named_by_their_labels():
    with pytest.raises(ValueError, match=r"events_treated of trial 2 \(MM-020\): got"):
        two_arms(*changed(0, [1, 21]), trials=["MM-009", "MM-020"])


def test_other_trials_with_the_same_fault_are_counted():
    with pytest.raises(ValueError, match=r"; so for 2 more trials$"):
        one_arm([3, 3, 1, 3], [2, 2, 2, 2])


def test_a_batch_says_which_data_set():
    events = [[1, 1], [1, 9]]
    with pytest.raises(ValueError, match=r"trial 2 of data set \(1,\): got 9"):
        one_arm(events, [5, 5])


def test_batches_that_do_not_fit():
    with pytest.raises(ValueError, match="differ in their batch axes"):
        one_arm(np.ones((2, 3)), np.full((4, 3), 5))


@pytest.mark.parametrize("level", [0, 1, 95, -0.5, float("nan")])
def test_levels(level):
    for pool, counts in ((meta.peto, GOOD), (meta.crude, GOOD[:2])):
        with pytest.raises(ValueError, match="level: got"):
            pool(*counts, level=level)


@pytest.mark.parametrize(
    ("pool", "options"),
    [
        (meta.mantel_haenszel, {"correction": "0.5"}),
        (meta.inverse_variance, {"correction": "none"}),
        (meta.inverse_variance, {"model": "FE"}),
        (meta.risk_difference_mh, {"correction": "tacc"}),
    ],
)
def test_unknown_options(pool, options):
    with pytest.raises(ValueError, match="expected one of"):
        pool(*GOOD, **options)
