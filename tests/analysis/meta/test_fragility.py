"""The fewest outcomes that carry a conclusion."""

import numpy as np
import pytest

from analysis import meta


def apply(change, events):
    changed = np.array(events, dtype=float)
    for part in change:
        changed[("treated", "control").index(part.arm), part.trial] += part.events
    return changed


def test_placebo_trials_hang_on_one_outcome(letter):
    a, n1, c, n2 = letter.of_class("placebo")
    found = meta.fragility(meta.peto, a, n1, c, n2)
    assert (found.changes, found.reason) == (1, "")
    assert found.p < 0.05 <= found.p_changed
    changed = apply(found.example, [a, c])
    assert meta.peto(changed[0], n1, changed[1], n2).p == found.p_changed


def test_every_single_change_is_tried(letter):
    a, n1, c, n2 = (np.array(x, dtype=float) for x in letter.of_class("placebo"))
    turning = 0
    for events, n in ((a, n1), (c, n2)):
        for i in range(events.size):
            for step in (1, -1):
                if 0 <= events[i] + step <= n[i]:
                    events[i] += step
                    turning += meta.peto(a, n1, c, n2).p >= 0.05
                    events[i] -= step
    assert meta.fragility(meta.peto, a, n1, c, n2).ways == turning


def test_a_finding_that_no_search_turns():
    found = meta.fragility(meta.peto, [40], [50], [10], [50], at_most=2)
    assert found.changes is None
    assert "2 outcomes" in found.reason


def test_nothing_significant_can_become_so():
    found = meta.fragility(meta.peto, [5, 6], [50, 50], [1, 1], [50, 50], alpha=0.01)
    assert found.p >= 0.01 > found.p_changed
    assert sum(abs(part.events) for part in found.example) == found.changes


def test_no_p_value_is_not_significant():
    found = meta.fragility(meta.peto, [0], [50], [0], [50], at_most=6)
    assert found.p == 1
    assert found.changes == 4
    assert {abs(part.events) for part in found.example} == {4}


def test_one_data_set_only():
    with pytest.raises(ValueError, match="one data set"):
        meta.fragility(meta.peto, [[1], [2]], [5], [0], [5])


def test_of_many_trials_sizes_that_take_long_are_not_searched():
    k = 600
    a, c = np.resize([4, 3, 0, 9], k), np.resize([1, 0, 0, 2], k)
    n1, n2 = 200 + np.arange(k), 210 + np.arange(k)
    found = meta.fragility(meta.peto, a, n1, c, n2)
    assert (found.changes, found.searched) == (None, 1)
    assert "whichever outcome is changed; of 600 trials" in found.reason


def test_what_is_found_says_how_far_the_search_went(letter):
    assert meta.fragility(meta.peto, *letter.of_class("placebo")).searched == 1
    found = meta.fragility(meta.peto, [40], [50], [10], [50], at_most=2)
    assert found.searched == 2
